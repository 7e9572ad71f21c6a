"""Writes: founding and closing tenants, giving and taking roles, issuing and revoking keys.

``by`` is the scope of whoever acts; None is the system itself (an import, the demo, an approval that was already
authorized). Every function is one unit.
"""

from __future__ import annotations

import secrets
from datetime import datetime
from uuid import UUID

from paseo.kernel.codes import token_hash
from paseo.kernel.errors import NotFound
from paseo.kernel.ids import new_id
from paseo.platform.db.unit import operation
from paseo.platform.tenancy.models import ApiKey, Grant, Tenant
from paseo.platform.tenancy.refusals import LastOwner, MoreThanOwn, RoleDoesNotFit, SecondFactorNeeded
from paseo.platform.tenancy.roles import OWNING, RIGHTS, ROLES, is_strong
from paseo.platform.tenancy.values import IssuedKey, Scope


@operation
def found_tenant(*, kind: str, name: str, now: datetime, tenant_id: UUID | None = None) -> UUID:
    """Makes a tenant and returns its id. The same ``tenant_id`` again is the same tenant."""
    row, _ = Tenant.objects.get_or_create(
        id=tenant_id or new_id(), defaults={"kind": Tenant.Kind(kind), "name": name[:200], "created_at": now}
    )
    return row.id


@operation
def rename_tenant(*, tenant_id: UUID, name: str) -> None:
    if not Tenant.objects.filter(id=tenant_id).update(name=name[:200]):
        raise NotFound


@operation
def close_tenant(*, tenant_id: UUID, now: datetime) -> None:
    """Ends every access: roles and keys of a closed tenant give nothing. Its rows stay."""
    if not Tenant.objects.filter(id=tenant_id).update(state=Tenant.State.CLOSED):
        raise NotFound
    ApiKey.objects.filter(tenant_id=tenant_id, revoked_at__isnull=True).update(revoked_at=now)


@operation
def grant(
    *,
    person_id: UUID,
    tenant_id: UUID,
    role: str,
    now: datetime,
    by: Scope | None,
    place_id: UUID | None = None,
) -> UUID:
    """Gives a role, for all places or for one, and returns the grant's id; an equal grant is returned as it is.

    The caller makes sure that ``place_id`` is a place of this tenant. Refuses NotFound (another tenant), MoreThanOwn,
    RoleDoesNotFit.
    """
    tenant = _locked(tenant_id)
    data = ROLES.get(role)
    if data is None or tenant.kind not in data.kinds or (place_id is not None and not data.place_bound):
        raise RoleDoesNotFit
    _require_reach(by, tenant_id, data.rights, place_id)
    row, _ = Grant.objects.get_or_create(
        tenant=tenant,
        person_id=person_id,
        role=role,
        place_id=place_id,
        revoked_at=None,
        defaults={"granted_at": now, "granted_by": by.actor if by else "system"},
    )
    return row.id


@operation
def revoke(*, grant_id: UUID, now: datetime, by: Scope | None) -> None:
    """Takes a role back, from the next request on. Again: nothing. Refuses NotFound, MoreThanOwn, LastOwner."""
    found = Grant.objects.filter(id=grant_id).first()
    if found is None or (by is not None and not by.covers(found.tenant_id, found.place_id)):
        raise NotFound
    tenant = _locked(found.tenant_id)
    if found.person_id != (by.person_id if by else None):
        _require_reach(by, tenant.id, ROLES[found.role].rights, found.place_id)
    if found.revoked_at is None:
        _keep_an_owner(tenant, found.role, found.person_id)
        Grant.objects.filter(id=grant_id, revoked_at__isnull=True).update(revoked_at=now, revoked_by=_name(by))


