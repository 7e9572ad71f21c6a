"""Places that hold places."""

from __future__ import annotations

from uuid import UUID

from paseo.capabilities.directory.models import Place
from paseo.capabilities.directory.refusals import UnknownPlace
from paseo.capabilities.directory.stored import address_of
from paseo.capabilities.directory.values import PlaceView
from paseo.kernel.geo import Point


def place(place_id: UUID) -> PlaceView:
    """Refuses UnknownPlace."""
    row = Place.objects.filter(id=place_id).first()
    if row is None:
        raise UnknownPlace
    return _view(row)


def places(*, kind: str = "", parent_id: UUID | None = None, owner_id: UUID | None = None) -> list[PlaceView]:
    """Places of a kind, inside a parent, or of an owner; in the order in which they were made."""
    rows = Place.objects.exclude(kind="store") if not kind else Place.objects.filter(kind=kind)
    if parent_id is not None:
        rows = rows.filter(parent_id=parent_id)
    if owner_id is not None:
        rows = rows.filter(owner_id=owner_id)
    return [_view(row) for row in rows.order_by("id")]


def _view(row: Place) -> PlaceView:
    return PlaceView(row.id, row.kind, row.name, Point(row.lat, row.lon), row.level, row.parent_id, address_of(row))
