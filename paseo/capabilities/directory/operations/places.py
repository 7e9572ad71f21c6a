"""Malls, floors and units: places that hold places."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from paseo.capabilities.directory.models import Place
from paseo.capabilities.directory.refusals import BadPlaceNesting, UnknownPlace
from paseo.capabilities.directory.values import Address
from paseo.kernel.errors import N_, Invalid
from paseo.kernel.geo import Point, cell
from paseo.kernel.ids import new_id
from paseo.platform.db.unit import operation

_INSIDE = {
    "city": (),
    "mall": ("city",),
    "floor": ("mall",),
    "unit": ("floor", "mall"),
    "store": ("unit", "floor", "mall", "city"),
}


@operation
def add_place(
    *,
    owner_id: UUID,
    kind: str,
    name: dict[str, str],
    point: Point,
    now: datetime,
    actor: str,
    parent_id: UUID | None = None,
    address: Address | None = None,
    place_id: UUID | None = None,
) -> UUID:
    """Makes a place that is not a store. Refuses BadPlaceNesting, UnknownPlace, Invalid."""
    if kind not in _INSIDE or kind == "store":
        raise Invalid(fields={"kind": N_("Choose what kind of place this is.")})
    return make_place(owner_id, kind, name, point, parent_id, address or Address(), place_id).id


@operation
def edit_place(
    *,
    owner_id: UUID,
    place_id: UUID,
    now: datetime,
    actor: str,
    name: dict[str, str] | None = None,
    point: Point | None = None,
    level: str | None = None,
) -> None:
    """Changes name, position or level of a place of this owner. Refuses UnknownPlace."""
    changes: dict[str, Any] = {}
    if name is not None:
        changes["name"] = clean_texts(name, "name")
    if point is not None:
        changes |= position(point)
    if level is not None:
        changes["level"] = level[:20]
    mine = Place.objects.filter(id=place_id, owner_id=owner_id).exclude(kind="store")
    if not (mine.update(**changes) if changes else mine.exists()):
        raise UnknownPlace


def make_place(
    owner_id: UUID,
    kind: str,
    name: dict[str, str],
    point: Point,
    parent_id: UUID | None,
    address: Address,
    place_id: UUID | None,
) -> Place:
    check_parent(kind, parent_id)
    return Place.objects.create(
        id=place_id or new_id(),
        owner_id=owner_id,
        kind=kind,
        parent_id=parent_id,
        name=clean_texts(name, "name"),
        **position(point),
        **address_columns(address),
    )


def check_parent(kind: str, parent_id: UUID | None) -> None:
    if parent_id is None:
        return
    parent_kind = Place.objects.filter(id=parent_id).values_list("kind", flat=True).first()
    if parent_kind is None:
        raise UnknownPlace
    if parent_kind not in _INSIDE[kind]:
        raise BadPlaceNesting(
            fields={"parent": N_("This place cannot lie inside the chosen one.")}, kind=kind, parent_kind=parent_kind
        )


def position(point: Point) -> dict[str, Any]:
    return {"lat": point.lat, "lon": point.lon, "cell9": cell(point)}


def address_columns(address: Address) -> dict[str, str]:
    return {
        "street": address.street[:160],
        "house_number": address.house_number[:30],
        "postal_code": address.postal_code[:16],
        "city": address.city[:80],
        "country": address.country.upper()[:2],
        "level": address.level[:20],
    }


def clean_texts(texts: dict[str, str], field: str, most: int = 200) -> dict[str, str]:
    """Texts by language without empty ones; at least one must remain."""
    clean = {language.lower(): " ".join(text.split())[:most] for language, text in texts.items() if text.strip()}
    if not clean:
        raise Invalid(fields={field: N_("Write a name in at least one language.")})
    return clean
