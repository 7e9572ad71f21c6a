"""What the reader holds: coupons, deals that were bought, and their codes for the counter."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext, pgettext
from django.views.decorators.http import require_GET, require_POST

from paseo.capabilities.directory import queries as directory
from paseo.capabilities.directory.values import StoreCard
from paseo.capabilities.ordering import queries as ordering
from paseo.capabilities.vouchers import operations as vouchers
from paseo.capabilities.vouchers import queries as coupons
from paseo.capabilities.vouchers.refusals import UnknownVoucher
from paseo.capabilities.vouchers.values import VoucherView
from paseo.channels.storefront.context import buyer_of, frame
from paseo.channels.storefront.keyring import known_orders
from paseo.channels.storefront.store import effect_words
from paseo.kernel import clock
from paseo.platform.codes import queries as codes
from paseo.platform.codes.values import RedemptionView
from paseo.platform.identity.web import current_person
from paseo.platform.ui.formatting import day, day_and_clock, localized
from paseo.platform.ui.values import Station, Ticket

USABLE = {"claimed", "reserved"}


@dataclass(frozen=True, slots=True)
class Held:
    """One row of the wallet."""

    ticket: Ticket
    usable: bool


@require_GET
def wallet(request: HttpRequest) -> HttpResponse:
    now, buyer = clock.now(), buyer_of(request)
    held = coupons.wallet(buyer.wallets, now=now) if buyer else []
    held += _of_linked_orders(request, {one.id for one in held})
    stores = _stores_of(held)
    rows = [_held(one, stores.get(one.id)) for one in held if one.state != "returned"]
    context = frame(
        "tickets",
        usable=[row for row in rows if row.usable],
        past=[row for row in rows if not row.usable],
        person=current_person(request),
    )
    return render(request, "storefront/tickets.html", context)


def _of_linked_orders(request: HttpRequest, known: set[UUID]) -> list[VoucherView]:
    """Deals of orders whose link was opened on this device."""
    found = [one for order_id in known_orders(request) for one in coupons.vouchers_of_order(order_id)]
    return [one for one in found if one.id not in known and one.program.kind == "deal"]


def _stores_of(held: list[VoucherView]) -> dict[UUID, StoreCard]:
    """Where each can be used: its only shop, or the first of its firm. One statement for each firm."""
    by_merchant = {one.program.merchant_id: None for one in held}
    cards = {merchant_id: directory.stores_of_merchant(merchant_id) for merchant_id in by_merchant}
    found = {}
    for one in held:
        wanted = one.program.store_ids
        fitting = [card for card in cards[one.program.merchant_id] if wanted is None or card.id in wanted]
        if fitting:
            found[one.id] = fitting[0]
    return found


def _held(one: VoucherView, card: StoreCard | None) -> Held:
    zone = card.zone if card else None
    parts = [localized(card.name)] if card else []
    if one.valid_until and one.state in USABLE:
        parts.append(pgettext("a day", "until %(day)s") % {"day": day(one.valid_until, zone)})
    usable = one.state in USABLE
    value = effect_words(one.program) if one.program.kind == "coupon" else ""
    foot = ""
    if one.uses_total > 1 or one.program.kind == "deal":
        foot = gettext("%(left)s of %(total)s") % {"left": one.uses_left, "total": one.uses_total}
        value, foot = (value, foot) if value else (foot, "")
    ticket = Ticket(
        words=localized(one.program.names),
        detail=" · ".join(parts),
        value=value,
        value_foot=foot,
        href=reverse("storefront:ticket", args=[one.id]),
        stamp="" if usable else state_words(one.state),
        used=not usable,
    )
    return Held(ticket, usable)


def state_words(state: str) -> str:
    return {
        "used": gettext("Used"),
        "expired": gettext("Expired"),
        "returned": gettext("Given back"),
        "refunded": gettext("Refunded"),
        "blocked": gettext("Blocked"),
        "reserved": gettext("In an order"),
    }.get(state, "")


def _open(request: HttpRequest, voucher_id: UUID) -> VoucherView:
    """A ticket of the reader's wallets, or a deal of an order that this device opens. Else UnknownVoucher."""
    buyer, now = buyer_of(request), clock.now()
    if buyer is not None:
        try:
            return coupons.voucher(voucher_id, owners=buyer.wallets, now=now)
        except UnknownVoucher:
            pass
    known = {one.id for one in _of_linked_orders(request, set())}
    if buyer is not None:
        mine = ordering.orders_of_buyer(buyer, limit=20)
        known |= {one.id for order in mine for one in coupons.vouchers_of_order(order.id)}
    if voucher_id not in known:
        raise UnknownVoucher
    return coupons.voucher(voucher_id, now=now)


