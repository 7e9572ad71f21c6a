"""Facts that payments publishes."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from paseo.kernel.events import event


@dataclass(frozen=True)
class _OfSubject:
    payment_id: UUID
    subject_id: UUID
    tenant_id: UUID
    amount_minor: int
    currency: str

    @property
    def subject(self) -> str:
        return f"order:{self.subject_id}"


@event("payments.payment_captured")
@dataclass(frozen=True)
class PaymentCaptured(_OfSubject):
    """The money is there. ``method`` is the gateway's name or cash."""

    method: str = ""


@event("payments.payment_declined")
@dataclass(frozen=True)
class PaymentDeclined(_OfSubject):
    reason: str = ""


@event("payments.payment_surplus")
@dataclass(frozen=True)
class PaymentSurplus(_OfSubject):
    """A second payment succeeded; it is being given back in full."""


@event("payments.payment_parked")
@dataclass(frozen=True)
class PaymentParked(_OfSubject):
    """What arrived is not what was asked; a person decides."""

    trouble: str = ""


@event("payments.refund_requested")
@dataclass(frozen=True)
class RefundRequested(_OfSubject):
    refund_id: UUID | None = None
    reason: str = ""


@event("payments.refund_done")
@dataclass(frozen=True)
class RefundDone(_OfSubject):
    """``elsewhere``: "bank" or "gateway" when a person settled it by hand."""

    refund_id: UUID | None = None
    reason: str = ""
    elsewhere: str = ""


@event("payments.refund_retried")
@dataclass(frozen=True)
class RefundRetried(_OfSubject):
    """A person lets a refund that had failed be tried anew."""

    refund_id: UUID | None = None
    round: int = 0


@event("payments.refund_failed")
@dataclass(frozen=True)
class RefundFailed(_OfSubject):
    refund_id: UUID | None = None
    trouble: str = ""


EVENTS = (
    PaymentCaptured, PaymentDeclined, PaymentSurplus, PaymentParked, RefundRequested, RefundRetried, RefundDone,
    RefundFailed,
)  # fmt: skip
