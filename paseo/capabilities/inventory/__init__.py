"""Inventory: how much of what is where, who it is promised to, and how it came to be so.

Words: a *stock item* is one variant in one store. *On hand* is what stands in the shop. A *hold* keeps goods for an
unpaid order for some minutes (*held*); converted, it is a promise to a paid order (*allocated*) until the goods are
*issued* at the counter. *Safety* is kept back from online sale. A *movement* is one change of what is on hand.

Every count is a whole number of base units (pieces, grams, milliliters).

Invariants, each kept by the database or proven by the auditor:

1. on_hand, allocated, held and safety are never negative, and on_hand - allocated - held is never negative (CHECK).
2. held = the outstanding quantities of lines whose hold is active, or expired and not yet freed.
3. allocated = the outstanding quantities of lines whose hold is converted.
4. on_hand = the sum of all movements of the item. Movements are never changed or deleted (trigger).
5. One order has at most one living hold, one buyer at most so many active ones (partial UNIQUE).
6. Nothing is sold that is not there: taking is one conditional UPDATE whose returned rows are counted; nobody reads
   first and writes later. Nothing stays unsold that is there: who finds too little first frees what has expired.
7. All items of a demand are taken, or none.

Order of locks, so that nobody waits in a circle: hold row, then items by rising id. Who comes the other way round (to
free expired holds while holding items) skips rows that are locked. Lines are changed only under the lock of their hold.

An item that is missing or not tracked never runs out: dishes are made, services are given.
"""
