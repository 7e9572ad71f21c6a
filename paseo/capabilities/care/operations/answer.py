"""The shop's answer."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from paseo.capabilities.care import refusals
from paseo.capabilities.care.events import ReviewAnswered
from paseo.capabilities.care.models import Reply, Review
from paseo.capabilities.care.values import TEXT_LIMIT
from paseo.kernel.errors import N_, Invalid
from paseo.kernel.ids import new_id
from paseo.platform.db.unit import operation
from paseo.platform.outbox import emit


@operation
def reply(*, review_id: UUID, merchant_id: UUID, text: str, now: datetime, actor: str, lang: str = "") -> None:
    """Publishes the merchant's one reply, or replaces it. Refuses ``UnknownReview`` (another's too), ``Invalid``."""
    review = (
        Review.objects.select_related("right").filter(id=review_id, merchant_id=merchant_id, state="published").first()
    )
    if review is None:
        raise refusals.UnknownReview
    if not text.strip():
        raise Invalid(fields={"text": N_("Write an answer.")})
    if len(text) > TEXT_LIMIT:
        raise Invalid(fields={"text": N_("At most 4000 characters.")})
    row = Reply(id=new_id(), review=review, text=text.strip(), lang=lang, actor=actor, at=now)
    Reply.objects.bulk_create([row], ignore_conflicts=True)
    Reply.objects.filter(review=review).exclude(id=row.id).update(
        text=text.strip(), lang=lang, actor=actor, edited_at=now
    )
    emit(
        ReviewAnswered(review_id, review.right.order_id, review.store_id, merchant_id, review.right.owner, now),
        tenant_id=merchant_id,
        place_id=review.store_id,
    )
