"""Who did what, and whether the books agree.

``operations.record`` writes into a book that nobody can change, not even by SQL. ``checks`` is where every package
registers an auditor that looks for broken invariants in the living system.
"""
