"""What is sold: products with variants and options, and which store offers which of them.

Words: a *product* is shared or belongs to one merchant; a *variant* is what is priced, counted and scanned; an *offer*
is one variant in one store's assortment; a *section* is a heading of its menu. A product's kind is good, dish, service
or deal. An *option group* of the kind "without" holds exclusions ("without onions"), which never change the price.

Invariants: a GTIN has a valid check digit and names one variant of a merchant; a store offers a variant once and only
variants of its own merchant; the number of chosen options of a group lies between its minimum and its maximum.
Prices and stock are not here.
"""
