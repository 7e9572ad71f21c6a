"""Handing goods over at a place: what the shop prepares, when it is ready, who has it.

Words: a *handover* is the shop's side of one order (same id), a *plate* its short number on the counter, a *slip*
what the kitchen reads. *Promised* is when the shop said it will be ready. *Arrived* means the customer says "I am
here"; it is not *handed over*, which is when the goods have left the counter.

Invariants
- A plate is at most three characters and unique per store and day; it comes from a counter row, never from a reading.
- Nothing is promised that the shop cannot keep: opening hours, its preparation time and what it already has in hand.
- A handover is handed over once; the undo within the window brings back the state it had.
- Arrival never changes the state: somebody can stand at the counter before the food is ready.
"""
