"""Care: what people say about what they really had, and what the shop answers.

A *right* to review is given for every line of a completed order, and for nothing else. A *review* uses one right. A
*reply* is the shop's one answer. A *rating* is the Bayesian mean of a shop's published reviews
(docs/algorithms/rating.md).

Invariants, held by constraints and proven by the auditor:

1. Every review has a right, every right has at most one review, every right one consumed order line.
2. Only who holds the right writes and edits the review; every earlier version is kept.
3. A review has at most one reply, by the merchant of the store it speaks of.
4. What is hidden stays in the books with its reason and counts in no rating.
5. The counters of a rating equal the published reviews.
"""
