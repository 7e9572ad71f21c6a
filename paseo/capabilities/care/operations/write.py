"""Writing, editing and withdrawing a review."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from paseo.capabilities.care import refusals, rules, tallies
from paseo.capabilities.care.events import ReviewEdited, ReviewHidden, ReviewWritten
from paseo.capabilities.care.models import Review, ReviewRight, ReviewVersion
from paseo.capabilities.care.states import REVIEW
from paseo.capabilities.care.values import LineMark
from paseo.kernel.errors import Invalid
from paseo.kernel.ids import new_id
from paseo.platform.db.unit import add, guarded, operation, transition
from paseo.platform.outbox import emit


def held_by(owners: Sequence[str]) -> Q:
    """Rights in these hands. Who proves to hold an order (``order:<id>``) holds the rights of its lines."""
    orders = [UUID(owner.removeprefix("order:")) for owner in owners if owner.startswith("order:")]
    return Q(owner__in=list(owners)) | Q(order_id__in=orders)


def _write(
    right: ReviewRight,
    *,
    stars: int,
    parts: Mapping[str, int],
    text: str,
    lang: str,
    signature: str,
    media_ids: Sequence[UUID],
    now: datetime,
    review_id: UUID | None = None,
) -> UUID:
    wrong = rules.check_review(stars=stars, parts=parts, text=text, media_ids=media_ids)
    if wrong:
        raise Invalid(fields=wrong)
    if now >= right.expires_at:
        raise refusals.ReviewTimeOver(expires_at=right.expires_at)
    review = Review(
        id=review_id or new_id(),
        right=right,
        store_id=right.store_id,
        merchant_id=right.merchant_id,
        stars=stars,
        parts=dict(parts),
        text=text.strip(),
        lang=lang,
        signature=signature.strip()[:40],
        media_ids=[str(media_id) for media_id in media_ids],
        written_at=now,
    )
    Review.objects.bulk_create([review], ignore_conflicts=True)
    kept = Review.objects.values_list("id", flat=True).get(right=right)
    if kept != review.id:
        raise refusals.AlreadyReviewed
    tallies.apply(right.store_id, rules.marks(stars, parts))
    emit(
        ReviewWritten(
            review.id, right.order_id, right.line_id, right.store_id, right.merchant_id, right.owner, stars, now
        ),
        tenant_id=right.merchant_id,
        place_id=right.store_id,
    )
    return review.id


@operation
def write_review(
    *,
    right_id: UUID,
    owners: Sequence[str],
    stars: int,
    now: datetime,
    parts: Mapping[str, int] | None = None,
    text: str = "",
    lang: str = "",
    signature: str = "",
    media_ids: Sequence[UUID] = (),
    review_id: UUID | None = None,
) -> UUID:
    """Uses one right. ``owners`` are the keys the writer has proven: ``person:<id>``, or ``order:<id>`` by its token.

    With the same ``review_id`` again it answers that review. Refuses ``NothingToReview``, ``AlreadyReviewed``,
    ``ReviewTimeOver``, ``Invalid``.
    """
    right = ReviewRight.objects.filter(held_by(owners), id=right_id).first()
    if right is None:
        raise refusals.NothingToReview
    if review_id is not None and Review.objects.filter(id=review_id, right=right).exists():
        return review_id
    return _write(
        right,
        stars=stars,
        parts=parts or {},
        text=text,
        lang=lang,
        signature=signature,
        media_ids=media_ids,
        now=now,
        review_id=review_id,
    )


@operation
def review_order(
    *,
    order_id: UUID,
    owners: Sequence[str],
    stars: int,
    now: datetime,
    parts: Mapping[str, int] | None = None,
    text: str = "",
    lang: str = "",
    signature: str = "",
    media_ids: Sequence[UUID] = (),
    lines: Sequence[LineMark] = (),
) -> list[UUID]:
    """The one form of an order: the whole, and optionally marks for single lines. Returns the ids of the reviews.

    Every line in ``lines`` uses its own right. What is said about the whole, with text and photos, uses the right of
    the first line that is still free and has no mark of its own, or goes with the first mark when all have one.
    Refusals as ``write_review``.
    """
    rights = list(ReviewRight.objects.filter(held_by(owners), order_id=order_id).order_by("id"))
    used = set(Review.objects.filter(right__in=rights).values_list("right_id", flat=True))
    if not rights:
        raise refusals.NothingToReview
    free = {right.line_id: right for right in rights if right.id not in used}
    if not free:
        raise refusals.AlreadyReviewed
    marked = {mark.line_id: mark for mark in lines}
    if unknown := [line_id for line_id in marked if line_id not in free]:
        raise (
            refusals.AlreadyReviewed if unknown[0] in {right.line_id for right in rights} else refusals.NothingToReview
        )
    whole = next((line_id for line_id in free if line_id not in marked), None) or next(iter(free))
    said = {"lang": lang, "signature": signature, "now": now}
    written = []
    for line_id, right in free.items():
        mark = marked.get(line_id)
        if line_id == whole:
            words = "\n\n".join(part for part in (text, mark.text if mark else "") if part.strip())
            own = {**(parts or {}), **(mark.parts if mark else {})}
            written.append(
                _write(right, stars=mark.stars if mark else stars, parts=own, text=words, media_ids=media_ids, **said)  # type: ignore[arg-type]
            )
        elif mark is not None:
            written.append(_write(right, stars=mark.stars, parts=mark.parts, text=mark.text, media_ids=(), **said))  # type: ignore[arg-type]
    return written


def _mine(review_id: UUID, owners: Sequence[str]) -> Review:
    rights = ReviewRight.objects.filter(held_by(owners)).values("id")
    review = (
        Review.objects.select_related("right")
        .filter(id=review_id, right_id__in=rights)
        .exclude(state="withdrawn")
        .first()
    )
    if review is None:
        raise refusals.UnknownReview
    return review


@operation
def edit_review(
    *,
    review_id: UUID,
    owners: Sequence[str],
    stars: int,
    now: datetime,
    parts: Mapping[str, int] | None = None,
    text: str = "",
    media_ids: Sequence[UUID] = (),
    lang: str = "",
) -> None:
    """Replaces what the author said; the earlier version is kept. A hidden review stays hidden.

    Refuses ``UnknownReview``, ``Invalid``.
    """
    review = _mine(review_id, owners)
    parts = parts or {}
    wrong = rules.check_review(stars=stars, parts=parts, text=text, media_ids=media_ids)
    if wrong:
        raise Invalid(fields=wrong)
    photos = [str(media_id) for media_id in media_ids]
    if (review.stars, review.parts, review.text, review.media_ids) == (stars, dict(parts), text.strip(), photos):
        return
    seen = Review.objects.filter(id=review_id, state=review.state, edited_at=review.edited_at)
    if not guarded(
        seen,
        stars=stars,
        parts=dict(parts),
        text=text.strip(),
        media_ids=photos,
        lang=lang or review.lang,
        edited_at=now,
    ):
        from paseo.kernel.errors import StaleRequest

        raise StaleRequest
    add(
        ReviewVersion(
            id=new_id(),
            review_id=review_id,
            until=now,
            stars=review.stars,
            parts=review.parts,
            text=review.text,
            media_ids=review.media_ids,
        )
    )
    if review.state == "published":
        tallies.apply(
            review.store_id, rules.difference(rules.marks(review.stars, review.parts), rules.marks(stars, parts))
        )
    emit(
        ReviewEdited(review_id, review.right.order_id, review.store_id, review.merchant_id, review.stars, stars, now),
        tenant_id=review.merchant_id,
        place_id=review.store_id,
    )


@operation
def withdraw(*, review_id: UUID, owners: Sequence[str], now: datetime) -> None:
    """The author takes the review back for good; the right stays used. Refuses ``UnknownReview``."""
    review = _mine(review_id, owners)
    transition(
        Review, review_id, REVIEW, "withdraw", was=review.state, now=now, actor=review.right.owner, state_why="author"
    )
    if review.state == "published":
        tallies.apply(review.store_id, tallies.undo(rules.marks(review.stars, review.parts)))
    emit(
        ReviewHidden(
            review_id, review.right.order_id, review.store_id, review.merchant_id, review.right.owner, "author", now
        ),
        tenant_id=review.merchant_id,
        place_id=review.store_id,
    )
