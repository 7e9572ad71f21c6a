"""What ordering hands to other packages. Amounts are whole minor units of ``currency``; texts are by language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from paseo.capabilities.fulfillment.values import HandoverView, Promise
from paseo.capabilities.payments.values import PaymentView, RefundView
from paseo.capabilities.pricing.values import Quote
from paseo.capabilities.vouchers.values import Explanation, VoucherView
from paseo.kernel.money import Money

Texts = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Buyer:
    """Who acts: a signed-in person, a visitor of this browser, or both."""

    person_id: UUID | None = None
    visitor_id: UUID | None = None

    def __post_init__(self) -> None:
        if self.person_id is None and self.visitor_id is None:
            raise ValueError("A buyer is a person or a visitor.")

    @property
    def key(self) -> str:
        """The wallet and the limit that belong to this buyer."""
        return f"person:{self.person_id}" if self.person_id else f"visitor:{self.visitor_id}"

    @property
    def wallets(self) -> tuple[str, ...]:
        keys = []
        if self.person_id:
            keys.append(f"person:{self.person_id}")
        if self.visitor_id:
            keys.append(f"visitor:{self.visitor_id}")
        return tuple(keys)


@dataclass(frozen=True, slots=True)
class WantedLine:
    """A line as the buyer wants it. ``seen_minor`` is the price of one, with options, that was on the page; None:
    now's."""

    offer_id: UUID
    quantity: int = 1
    option_ids: tuple[UUID, ...] = ()
    note: str = ""
    seen_minor: int | None = None
    id: UUID | None = None


@dataclass(frozen=True, slots=True)
class CartLineView:
    """A stored line, without prices."""

    id: UUID
    offer_id: UUID
    quantity: int
    option_ids: tuple[UUID, ...]
    note: str
    seen_minor: int | None


@dataclass(frozen=True, slots=True)
class CartView:
    id: UUID
    store_id: UUID
    mode: str
    state: str
    lines: tuple[CartLineView, ...]
    voucher_ids: tuple[UUID, ...]
    version: int
    updated_at: datetime

    @property
    def pieces(self) -> int:
        return sum(line.quantity for line in self.lines)


@dataclass(frozen=True, slots=True)
class Problem:
    """Why the cart cannot be ordered as it is. ``line_id`` None: the whole cart.

    ``key``: sold_out, few_left, not_offered, option_missing, option_gone, no_price, closed, closed_for_good, paused,
    not_served, too_many, empty. ``what`` and ``remedy`` are English templates with ``{names}`` of ``params`` for the
    edge to translate.
    """

    key: str
    what: str
    remedy: str
    line_id: UUID | None = None
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Drift:
    """The price of one piece, with options, moved since it was seen: show the old one struck beside the new one."""

    line_id: UUID
    seen_minor: int
    now_minor: int
    quantity: int
    currency: str

    @property
    def difference(self) -> Money:
        return Money((self.now_minor - self.seen_minor) * self.quantity, self.currency)


@dataclass(frozen=True, slots=True)
class CartQuoteLine:
    """A line with its names and amounts. ``total_minor`` is what is paid for it; ``unit_minor`` one piece with
    options."""

    id: UUID
    offer_id: UUID
    product_id: UUID | None
    variant_id: UUID | None
    kind: str
    names: Texts
    variant_names: Texts
    options: tuple[Mapping[str, Any], ...]
    note: str
    quantity: int
    unit_minor: int
    gross_minor: int
    discount_minor: int
    total_minor: int
    seen_minor: int | None
    available: int | None
    media_id: UUID | None
    problems: tuple[Problem, ...] = ()

    @property
    def moved(self) -> bool:
        return self.seen_minor is not None and self.seen_minor != self.unit_minor and not self.problems


@dataclass(frozen=True, slots=True)
class CartQuote:
    """A cart at this moment's prices. It can be placed with ``agreed_total_minor=total_minor`` when there are no
    ``problems`` (the lines' included)."""

    cart: CartView
    lines: tuple[CartQuoteLine, ...]
    quote: Quote | None
    currency: str
    total_minor: int
    drift: tuple[Drift, ...]
    problems: tuple[Problem, ...]
    coupons: tuple[Explanation, ...]
    promise: Promise | None

    @property
    def can_be_placed(self) -> bool:
        return not self.problems and bool(self.lines)

    @property
    def total(self) -> Money:
        return Money(self.total_minor, self.currency)


@dataclass(frozen=True, slots=True)
class OrderLineView:
    id: UUID
    position: int
    offer_id: UUID | None
    variant_id: UUID | None
    kind: str
    names: Texts
    options: tuple[Mapping[str, Any], ...]
    note: str
    quantity: int
    unit_minor: int
    options_minor: int
    gross_minor: int
    discount_minor: int
    tax_rate: str
    tax_minor: int
    total_minor: int
    funded: tuple[Mapping[str, Any], ...]
    state: str


