"""Finding a place or a thing by words, in any of three languages, also misspelled."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from paseo.capabilities.catalog import queries as catalog
from paseo.capabilities.catalog.values import OfferView
from paseo.capabilities.directory import queries as directory
from paseo.capabilities.directory.values import Lamp, StoreCard
from paseo.capabilities.journeys import operations as journeys
from paseo.capabilities.pricing import queries as pricing
from paseo.channels.storefront import basemap
from paseo.channels.storefront.board import Board
from paseo.channels.storefront.context import CHANNEL, frame, user_agent
from paseo.channels.storefront.here import Here, here_of, place_plate
from paseo.channels.storefront.near import ON_THE_MAP
from paseo.channels.storefront.rows import marks, numbered
from paseo.kernel import clock
from paseo.kernel.geo import bearing, compass, distance_m
from paseo.kernel.money import Money
from paseo.platform.identity.web import visitor_of
from paseo.platform.search import queries as words
from paseo.platform.ui.answers import is_fragment

LONGEST = 80
PLACES = 20
MORE_PLACES = 60
GOODS = 24
IDEAS = 8


@dataclass(frozen=True, slots=True)
class FoundGood:
    """A thing on sale in a store, with what it costs there and how far that is."""

    offer: OfferView
    store: StoreCard
    lamp: Lamp
    price: Money | None
    metres: float
    bearing: float

    @property
    def wind(self) -> str:
        return compass(self.bearing)


@require_GET
def results(request: HttpRequest) -> HttpResponse:
    """Places and things, the best words first; among equals the nearest, things first where they can be had now."""
    now, here = clock.now(), here_of(request)
    text = " ".join(request.GET.get("q", "").split())[:LONGEST]
    open_only, many = request.GET.get("open") == "1", request.GET.get("all") == "1"
    limit = MORE_PLACES if many else PLACES
    places, goods = [], []
    if text:
        places = directory.search_places(text, point=here.point, now=now, limit=limit + 1, open_only=open_only)
        goods = _goods(text, here, now, open_only)
    rows = numbered(places[:limit], ON_THE_MAP)
    if text:
        journeys.record(
            "search",
            now=now,
            visitor_id=visitor_of(request),
            channel=CHANNEL,
            extra={"query": text, "places": len(places), "goods": len(goods)},
            user_agent=user_agent(request),
        )
    context = frame(
        "near",
        place=place_plate(here),
        here=here,
        query=text,
        open_only=open_only,
        rows=rows,
        board=Board(rows),
        goods=goods,
        read_as=(words.understood(text) or "") if places or goods else "",
        more_places=len(places) > limit and not many,
        categories=directory.categories()[:IDEAS] if not (places or goods) else [],
        marks=marks(rows),
        basemap=basemap.address(),
    )
    template = "storefront/search.html#results" if is_fragment(request) else "storefront/search.html"
    response = render(request, template, context)
    response["Vary"] = "Cookie, Accept-Language, HX-Request"
    return response


def _goods(text: str, here: Here, now: datetime, open_only: bool) -> list[FoundGood]:
    offers = catalog.find(text, limit=GOODS * 2)
    stores = directory.stores(offer.store_id for offer in offers)
    prices = _prices(offers, now)
    found = []
    for offer in offers:
        card = stores.get(offer.store_id)
        if card is None or not card.sells:
            continue
        lamp = directory.lamp(card, now)
        if open_only and not lamp.is_open:
            continue
        found.append(
            FoundGood(
                offer,
                card,
                lamp,
                prices.get((offer.store_id, offer.variant_id)),
                distance_m(here.point, card.point),
                bearing(here.point, card.point),
            )
        )
    order = {offer.product_id: at for at, offer in reversed(list(enumerate(offers)))}
    found.sort(key=lambda good: (order[good.offer.product_id], not good.lamp.is_open, good.metres, good.offer.position))
    return found[:GOODS]


def _prices(offers: list[OfferView], now: datetime) -> dict[tuple[UUID, UUID], Money]:
    found = pricing.prices_at([(offer.store_id, offer.variant_id) for offer in offers], now=now)
    return {pair: Money(view.amount_minor, view.currency) for pair, view in found.items()}
