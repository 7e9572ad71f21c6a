"""A café that sells, written row by row, and short ways through an order, for tests of ordering and what it
composes."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from paseo.capabilities.catalog.models import Offer, Option, OptionGroup, Product, Variant
from paseo.capabilities.directory import stored
from paseo.capabilities.directory.models import Contract, Merchant, Place, Store
from paseo.capabilities.fulfillment import queries as fulfillment
from paseo.capabilities.inventory import operations as inventory
from paseo.capabilities.ordering import choices, operations, terms
from paseo.capabilities.ordering.values import Buyer, Confirmed, Placed, WantedLine
from paseo.capabilities.payments.adapters.sandbox import shared_secret
from paseo.capabilities.payments.models import Payment
from paseo.capabilities.pricing import queries as pricing
from paseo.capabilities.pricing.models import Price, PriceList
from paseo.kernel.ids import new_id, stable_id

OPERATOR = stable_id("tests", "operator")


@dataclass(frozen=True)
class Cafe:
    """``offers`` by name. Coffee 4.20 and cake 5.00 are counted, soup 9.50 never runs out; milk +0.50 goes in
    coffee."""

    merchant_id: UUID
    store_id: UUID
    offers: dict[str, UUID]
    variants: dict[str, UUID]
    options: dict[str, UUID] = field(default_factory=dict)


def forget_all() -> None:
    """Whatever is kept in this process for a few seconds."""
    stored.forget_everything()
    pricing.forget()
    fulfillment.forget()
    choices.forget()
    terms.forget()


def make_cafe(
    now: datetime,
    *,
    stock: int = 10,
    hours: str = "24/7",
    auto_accept: bool = False,
    commission_bps: int = 800,
    services: Sequence[str] = ("pickup", "here"),
    tax_included: bool = True,
) -> Cafe:
    forget_all()
    long_ago = now - timedelta(days=100)
    merchant = Merchant.objects.create(operator_id=OPERATOR, legal_name="Kahvila Oy", state="live", applied_at=long_ago)
    Contract.objects.create(
        merchant=merchant,
        commission_bps=commission_bps,
        currency="EUR",
        valid_from=long_ago,
        signed_at=long_ago,
        signed_by="operator",
    )
    place = Place.objects.create(
        owner_id=merchant.pk, kind="store", name={"en": "Kahvila"}, lat=60.17, lon=24.95, cell9=617_000_000_000_000_000,
        country="FI",
    )  # fmt: skip
    Store.objects.create(
        place=place,
        merchant=merchant,
        category="cafe",
        hours=hours,
        zone="Europe/Helsinki",
        currency="EUR",
        region="FI",
        services=list(services),
        prep_minutes=10,
        auto_accept=auto_accept,
        state="open",
        listed=True,
        plate_letter="K",
        slug=f"kahvila-{place.pk}",
        created_at=long_ago,
    )
    prices = PriceList.objects.create(merchant=merchant, currency="EUR", tax_included=tax_included, created_at=long_ago)
    offers, variants = {}, {}
    goods = (("coffee", "dish", "reduced", 420), ("cake", "good", "food", 500), ("soup", "dish", "reduced", 950))
    for position, (name, kind, tax_class, minor) in enumerate(goods):
        product = Product.objects.create(
            merchant=merchant, kind=kind, names={"en": name.title()}, tax_class=tax_class, state="active",
            created_at=long_ago, updated_at=long_ago,
        )  # fmt: skip
        variant = Variant.objects.create(product=product, merchant=merchant, names={})
        offer = Offer.objects.create(store_id=place.pk, product=product, variant=variant, position=position)
        Price.objects.create(list=prices, variant=variant, amount_minor=minor, valid_from=long_ago)
        offers[name], variants[name] = offer.pk, variant.pk
        if name != "soup":
            inventory.receive(store_id=place.pk, variant_id=variant.pk, quantity=stock, now=long_ago)
    coffee = Product.objects.get(names__en="Coffee", merchant=merchant)
    milk = OptionGroup.objects.create(product=coffee, names={"en": "Milk"}, min=0, max=1)
    options = {
        name: Option.objects.create(group=milk, product=coffee, names={"en": name}, delta_minor=minor).pk
        for name, minor in (("oat", 50), ("cow", 0))
    }
    return Cafe(merchant.pk, place.pk, offers, variants, options)


def guest() -> Buyer:
    return Buyer(visitor_id=new_id())


def fill(cafe: Cafe, buyer: Buyer, now: datetime, *, cart_id: UUID | None = None, **pieces: int) -> UUID:
    """A cart with so many pieces of each named thing; coffee and cake without any names."""
    wanted = pieces or {"coffee": 1, "cake": 1}
    lines = [WantedLine(cafe.offers[name], quantity) for name, quantity in wanted.items()]
    return operations.put_cart(
        cart_id=cart_id or new_id(), store_id=cafe.store_id, buyer=buyer, lines=lines, now=now
    ).id


def order(
    cafe: Cafe, now: datetime, *, buyer: Buyer | None = None, total: int = 920, method: str = "sandbox", **more: Any
) -> Placed:
    """A placed order: coffee and cake for 9.20 unless said otherwise."""
    someone = buyer or guest()
    pieces = more.pop("pieces", {})
    cart_id = fill(cafe, someone, now, **pieces)
    return operations.place(
        cart_id=cart_id, buyer=someone, agreed_total_minor=total, method=method, email="anna@example.org", name="Anna",
        now=now, **more,
    )  # fmt: skip


def notice_body(payment_id: UUID, state: str = "captured", **more: Any) -> bytes:
    """What the sandbox would say about a payment of ours."""
    row = Payment.objects.get(id=payment_id)
    amount = more.pop("amount_minor", row.amount_minor)
    payment = {
        "id": str(payment_id),
        "ref": f"sbx_{payment_id.hex[:12]}",
        "state": state,
        "amount_minor": amount,
        "currency": more.pop("currency", row.currency),
        "captured_minor": amount if state == "captured" else 0,
        "refunds": more.pop("refunds", []),
        "reason": more.pop("reason", ""),
    }
    event_id = more.pop("event_id", f"evt_{state}_{payment_id.hex[:12]}")
    return json.dumps({"event_id": event_id, "kind": f"payment.{state}", "payment": payment}).encode()


def signed(body: bytes, now: datetime, secret: str | None = None) -> dict[str, str]:
    stamp = str(int(now.timestamp()))
    mark = hmac.new((secret or shared_secret()).encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    return {"Sandbox-Signature": f"t={stamp},v1={mark}"}


def tell(payment_id: UUID, now: datetime, state: str = "captured", **more: Any) -> Confirmed:
    """The gateway's signed notice arrives."""
    body = notice_body(payment_id, state, **more)
    return operations.receive_payment_notice(gateway="sandbox", headers=signed(body, now), body=body, now=now)


def paid_order(cafe: Cafe, now: datetime, **more: Any) -> Placed:
    """Placed, paid and confirmed."""
    placed = order(cafe, now, **more)
    assert placed.payment is not None
    assert tell(placed.payment.id, now).outcome == "captured"
    return placed
