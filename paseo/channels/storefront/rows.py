"""Stores as rows of the board, houses of the street, marks of the map: one list, three drawings, the same numbers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.urls import reverse

from paseo.capabilities.directory.values import CATEGORIES, NearStore, StoreCard, StorePin
from paseo.kernel.geo import compass
from paseo.platform.ui.formatting import localized
from paseo.platform.ui.values import House


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the board. ``number`` is the number on the map, 0 when it is not on it."""

    store: NearStore
    number: int = 0

    @property
    def card(self) -> StoreCard:
        return self.store.card

    @property
    def wind(self) -> str:
        return compass(self.store.bearing)

    @property
    def href(self) -> str:
        return reverse("storefront:store", args=[self.card.slug])

    @property
    def category(self) -> str:
        return category_words(self.card)

    @property
    def services(self) -> tuple[str, ...]:
        return self.card.services if self.card.sells else ()


def category_words(card: StoreCard) -> str:
    category = CATEGORIES.get(card.category)
    return localized(category.name) if category else ""


def numbered(near: Sequence[NearStore], numbers: int) -> list[Row]:
    """Rows; the first ``numbers`` of them have a number on the map."""
    return [Row(item, at if at <= numbers else 0) for at, item in enumerate(near, 1)]


def houses(rows: Iterable[Row]) -> list[House]:
    return [
        House(
            seed=str(row.card.id),
            name=localized(row.card.name),
            kind=str(row.card.facade.get("kind") or "shop"),
            goods=str(row.card.facade.get("goods") or "cup"),
            state=row.store.lamp.state,  # type: ignore[arg-type]
            distance=round(row.store.distance_m),
            fixed=row.card.facade,
        )
        for row in rows
    ]


def marks(rows: Iterable[Row], lights: Iterable[StorePin] = ()) -> list[dict[str, Any]]:
    """Numbered places that can be opened, and the windows of all others as lights without a word."""
    placed = [row for row in rows if row.number]
    numbered_ids: set[UUID] = {row.card.id for row in placed}
    shown: list[dict[str, Any]] = [
        {"lat": pin.lat, "lon": pin.lon, "state": pin.lamp.state} for pin in lights if pin.id not in numbered_ids
    ]
    shown += [
        {
            "lat": row.card.point.lat,
            "lon": row.card.point.lon,
            "number": row.number,
            "name": localized(row.card.name),
            "state": row.store.lamp.state,
            "href": row.href,
        }
        for row in placed
    ]
    return shown
