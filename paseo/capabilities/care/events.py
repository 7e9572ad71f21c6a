"""Facts about reviews."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from paseo.kernel.events import event


@event("care.review_written")
@dataclass(frozen=True, slots=True)
class ReviewWritten:
    review_id: UUID
    order_id: UUID
    line_id: UUID
    store_id: UUID
    merchant_id: UUID
    owner: str
    stars: int
    at: datetime

    @property
    def subject(self) -> str:
        return f"review:{self.review_id}"


@event("care.review_edited")
@dataclass(frozen=True, slots=True)
class ReviewEdited:
    review_id: UUID
    order_id: UUID
    store_id: UUID
    merchant_id: UUID
    stars_before: int
    stars: int
    at: datetime

    @property
    def subject(self) -> str:
        return f"review:{self.review_id}"


@event("care.review_answered")
@dataclass(frozen=True, slots=True)
class ReviewAnswered:
    review_id: UUID
    order_id: UUID
    store_id: UUID
    merchant_id: UUID
    owner: str
    at: datetime

    @property
    def subject(self) -> str:
        return f"review:{self.review_id}"


@event("care.review_hidden")
@dataclass(frozen=True, slots=True)
class ReviewHidden:
    """It is not shown any more: by the operator with a reason, or withdrawn by its author."""

    review_id: UUID
    order_id: UUID
    store_id: UUID
    merchant_id: UUID
    owner: str
    reason: str
    at: datetime

    @property
    def subject(self) -> str:
        return f"review:{self.review_id}"


@event("care.review_shown")
@dataclass(frozen=True, slots=True)
class ReviewShown:
    review_id: UUID
    order_id: UUID
    store_id: UUID
    merchant_id: UUID
    owner: str
    at: datetime

    @property
    def subject(self) -> str:
        return f"review:{self.review_id}"
