"""The nearest stores, and stores found by words."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from heapq import heappop, heappush
from math import cos, radians
from uuid import UUID

from paseo.capabilities.directory import stored
from paseo.capabilities.directory.indexing import KIND
from paseo.capabilities.directory.rules import near
from paseo.capabilities.directory.stored import Pin
from paseo.capabilities.directory.values import NearStore
from paseo.kernel.geo import Point, bearing
from paseo.platform.search import queries as search

Found = tuple[float, Pin]
SPARSE = 5
"""With fewer stores than this in the first rings the wide ring is read at once."""


def nearest(
    point: Point,
    *,
    now: datetime,
    limit: int = 20,
    open_only: bool = False,
    category: str | None = None,
    service: str | None = None,
    text: str | None = None,
    max_m: float = 5_000,
) -> list[NearStore]:
    """The nearest shown stores within ``max_m`` metres, nearest first; exact.

    ``service`` is pickup or here; ``text`` searches names, categories, kitchens and streets in all languages and
    forgives misspellings. One statement for the surroundings, one for wider rings when these do not suffice, one for
    cards that are not at hand (a fourth in rare places); with ``text`` one to three for the words.
    """
    wanted = _filter(now, open_only, category, service)
    if text and text.strip():
        hits = {hit.subject_id: hit.score for hit in search.find(KIND, text, limit=2_000)}
        found = _measure(point, stored.pins(stored.shown().filter(pk__in=hits)), wanted, max_m)
    else:
        found = _expand(point, wanted, category, limit, max_m)
    return _near(point, found[:limit], now)


def search_places(
    text: str, *, point: Point, now: datetime, limit: int = 20, open_only: bool = False, max_m: float = 50_000
) -> list[NearStore]:
    """Stores found by words, the best matches first and equally good ones by distance."""
    hits = {hit.subject_id: hit.score for hit in search.find(KIND, text, limit=2_000)}
    wanted = _filter(now, open_only, None, None)
    found = _measure(point, stored.pins(stored.shown().filter(pk__in=hits)), wanted, max_m)
    found.sort(key=lambda item: (-round(hits[item[1].id], 1), item[0], item[1].id))
    return _near(point, found[:limit], now)


def _filter(now: datetime, open_only: bool, category: str | None, service: str | None) -> Callable[[Pin], bool]:
    def wanted(pin: Pin) -> bool:
        return (
            (category is None or pin.category == category)
            and (service is None or service in pin.services)
            and (not open_only or pin.lamp(now).is_open)
        )

    return wanted


def _measure(point: Point, pins: Iterable[Pin], wanted: Callable[[Pin], bool], max_m: float) -> list[Found]:
    cos_lat = cos(radians(point.lat))
    found = []
    for pin in pins:
        distance = near.quick_distance(point.lat, point.lon, cos_lat, pin.lat, pin.lon)
        if distance <= max_m and wanted(pin):
            found.append((distance, pin))
    found.sort(key=lambda item: (item[0], item[1].id))
    return found


def _expand(point: Point, wanted: Callable[[Pin], bool], category: str | None, limit: int, max_m: float) -> list[Found]:
    found: list[Found] = []
    waiting: list[tuple[float, UUID, Pin]] = []
    covered = 0.0
    for number in range(len(near.WAVES)):
        cells, covered = near.wave(point, number)
        if _walk(point, cells, covered, waiting, found, wanted, limit, max_m):
            return found
        if len(found) < SPARSE:
            break
    radius = near.wanted_radius(len(found), covered, limit, max_m)
    read = near.coarse_ranges(point, radius)
    pins = stored.pins_in_ranges(read, category)
    found = _measure(point, pins, wanted, max_m)
    if radius >= max_m or (len(found) >= limit and found[limit - 1][0] <= radius):
        return found
    beyond = near.without(near.coarse_ranges(point, max_m), read)
    return _measure(point, [*pins, *stored.pins_in_ranges(beyond, category)], wanted, max_m)


def _walk(
    point: Point,
    cells: list[tuple[float, int]],
    covered: float,
    waiting: list[tuple[float, UUID, Pin]],
    found: list[Found],
    wanted: Callable[[Pin], bool],
    limit: int,
    max_m: float,
) -> bool:
    """Cell by cell, nearest first; a place is looked at once no cell left can hold a nearer one. True: all is found."""
    contents = stored.pins_in_cells([number for least, number in cells if least <= max_m])
    cos_lat = cos(radians(point.lat))
    bounds = [*(min(least, covered) for least, _ in cells[1:]), covered]
    for (_, number), bound in zip(cells, bounds, strict=True):
        for pin in contents.get(number, ()):
            distance = near.quick_distance(point.lat, point.lon, cos_lat, pin.lat, pin.lon)
            if distance <= max_m:
                heappush(waiting, (distance, pin.id, pin))
        while waiting and waiting[0][0] < bound:
            distance, _, pin = heappop(waiting)
            if wanted(pin):
                found.append((distance, pin))
                if len(found) == limit:
                    return True
    return covered > max_m


def _near(point: Point, found: list[Found], now: datetime) -> list[NearStore]:
    cards = stored.cards_of(pin for _, pin in found)
    return [
        NearStore(cards[pin.id], distance, bearing(point, Point(pin.lat, pin.lon)), pin.lamp(now))
        for distance, pin in found
        if pin.id in cards
    ]