@dataclass(frozen=True, slots=True)
class ChangeView:
    """A proposal of the shop. ``default`` (agree or decline) happens at ``answer_by`` without an answer."""

    id: UUID
    order_id: UUID
    kind: str
    line_id: UUID | None
    promised_at: datetime | None
    reason: str
    state: str
    default: str
    proposed_at: datetime
    answer_by: datetime
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class OrderSummary:
    """An order in a list."""

    id: UUID
    number: str
    store_id: UUID
    merchant_id: UUID
    person_id: UUID | None
    name: str
    mode: str
    method: str
    channel: str
    state: str
    currency: str
    total_minor: int
    returned_minor: int
    discount_minor: int
    commission_bps: int
    placed_at: datetime
    confirmed_at: datetime | None
    paid_at: datetime | None
    ended_at: datetime | None
    expires_at: datetime | None
    promised_at: datetime
    reason: str
    first_touchpoint_id: UUID | None
    last_touchpoint_id: UUID | None

    @property
    def total(self) -> Money:
        return Money(self.total_minor, self.currency)

    @property
    def is_paid(self) -> bool:
        return self.paid_at is not None

    @property
    def is_over(self) -> bool:
        return self.state in {"completed", "cancelled", "expired", "refused", "not_collected"}


@dataclass(frozen=True, slots=True)
class OrderView:
    """An order with everything that belongs to it. ``code`` is the pickup code while it can be used, else empty.

    ``can_cancel`` is whether the buyer may still take it back; ``refund_due_minor`` what would come back then.
    """

    summary: OrderSummary
    email: str
    phone: str
    note: str
    locale: str
    subtotal_minor: int
    tax_minor: int
    tip_minor: int
    tax_included: bool
    visitor_id: UUID | None
    explain: Mapping[str, Any]
    lines: tuple[OrderLineView, ...]
    changes: tuple[ChangeView, ...]
    payments: tuple[PaymentView, ...]
    refunds: tuple[RefundView, ...]
    handover: HandoverView | None
    vouchers: tuple[VoucherView, ...]
    code: str
    can_cancel: bool

    @property
    def id(self) -> UUID:
        return self.summary.id

    @property
    def open_changes(self) -> tuple[ChangeView, ...]:
        return tuple(change for change in self.changes if change.state == "proposed")

    @property
    def open_payment(self) -> PaymentView | None:
        return next((payment for payment in self.payments if payment.is_open), None)


@dataclass(frozen=True, slots=True)
class HistoryStep:
    """One move of something that belongs to an order. ``machine``: order, payment, handover, refund, order_change."""

    at: datetime
    machine: str
    verb: str
    from_state: str
    to_state: str
    actor: str
    reason: str


@dataclass(frozen=True, slots=True)
class BoardEntry:
    """One order in hand as the shop sees it."""

    order: OrderSummary
    handover: HandoverView
    changes: tuple[ChangeView, ...] = ()


@dataclass(frozen=True, slots=True)
class Placed:
    """The answer to ``place``. ``access_token`` opens the order for a guest (``/orders/<id>?key=…``); ``replayed``
    tells that the order was there already."""

    order_id: UUID
    number: str
    state: str
    total_minor: int
    currency: str
    promised_at: datetime
    expires_at: datetime | None
    payment: PaymentView | None
    access_token: str
    replayed: bool = False


@dataclass(frozen=True, slots=True)
class Confirmed:
    """What a notice led to. ``outcome`` as in payments' ``Received``, or late_confirmed, late_refunded.

    ``status`` is the HTTP status that the gateway gets.
    """

    outcome: str
    order_id: UUID | None = None
    order_state: str = ""
    status: int = 200


@dataclass(frozen=True, slots=True)
class Ticket:
    """What a code at the counter stands for, before it is used. ``token`` commits it.

    ``kind`` is order, deal or coupon. ``warnings`` are sentences that the staff should read (not paid yet, not ready).
    """

    kind: str
    token: str
    code_id: UUID
    subject_id: UUID
    uses_left: int
    valid_until: datetime | None
    title: Texts
    order: OrderSummary | None = None
    handover: HandoverView | None = None
    voucher: VoucherView | None = None
    cash_due_minor: int = 0
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Redeemed:
    """A code was used. ``undo_until`` is the end of the window in which staff can take it back."""

    redemption_id: UUID
    kind: str
    subject_id: UUID
    uses: int
    at: datetime
    undo_until: datetime


@dataclass(frozen=True, slots=True)
class DayTotals:
    """A store's day: orders by state, money in minor units."""

    store_id: UUID
    orders: int
    open: int
    completed: int
    cancelled: int
    refused: int
    sold_minor: int
    returned_minor: int
    cash_minor: int
    online_minor: int
    discount_minor: int
    commission_minor: int
    currency: str
