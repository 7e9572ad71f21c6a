"""What goes over the wire: schemas for the document, and the functions that make those shapes from values."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from ninja import Field, Schema
from pydantic import StringConstraints

from paseo.capabilities.directory.values import Lamp, NearStore, StoreCard
from paseo.capabilities.fulfillment.values import HandoverView
from paseo.capabilities.ordering.values import (
    CartQuote,
    ChangeView,
    OrderLineView,
    OrderSummary,
    OrderView,
    Placed,
    Problem,
)
from paseo.capabilities.payments.values import PaymentView, RefundView
from paseo.platform.ui.text import sentence

Texts = dict[str, str]
TextsIn = dict[
    Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[a-z0-9]{2,8})*$", max_length=20)],
    Annotated[str, StringConstraints(max_length=2000)],
]
"""Words by language, as BCP 47 writes them in small letters: en, zh-hans, es."""
WEB = r"^(https?://[^\s\\]+)?$"


class Page[T](Schema):
    items: list[T]
    next: str | None = Field(None, description="Cursor of the next page: send it as `after`.")


class PointShape(Schema):
    lat: float
    lon: float


class LampShape(Schema):
    state: str = Field(description="lit, half (last orders soon) or dark")
    reason: str
    until: datetime | None
    opens_at: datetime | None
    last_orders_at: datetime | None


class StoreShape(Schema):
    id: UUID
    slug: str
    merchant_id: UUID
    name: Texts
    category: str
    point: PointShape
    address: str
    zone: str
    currency: str
    services: list[str]
    hours: str = Field(description="OpenStreetMap opening_hours")
    phone: str
    website: str
    sells: bool
    lamp: LampShape | None = None
    distance_m: int | None = None
    bearing: int | None = None


def lamp_shape(lamp: Lamp) -> dict[str, Any]:
    return {
        "state": lamp.state,
        "reason": lamp.reason,
        "until": lamp.until,
        "opens_at": lamp.opens_at,
        "last_orders_at": lamp.last_orders_at,
    }


def store_shape(card: StoreCard, lamp: Lamp | None = None) -> dict[str, Any]:
    return {
        "id": card.id,
        "slug": card.slug,
        "merchant_id": card.merchant_id,
        "name": card.name,
        "category": card.category,
        "point": {"lat": card.point.lat, "lon": card.point.lon},
        "address": card.address.line,
        "zone": card.zone,
        "currency": card.currency,
        "services": card.services,
        "hours": card.hours,
        "phone": card.phone,
        "website": card.website,
        "sells": card.sells,
        "lamp": lamp_shape(lamp) if lamp else None,
        "distance_m": None,
        "bearing": None,
    }


def near_shape(near: NearStore) -> dict[str, Any]:
    return {
        **store_shape(near.card, near.lamp),
        "distance_m": round(near.distance_m),
        "bearing": round(near.bearing) % 360,
    }


class OfferShape(Schema):
    id: UUID
    store_id: UUID
    product_id: UUID
    variant_id: UUID
    kind: str
    name: Texts
    variant_name: Texts
    section: Texts
    category: str
    allergens: list[str]
    gtin: str | None
    price_minor: int | None
    currency: str
    tax_included: bool
    available: int | None = Field(description="How many can be ordered now; null when it never runs out")
    sold_out: bool
    has_options: bool


class ProblemShape(Schema):
    key: str
    line_id: UUID | None
    what: str
    remedy: str


def problem_shape(problem: Problem) -> dict[str, Any]:
    return {
        "key": problem.key,
        "line_id": problem.line_id,
        "what": sentence(problem.what, problem.params),
        "remedy": sentence(problem.remedy, problem.params),
    }


class WantedLineIn(Schema):
    id: UUID | None = Field(None, description="Of your making; the same id is the same line.")
    offer_id: UUID
    quantity: int = Field(1, ge=1, le=999)
    option_ids: list[UUID] = Field(default_factory=list, max_length=50)
    note: str = Field("", max_length=200)
    seen_minor: int | None = Field(None, ge=0, le=10**12, description="The price of one, with options, that was shown.")


class CartIn(Schema):
    store_id: UUID
    mode: str = Field("pickup", pattern="^(pickup|here)$")
    lines: list[WantedLineIn] = Field(max_length=100)
    voucher_ids: list[UUID] = Field(default_factory=list, max_length=10)


class CartLineShape(Schema):
    id: UUID
    offer_id: UUID
    name: Texts
    quantity: int
    unit_minor: int
    discount_minor: int
    total_minor: int
    seen_minor: int | None
    available: int | None
    problems: list[ProblemShape]


class CartShape(Schema):
    id: UUID
    store_id: UUID
    mode: str
    version: int
    lines: list[CartLineShape]
    voucher_ids: list[UUID]
    currency: str
    subtotal_minor: int
    discount_minor: int
    tax_minor: int
    total_minor: int
    promised_at: datetime | None
    can_be_placed: bool
    problems: list[ProblemShape]


def cart_shape(priced: CartQuote) -> dict[str, Any]:
    quote = priced.quote
    return {
        "id": priced.cart.id,
        "store_id": priced.cart.store_id,
        "mode": priced.cart.mode,
        "version": priced.cart.version,
        "lines": [
            {
                "id": line.id,
                "offer_id": line.offer_id,
                "name": line.names,
                "quantity": line.quantity,
                "unit_minor": line.unit_minor,
                "discount_minor": line.discount_minor,
                "total_minor": line.total_minor,
                "seen_minor": line.seen_minor,
                "available": line.available,
                "problems": [problem_shape(problem) for problem in line.problems],
            }
            for line in priced.lines
        ],
        "voucher_ids": priced.cart.voucher_ids,
        "currency": priced.currency,
        "subtotal_minor": quote.subtotal_minor if quote else 0,
        "discount_minor": quote.discount_minor if quote else 0,
        "tax_minor": quote.tax_minor if quote else 0,
        "total_minor": priced.total_minor,
        "promised_at": priced.promise.at if priced.promise else None,
        "can_be_placed": priced.can_be_placed,
        "problems": [problem_shape(problem) for problem in priced.problems],
    }


class OrderIn(Schema):
    cart_id: UUID
    email: str = Field("", max_length=254)
    name: str = Field("", max_length=100)
    phone: str = Field("", max_length=20)
    note: str = Field("", max_length=300)
    method: str = Field(max_length=20)
    agreed_total_minor: int = Field(ge=0, le=10**12, description="The total that the buyer saw and agreed to.")
    return_url: str = Field("", max_length=500, pattern=WEB, description="Where the payment page leads back to.")
    locale: str = Field("en", max_length=10)


class PaymentShape(Schema):
    id: UUID
    method: str
    state: str
    amount_minor: int
    currency: str
    redirect_url: str
    expires_at: datetime | None


def payment_shape(payment: PaymentView) -> dict[str, Any]:
    return {
        "id": payment.id,
        "method": payment.method,
        "state": payment.state,
        "amount_minor": payment.amount_minor,
        "currency": payment.currency,
        "redirect_url": payment.redirect_url,
        "expires_at": payment.expires_at,
    }


class PlacedShape(Schema):
    id: UUID
    number: str
    state: str
    currency: str
    total_minor: int
    promised_at: datetime
    expires_at: datetime | None
    payment: PaymentShape | None
    access_token: str = Field(description="Opens this order later: send it as Paseo-Order-Key.")
    replayed: bool


def placed_shape(placed: Placed) -> dict[str, Any]:
    return {
        "id": placed.order_id,
        "number": placed.number,
        "state": placed.state,
        "currency": placed.currency,
        "total_minor": placed.total_minor,
        "promised_at": placed.promised_at,
        "expires_at": placed.expires_at,
        "payment": payment_shape(placed.payment) if placed.payment else None,
        "access_token": placed.access_token,
        "replayed": placed.replayed,
    }


class OrderLineShape(Schema):
    id: UUID
    offer_id: UUID | None
    variant_id: UUID | None
    kind: str
    name: Texts
    options: list[dict[str, Any]]
    note: str
    quantity: int
    unit_minor: int
    discount_minor: int
    tax_rate: str
    tax_minor: int
    total_minor: int
    state: str


def line_shape(line: OrderLineView) -> dict[str, Any]:
    return {
        "id": line.id,
        "offer_id": line.offer_id,
        "variant_id": line.variant_id,
        "kind": line.kind,
        "name": line.names,
        "options": line.options,
        "note": line.note,
        "quantity": line.quantity,
        "unit_minor": line.unit_minor,
        "discount_minor": line.discount_minor,
        "tax_rate": str(line.tax_rate),
        "tax_minor": line.tax_minor,
        "total_minor": line.total_minor,
        "state": line.state,
    }


class RefundShape(Schema):
    id: UUID
    amount_minor: int
    currency: str
    reason: str
    state: str
    expected_by: datetime
    done_at: datetime | None


def refund_shape(refund: RefundView) -> dict[str, Any]:
    return {
        "id": refund.id,
        "amount_minor": refund.amount_minor,
        "currency": refund.currency,
        "reason": refund.reason,
        "state": refund.state,
        "expected_by": refund.expected_by,
        "done_at": refund.done_at,
    }


class HandoverShape(Schema):
    kind: str
    plate: str
    state: str
    promised_at: datetime
    ready_at: datetime | None


def handover_shape(handover: HandoverView) -> dict[str, Any]:
    return {
        "kind": handover.kind,
        "plate": handover.plate,
        "state": handover.state,
        "promised_at": handover.promised_at,
        "ready_at": handover.ready_at,
    }


class OrderSummaryShape(Schema):
    id: UUID
    number: str
    store_id: UUID
    name: str
    mode: str
    method: str
    channel: str
    state: str
    currency: str
    total_minor: int
    returned_minor: int
    discount_minor: int
    placed_at: datetime
    confirmed_at: datetime | None
    paid_at: datetime | None
    ended_at: datetime | None
    promised_at: datetime


def summary_shape(order: OrderSummary) -> dict[str, Any]:
    return {name: getattr(order, name) for name in OrderSummaryShape.model_fields}


class ChangeShape(Schema):
    id: UUID
    kind: str = Field(description="later, or line_sold_out")
    state: str = Field(description="proposed until it is agreed, declined, lapsed or withdrawn")
    line_id: UUID | None
    promised_at: datetime | None = Field(description="The new promise, for kind later")
    reason: str
    proposed_at: datetime
    answer_by: datetime
    default: str = Field(description="What happens without an answer: agree or decline")


def change_shape(change: ChangeView) -> dict[str, Any]:
    return {name: getattr(change, name) for name in ChangeShape.model_fields}


class OrderShape(OrderSummaryShape):
    subtotal_minor: int
    tax_minor: int
    lines: list[OrderLineShape]
    payments: list[PaymentShape]
    refunds: list[RefundShape]
    changes: list[ChangeShape] = Field(description="What the shop proposed, oldest first")
    handover: HandoverShape | None
    code: str = Field(description="What the buyer shows at the counter, while it can be used")
    can_cancel: bool


def order_shape(order: OrderView) -> dict[str, Any]:
    return {
        **summary_shape(order.summary),
        "subtotal_minor": order.subtotal_minor,
        "tax_minor": order.tax_minor,
        "lines": [line_shape(line) for line in order.lines],
        "payments": [payment_shape(payment) for payment in order.payments],
        "refunds": [refund_shape(refund) for refund in order.refunds],
        "changes": [change_shape(change) for change in order.changes],
        "handover": handover_shape(order.handover) if order.handover else None,
        "code": order.code,
        "can_cancel": order.can_cancel,
    }
