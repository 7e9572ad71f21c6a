"""The city on one screen: what is open, busy, late and broken, the map and the same as a list, and what to do."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext, gettext_noop, ngettext
from django.views.decorators.http import require_GET

from paseo.capabilities.directory import queries as directory
from paseo.capabilities.insight import queries as insight
from paseo.capabilities.insight.queries.stages import cells, stages_of
from paseo.capabilities.insight.values import CityOverview, CityStore
from paseo.channels.console.city.frame import operators, show, today, zone
from paseo.channels.console.city.troubles import applications, problems
from paseo.channels.console.desk import is_part, scope_of
from paseo.kernel import clock
from paseo.kernel.money import Money
from paseo.kernel.periods import Period
from paseo.platform.tenancy.values import Scope
from paseo.platform.ui.formatting import localized, percent
from paseo.platform.ui.values import Stage

ROWS = 40
MARKS = 600
FEW = 120
_ANY = str(UUID(int=0))
MAP_WIDTH, MAP_HEIGHT, TILE = 580, 340, 512
FILTERS = (
    ("", gettext_noop("All shops")),
    ("open", gettext_noop("Lights on")),
    ("busy", gettext_noop("Busy")),
    ("late", gettext_noop("Late")),
    ("dark", gettext_noop("Lights out")),
)
LAMPS = {"lit": gettext_noop("Lights on"), "half": gettext_noop("Closes soon"), "dark": gettext_noop("Lights out")}


@dataclass(frozen=True, slots=True)
class Shop:
    """One store in the list and on the map. ``place`` is its number among the marks, or -1 beyond them."""

    store: CityStore
    lamp: str
    in_hand: str
    late: str
    href: str
    place: int


@require_GET
@operators()
def city(request: HttpRequest) -> HttpResponse:
    """The whole screen; for htmx only what changes by itself."""
    scope, now = scope_of(request), clock.now()
    found = insight.city(now)
    context = _shown(request, scope, found, now)
    if is_part(request):
        return render(request, "console/city/overview.html#live", {**context, "part": True, "zone": zone()})
    context |= {**_stages(found, now, request.GET.get("span", "")), **_map(found.stores)}
    return show(request, "overview", "city", **context)


def _shown(request: HttpRequest, scope: Scope, found: CityOverview, now: datetime) -> dict[str, Any]:
    waiting = applications(scope)
    trouble = problems(scope, found.troubles, waiting, now)
    chosen = request.GET.get("show", "")
    chosen = chosen if chosen in dict(FILTERS) else ""
    count = _count(request.GET.get("n", ""))
    ordered = sorted(found.stores, key=_by_need)
    marked = _marked(found.stores)
    dense = len(marked) > FEW
    places = {store.store_id: place for place, store in enumerate(marked)}
    fitting = [store for store in ordered if _fits(store, chosen)]
    more = {name: value for name, value in (("show", chosen), ("n", str(count + ROWS))) if value}
    broken = sum(
        problem.count for problem in trouble if problem.store_id is None and not problem.key.startswith("merchant:")
    )
    return {
        "overview": found,
        "figures": _figures(scope, found, broken),
        "problems": trouble,
        "shops": [_shop(store, places.get(store.store_id, -1)) for store in fitting[:count]],
        "fitting": len(fitting),
        "more_href": f"?{urlencode(more)}#shops" if len(fitting) > count else "",
        "filters": _filters(found.stores, chosen),
        "live_query": urlencode({name: value for name, value in (("show", chosen), ("n", str(count))) if value}),
        "marks": [_mark(store, dense) for store in marked],
        "dense": dense,
        "beyond": max(0, len(found.stores) - MARKS),
        "counts": {
            "city": len(trouble),
            "merchants": len(waiting) if scope.may("merchant.approve") else 0,
            "events": sum(problem.count for problem in trouble if problem.key.startswith("failure:")),
        },
    }


def _count(text: str) -> int:
    return min(max(int(text), ROWS), 2_000) if text.isdecimal() and len(text) < 6 else ROWS


def _fits(store: CityStore, chosen: str) -> bool:
    if chosen in {"open", "dark"}:
        return (store.lamp == "dark") == (chosen == "dark")
    return not chosen or store.load == chosen


def _by_need(store: CityStore) -> tuple[object, ...]:
    """Late ones first, then those with much in hand, then lit before dark, then by name."""
    order = ("lit", "half", "dark").index(store.lamp)
    return (-store.late_orders, -store.open_orders, order, localized(store.name).casefold())


def _marked(stores: tuple[CityStore, ...]) -> list[CityStore]:
    """The marks of the map, in an order that does not change when something happens."""
    if len(stores) > MARKS:
        stores = tuple(sorted(stores, key=lambda store: (-store.late_orders, -store.open_orders, store.store_id)))[
            :MARKS
        ]
    return sorted(stores, key=lambda store: store.store_id)


def _words(store: CityStore) -> tuple[str, str]:
    in_hand = late = ""
    if store.open_orders:
        in_hand = ngettext("%(count)s in hand", "%(count)s in hand", store.open_orders) % {"count": store.open_orders}
    if store.late_orders:
        late = ngettext("%(count)s late", "%(count)s late", store.late_orders) % {"count": store.late_orders}
    return in_hand, late


def _shop(store: CityStore, place: int) -> Shop:
    in_hand, late = _words(store)
    return Shop(store, gettext(LAMPS[store.lamp]), in_hand, late, _address(store.store_id), place)


def _address(store_id: UUID) -> str:
    """Looked up once: the map of a large city has hundreds of them."""
    return _pattern().replace(_ANY, str(store_id))


@cache
def _pattern() -> str:
    return reverse("console:city-store", args=[_ANY])


def _mark(store: CityStore, dense: bool) -> dict[str, Any]:
    """In a dense city only shops where something happens are links: hundreds would stand in the way of the Tab key."""
    in_hand, late = _words(store)
    said = [localized(store.name), gettext(LAMPS[store.lamp]), in_hand, late]
    return {
        "lat": store.lat,
        "lon": store.lon,
        "name": gettext(", ").join(part for part in said if part),
        "state": store.lamp,
        "flag": late,
        "count": str(store.open_orders) if store.open_orders else "",
        "href": _address(store.store_id) if store.open_orders or not dense else "",
    }


def _filters(stores: tuple[CityStore, ...], chosen: str) -> list[tuple[str, int, str, bool]]:
    made = []
    for key, words in FILTERS:
        count = sum(_fits(store, key) for store in stores)
        made.append((gettext(words), count, f"?show={key}#shops" if key else "?#shops", key == chosen))
    return made


def _figures(scope: Scope, found: CityOverview, broken: int) -> list[dict[str, Any]]:
    made: list[dict[str, Any]] = [
        {
            "label": gettext("Lights on"),
            "number": found.open_stores,
            "foot": gettext("of %(count)s shops") % {"count": len(found.stores)},
            "href": "?show=open#shops",
        },
        {
            "label": gettext("Busy"),
            "number": found.busy_stores,
            "foot": gettext("five or more in hand, none late"),
            "href": "?show=busy#shops",
        },
        {
            "label": gettext("Late"),
            "number": found.late_stores,
            "foot": gettext("a promise is broken"),
            "href": "?show=late#shops",
            "bad": bool(found.late_stores),
        },
        {
            "label": gettext("To repair"),
            "number": broken,
            "foot": gettext("waits for you"),
            "href": "#trouble",
            "bad": bool(broken),
        },
    ]
    if scope.may("orders.see"):
        made.append(
            {
                "label": gettext("Orders today"),
                "number": found.orders_today,
                "foot": gettext("confirmed"),
                "href": f"{reverse('console:city-orders')}?stage=conversion",
            }
        )
    if scope.may("money.see"):
        sums = [Money(minor, currency) for currency, minor in sorted(found.money_today.items())]
        made.append(
            {
                "label": gettext("Through the till"),
                "sums": sums,
                "foot": gettext("today, what was given back taken off"),
            }
        )
    return made


def _stages(found: CityOverview, now: datetime, span: str) -> dict[str, Any]:
    """The five stages of all shops together, each with what it is a share of, and the rows behind it.

    From the rollup alone: reading the newest contacts shop by shop would cost a statement for each of them, and the
    worker adds those every few seconds.
    """
    week = span == "week"
    day = today(now)
    period = Period(day.start - timedelta(days=6), day.end) if week else day
    ids = [store.store_id for store in found.stores]
    counted = {stage.stage: stage for stage in stages_of(cells(ids, period, fresh={}))} if ids else {}
    orders = reverse("console:city-orders")
    words = {
        "traffic": (gettext("Traffic"), gettext("saw a place")),
        "conversion": (gettext("Conversion"), gettext("%(share)s of them ordered")),
        "consumption": (gettext("Consumption"), gettext("%(share)s received it")),
        "feedback": (gettext("Feedback"), gettext("%(share)s told how it was")),
        "retention": (gettext("Retention"), gettext("%(share)s had been here before")),
    }
    stages = []
    for key, (title, base) in words.items():
        stage = counted.get(key)
        number, share = (stage.count, stage.share) if stage else (0, None)
        foot = base if key == "traffic" else gettext("nobody yet") if not number else ""
        if number and share is not None:
            foot = base % {"share": percent(share, 0 if share == 1 else 1)}
        href = f"{orders}?stage={key}{'&span=week' if week else ''}" if key != "traffic" and number else ""
        stages.append(Stage(title, number, foot, href, key))
    return {"stages": stages, "week": week}


@require_GET
@operators()
def stages(request: HttpRequest) -> HttpResponse:
    """The five stages alone, for the screen that asks for them once a minute."""
    span = "week" if request.GET.get("span") == "week" else ""
    if not is_part(request):
        return HttpResponseRedirect(f"{reverse('console:city')}{'?span=week' if span else ''}")
    now = clock.now()
    return render(request, "console/city/overview.html#stages", _stages(insight.city(now), now, span))


def _map(stores: tuple[CityStore, ...]) -> dict[str, Any]:
    """Where the map looks at first: so that nine in ten shops are on it."""
    lats, lons = sorted(store.lat for store in stores), sorted(store.lon for store in stores)
    base = reverse("storefront:basemap", args=["base"])
    if not lats:
        return {"lat": "0", "lon": "0", "zoom": "1", "basemap": base}
    cut = len(lats) // 20
    south, north = lats[cut], lats[-1 - cut]
    west, east = lons[cut], lons[-1 - cut]
    lat, lon = (south + north) / 2, (west + east) / 2
    # Pixels of the ground at zoom 0 that must fit, in each direction.
    wide = max(east - west, 0.002) * TILE / 360
    high = max(north - south, 0.001) * TILE / 360 / max(0.2, math.cos(math.radians(lat)))
    zoom = math.log2(min(MAP_WIDTH * 0.8 / wide, MAP_HEIGHT * 0.65 / high))
    return {
        "lat": f"{lat:.6f}",
        "lon": f"{lon:.6f}",
        "zoom": f"{min(16.5, max(2.0, zoom)):.2f}",
        "basemap": base,
    }


@require_GET
@operators()
def store(request: HttpRequest, store_id: UUID) -> HttpResponse:
    """From a light on the map to the shop behind it. Refuses UnknownStore."""
    card = directory.store(store_id)
    return HttpResponseRedirect(f"{reverse('console:city-merchant', args=[card.merchant_id])}#store-{card.id}")
