"""Insight: what brought people, stage by stage, and what came of it.

The five stages of a shop (docs/concepts/five-stages.md): *traffic* (visits), *conversion* (orders that stand),
*consumption* (orders handed over), *feedback* (reviews), *retention* (orders of people who had been there before).

Everything counted here is a fold over the log of contacts (``journeys``): business facts become contacts by reactions,
and a fold adds contacts up by the hour of the shop. One *attribution* row per order keeps which touchpoints brought it.

Invariants:

1. The rollup plus the contacts that are not yet folded equals a recount of the log (tested, and ``insight.rebuild``).
2. Every contact is folded exactly once: the mark and the counts change in one transaction.
3. Conversion in a period is the orders confirmed in it that were not cancelled; its amount is what was sold minus what
   was given back. The drill-down list of a number has exactly as many rows as the number says.
4. Numbers by touchpoint add up to the number of the shop.
5. Every order came by exactly one declared mode (docs/algorithms/modes.md), and the modes add up to conversion.
"""