@operation
def dismiss(*, person_id: UUID, tenant_id: UUID, now: datetime, by: Scope | None) -> int:
    """Takes back every role of the person in the tenant and returns how many. Refuses as ``revoke`` does."""
    tenant = _locked(tenant_id)
    held = list(Grant.objects.filter(tenant=tenant, person_id=person_id, revoked_at__isnull=True))
    for row in held:
        _require_reach(by, tenant_id, ROLES[row.role].rights, row.place_id)
        _keep_an_owner(tenant, row.role, person_id)
    Grant.objects.filter(id__in=[row.id for row in held]).update(revoked_at=now, revoked_by=_name(by))
    return len(held)


@operation
def leave_everywhere(*, person_id: UUID, now: datetime) -> int:
    """Takes back every role of a person who goes for good, in every tenant. Refuses LastOwner."""
    tenants = Grant.objects.filter(person_id=person_id, revoked_at__isnull=True).values_list("tenant_id", flat=True)
    return sum(
        dismiss(person_id=person_id, tenant_id=tenant_id, now=now, by=None) for tenant_id in sorted(set(tenants))
    )


@operation
def issue_key(
    *, by: Scope, name: str, rights: frozenset[str], now: datetime, place_ids: frozenset[UUID] | None = None
) -> IssuedKey:
    """Makes an API key with some of the issuer's own rights, and shows it this once.

    Refuses NotAllowedHere without ``keys.edit``, MoreThanOwn for rights or places that the issuer lacks.
    """
    by.require("keys.edit")
    places = by.place_ids if place_ids is None else place_ids
    if not rights or not rights <= RIGHTS or not all(_reaches(by, right, places) for right in rights):
        raise MoreThanOwn
    prefix = secrets.token_hex(4)
    text = f"paseo_{prefix}_{secrets.token_urlsafe(32)}"
    row = ApiKey.objects.create(
        tenant_id=by.tenant_id,
        name=name[:80],
        prefix=prefix,
        key_hash=token_hash(text),
        rights=sorted(rights),
        place_ids=None if places is None else [str(place) for place in sorted(places)],
        created_by=by.actor,
        created_at=now,
    )
    return IssuedKey(row.id, text)


@operation
def revoke_key(*, by: Scope, key_id: UUID, now: datetime) -> None:
    """Ends a key at once. Again: nothing. Refuses NotAllowedHere, NotFound."""
    by.require("keys.edit")
    key = by.one(ApiKey.objects.all(), tenant="tenant_id", place="", id=key_id)
    ApiKey.objects.filter(id=key.id, revoked_at__isnull=True).update(revoked_at=now)


def _locked(tenant_id: UUID) -> Tenant:
    """The tenant's row, locked, so that two people cannot remove each other as the last two owners."""
    row = Tenant.objects.select_for_update().filter(id=tenant_id).first()
    if row is None:
        raise NotFound
    return row


def _require_reach(by: Scope | None, tenant_id: UUID, rights: frozenset[str], place_id: UUID | None) -> None:
    if by is None:
        return
    by.require_covers(tenant_id, place_id)
    by.require("staff.edit")
    if by.kind == "operator" and tenant_id != by.tenant_id:
        by.require("merchant.approve")
        return
    places = None if place_id is None else frozenset({place_id})
    if not all(_reaches(by, right, places) for right in rights | {"staff.edit"}):
        raise MoreThanOwn


def _reaches(by: Scope, right: str, places: frozenset[UUID] | None) -> bool:
    """Whether ``by`` holds the right at every one of the places (None: at all places of the tenant)."""
    if is_strong(right, by.kind) and by.holds(right) and not by.confirmed:
        raise SecondFactorNeeded
    reach = [holding.place_id for holding in by.holdings if right in holding.rights]
    return None in reach or (places is not None and places <= set(reach))


def _keep_an_owner(tenant: Tenant, role: str, person_id: UUID) -> None:
    if role != OWNING[tenant.kind] or tenant.state == Tenant.State.CLOSED:
        return
    others = Grant.objects.filter(tenant=tenant, role=role, revoked_at__isnull=True).exclude(person_id=person_id)
    if not others.exists():
        raise LastOwner


def _name(by: Scope | None) -> str:
    return by.actor if by else "system"