@require_GET
def page(request: HttpRequest, voucher_id: UUID) -> HttpResponse:
    """The tall ticket: code above, its life as a line below. A used one says when, and how long staff can undo it."""
    one, now = _open(request, voucher_id), clock.now()
    card = _stores_of([one]).get(one.id)
    uses = [use for use in codes.redemptions_of(one.id) if use.undone_at is None] if one.code_id else []
    last = uses[-1] if uses else None
    undo_until = last.undo_until if last else None
    context = frame(
        "tickets",
        voucher=one,
        store=card,
        ticket=_tall(one, card, last),
        undo_until=undo_until if undo_until and undo_until > now else None,
        last_use=last,
        state=state_words(one.state),
        can_give_back=one.program.kind == "coupon" and one.state == "claimed" and one.uses_left == one.uses_total,
        program=one.program,
        effect=effect_words(one.program),
    )
    response = render(request, "storefront/ticket.html", context)
    response["Cache-Control"] = "private, max-age=0, must-revalidate"
    return response


def _tall(one: VoucherView, card: StoreCard | None, last: RedemptionView | None) -> Ticket:
    zone = card.zone if card else None
    used = one.state == "used"
    stamp = ""
    if used:
        stamp = (
            pgettext("a moment", "Used %(time)s") % {"time": day_and_clock(last.at, zone)} if last else gettext("Used")
        )
    return Ticket(
        words=localized(one.program.names),
        detail=f"{localized(card.name)}, {card.address.line}" if card else "",
        code=one.code,
        hint=gettext("Show it or read it out. It works without network.") if one.state in USABLE else "",
        value=effect_words(one.program) if one.program.kind == "coupon" else "",
        stations=_life(one, card, last.at if last else None),
        used=one.state not in USABLE,
        stamp=stamp or ("" if one.state in USABLE else state_words(one.state)),
    )


def _life(one: VoucherView, card: StoreCard | None, used_at: datetime | None) -> list[Station]:
    zone = card.zone if card else None
    got = gettext("Bought") if one.program.kind == "deal" else gettext("Kept")
    first = Station(got, "done", "change" if one.program.kind == "deal" else "contact", day(one.claimed_at, zone))
    if one.state not in USABLE:
        end = gettext("Used") if one.state == "used" else state_words(one.state)
        at = day_and_clock(used_at, zone) if used_at else ""
        return [first, Station(end, "done" if one.state == "used" else "refused", "end", at)]
    until = pgettext("a day", "until %(day)s") % {"day": day(one.valid_until, zone)} if one.valid_until else ""
    return [
        first,
        Station(gettext("Yours"), "now", time=until),
        Station(gettext("Counter"), "next", "end", localized(card.name) if card else ""),
    ]


@require_POST
def give_back(request: HttpRequest, voucher_id: UUID) -> HttpResponse:
    """Another can have it. Refuses UnknownVoucher, NotUsable."""
    one = _open(request, voucher_id)
    vouchers.give_back(voucher_id=voucher_id, owner=one.owner, now=clock.now())
    words = gettext("Given back: %(name)s. Somebody else can have it now.")
    messages.success(request, words % {"name": localized(one.program.names)})
    return HttpResponseRedirect(reverse("storefront:tickets"), status=303)
