"""Facts that ordering publishes. Amounts are minor units of ``currency``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from paseo.kernel.events import event


@dataclass(frozen=True)
class _OfOrder:
    """What every fact about an order tells. ``person_id`` is None for guests."""

    order_id: UUID
    number: str
    store_id: UUID
    merchant_id: UUID
    person_id: UUID | None
    visitor_id: UUID | None
    channel: str
    mode: str
    currency: str
    total_minor: int
    first_touchpoint_id: UUID | None
    last_touchpoint_id: UUID | None
    at: datetime

    @property
    def subject(self) -> str:
        return f"order:{self.order_id}"


@event("ordering.order_placed")
@dataclass(frozen=True)
class OrderPlaced(_OfOrder):
    """Somebody ordered, at ``at``. Told as soon as it is known what became of it: confirmed, expired or cancelled."""

    method: str = ""


@event("ordering.order_confirmed")
@dataclass(frozen=True)
class OrderConfirmed(_OfOrder):
    """The shop has it. ``paid`` is false for cash at the counter; ``late`` when the money came after the hold ended."""

    method: str = ""
    paid: bool = True
    late: bool = False
    discount_minor: int = 0


@event("ordering.order_paid")
@dataclass(frozen=True)
class OrderPaid(_OfOrder):
    """Cash was taken for an order that was confirmed before."""

    method: str = ""


@event("ordering.order_accepted")
@dataclass(frozen=True)
class OrderAccepted(_OfOrder):
    promised_at: datetime | None = None


@event("ordering.order_ready")
@dataclass(frozen=True)
class OrderReady(_OfOrder):
    plate: str = ""


@event("ordering.change_proposed")
@dataclass(frozen=True)
class ChangeProposed(_OfOrder):
    change_id: UUID | None = None
    kind: str = ""
    answer_by: datetime | None = None


@event("ordering.order_changed")
@dataclass(frozen=True)
class OrderChanged(_OfOrder):
    """A proposal got its answer: agreed, declined, lapsed or withdrawn. ``returned_minor`` is what went off a total
    that is still to be paid; what goes back of a paid one is told by order_refunded."""

    change_id: UUID | None = None
    kind: str = ""
    answer: str = ""
    returned_minor: int = 0


@event("ordering.order_cancelled")
@dataclass(frozen=True)
class OrderCancelled(_OfOrder):
    """``by``: buyer, shop, operator or system. ``state``: cancelled or refused."""

    by: str = ""
    reason: str = ""
    was_paid: bool = False
    state: str = "cancelled"


@event("ordering.order_expired")
@dataclass(frozen=True)
class OrderExpired(_OfOrder):
    """Nobody paid in time; what was held is free again."""


@event("ordering.late_payment_returned")
@dataclass(frozen=True)
class LatePaymentReturned(_OfOrder):
    """Money came when the goods were gone; it is on its way back, at the latest at ``expected_by``."""

    amount_minor: int = 0
    expected_by: datetime | None = None


@event("ordering.order_completed")
@dataclass(frozen=True)
class OrderCompleted(_OfOrder):
    """The goods are in the buyer's hand. ``line_ids`` are the lines that were really handed over."""

    line_ids: tuple[UUID, ...] = ()
    returned_minor: int = 0


@event("ordering.order_reopened")
@dataclass(frozen=True)
class OrderReopened(_OfOrder):
    """The hand-over was taken back within its window."""

    line_ids: tuple[UUID, ...] = ()


@event("ordering.order_not_collected")
@dataclass(frozen=True)
class OrderNotCollected(_OfOrder):
    pass


@event("ordering.order_refunded")
@dataclass(frozen=True)
class OrderRefunded(_OfOrder):
    """Money goes back; ``returned_minor`` is all that went back so far."""

    refund_id: UUID | None = None
    amount_minor: int = 0
    returned_minor: int = 0
    reason: str = ""
    expected_by: datetime | None = None
