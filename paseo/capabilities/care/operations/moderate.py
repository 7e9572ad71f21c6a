"""The operator takes a review out of sight, with a reason, and can show it again."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from paseo.capabilities.care import refusals, rules, tallies
from paseo.capabilities.care.events import ReviewHidden, ReviewShown
from paseo.capabilities.care.models import Review
from paseo.capabilities.care.states import REVIEW
from paseo.kernel.errors import N_, Invalid
from paseo.platform.audit.operations import record
from paseo.platform.db.unit import operation, transition
from paseo.platform.outbox import emit


def _review(review_id: UUID) -> Review:
    review = Review.objects.select_related("right").filter(id=review_id).first()
    if review is None:
        raise refusals.UnknownReview
    return review


@operation
def hide(*, review_id: UUID, reason: str, actor: str, now: datetime) -> None:
    """Hides a published review; the reason is kept and told to its author. Refuses ``Invalid`` without a reason."""
    if not reason.strip():
        raise Invalid(fields={"reason": N_("Say why it is hidden: its author will read it.")})
    review = _review(review_id)
    transition(
        Review, review_id, REVIEW, "hide", was=review.state, now=now, actor=actor, reason=reason, state_why=reason[:200]
    )
    tallies.apply(review.store_id, tallies.undo(rules.marks(review.stars, review.parts)))
    record(actor, "care.hide_review", f"review:{review_id}", tenant_id=review.merchant_id, why=reason)
    emit(
        ReviewHidden(
            review_id, review.right.order_id, review.store_id, review.merchant_id, review.right.owner, reason, now
        ),
        tenant_id=review.merchant_id,
        place_id=review.store_id,
    )


@operation
def show(*, review_id: UUID, actor: str, now: datetime, reason: str = "") -> None:
    """Shows a hidden review again."""
    review = _review(review_id)
    transition(Review, review_id, REVIEW, "show", was=review.state, now=now, actor=actor, reason=reason, state_why="")
    tallies.apply(review.store_id, rules.marks(review.stars, review.parts))
    record(actor, "care.show_review", f"review:{review_id}", tenant_id=review.merchant_id, why=reason)
    emit(
        ReviewShown(review_id, review.right.order_id, review.store_id, review.merchant_id, review.right.owner, now),
        tenant_id=review.merchant_id,
        place_id=review.store_id,
    )
