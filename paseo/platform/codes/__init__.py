"""Redeemable codes: what a guest shows, what staff scan, and what became of every try.

A code is a promise of a number of uses within a time, at some shops. Its text is derived from a secret and its id, so
it can be shown again though only a hash is stored. Redeeming is two steps: ``prepare`` tells what the code is and
changes nothing; ``commit`` uses it, once per token however often it is sent; ``undo`` gives it back for a few minutes.

Invariants: uses_left = uses_total − uses of redemptions that are not undone; every try leaves a ``Scan``, refused ones
too.
Doors: ``operations``, ``queries``, ``values``, ``refusals``.
"""
