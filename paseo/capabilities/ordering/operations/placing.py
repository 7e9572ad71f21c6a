"""A cart becomes an order: everything in one unit, or nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError

from paseo.capabilities.directory import queries as directory
from paseo.capabilities.directory.values import StoreCard
from paseo.capabilities.fulfillment import queries as fulfillment
from paseo.capabilities.inventory import operations as inventory
from paseo.capabilities.inventory.refusals import LastOneGone
from paseo.capabilities.inventory.values import Demand
from paseo.capabilities.ledger.values import commission
from paseo.capabilities.ordering import access, documents
from paseo.capabilities.ordering.models import Cart, Order, OrderLine
from paseo.capabilities.ordering.operations.confirming import confirm_new
from paseo.capabilities.ordering.problems import problem
from paseo.capabilities.ordering.reckoning import Reckoning, reckon
from paseo.capabilities.ordering.refusals import CannotOrder, CartOrdered, NoCart, NotEnoughToPay, PriceMoved
from paseo.capabilities.ordering.terms import terms_of
from paseo.capabilities.ordering.values import Buyer, Placed
from paseo.capabilities.payments import operations as payments
from paseo.capabilities.payments import queries as payments_read
from paseo.capabilities.payments.values import PaymentView
from paseo.capabilities.pricing.values import DiscountRule, Quote
from paseo.capabilities.vouchers import operations as vouchers
from paseo.capabilities.vouchers.values import DealLine
from paseo.kernel.errors import Invalid
from paseo.kernel.ids import new_id
from paseo.kernel.money import Money
from paseo.platform.db.returning import statement_returning
from paseo.platform.db.unit import add, operation

CASH, FREE = "cash", "none"


def place(
    *,
    cart_id: UUID,
    buyer: Buyer,
    agreed_total_minor: int,
    method: str,
    now: datetime,
    email: str = "",
    name: str = "",
    phone: str = "",
    note: str = "",
    locale: str = "en",
    mode: str | None = None,
    wanted_at: datetime | None = None,
    tip_minor: int = 0,
    channel: str = "web",
    first_touchpoint_id: UUID | None = None,
    last_touchpoint_id: UUID | None = None,
    return_url: str = "",
) -> Placed:
    """Orders a cart at ``agreed_total_minor`` (tip included), to be paid by ``method`` (a gateway, or cash).

    Goods and coupons are held for HOLD_MINUTES, the order is written, and the payment begins; the buyer goes to
    ``payment.redirect_url``. Cash, and what costs nothing, is confirmed at once. ``return_url`` may contain
    ``{id}`` and ``{token}``. Asking again gives the same order (``replayed``); with another total or method
    ``CartOrdered``.

    Refuses ``NoCart``, ``CartOrdered``, ``CannotOrder`` (with every problem), ``PriceMoved`` (with the new total),
    ``LastOneGone``, ``TooManyHolds``, ``TooSoon``, ``ClosedThen``, ``StoreClosed``, ``StorePaused``, ``UnknownMethod``.
    """
    if not (email.strip() or buyer.person_id):
        raise NotEnoughToPay
    if tip_minor < 0:
        raise Invalid(fields={"tip_minor": str(tip_minor)})
    details = {
        "email": email.strip()[:254],
        "name": name.strip()[:100],
        "phone": phone.strip()[:20],
        "note": note.strip()[:300],
        "locale": locale,
        "channel": channel,
        "tip_minor": tip_minor,
        "first_touchpoint_id": first_touchpoint_id,
        "last_touchpoint_id": last_touchpoint_id,
    }
    wish: dict[str, Any] = {
        "agreed": agreed_total_minor,
        "method": method,
        "mode": mode,
        "wanted_at": wanted_at,
        "return_url": return_url,
    }
    try:
        return _place(cart_id, buyer, now, details, **wish)
    except IntegrityError:
        # Two ids met in one number, or the same cart was placed in this very moment: now it can be seen.
        return _place(cart_id, buyer, now, details, **wish)


@operation
def _place(
    cart_id: UUID,
    buyer: Buyer,
    now: datetime,
    details: dict[str, Any],
    *,
    agreed: int,
    method: str,
    mode: str | None,
    wanted_at: datetime | None,
    return_url: str,
) -> Placed:
    cart = _swapped(cart_id, buyer, mode, now)
    if cart is None:
        return _replayed(cart_id, buyer, agreed, method)
    card = directory.store(cart.store_id)
    order_id = new_id()
    reckoning = reckon(card, documents.read(cart.lines), now)
    if not reckoning.lines:
        raise CannotOrder(problems=(problem("empty"),))
    if reckoning.problems:
        raise CannotOrder(problems=tuple(reckoning.problems))
    voucher_ids = [UUID(voucher) for voucher in cart.voucher_ids]
    discounts: list[DiscountRule] = []
    if voucher_ids:
        discounts = vouchers.keep_for_order(
            voucher_ids=voucher_ids,
            order_id=order_id,
            context=reckoning.context(card, cart.mode),
            merchant_id=card.merchant_id,
            owners=buyer.wallets,
            now=now,
        )
    quote = reckoning.quote(discounts, now, card.zone)
    total = quote.total_minor + details["tip_minor"]
    if total != agreed:
        raise PriceMoved(total=Money(total, quote.currency), agreed=Money(agreed, quote.currency))
    used = {reason.source_id for reason in quote.reasons if reason.applies}
    used_vouchers = [rule.source_id for rule in discounts if rule.source_id in used]
    promise = fulfillment.promise(card, now, mode=cart.mode, wanted_at=wanted_at)
    method = FREE if total == 0 else method
    at_once = method in {CASH, FREE}
    expires_at = now + timedelta(minutes=settings.PASEO["HOLD_MINUTES"])
    order = _order(order_id, cart, card, buyer, quote, details, method, total, now)
    order.promised_at = promise.at
    order.expires_at = None if at_once else expires_at
    order.voucher_ids = [str(voucher) for voucher in used_vouchers]
    lines = _lines(order, reckoning, quote)
    order.slip = _slip(lines)
    order.explain = {"reasons": [reason.as_json() for reason in quote.reasons], "promise": promise.reason}
    idle = [rule.source_id for rule in discounts if rule.source_id not in used]
    vouchers.let_go(voucher_ids=[UUID(str(voucher)) for voucher in idle], order_id=order_id)
    deals = [
        DealLine(line.id, line.variant_id, line.quantity) for line in lines if line.kind == "deal" and line.variant_id
    ]
    if deals:
        order.explain["deals"] = len(deals) if len(deals) < len(lines) else "only"
        vouchers.hold_for_sale(order_id=order_id, owner=_owner(buyer, order_id), lines=deals, now=now)
    demands = [Demand(line.variant_id, line.quantity) for line in lines if line.kind != "deal" and line.variant_id]
    if demands:
        _hold(order, buyer, demands, lines, expires_at, now)
    add(order, *lines)
    payment = None
    if method != FREE:
        payment = _payment(order, buyer, card, return_url, expires_at, now)
    if at_once:
        confirm_new(order, card, now=now, paid=method == FREE, stocked=bool(demands))
    return _answer(order, payment)


_SWAP = """
UPDATE ordering_cart SET state = 'ordered', updated_at = %s, mode = COALESCE(%s, mode)
WHERE id = %s AND state = 'open' AND (person_id = %s OR (person_id IS NULL AND visitor_id = %s))
"""


def _swapped(cart_id: UUID, buyer: Buyer, mode: str | None, now: datetime) -> Cart | None:
    """The buyer's open cart, which from now on is ordered: of two that ask, one gets it."""
    return statement_returning(
        Cart,
        _SWAP,
        (
            ("updated_at", now),
            ("mode", mode),
            ("id", cart_id),
            ("person_id", buyer.person_id),
            ("visitor_id", buyer.visitor_id),
        ),
    )


