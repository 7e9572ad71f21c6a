"""The city as a map and as a list of kinds."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import Count

from paseo.capabilities.directory import stored
from paseo.capabilities.directory.models import Store
from paseo.capabilities.directory.values import CATEGORIES, CategoryCount, StorePin
from paseo.kernel.geo import Point


def in_view(
    south_west: Point,
    north_east: Point,
    *,
    now: datetime,
    category: str | None = None,
    open_only: bool = False,
    limit: int = 500,
) -> list[StorePin]:
    """The shown stores inside a box of the map, at most ``limit``, each with its lamp. Two statements at most.

    A box whose west is greater than its east crosses the date line.
    """
    inside = stored.shown().filter(place__lat__gte=south_west.lat, place__lat__lte=north_east.lat)
    if south_west.lon <= north_east.lon:
        inside = inside.filter(place__lon__gte=south_west.lon, place__lon__lte=north_east.lon)
    else:
        inside = inside.exclude(place__lon__gt=north_east.lon, place__lon__lt=south_west.lon)
    if category:
        inside = inside.filter(category=category)
    lamps = {pin.id: pin.lamp(now) for pin in stored.pins(inside.order_by("pk")[: limit * 4 if open_only else limit])}
    if open_only:
        lamps = {id: lamp for id, lamp in lamps.items() if lamp.is_open}
    rows = Store.objects.filter(pk__in=list(lamps)[:limit]).order_by("pk")
    return [
        StorePin(id, slug, name, kind, lat, lon, lamps[id])
        for id, slug, name, kind, lat, lon in rows.values_list(
            "pk", "slug", "place__name", "category", "place__lat", "place__lon"
        )
    ]


def categories(operator_id: UUID | None = None) -> list[CategoryCount]:
    """The categories that have shown stores, most stores first. One statement."""
    rows = stored.shown()
    if operator_id is not None:
        rows = rows.filter(merchant__operator_id=operator_id)
    counts = rows.values_list("category").annotate(stores=Count("pk")).order_by("-stores", "category")
    return [CategoryCount(CATEGORIES[key], number) for key, number in counts if key in CATEGORIES]
