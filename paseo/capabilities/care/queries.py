"""Reads of care."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from uuid import UUID

from django.db.models import QuerySet

from paseo.capabilities.care import refusals, rules
from paseo.capabilities.care.models import Reply, Review, ReviewRight, ReviewVersion, Tally
from paseo.capabilities.care.operations.write import held_by
from paseo.capabilities.care.values import PARTS, Rating, ReplyView, ReviewView, RightView, VersionView


def _views(rows: Iterable[Review]) -> list[ReviewView]:
    reviews = list(rows)
    replies = {row.review_id: row for row in Reply.objects.filter(review__in=reviews)} if reviews else {}
    return [_view(review, replies.get(review.id)) for review in reviews]


def _view(row: Review, reply: Reply | None) -> ReviewView:
    return ReviewView(
        id=row.id,
        right_id=row.right_id,
        order_id=row.right.order_id,
        line_id=row.right.line_id,
        store_id=row.store_id,
        merchant_id=row.merchant_id,
        names=row.right.names,
        stars=row.stars,
        parts=row.parts,
        text=row.text,
        lang=row.lang,
        signature=row.signature,
        media_ids=tuple(UUID(item) for item in row.media_ids),
        state=row.state,
        state_why=row.state_why,
        written_at=row.written_at,
        edited_at=row.edited_at,
        reply=None if reply is None else ReplyView(reply.text, reply.lang, reply.at, reply.edited_at),
    )


def _page(rows: QuerySet[Review], after: UUID | None, limit: int) -> list[ReviewView]:
    if after is not None:
        rows = rows.filter(id__lt=after)
    return _views(rows.select_related("right").order_by("-id")[:limit])


def reviews_of_store(
    store_id: UUID, *, limit: int = 20, after: UUID | None = None, stars: int | None = None
) -> list[ReviewView]:
    """Published reviews, newest first; ``after`` is the last id of the page before. Two statements."""
    rows = Review.objects.filter(store_id=store_id, state="published")
    return _page(rows if stars is None else rows.filter(stars=stars), after, limit)


def reviews_of_merchant(
    merchant_id: UUID,
    *,
    store_ids: Sequence[UUID] | None = None,
    unanswered: bool = False,
    limit: int = 50,
    after: UUID | None = None,
) -> list[ReviewView]:
    """A merchant's reviews with those that are hidden, newest first."""
    rows = Review.objects.filter(merchant_id=merchant_id).exclude(state="withdrawn")
    if store_ids is not None:
        rows = rows.filter(store_id__in=list(store_ids))
    if unanswered:
        rows = rows.filter(state="published").exclude(
            id__in=Reply.objects.filter(review__merchant_id=merchant_id).values("review_id")
        )
    return _page(rows, after, limit)


def my_reviews(owners: Sequence[str], *, limit: int = 100) -> list[ReviewView]:
    """What the holder of these keys has written, hidden ones with their reason, newest first."""
    rights = ReviewRight.objects.filter(held_by(owners)).values("id")
    rows = Review.objects.select_related("right").filter(right_id__in=rights).exclude(state="withdrawn")
    return _views(rows.order_by("-id")[:limit])


def review(review_id: UUID, *, owners: Sequence[str] | None = None, merchant_id: UUID | None = None) -> ReviewView:
    """One review; with ``owners`` or ``merchant_id`` only theirs. Refuses ``UnknownReview``."""
    rows = Review.objects.select_related("right").filter(id=review_id)
    if owners is not None:
        rows = rows.filter(right_id__in=ReviewRight.objects.filter(held_by(owners)).values("id"))
    if merchant_id is not None:
        rows = rows.filter(merchant_id=merchant_id)
    found = _views(rows)
    if not found:
        raise refusals.UnknownReview
    return found[0]


def versions(review_id: UUID) -> list[VersionView]:
    """What it said before, oldest first."""
    return [
        VersionView(row.until, row.stars, row.parts, row.text, tuple(UUID(item) for item in row.media_ids))
        for row in ReviewVersion.objects.filter(review_id=review_id).order_by("until", "id")
    ]


def rights_of(owners: Sequence[str], *, order_id: UUID | None = None) -> list[RightView]:
    """What may be or was reviewed by the holder of these keys, newest first."""
    rows = ReviewRight.objects.filter(held_by(owners))
    if order_id is not None:
        rows = rows.filter(order_id=order_id)
    rights = list(rows.order_by("-consumed_at", "id")[:200])
    reviews = dict(Review.objects.filter(right__in=rights).values_list("right_id", "id")) if rights else {}
    return [
        RightView(
            row.id,
            row.order_id,
            row.line_id,
            row.store_id,
            row.variant_id,
            row.names,
            row.consumed_at,
            row.expires_at,
            reviews.get(row.id),
        )
        for row in rights
    ]


def rating(store_ids: Iterable[UUID]) -> dict[UUID, Rating]:
    """Ratings of these stores, also of those without a review. One statement."""
    wanted = list(dict.fromkeys(store_ids))
    tallies: dict[UUID, dict[str, tuple[int, int]]] = defaultdict(dict)
    for store_id, aspect, count, total in Tally.objects.filter(store_id__in=wanted).values_list(
        "store_id", "aspect", "count", "total"
    ):
        tallies[store_id][aspect] = (count, total)
    return {store_id: _rating(store_id, tallies[store_id]) for store_id in wanted}


def _rating(store_id: UUID, tally: dict[str, tuple[int, int]]) -> Rating:
    count, total = tally.get("stars", (0, 0))
    parts = {part: rules.mean(*tally[part]) for part in PARTS if part in tally}
    return Rating(
        store_id=store_id,
        count=count,
        score=rules.bayesian_mean(count, total),
        mean=rules.mean(count, total),
        parts={part: mean for part, mean in parts.items() if mean is not None},
        by_stars={stars: tally.get(f"stars:{stars}", (0, 0))[0] for stars in range(5, 0, -1)},
    )
