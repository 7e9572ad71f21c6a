"""Files become rows of the system: stores, goods, orders, whatever a package registers as a kind of import.

A file is read as a stream, its columns are mapped to fields (guessed, then remembered per tenant), every row ends
accepted, accepted with a warning, or refused with its line and the reason, and batches are written in one unit each.
Rows are known by source and external id: the same file again changes nothing and says so. Memory does not grow with
the file.
"""