def _hold(
    order: Order,
    buyer: Buyer,
    demands: Sequence[Demand],
    lines: Sequence[OrderLine],
    expires_at: datetime,
    now: datetime,
) -> None:
    try:
        inventory.hold(
            subject_id=order.id,
            owner_key=buyer.key,
            store_id=order.store_id,
            demands=demands,
            expires_at=expires_at,
            now=now,
        )
    except LastOneGone as gone:
        names = {line.variant_id: line.names for line in lines}
        gone.params["name"] = names.get(gone.params["variant_id"], {})
        raise


def _owner(buyer: Buyer, order_id: UUID) -> str:
    return buyer.key or f"order:{order_id}"


def _order(
    order_id: UUID,
    cart: Cart,
    card: StoreCard,
    buyer: Buyer,
    quote: Quote,
    details: dict[str, Any],
    method: str,
    total: int,
    now: datetime,
) -> Order:
    terms = terms_of(card.merchant_id, now)
    bps = terms.commission_bps(now)
    share = commission(quote.total_minor, bps, _fee_tax(card, now))
    funded: dict[str, Any] = {}
    for line in quote.lines:
        for part in line.discounts:
            funded[part.funder] = funded.get(part.funder, 0) + part.minor
            if part.funder == "brand" and part.funder_id is not None:
                funded["brand_id"] = str(part.funder_id)
    return Order(
        id=order_id,
        cart_id=cart.id,
        number=access.number_of(order_id),
        store_id=card.id,
        merchant_id=card.merchant_id,
        operator_id=terms.operator_id,
        person_id=buyer.person_id,
        visitor_id=buyer.visitor_id,
        access_hash=access.access_hash(order_id),
        mode=cart.mode,
        method=method,
        currency=quote.currency,
        tax_included=quote.tax_included,
        subtotal_minor=quote.subtotal_minor,
        discount_minor=quote.discount_minor,
        tax_minor=quote.tax_minor,
        total_minor=total,
        commission_bps=bps,
        commission_minor=share.fee_minor,
        commission_tax_minor=share.tax_minor,
        funded=funded,
        placed_at=now,
        **details,
    )


