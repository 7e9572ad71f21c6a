"""The page of a store: whether it is open, how to get there, what it sells, what people say."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from paseo.capabilities.care import queries as care
from paseo.capabilities.directory import queries as directory
from paseo.capabilities.directory.values import Lamp, StoreCard
from paseo.capabilities.fulfillment import queries as fulfillment
from paseo.capabilities.journeys import operations as journeys
from paseo.capabilities.ordering.values import Buyer
from paseo.capabilities.vouchers import operations as vouchers
from paseo.capabilities.vouchers import queries as coupons
from paseo.capabilities.vouchers.values import ProgramView
from paseo.channels.storefront import basemap
from paseo.channels.storefront.basket import basket_of
from paseo.channels.storefront.board import Board
from paseo.channels.storefront.context import CHANNEL, buyer_of, ensure_buyer, frame, user_agent
from paseo.channels.storefront.described import store_described
from paseo.channels.storefront.here import Here, here_of, written
from paseo.channels.storefront.hours import week
from paseo.channels.storefront.menu import MenuSection, menu_of
from paseo.channels.storefront.reviews import told
from paseo.channels.storefront.rows import category_words, numbered
from paseo.channels.storefront.shops import shown_store
from paseo.kernel import clock
from paseo.kernel.errors import NotFound, Refusal
from paseo.kernel.geo import bearing, compass, distance_m
from paseo.kernel.ids import new_id
from paseo.platform.identity.web import ensure_visitor, visitor_of
from paseo.platform.ui.formatting import localized, money

REVIEWS_SHOWN = 3
FEW_COUPONS = 20
INSTEAD = 4
KNOWN_TO_M = 100


@dataclass(frozen=True, slots=True)
class Way:
    """How to get there. Distance and bearing only for somebody who said where they are."""

    metres: float | None
    bearing: float
    wind: str
    map_link: str
    app_link: str

    @property
    def is_here(self) -> bool:
        """Nearer than the position is known: neither metres nor a direction mean anything."""
        return self.metres is not None and self.metres < KNOWN_TO_M


@dataclass(frozen=True, slots=True)
class Service:
    """A way of buying, and when it can be ready."""

    key: str
    ready_at: datetime | None


@dataclass(frozen=True, slots=True)
class Coupon:
    program: ProgramView
    value: str
    new_id: UUID

    @property
    def few(self) -> bool:
        return self.program.left is not None and self.program.left <= FEW_COUPONS


@require_GET
def page(request: HttpRequest, slug: str) -> HttpResponse:
    """Refuses UnknownStore, also for a store that is neither shown nor this reader's to know."""
    card, now = shown_store(slug), clock.now()
    sections = menu_of(card, now)
    context = store_context(request, card, sections, now)
    journeys.record(
        "view",
        now=now,
        visitor_id=visitor_of(request),
        store_id=card.id,
        merchant_id=card.merchant_id,
        subject_id=card.id,
        channel=CHANNEL,
        user_agent=user_agent(request),
    )
    return render(request, "storefront/store.html", context)


def store_context(request: HttpRequest, card: StoreCard, sections: list[MenuSection], now: datetime) -> dict[str, Any]:
    lamp, here, buyer = directory.lamp(card, now), here_of(request), buyer_of(request)
    days = week(card, now)
    rating = care.rating([card.id]).get(card.id)
    path = reverse("storefront:store", args=[card.slug])
    rows = [row for section in sections for row in section.rows]
    return frame(
        "near",
        store=card,
        lamp=lamp,
        days=days,
        category=category_words(card),
        way=way_to(card, here),
        services=_services(card, lamp, now),
        sections=sections,
        coupons=_coupons(card, buyer, now),
        rating=rating if rating and rating.count else None,
        reviews=told(care.reviews_of_store(card.id, limit=REVIEWS_SHOWN)) if rating and rating.count else [],
        basket=basket_of(card, buyer, rows),
        basemap=basemap.address(),
        marks=[_mark(card, lamp)],
        described=store_described(card, path, days, rating),
        path=path,
        inside=[place for place in card.parents if card.address.city not in place.values()],
        instead=_instead(card, now),
    )


def _instead(card: StoreCard, now: datetime) -> Board | None:
    """Whoever came to a store that sells nothing here need not go away empty-handed."""
    if card.sells:
        return None
    near = directory.nearest(card.point, now=now, limit=INSTEAD, open_only=True, service="pickup", max_m=2_000)
    rows = [row for row in numbered(near, 0) if row.card.id != card.id]
    return Board(rows) if rows else None


def way_to(card: StoreCard, here: Here) -> Way:
    to = f"{card.point.lat:.5f},{card.point.lon:.5f}"
    start = written(here.point) if here.known else ""
    angle = bearing(here.point, card.point)
    return Way(
        metres=distance_m(here.point, card.point) if here.known else None,
        bearing=angle,
        wind=compass(angle),
        map_link=f"https://www.openstreetmap.org/directions?engine=fossgis_osrm_foot&route={start};{to}",
        app_link=f"geo:{to}?q={to}({quote(localized(card.name))})",
    )


def _services(card: StoreCard, lamp: Lamp, now: datetime) -> list[Service]:
    """What can be ordered, and by when; a time only where the shop can keep it."""
    found = []
    for key in card.services if card.sells else ():
        try:
            ready_at = fulfillment.promise(card, now, mode=key).at if key == "pickup" else None
        except Refusal:
            ready_at = None
        found.append(Service(key, ready_at))
    return found


def _mark(card: StoreCard, lamp: Lamp) -> dict[str, Any]:
    number = card.address.house_number[:3] or card.plate_letter
    return {
        "lat": card.point.lat,
        "lon": card.point.lon,
        "number": number,
        "name": localized(card.name),
        "state": lamp.state,
    }


def _coupons(card: StoreCard, buyer: Buyer | None, now: datetime) -> list[Coupon]:
    if not card.sells:
        return []
    found = coupons.claimable(
        card.id, merchant_id=card.merchant_id, now=now, owner=buyer.key if buyer else None, limit=6
    )
    return [Coupon(program, effect_words(program), new_id()) for program in found]


def effect_words(program: ProgramView) -> str:
    """What a coupon gives, as short as on its stub."""
    effect = program.effect
    if effect is None:
        return money(program.price_minor, program.currency)
    if effect.kind == "percent_bps":
        return gettext("−%(percent)s%%") % {"percent": f"{effect.value / 100:g}"}
    if effect.kind == "amount":
        return money(-effect.value, program.currency)
    if effect.kind == "free_item":
        return gettext("Free")
    return money(effect.value, program.currency)


@require_POST
def keep_coupon(request: HttpRequest, slug: str, program_id: UUID) -> HttpResponse:
    """Puts a coupon into the reader's tickets. The same form twice is one coupon."""
    card, now = shown_store(slug), clock.now()
    program = coupons.program(program_id, merchant_id=card.merchant_id)
    if program is None:
        raise NotFound
    try:
        voucher_id = UUID(request.POST.get("id", ""))
    except ValueError:
        voucher_id = new_id()
    buyer = ensure_buyer(request)
    vouchers.claim(program_id=program_id, owner=buyer.key, now=now, voucher_id=voucher_id)
    messages.success(request, gettext("Kept in your tickets: %(name)s") % {"name": localized(program.names)})
    response = HttpResponseRedirect(f"{reverse('storefront:store', args=[card.slug])}#tickets", status=303)
    ensure_visitor(request, response)
    return response
