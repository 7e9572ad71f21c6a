"""What is open near here: the lit windows first, each until when; after them the dark ones, and when they open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from math import cos, radians
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from paseo.capabilities.directory import queries as directory
from paseo.capabilities.directory.values import CATEGORIES, CategoryCount, NearStore, StorePin
from paseo.channels.storefront import basemap
from paseo.channels.storefront.basket import waiting_for
from paseo.channels.storefront.board import Board
from paseo.channels.storefront.context import buyer_of, frame
from paseo.channels.storefront.here import Here, here_of, parsed, place_plate, remember, written
from paseo.channels.storefront.rows import Row, houses, marks, numbered
from paseo.kernel import clock
from paseo.kernel.geo import Point
from paseo.platform.ui.answers import is_fragment
from paseo.platform.ui.formatting import localized
from paseo.platform.ui.wording import scene_words

ON_THE_MAP = 12
LIT = 6
"""With fewer lit windows than this among the nearest, at night, farther ones are fetched to stand before the dark."""
PAGE = 40
MOST = 1_000
NEAR_M = 5_000
ALL_M = 15_000
LIGHTS = 150
SERVICES = ("pickup", "here")
CHIPS = 8


@dataclass(frozen=True, slots=True)
class Asked:
    """The filters of the list. Anything unknown in the address is ignored."""

    open_only: bool = False
    service: str = ""
    category: str = ""
    everything: bool = False
    many: int = PAGE

    @classmethod
    def read(cls, query: QueryDict) -> Asked:
        many = query.get("n", "")
        return cls(
            open_only=query.get("open") == "1",
            service=query.get("service", "") if query.get("service") in SERVICES else "",
            category=query.get("category", "") if query.get("category") in CATEGORIES else "",
            everything=query.get("all") == "1",
            many=min(MOST, max(PAGE, int(many))) if many.isdecimal() and len(many) < 6 else PAGE,
        )

    def link(self, **changes: object) -> str:
        fields = {
            "open": self.open_only,
            "service": self.service,
            "category": self.category,
            "all": self.everything,
            **changes,
        }
        query = urlencode({key: 1 if value is True else value for key, value in fields.items() if value})
        return f"/?{query}" if query else "/"

    @property
    def filtered(self) -> bool:
        return self.open_only or bool(self.service or self.category)


@dataclass(frozen=True, slots=True)
class Chip:
    words: str
    href: str
    on: bool
    scene: str = ""


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """The street, the board and the map; the list alone for htmx."""
    now, asked, here = clock.now(), Asked.read(request.GET), here_of(request)
    lit, dark, more = _around(here, asked, now)
    near = [*lit, *dark]
    counts = directory.categories()
    rows = numbered(near, ON_THE_MAP)
    context = frame(
        "near",
        place=place_plate(here, sorted(near, key=lambda one: one.distance_m)),
        here=here,
        waiting=waiting_for(buyer_of(request)),
        asked=asked,
        rows=rows,
        board=Board(rows[: len(lit)]),
        dark=Board(rows[len(lit) :], len(lit) + 1),
        first_light=None if lit else _first_light(rows),
        houses=houses(rows[:ON_THE_MAP]),
        marks=marks(rows, _lights(here, near)),
        chips=_chips(asked, counts),
        basemap=basemap.address(),
        total=sum(count.stores for count in counts),
        more=asked.link(n=asked.many + PAGE) if asked.everything and more and asked.many < MOST else "",
        everything=asked.link(all=True),
        fewer=asked.link(all=False),
        unfiltered=asked.link(open=False, service="", category=""),
    )
    template = "storefront/home.html#near" if is_fragment(request) else "storefront/home.html"
    response = render(request, template, context)
    if request.GET.get("at") and here.known:
        remember(response, here.point)
    response["Vary"] = "Cookie, Accept-Language, HX-Request"
    return response


def _around(here: Here, asked: Asked, now: datetime) -> tuple[list[NearStore], list[NearStore], bool]:
    """The lit ones and the dark ones, each nearest first, and whether there are more of them.

    The whole list keeps its one order: who reads it looks for a place, not for something open.
    """
    limit = asked.many if asked.everything else ON_THE_MAP

    def nearest(most: int, *, open_only: bool) -> list[NearStore]:
        return directory.nearest(
            here.point,
            now=now,
            limit=most,
            open_only=open_only,
            category=asked.category or None,
            service=asked.service or None,
            max_m=ALL_M if asked.everything else NEAR_M,
        )

    near = nearest(limit + 1, open_only=asked.open_only)
    more, near = len(near) > limit, near[:limit]
    if asked.everything:
        return near, [], more
    lit = [one for one in near if one.lamp.is_open]
    if more and len(lit) < LIT and not asked.open_only:
        lit = nearest(LIT, open_only=True)
    dark = [one for one in near if not one.lamp.is_open]
    return lit, dark[: limit - len(lit)], more


def _first_light(rows: list[Row]) -> Row | None:
    """Who opens first, when nobody is open."""
    opening = [row for row in rows if row.store.lamp.opens_at is not None]
    return min(opening, key=lambda row: row.store.lamp.opens_at or datetime.max, default=None)


def _chips(asked: Asked, counts: list[CategoryCount]) -> list[Chip]:
    chips = [Chip(gettext("Open now"), asked.link(open=not asked.open_only), asked.open_only)]
    chips += [
        Chip(
            scene_words(service),
            asked.link(service="" if asked.service == service else service),
            asked.service == service,
            service,
        )
        for service in SERVICES
    ]
    shown = [count.category for count in counts[:CHIPS]]
    if asked.category and all(category.key != asked.category for category in shown):
        shown.insert(0, CATEGORIES[asked.category])
    chips += [
        Chip(
            localized(category.name),
            asked.link(category="" if asked.category == category.key else category.key),
            asked.category == category.key,
        )
        for category in shown
    ]
    # What is chosen must not hide beyond the edge of a phone.
    return sorted(chips, key=lambda chip: not chip.on)


def _lights(here: Here, near: list[NearStore]) -> list[StorePin]:
    """The windows around the numbered places."""
    placed = [item.card.point for item in near[:ON_THE_MAP]]
    if not placed:
        return []
    lats, lons = [*(point.lat for point in placed), here.point.lat], [*(point.lon for point in placed), here.point.lon]
    margin = 0.001
    wider = margin / max(0.1, cos(radians(here.point.lat)))
    return directory.in_view(
        Point(max(-90.0, min(lats) - margin), max(-180.0, min(lons) - wider)),
        Point(min(90.0, max(lats) + margin), min(180.0, max(lons) + wider)),
        now=clock.now(),
        limit=LIGHTS,
    )


@require_GET
def where(request: HttpRequest) -> HttpResponse:
    """Says where one is: by the device, by a street, or by a place of the city."""
    if request.GET.get("at") == "":
        response: HttpResponse = HttpResponseRedirect(reverse("storefront:home"))
        response.delete_cookie("paseo_at", samesite="Lax")
        return response
    point = parsed(request.GET.get("at", ""))
    if point is not None:
        response = HttpResponseRedirect(reverse("storefront:home"))
        remember(response, point)
        return response
    here, text = here_of(request), request.GET.get("street", "").strip()[:80]
    return render(
        request,
        "storefront/here.html",
        frame("near", here=here, street=text, doors=_doors(text, here) if text else [], places=_places()),
    )


def _doors(text: str, here: Here) -> list[dict[str, str]]:
    """Addresses of shops in the street that was typed, each once."""
    found = directory.nearest(here.point, now=clock.now(), text=text, limit=60, max_m=ALL_M)
    doors: dict[str, dict[str, str]] = {}
    for item in found:
        address = item.card.address
        if address.street:
            words = f"{address.street} {address.house_number}".strip()
            detail = f"{address.postal_code} {address.city}".strip()
            doors.setdefault(words, {"words": words, "detail": detail, "at": written(item.card.point)})
    wanted = text.casefold()
    return sorted(doors.values(), key=lambda door: not door["words"].casefold().startswith(wanted))[:12]


def _places() -> list[dict[str, str]]:
    kinds = [*directory.places(kind="city"), *directory.places(kind="mall")]
    return [{"words": localized(place.name), "at": written(place.point)} for place in kinds[:12]]