def _fee_tax(card: StoreCard, now: datetime):  # type: ignore[no-untyped-def]
    from paseo.capabilities.pricing import queries as pricing

    return pricing.rates(card.region, now)["standard"]


def _lines(order: Order, reckoning: Reckoning, quote: Quote) -> list[OrderLine]:
    amounts = {line.line_id: line for line in quote.lines}
    lines = []
    for position, one in enumerate(reckoning.lines, 1):
        assert one.offer is not None
        counted = amounts[str(one.line.id)]
        names = dict(one.offer.names)
        lines.append(
            OrderLine(
                id=new_id(),
                order=order,
                position=position,
                offer_id=one.offer.id,
                variant_id=one.offer.variant_id,
                kind=one.offer.kind,
                names={**names, "variant": dict(one.offer.variant_names)} if one.offer.variant_names else names,
                options=one.option_facts(),
                note=one.line.note,
                quantity=counted.quantity,
                unit_minor=counted.unit_minor,
                options_minor=counted.options_minor,
                gross_minor=counted.gross_minor,
                discount_minor=counted.discount_minor,
                tax_rate=counted.tax_rate,
                tax_minor=counted.tax_minor,
                total_minor=counted.total_minor,
                funded=[
                    {
                        "source_id": str(part.source_id),
                        "names": dict(part.names),
                        "funder": part.funder,
                        "minor": part.minor,
                    }
                    for part in counted.discounts
                ],
            )
        )
    return lines


def _slip(lines: Sequence[OrderLine]) -> list[dict[str, Any]]:
    return [
        {
            "id": str(line.id),
            "names": line.names,
            "quantity": line.quantity,
            "options": [option["names"] for option in line.options if option["kind"] != "without"],
            "without": [option["names"] for option in line.options if option["kind"] == "without"],
            "note": line.note,
        }
        for line in lines
        if line.kind != "deal"
    ]


def _payment(
    order: Order, buyer: Buyer, card: StoreCard, return_url: str, expires_at: datetime, now: datetime
) -> PaymentView:
    return payments.start_payment(
        subject_id=order.id,
        tenant_id=order.merchant_id,
        payer_key=buyer.key,
        amount_minor=order.total_minor,
        currency=order.currency,
        method=order.method,
        description=f"{order.number} · {card.name.get('en') or next(iter(card.name.values()), '')}"[:120],
        return_url=return_url.replace("{id}", str(order.id)).replace("{token}", access.access_token(order.id)),
        locale=order.locale,
        expires_at=None if order.method == CASH else expires_at,
        now=now,
        fresh=True,
    )


def _replayed(cart_id: UUID, buyer: Buyer, agreed: int, method: str) -> Placed:
    """The order that was made of this cart already, for the same wish; else why there is none."""
    order = Order.objects.filter(cart_id=cart_id).first()
    if order is None:
        raise NoCart
    mine = (buyer.person_id is not None and order.person_id == buyer.person_id) or (
        buyer.visitor_id is not None and order.visitor_id == buyer.visitor_id
    )
    if not mine:
        raise NoCart
    if order.total_minor != agreed or (order.method != method and order.method != FREE):
        raise CartOrdered(order_id=order.id, number=order.number)
    tries = payments_read.payments_of(order.id)
    current = next((one for one in reversed(tries) if one.is_open), tries[-1] if tries else None)
    return _answer(order, current, replayed=True)


def _answer(order: Order, payment: PaymentView | None, *, replayed: bool = False) -> Placed:
    return Placed(
        order_id=order.id,
        number=order.number,
        state=order.state,
        total_minor=order.total_minor,
        currency=order.currency,
        promised_at=order.promised_at,
        expires_at=order.expires_at,
        payment=payment,
        access_token=access.access_token(order.id),
        replayed=replayed,
    )
