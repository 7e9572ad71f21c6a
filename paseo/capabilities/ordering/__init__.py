"""From a cart to goods in a hand, whole or not at all.

Words: a *cart* belongs to a visitor or a person and one store; an *order* is made of exactly one cart; a *change*
is what the shop proposes after the order is confirmed (later, or a line sold out) and the buyer answers.

Invariants
- One cart gives at most one order (unique), and asking again gives the same order. One open cart per buyer and store.
- An order's amounts are frozen at placement: lines add up to the totals, the commission rate is the contract's of that
  moment, each discount says who funds it. Nothing is recomputed later.
- Reserve, write, pay, confirm: goods and vouchers are held before the order is written, which is before money can
  come. A confirmed order has its money (or cash due), its goods allocated, its vouchers used, its books posted, its
  handover and its code, all in the one transaction that confirms it.
- Money that arrives for an order that cannot be kept goes back by itself. No order stays in between: a sweeper asks the
  gateway, expires, re-acquires or refunds.
- What a buyer agreed to is what is charged: a total that moved is refused until it is agreed to.
- After confirmation a shop proposes and the buyer answers; without an answer the stated default happens.
"""
