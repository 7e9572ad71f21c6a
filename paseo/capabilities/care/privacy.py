"""What a person may take away, and what is erased: the words go, the stars stay in the mean without a name."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from paseo.capabilities.care.models import Review, ReviewRight, ReviewVersion
from paseo.capabilities.care.queries import my_reviews, versions
from paseo.kernel.errors import N_
from paseo.platform.consent.registry import eraser, exporter
from paseo.platform.consent.values import Erased


@exporter("care")
def export(person_id: UUID) -> dict[str, Any]:
    return {
        "reviews": [
            {
                "store": str(review.store_id),
                "order": str(review.order_id),
                "stars": review.stars,
                "parts": dict(review.parts),
                "text": review.text,
                "photos": [str(media_id) for media_id in review.media_ids],
                "state": review.state,
                "written_at": review.written_at.isoformat(),
                "edited_at": review.edited_at.isoformat() if review.edited_at else None,
                "reply": review.reply.text if review.reply else None,
                "earlier": [
                    {"until": version.until.isoformat(), "stars": version.stars, "text": version.text}
                    for version in versions(review.id)
                ],
            }
            for review in my_reviews([f"person:{person_id}"], limit=100_000)
        ]
    }


@eraser("care", order=40)
def erase(person_id: UUID, now: datetime) -> Erased:
    rights = ReviewRight.objects.filter(owner=f"person:{person_id}")
    reviews = Review.objects.filter(right__in=rights)
    ReviewVersion.objects.filter(review__in=reviews).update(text="", media_ids=[])
    emptied = reviews.update(text="", media_ids=[], signature="")
    rights.update(owner="erased")
    why = N_("The stars you gave stay in the means of the shops, without your name and your words.") if emptied else ""
    return Erased(kept=emptied, why_kept=why)
