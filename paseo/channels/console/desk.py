"""The frame of every staff page: the rail, the store one works in, who is signed in."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, gettext_noop

from paseo.capabilities.directory import queries as directory
from paseo.capabilities.directory.events import staff_topic
from paseo.capabilities.directory.values import StoreCard
from paseo.kernel import clock
from paseo.kernel.errors import NotFound, Refusal
from paseo.kernel.periods import zone as zone_of
from paseo.platform.identity.web import scope_required
from paseo.platform.live import topic_token
from paseo.platform.tenancy.values import Scope
from paseo.platform.ui.values import Tab

STORE = "store"


@dataclass(frozen=True, slots=True)
class Room:
    """One place of the rail, shown to those who hold one of the rights."""

    key: str
    words: str
    route: str
    icon: str
    rights: tuple[str, ...]


SHOP_ROOMS = (
    Room("today", gettext_noop("Today"), "console:today", "clock", ("orders.see",)),
    Room("orders", gettext_noop("Orders"), "console:orders", "receipt", ("orders.see",)),
    Room("verify", gettext_noop("Verify"), "console:verify", "scan", ("codes.verify",)),
    Room("catalog", gettext_noop("Menu"), "console:catalog", "fork", ("catalog.edit",)),
    Room("stock", gettext_noop("Stock"), "console:stock", "box", ("stock.edit",)),
    Room("vouchers", gettext_noop("Tickets"), "console:vouchers", "ticket", ("vouchers.edit",)),
    Room("insight", gettext_noop("Journeys"), "console:insight", "line", ("insight.see",)),
    Room("money", gettext_noop("Money"), "console:money", "euro", ("money.see",)),
    Room("reviews", gettext_noop("Reviews"), "console:reviews", "speech", ("insight.see",)),
    Room("store", gettext_noop("Store"), "console:store", "store", ("store.edit", "staff.edit")),
)

CITY_ROOMS = (
    Room("city", gettext_noop("City"), "console:city", "map", ("city.see",)),
    Room("merchants", gettext_noop("Merchants"), "console:merchants", "store", ("merchant.approve", "city.see")),
    Room("orders", gettext_noop("Orders"), "console:city-orders", "receipt", ("orders.see",)),
    Room("events", gettext_noop("Events"), "console:events", "send", ("events.repair",)),
    Room("people", gettext_noop("People"), "console:city-people", "person", ("people.act",)),
    Room("audit", gettext_noop("Audit"), "console:audit", "eye", ("audit.see",)),
)


def _rail(rooms: tuple[Room, ...], scope: Scope, current: str, counts: dict[str, int], **where: Any) -> list[Tab]:
    return [
        Tab(
            gettext(room.words),
            reverse(room.route, kwargs=where),
            room.icon,
            room.key == current,
            counts.get(room.key, 0),
        )
        for room in rooms
        if any(scope.holds(right) for right in room.rights)
    ]


View = Callable[..., HttpResponse]


def staff(*rights: str) -> Callable[[View], View]:
    """Lets people through who hold all ``rights`` in the firm of the address, and reads every time by the clock of the
    store they work in, in pages and in refusals."""

    def decorate(view: View) -> View:
        @functools.wraps(view)
        def at_the_store(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            store = store_of(request)
            zone = store.zone if store else settings.PASEO["DEFAULT_TIME_ZONE"]
            try:
                with timezone.override(zone_of(zone)):
                    return view(request, *args, **kwargs)
            except Refusal as refusal:
                refusal.params.setdefault("zone", zone)
                raise

        return scope_required(*rights)(at_the_store)

    return decorate


def is_part(request: HttpRequest) -> bool:
    """Whether htmx asks for the changing part of a page only."""
    return request.headers.get("HX-Request") == "true" and request.headers.get("HX-Boosted") != "true"


def stores_of(request: HttpRequest) -> list[StoreCard]:
    """The merchant's stores that this person may work in; read once per request."""
    known: list[StoreCard] | None = getattr(request, "_console_stores", None)
    if known is None:
        scope = scope_of(request)
        places = scope.place_ids
        known = [card for card in directory.stores_of_merchant(scope.tenant_id) if places is None or card.id in places]
        request._console_stores = known  # type: ignore[attr-defined]
    return known


def scope_of(request: HttpRequest) -> Scope:
    scope = request.scope  # type: ignore[attr-defined]
    assert isinstance(scope, Scope)
    return scope


def store_of(request: HttpRequest) -> StoreCard | None:
    """The store one works in: ``?store=``, else the one of this session, else the first that is open, else the first.
    None without stores.

    Refuses NotFound for a store that is not theirs.
    """
    cards = stores_of(request)
    asked = request.GET.get(STORE) or request.POST.get(STORE)
    if asked:
        found = next((card for card in cards if str(card.id) == asked), None)
        if found is None:
            raise NotFound
        if request.session.get(STORE) != asked:
            request.session[STORE] = asked
        return found
    chosen = request.session.get(STORE)
    known = next((card for card in cards if str(card.id) == chosen), None)
    if known is None and len(cards) > 1:
        known = next((card for card in cards if directory.lamp(card, clock.now()).is_open), cards[0])
        request.session[STORE] = str(known.id)
    return known or next(iter(cards), None)


def own_store(request: HttpRequest, store_id: UUID) -> StoreCard:
    """A store of this scope by id. Refuses NotFound."""
    for card in stores_of(request):
        if card.id == store_id:
            return card
    raise NotFound


def _name(request: HttpRequest) -> str:
    person = request.person  # type: ignore[attr-defined]
    return str(person.name or person.email or "")


def listening(scope: Scope, *topics: str) -> str:
    """The token for these topics. It ends with the reader's access."""
    own = [staff_topic(scope.tenant_id, scope.person_id)] if scope.person_id else []
    return topic_token([*topics, *own])


def desk(request: HttpRequest, room: str, *, counts: dict[str, int] | None = None, **context: Any) -> dict[str, Any]:
    """The context of a shop's page, with live signals of the store and the merchant."""
    scope = scope_of(request)
    store = store_of(request)
    topics = [f"merchant:{scope.tenant_id}"] + ([f"store:{store.id}"] if store else [])
    return {
        "rail": _rail(SHOP_ROOMS, scope, room, counts or {}, tenant_id=scope.tenant_id),
        "rail_home": reverse("console:today", kwargs={"tenant_id": scope.tenant_id}),
        "signed_in": _name(request),
        "scope": scope,
        "tenant_id": scope.tenant_id,
        "stores": stores_of(request),
        "store": store,
        "lamp_now": directory.lamp(store, clock.now()) if store else None,
        "zone": store.zone if store else "UTC",
        "topics_token": listening(scope, *topics),
        "counts": counts or {},
        **context,
    }


def city(request: HttpRequest, room: str, *, counts: dict[str, int] | None = None, **context: Any) -> dict[str, Any]:
    """The context of an operator's page, with live signals of the whole city."""
    scope = scope_of(request)
    return {
        "rail": _rail(CITY_ROOMS, scope, room, counts or {}),
        "rail_home": reverse("console:city"),
        "signed_in": _name(request),
        "scope": scope,
        "topics_token": listening(scope, "city"),
        **context,
    }
