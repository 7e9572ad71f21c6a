"""The answer to "what does this cart cost, and can it be ordered": made once for reading and for writing a cart."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from paseo.capabilities.directory.values import StoreCard
from paseo.capabilities.fulfillment import queries as fulfillment
from paseo.capabilities.fulfillment.values import Promise
from paseo.capabilities.inventory import queries as inventory
from paseo.capabilities.ordering.problems import problem
from paseo.capabilities.ordering.reckoning import ReckonedLine, Reckoning
from paseo.capabilities.ordering.values import Buyer, CartQuote, CartQuoteLine, CartView, Drift, Problem
from paseo.capabilities.pricing.values import DiscountRule, Quote
from paseo.capabilities.vouchers import queries as vouchers
from paseo.capabilities.vouchers.values import Explanation
from paseo.kernel.errors import Refusal


def quoted(
    view: CartView,
    card: StoreCard,
    reckoning: Reckoning,
    *,
    buyer: Buyer,
    now: datetime,
    wanted_at: datetime | None = None,
) -> CartQuote:
    """One statement for stock, one for coupons if there are any."""
    available = _availability(card, reckoning)
    for one in reckoning.lines:
        _check_stock(one, reckoning, available)
    discounts: list[DiscountRule] = []
    coupons: list[Explanation] = []
    if view.voucher_ids:
        discounts, coupons = vouchers.applied(
            list(view.voucher_ids),
            reckoning.context(card, view.mode),
            now=now,
            merchant_id=card.merchant_id,
            owners=buyer.wallets,
        )
    quote = reckoning.quote(discounts, now, card.zone)
    whole: list[Problem] = [] if view.lines else [problem("empty")]
    promise = _promise(card, view.mode, now, wanted_at, whole)
    problems = (*whole, *reckoning.problems)
    return CartQuote(
        cart=view,
        lines=tuple(_line(one, quote, available) for one in reckoning.lines),
        quote=quote,
        currency=quote.currency,
        total_minor=quote.total_minor,
        drift=tuple(
            Drift(one.line.id, one.line.seen_minor, one.piece_minor, one.line.quantity, quote.currency)
            for one in reckoning.sound
            if one.line.seen_minor is not None and one.line.seen_minor != one.piece_minor
        ),
        problems=problems,
        coupons=tuple(coupons),
        promise=promise,
    )


def _availability(card: StoreCard, reckoning: Reckoning) -> dict[UUID, int | None]:
    wanted = {one.offer.variant_id for one in reckoning.lines if one.offer is not None and one.offer.kind != "deal"}
    return inventory.availability(card.id, wanted) if wanted else {}


def _check_stock(one: ReckonedLine, reckoning: Reckoning, available: dict[UUID, int | None]) -> None:
    """Two lines of one thing are one demand."""
    if one.offer is None or one.problems:
        return
    left = available.get(one.offer.variant_id)
    if left is None:
        return
    wanted = sum(
        other.line.quantity
        for other in reckoning.lines
        if other.offer is not None and other.offer.variant_id == one.offer.variant_id
    )
    if left <= 0:
        one.problems.append(problem("sold_out", one.line.id))
    elif wanted > left:
        one.problems.append(problem("few_left", one.line.id, available=left))


def _promise(
    card: StoreCard, mode: str, now: datetime, wanted_at: datetime | None, problems: list[Problem]
) -> Promise | None:
    try:
        return fulfillment.promise(card, now, mode=mode, wanted_at=wanted_at)
    except Refusal as refusal:
        problems.append(
            Problem(
                key=refusal.code.rpartition(".")[2].removeprefix("store_"),
                what=refusal.what,
                remedy=refusal.remedy,
                params=refusal.params,
            )
        )
        return None


def _line(one: ReckonedLine, quote: Quote, available: dict[UUID, int | None]) -> CartQuoteLine:
    line_id = str(one.line.id)
    counted = next((line for line in quote.lines if line.line_id == line_id), None)
    gross = one.piece_minor * one.line.quantity
    return CartQuoteLine(
        id=one.line.id,
        offer_id=one.line.offer_id,
        product_id=one.offer.product_id if one.offer else None,
        variant_id=one.offer.variant_id if one.offer else None,
        kind=one.offer.kind if one.offer else "",
        names=one.offer.names if one.offer else {},
        variant_names=one.offer.variant_names if one.offer else {},
        options=tuple(one.option_facts()),
        note=one.line.note,
        quantity=one.line.quantity,
        unit_minor=one.piece_minor,
        gross_minor=counted.gross_minor if counted else gross,
        discount_minor=counted.discount_minor if counted else 0,
        total_minor=counted.total_minor if counted else gross,
        seen_minor=one.line.seen_minor,
        available=available.get(one.offer.variant_id) if one.offer else None,
        media_id=one.offer.media_id if one.offer else None,
        problems=tuple(one.problems),
    )
