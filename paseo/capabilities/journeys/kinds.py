"""What a contact can be."""

from __future__ import annotations

KINDS = (
    "exposure",
    "scan",
    "visit",
    "view",
    "search",
    "cart",
    "order",
    "payment",
    "redemption",
    "review",
    "return",
)
"""What a contact can be. ``exposure``: the shop was shown in a list. ``return``: an order was cancelled or refunded."""
