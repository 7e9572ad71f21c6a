"""Decisions about reviews: what may be written, and the mean that a shop is shown with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from uuid import UUID

from paseo.capabilities.care.values import MEDIA_LIMIT, PARTS, TEXT_LIMIT
from paseo.kernel.errors import N_

PRIOR_MEAN = Decimal("3.8")
PRIOR_WEIGHT = 5
"""A new shop starts as if five people had given 3.8 stars (docs/algorithms/rating.md)."""

DAYS_TO_REVIEW = 90

_STARS = N_("Choose 1 to 5 stars.")
_PART = N_("This part cannot be marked.")
_LONG = N_("At most 4000 characters.")
_MEDIA = N_("At most 6 photos.")

_HUNDREDTH = Decimal("0.01")


def check_review(*, stars: int, parts: Mapping[str, int], text: str, media_ids: Sequence[UUID]) -> dict[str, str]:
    """What is wrong, by field; empty when nothing is."""
    wrong: dict[str, str] = {}
    if not 1 <= stars <= 5:
        wrong["stars"] = _STARS
    for part, mark in parts.items():
        if part not in PARTS:
            wrong[part] = _PART
        elif not 1 <= mark <= 5:
            wrong[part] = _STARS
    if len(text) > TEXT_LIMIT:
        wrong["text"] = _LONG
    if len(media_ids) > MEDIA_LIMIT:
        wrong["photos"] = _MEDIA
    return wrong


def mean(count: int, total: int) -> Decimal | None:
    """The plain mean with two decimals; None of nothing."""
    return (Decimal(total) / count).quantize(_HUNDREDTH, ROUND_HALF_UP) if count else None


def bayesian_mean(count: int, total: int) -> Decimal | None:
    """(weight x prior + total) / (weight + count), with two decimals; None without a review."""
    if not count:
        return None
    return ((PRIOR_WEIGHT * PRIOR_MEAN + total) / (PRIOR_WEIGHT + count)).quantize(_HUNDREDTH, ROUND_HALF_UP)


def marks(stars: int, parts: Mapping[str, int]) -> dict[str, tuple[int, int]]:
    """What one review adds to the tallies: aspect to (count, total)."""
    return {
        "stars": (1, stars),
        f"stars:{stars}": (1, stars),
        **{part: (1, mark) for part, mark in sorted(parts.items())},
    }


def difference(
    before: Mapping[str, tuple[int, int]], after: Mapping[str, tuple[int, int]]
) -> dict[str, tuple[int, int]]:
    """What an edit adds to the tallies; aspects that stay the same are left out."""
    change = {}
    for aspect in sorted({*before, *after}):
        old, new = before.get(aspect, (0, 0)), after.get(aspect, (0, 0))
        if old != new:
            change[aspect] = (new[0] - old[0], new[1] - old[1])
    return change
