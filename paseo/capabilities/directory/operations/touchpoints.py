"""Posters, links, tags, labels and screens."""

from __future__ import annotations

import secrets
from datetime import datetime
from uuid import UUID

from paseo.capabilities.directory.models import Place, Store, Touchpoint
from paseo.capabilities.directory.models.touchpoints import TOUCHPOINT_KINDS
from paseo.capabilities.directory.operations.merchants import require_merchant
from paseo.capabilities.directory.refusals import UnknownPlace, UnknownStore, UnknownTouchpoint
from paseo.kernel.codes import ALPHABET
from paseo.kernel.errors import N_, Invalid
from paseo.kernel.ids import new_id
from paseo.platform.db.unit import operation

TOKEN_LENGTH = 8


@operation
def add_touchpoint(
    *,
    merchant_id: UUID,
    kind: str,
    name: str,
    now: datetime,
    actor: str,
    store_id: UUID | None = None,
    place_id: UUID | None = None,
    campaign: str = "",
    target: str = "",
    token: str = "",
    touchpoint_id: UUID | None = None,
) -> UUID:
    """Makes a touchpoint. ``target`` is a path on this site; empty means the page of the store.

    The token is public and short: who knows it can do no more than walk past the poster. Refuses UnknownStore,
    UnknownPlace, Invalid.
    """
    if kind not in TOUCHPOINT_KINDS:
        raise Invalid(fields={"kind": N_("Choose what kind of touchpoint this is.")})
    if not name.strip():
        raise Invalid(fields={"name": N_("Give it a name, for instance where it hangs.")})
    _check_target(target)
    require_merchant(merchant_id)
    if store_id is not None and not Store.objects.filter(pk=store_id, merchant_id=merchant_id).exists():
        raise UnknownStore
    if place_id is not None and not Place.objects.filter(id=place_id).exists():
        raise UnknownPlace
    token = token or "".join(secrets.choice(ALPHABET) for _ in range(TOKEN_LENGTH))
    return Touchpoint.objects.create(
        id=touchpoint_id or new_id(),
        merchant_id=merchant_id,
        store_id=store_id,
        place_id=place_id,
        kind=kind,
        name=name.strip()[:120],
        token=token,
        campaign=campaign.strip()[:80],
        target=target,
        created_at=now,
    ).id


@operation
def edit_touchpoint(
    *,
    merchant_id: UUID,
    touchpoint_id: UUID,
    now: datetime,
    actor: str,
    name: str | None = None,
    campaign: str | None = None,
    target: str | None = None,
) -> None:
    """Changes name, campaign or target; the printed code stays good. Refuses UnknownTouchpoint, Invalid."""
    changes: dict[str, str] = {}
    if name is not None and name.strip():
        changes["name"] = name.strip()[:120]
    if campaign is not None:
        changes["campaign"] = campaign.strip()[:80]
    if target is not None:
        _check_target(target)
        changes["target"] = target
    mine = Touchpoint.objects.filter(id=touchpoint_id, merchant_id=merchant_id)
    if not (mine.update(**changes) if changes else mine.exists()):
        raise UnknownTouchpoint


@operation
def retire_touchpoint(*, merchant_id: UUID, touchpoint_id: UUID, now: datetime, actor: str) -> None:
    """Takes it down: the code leads nowhere, what it brought stays known. Again: no change.

    Refuses UnknownTouchpoint.
    """
    mine = Touchpoint.objects.filter(id=touchpoint_id, merchant_id=merchant_id)
    if not mine.filter(active=True).update(active=False, retired_at=now) and not mine.exists():
        raise UnknownTouchpoint


def _check_target(target: str) -> None:
    if target and (not target.startswith("/") or target.startswith(("//", "/\\")) or len(target) > 300):
        raise Invalid(fields={"target": N_("The target is a path on this site and begins with one slash.")})
