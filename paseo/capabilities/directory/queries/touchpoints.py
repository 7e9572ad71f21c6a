"""Touchpoints by their public token, and those of a merchant."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from paseo.capabilities.directory.models import Touchpoint
from paseo.capabilities.directory.refusals import UnknownTouchpoint
from paseo.capabilities.directory.values import TouchpointView


def touchpoint(token: str) -> TouchpointView:
    """The active touchpoint behind ``/t/<token>``; letters of either case. Refuses UnknownTouchpoint."""
    row = Touchpoint.objects.filter(token__in={token, token.upper()}, active=True).first()
    if row is None:
        raise UnknownTouchpoint
    return _view(row)


def touchpoint_of(merchant_id: UUID, touchpoint_id: UUID) -> TouchpointView:
    """A touchpoint of this merchant, retired or not. Refuses UnknownTouchpoint."""
    row = Touchpoint.objects.filter(id=touchpoint_id, merchant_id=merchant_id).first()
    if row is None:
        raise UnknownTouchpoint
    return _view(row)


def touchpoints(merchant_id: UUID, *, store_id: UUID | None = None, active_only: bool = False) -> list[TouchpointView]:
    """The merchant's touchpoints, active ones first, then in the order in which they were made."""
    rows = Touchpoint.objects.filter(merchant_id=merchant_id)
    if store_id is not None:
        rows = rows.filter(store_id=store_id)
    if active_only:
        rows = rows.filter(active=True)
    return [_view(row) for row in rows.order_by("-active", "created_at", "id")]


def touchpoints_by_id(ids: Iterable[UUID]) -> dict[UUID, TouchpointView]:
    """Touchpoints by id, for reports; unknown ids are left out."""
    return {row.id: _view(row) for row in Touchpoint.objects.filter(id__in=list(ids))}


def _view(row: Touchpoint) -> TouchpointView:
    return TouchpointView(
        id=row.id,
        merchant_id=row.merchant_id,
        store_id=row.store_id,
        place_id=row.place_id,
        kind=row.kind,
        name=row.name,
        token=row.token,
        campaign=row.campaign,
        target=row.target,
        active=row.active,
    )
