"""Vouchers: anything redeemable that a merchant gives (coupon) or sells (deal).

A *program* is the offer of a merchant: what it does, for whom, how many, until when. A *voucher* is one piece of it in
somebody's wallet. A *use* is one piece of a voucher spent, by an order or at a counter. An *owner* is
``person:<id>``, ``visitor:<id>`` or ``order:<id>`` (a guest who bought a deal).

Invariants, held by constraints and guarded writes and proven by the auditor:

1. ``0 <= issued <= limit`` for every program, and ``issued`` is the number of its vouchers that were not given back
   plus the pieces held for unpaid orders.
2. One owner never claims more pieces of a program than ``per_person`` allows.
3. ``0 <= uses_left <= uses_total`` for every voucher, and ``uses_total - uses_left`` is the sum of its uses that stand.
4. One use is counted once: an order counts a voucher once, a redemption counts once, whatever is repeated.
5. A voucher is reserved for at most one order at a time; a reserved voucher can be used nowhere else.
6. What an order reserved or used comes back when the order is cancelled, and only then.
"""
