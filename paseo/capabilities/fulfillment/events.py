"""Facts that fulfillment publishes. The order's id is the handover's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from paseo.kernel.events import event


@dataclass(frozen=True)
class _OfOrder:
    order_id: UUID
    store_id: UUID
    merchant_id: UUID

    @property
    def subject(self) -> str:
        return f"order:{self.order_id}"


@event("fulfillment.handover_accepted")
@dataclass(frozen=True)
class HandoverAccepted(_OfOrder):
    promised_at: datetime | None = None


@event("fulfillment.handover_delayed")
@dataclass(frozen=True)
class HandoverDelayed(_OfOrder):
    promised_at: datetime | None = None


@event("fulfillment.handover_started")
@dataclass(frozen=True)
class HandoverStarted(_OfOrder):
    pass


@event("fulfillment.handover_ready")
@dataclass(frozen=True)
class HandoverReady(_OfOrder):
    plate: str = ""


@event("fulfillment.customer_arrived")
@dataclass(frozen=True)
class CustomerArrived(_OfOrder):
    plate: str = ""


@event("fulfillment.handed_over")
@dataclass(frozen=True)
class HandedOver(_OfOrder):
    pass


@event("fulfillment.handover_undone")
@dataclass(frozen=True)
class HandoverUndone(_OfOrder):
    pass


@event("fulfillment.handover_refused")
@dataclass(frozen=True)
class HandoverRefused(_OfOrder):
    reason: str = ""


@event("fulfillment.handover_cancelled")
@dataclass(frozen=True)
class HandoverCancelled(_OfOrder):
    reason: str = ""


@event("fulfillment.not_collected")
@dataclass(frozen=True)
class NotCollected(_OfOrder):
    pass
