"""Pricing: what something costs where, when and through which channel, and how a total comes about.

Words: a *price list* belongs to a merchant, for all its stores or for one, for every channel or for one of online and
counter. A *price* is one amount of one variant in one list over a half-open period. A *quote* is the whole sum of a
cart with its explanation. The *funder* of a discount is who pays for it. *Parity* means that the shelf and the web
agree.

All amounts are whole minor units.

Invariants:

1. In one list a variant has at most one price at any instant; the past is never rewritten.
2. The price of the store beats the price of the merchant; within one of them the price of the channel beats any.
3. A quote is a pure function: the order of lines and of discounts does not change it, and no line goes below zero.
4. Every sum agrees: subtotal - discount = sum of what lines cost after it; total = sum of the lines' totals; the tax of
   a line is rounded once; discounts are distributed by the largest remainder, so that no minor unit is lost.
5. A further discount never makes anything dearer.
"""
