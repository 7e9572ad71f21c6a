"""What must hold for reviews in a running database."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from uuid import UUID

from django.db.models import F

from paseo.capabilities.care import rules
from paseo.capabilities.care.models import Review, Tally
from paseo.platform.audit.checks import Finding, auditor


@auditor("care.rating_equals_reviews")
def rating_equals_reviews() -> Iterator[Finding]:
    """The tallies are what a recount of the published reviews gives."""
    counted: dict[tuple[UUID, str], tuple[int, int]] = defaultdict(lambda: (0, 0))
    for store_id, stars, parts in (
        Review.objects.filter(state="published").values_list("store_id", "stars", "parts").iterator()
    ):
        for aspect, (count, total) in rules.marks(stars, parts).items():
            before = counted[store_id, aspect]
            counted[store_id, aspect] = (before[0] + count, before[1] + total)
    for store_id, aspect, count, total in Tally.objects.values_list("store_id", "aspect", "count", "total"):
        expected = counted.pop((store_id, aspect), (0, 0))
        if (count, total) != expected:
            yield Finding(
                "care.rating_equals_reviews",
                f"store:{store_id}",
                f"The tally {aspect} says {count} reviews with {total} stars, "
                f"but the reviews say {expected[0]} with {expected[1]}.",
            )
    for (store_id, aspect), (count, _) in counted.items():
        yield Finding(
            "care.rating_equals_reviews", f"store:{store_id}", f"{count} reviews are missing from the tally {aspect}."
        )


@auditor("care.reviews_match_their_rights")
def reviews_match_their_rights() -> Iterator[Finding]:
    """A review speaks of the store whose line was consumed."""
    for review_id in Review.objects.exclude(
        store_id=F("right__store_id"), merchant_id=F("right__merchant_id")
    ).values_list("id", flat=True):
        yield Finding(
            "care.reviews_match_their_rights", f"review:{review_id}", "The review names another store than its right."
        )
