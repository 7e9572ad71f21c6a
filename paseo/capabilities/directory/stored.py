"""Store cards and pins as they are kept in this process for a few seconds, so that busy pages ask the database little.

A change made here is seen at once, a change made in another process within ``SECONDS`` on a store's page and before
an order, and within ``CELL_SECONDS`` in lists. Cards are found by id, which is never given twice. Cells are kept only
outside transactions, since what a transaction sees may be taken back.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet

from paseo.capabilities.directory.models import Place, Store
from paseo.capabilities.directory.rules.lamps import lamp_of
from paseo.capabilities.directory.values import Address, Lamp, StoreCard
from paseo.kernel.geo import Point
from paseo.platform.db.prepared import Prepared
from paseo.platform.db.unit import after_commit

SECONDS = 5.0
SAME_VERSION_SECONDS = 300.0
CELL_SECONDS = 15.0
MOST_CARDS = 8_000
MOST_CELLS = 10_000

_cards: dict[UUID, tuple[float, StoreCard]] = {}
_slugs: dict[str, UUID] = {}
_cells: dict[int, tuple[float, list[Pin]]] = {}


class Pin(NamedTuple):
    """The little that decides whether and where a store appears."""

    id: UUID
    lat: float
    lon: float
    cell9: int
    category: str
    services: tuple[str, ...]
    hours: str
    zone: str
    country: str
    last_order_minutes: int | None
    prep_minutes: int
    state: str
    listed: bool
    pause_until: datetime | None
    version: int

    def lamp(self, now: datetime) -> Lamp:
        return lamp_of(
            hours=self.hours,
            zone=self.zone,
            country=self.country,
            last_order_minutes=last_orders(self.last_order_minutes, self.prep_minutes, self.services),
            state=self.state,
            listed=self.listed,
            pause_until=self.pause_until,
            now=now,
        )


_PIN_FIELDS = (
    "pk", "place__lat", "place__lon", "place__cell9", "category", "services", "hours", "zone", "place__country",
    "last_order_minutes", "prep_minutes", "state", "listed", "pause_until", "version",
)  # fmt: skip


def last_orders(minutes: int | None, prep_minutes: int, services: Iterable[str]) -> int:
    """Minutes before closing at which the last order is taken; a store without services takes none, so zero."""
    if minutes is not None:
        return minutes
    return prep_minutes if services else 0


def shown() -> QuerySet[Store]:
    """The stores that customers find."""
    return Store.objects.filter(listed=True, state__in=["open", "paused"])


_shared: dict[Any, Any] = {}


def _one_of(value: Any) -> Any:
    """The same object for equal values: thousands of pins share a few hundred texts."""
    if len(_shared) > 20_000:
        _shared.clear()
    return _shared.setdefault(value, value)


def pins(queryset: QuerySet[Store]) -> list[Pin]:
    return _pins(queryset.values_list(*_PIN_FIELDS))


def _pins(rows: Iterable[tuple[Any, ...]]) -> list[Pin]:
    found = []
    for row in rows:
        id, lat, lon, cell9, category, services, hours, zone, country, *rest = row
        shared = (_one_of(category), _one_of(tuple(services)), _one_of(hours), _one_of(zone), _one_of(country))
        found.append(Pin(id, lat, lon, cell9, *shared, *rest))
    return found


def pins_in_cells(cells: Iterable[int]) -> dict[int, list[Pin]]:
    """The shown stores of each cell, in one statement for the cells that are not at hand."""
    now, keep = time.monotonic(), not connection.in_atomic_block
    found: dict[int, list[Pin]] = {}
    missing: list[int] = []
    for cell in cells:
        known = _cells.get(cell) if keep else None
        if known is not None and known[0] > now:
            found[cell] = known[1]
        else:
            missing.append(cell)
    if not missing:
        return found
    for cell in missing:
        found[cell] = []
    for pin in _pins(_in_cells(missing)):
        found[pin.cell9].append(pin)
    if keep:
        if len(_cells) > MOST_CELLS:
            _cells.clear()
        for cell in missing:
            _cells[cell] = (now + CELL_SECONDS, found[cell])
    return found


def pins_in_ranges(ranges: Sequence[tuple[int, int]], category: str | None) -> list[Pin]:
    """The shown stores in these ranges of cells. One statement; none without a range."""
    if not ranges:
        return []
    # Said more than once a range changes nothing, and statements of few lengths are compiled once.
    padded = [*ranges, *[ranges[-1]] * (-len(ranges) % 16)]
    lows, highs = [low for low, _ in padded], [high for _, high in padded]
    return _pins(_in_ranges_of_kind(lows, highs, category) if category else _in_ranges(lows, highs))


def cards(ids: Iterable[UUID]) -> dict[UUID, StoreCard]:
    """Cards by id, in the order asked for; unknown ids are left out. At most one statement."""
    return _cards_for(dict.fromkeys(ids))


def cards_of(pins: Iterable[Pin]) -> dict[UUID, StoreCard]:
    """Cards of pins that were just read: a card of the same version is good for longer. At most one statement."""
    return _cards_for({pin.id: pin.version for pin in pins})


def _cards_for(wanted: dict[UUID, int] | dict[UUID, None]) -> dict[UUID, StoreCard]:
    now = time.monotonic()
    found: dict[UUID, StoreCard] = {}
    missing = []
    for id, version in wanted.items():
        known = _cards.get(id)
        if known is not None and (
            known[0] > now or (known[1].version == version and known[0] > now - SAME_VERSION_SECONDS)
        ):
            found[id] = known[1]
        else:
            missing.append(id)
    if missing:
        for card in map(_card, _with_ids(missing)):
            found[card.id] = card
            _keep(card, now)
    return {id: found[id] for id in wanted if id in found}


def card_by_slug(slug: str) -> StoreCard | None:
    keep = not connection.in_atomic_block
    if keep and (id := _slugs.get(slug)) is not None:
        known = _cards.get(id)
        if known is not None and known[0] > time.monotonic():
            return known[1]
    for card in _load(Store.objects.filter(slug=slug)):
        _keep(card, time.monotonic())
        if keep:
            if len(_slugs) > MOST_CARDS:
                _slugs.clear()
            _slugs[slug] = card.id
        return card
    return None


def _keep(card: StoreCard, now: float) -> None:
    if len(_cards) >= MOST_CARDS:
        _cards.clear()
    _cards[card.id] = (now + SECONDS, card)


def forget(*ids: UUID) -> None:
    """Drops what is kept about these stores, now and once the change is certain."""

    def drop() -> None:
        for id in ids:
            _cards.pop(id, None)
        _cells.clear()

    drop()
    after_commit(drop)


def forget_everything() -> None:
    _cards.clear()
    _slugs.clear()
    _cells.clear()


_CARD = (
    "pk", "slug", "merchant_id", "merchant__legal_name", "merchant__state", "place__name", "description", "category",
    "tags", "place__lat", "place__lon", "place__street", "place__house_number", "place__postal_code", "place__city",
    "place__country", "place__level", "place__parent__name", "place__parent__parent__name",
    "place__parent__parent__parent__name", "phone", "website", "hours", "zone", "currency", "region", "services",
    "prep_minutes", "last_order_minutes", "auto_accept", "state", "listed", "pause_until", "pause_reason", "facade",
    "photo_id", "plate_letter", "version",
)  # fmt: skip


def _within(lows: Sequence[int], highs: Sequence[int]) -> Q:
    inside = Q()
    for low, high in zip(lows, highs, strict=True):
        inside |= Q(place__cell9__gte=low, place__cell9__lte=high)
    return inside


_with_ids = Prepared(lambda ids: Store.objects.filter(pk__in=ids).values_list(*_CARD))
_in_ranges = Prepared(lambda lows, highs: shown().filter(_within(lows, highs)).values_list(*_PIN_FIELDS))
_in_ranges_of_kind = Prepared(
    lambda lows, highs, category: shown().filter(_within(lows, highs), category=category).values_list(*_PIN_FIELDS)
)
_in_cells = Prepared(lambda cells: shown().filter(place__cell9__in=cells).values_list(*_PIN_FIELDS))


def _load(queryset: QuerySet[Store]) -> list[StoreCard]:
    return [_card(row) for row in queryset.values_list(*_CARD)]


def _card(row: tuple[Any, ...]) -> StoreCard:
    (
        id, slug, merchant_id, merchant_name, merchant_state, name, description, category,
        tags, lat, lon, street, house_number, postal_code, city,
        country, level, parent, parent_2, parent_3, phone, website, hours, zone, currency, region, services,
        prep_minutes, last_order_minutes, auto_accept, state, listed, pause_until, pause_reason, facade,
        photo_id, plate_letter, version,
    ) = row  # fmt: skip
    return StoreCard(
        id=id,
        slug=slug,
        merchant_id=merchant_id,
        merchant_name=merchant_name,
        merchant_state=merchant_state,
        name=name,
        description=description,
        category=category,
        tags=tuple(tags),
        point=Point(lat, lon),
        address=Address(street, house_number, postal_code, city, country, level),
        parents=tuple(texts for texts in (parent, parent_2, parent_3) if texts),
        phone=phone,
        website=website,
        hours=hours,
        zone=zone,
        currency=currency,
        region=region,
        services=tuple(services),
        prep_minutes=prep_minutes,
        last_order_minutes=last_orders(last_order_minutes, prep_minutes, services),
        auto_accept=auto_accept,
        state=state,
        listed=listed,
        pause_until=pause_until,
        pause_reason=pause_reason,
        facade=facade,
        photo_id=photo_id,
        plate_letter=plate_letter,
        version=version,
    )


def address_of(place: Place) -> Address:
    return Address(place.street, place.house_number, place.postal_code, place.city, place.country, place.level)
