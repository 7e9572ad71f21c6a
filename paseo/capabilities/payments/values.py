"""What payments hands to other packages. Amounts are whole minor units of ``currency``."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from paseo.kernel.money import Money

NOTICE_PATH = "/hooks/payments/{gateway}"
"""Where gateways send their notices; the channel that answers there calls ordering's ``receive_payment_notice``."""

OPEN = ("created", "pending", "authorized")
SUCCEEDED = ("captured", "partly_refunded")
NOT_A_SALE = frozenset({"late", "order_over", "surplus", "parked"})
"""Reasons of refunds of money that never became a sale: all of it goes back."""


@dataclass(frozen=True, slots=True)
class PaymentView:
    """One try to pay. ``redirect_url`` is the gateway's page while the payment is open, else empty."""

    id: UUID
    subject_id: UUID
    tenant_id: UUID
    method: str
    amount_minor: int
    currency: str
    state: str
    gateway_ref: str
    redirect_url: str
    captured_minor: int
    captured_currency: str
    refunding_minor: int
    refunded_minor: int
    trouble: str
    created_at: datetime
    expires_at: datetime | None
    captured_at: datetime | None

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.currency)

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def refundable_minor(self) -> int:
        return self.captured_minor - self.refunding_minor


@dataclass(frozen=True, slots=True)
class RefundView:
    """``expected_by`` is when the money is back at the latest, to be shown while ``done_at`` is None.

    ``elsewhere``: "bank" or "gateway" when a person settled it by hand after the gateway had refused it.
    """

    id: UUID
    payment_id: UUID
    subject_id: UUID
    method: str
    amount_minor: int
    currency: str
    reason: str
    note: str
    state: str
    requested_at: datetime
    expected_by: datetime
    done_at: datetime | None
    trouble: str
    round: int = 0
    elsewhere: str = ""

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.currency)


NoticeKind = Literal[
    "payment.pending",
    "payment.authorized",
    "payment.captured",
    "payment.declined",
    "payment.cancelled",
    "refund.done",
    "refund.failed",
]


@dataclass(frozen=True, slots=True)
class RefundState:
    """A refund as the gateway sees it. ``id`` is ours when we asked for it."""

    ref: str
    id: UUID | None
    amount_minor: int
    state: Literal["pending", "done", "failed"]


@dataclass(frozen=True, slots=True)
class GatewayState:
    """A payment as the gateway sees it at one moment. Every notice carries it whole, so order does not matter."""

    payment_id: UUID | None
    ref: str
    state: Literal["unknown", "created", "pending", "authorized", "captured", "declined", "cancelled"]
    amount_minor: int = 0
    currency: str = ""
    captured_minor: int = 0
    refunds: tuple[RefundState, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """A message whose signature was found to be right."""

    gateway: str
    event_id: str
    kind: str
    state: GatewayState
    body: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Received:
    """What a notice did: captured, authorized, declined, cancelled, pending, surplus, parked, refund, duplicate,
    ignored (older than what is known) or unknown (a payment that is not ours; kept)."""

    outcome: str
    payment: PaymentView | None = None

    @property
    def status(self) -> int:
        """HTTP status of the answer to the gateway."""
        return 202 if self.outcome == "unknown" else 200


@dataclass(frozen=True, slots=True)
class StatementRow:
    """A line of the gateway's own account: kind is capture or refund, ``amount_minor`` positive."""

    ref: str
    kind: str
    payment_id: UUID | None
    amount_minor: int
    currency: str
    at: datetime


@dataclass(frozen=True, slots=True)
class StatementDifference:
    """``problem``: missing_here, missing_there, other_amount, other_currency."""

    problem: str
    kind: str
    ref: str
    payment_id: UUID | None
    ours_minor: int | None
    theirs_minor: int | None
    currency: str


@dataclass(frozen=True, slots=True)
class StatementComparison:
    gateway: str
    day: date
    rows: int
    theirs_minor: int
    ours_minor: int
    differences: tuple[StatementDifference, ...]

    @property
    def agrees(self) -> bool:
        return not self.differences
