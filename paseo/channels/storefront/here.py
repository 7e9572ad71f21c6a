"""Where the reader is: said by the address, remembered on the device to about 100 metres, else the city's middle."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext

from paseo.capabilities.directory import queries as directory
from paseo.capabilities.directory.values import NearStore, PlaceView
from paseo.kernel.geo import Point
from paseo.platform.ui.formatting import localized
from paseo.platform.ui.values import Place

COOKIE = "paseo_at"
COOKIE_SECONDS = 86_400
PLACES = 3
"""Decimal places of a remembered position: 0.001 degrees are 111 m from south to north."""
SAME_STREET_M = 250
CITY_SECONDS = 60.0
SOMEWHERE = Point(60.1699, 24.9384)

_city: tuple[float, PlaceView | None] = (0.0, None)


@dataclass(frozen=True, slots=True)
class Here:
    """``known`` is False when nobody said where they are."""

    point: Point
    known: bool
    city: dict[str, str] | None = None

    @property
    def at(self) -> str:
        return written(self.point)


def here_of(request: HttpRequest) -> Here:
    """The position of this request. A position that cannot be read counts as none."""
    for text in (request.GET.get("at", ""), request.COOKIES.get(COOKIE, "")):
        point = parsed(text)
        if point is not None:
            return Here(point, True)
    city = _the_city()
    return Here(city.point, False, city.name) if city else Here(SOMEWHERE, False)


def parsed(text: str) -> Point | None:
    """``60.17,24.94``, rounded; None for anything else."""
    lat, _, lon = text.partition(",")
    try:
        return Point(round(float(lat), PLACES), round(float(lon), PLACES))
    except ValueError:
        return None


def written(point: Point) -> str:
    return f"{point.lat:.{PLACES}f},{point.lon:.{PLACES}f}"


def remember(response: HttpResponse, point: Point) -> None:
    """Keeps the rounded position on the device for a day; the server keeps none."""
    response.set_cookie(
        COOKIE,
        written(point),
        max_age=COOKIE_SECONDS,
        samesite="Lax",
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
    )


def place_plate(here: Here, near: Sequence[NearStore] = ()) -> Place:
    """The words of the place plate: the street of the next door, since nobody knows street names better than shops."""
    link = reverse("storefront:here")
    if not here.known:
        words = localized(here.city) if here.city else gettext("In the city")
        return Place(words, gettext("Say where you are"), link)
    streets = [item.card.address for item in near if item.distance_m <= SAME_STREET_M and item.card.address.street]
    if streets:
        return Place(streets[0].street, gettext("Where you are, to about 100 m"), link)
    return Place(gettext("Where you are"), gettext("To about 100 m"), link)


def _the_city() -> PlaceView | None:
    global _city
    until, known = _city
    if time.monotonic() >= until:
        known = next(iter(directory.places(kind="city")), None)
        # A city that is not there yet is looked for again at once: nobody waits for a cache in the first hour.
        _city = (time.monotonic() + CITY_SECONDS if known else 0.0, known)
    return known


def forget() -> None:
    """Reads the city again."""
    global _city
    _city = (0.0, None)
