"""A payment gateway to try Paseo with: a process of its own that behaves like a real one and moves no money.

It has a pay page in three languages with test cards, sends signed notices that may come late, twice or out of order,
repeats them with growing pauses until they are answered, refunds in parts, and gives a statement of every day. All
of it is kept in one SQLite file, so a restart loses nothing. It speaks HTTP only and knows nothing of Paseo's code.

    python -m outside.sandbox_gateway --port 8001 --db sandbox.sqlite3      (the secret is in SANDBOX_SECRET)
"""
