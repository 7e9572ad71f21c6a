"""Reads: whose rights, whose people, whose keys."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import QuerySet

from paseo.kernel.codes import token_hash
from paseo.kernel.errors import NotFound
from paseo.platform.tenancy.models import ApiKey, Grant, Tenant
from paseo.platform.tenancy.refusals import KeyRefused
from paseo.platform.tenancy.roles import OWNING, ROLES
from paseo.platform.tenancy.values import GrantView, Holding, KeyView, Scope, TenantView

KEY_USE_RECORDED_EVERY = timedelta(hours=1)


def scopes_of(person_id: UUID, *, confirmed: bool = False) -> list[Scope]:
    """What the person may do, tenant by tenant, in the order of the first grant. One statement.

    ``confirmed``: whether a second factor was given; strong rights wait for it. Closed tenants give nothing.
    """
    grants = (
        Grant.objects.filter(person_id=person_id, revoked_at__isnull=True, tenant__state=Tenant.State.ACTIVE)
        .select_related("tenant")
        .order_by("id")
    )
    tenants: dict[UUID, Tenant] = {}
    holdings: dict[UUID, list[Holding]] = {}
    for grant in grants:
        role = ROLES.get(grant.role)
        if role is not None:
            tenants[grant.tenant_id] = grant.tenant
            holdings.setdefault(grant.tenant_id, []).append(Holding(role.rights, grant.place_id))
    return [
        Scope(
            tenant_id=tenant.id,
            kind=tenant.kind,
            holdings=tuple(holdings[tenant.id]),
            person_id=person_id,
            tenant_name=tenant.name,
            confirmed=confirmed,
        )
        for tenant in tenants.values()
    ]


def authenticate_key(text: str, *, now: datetime) -> Scope:
    """The scope of an API key; refuses KeyRefused. One statement, and once an hour a second that notes the use."""
    key = (
        ApiKey.objects.select_related("tenant")
        .filter(key_hash=token_hash(text), revoked_at__isnull=True, tenant__state=Tenant.State.ACTIVE)
        .first()
    )
    if key is None:
        raise KeyRefused
    if key.last_used_at is None or now - key.last_used_at >= KEY_USE_RECORDED_EVERY:
        ApiKey.objects.filter(pk=key.pk).update(last_used_at=now)
    places = (None,) if key.place_ids is None else tuple(UUID(place) for place in key.place_ids)
    return Scope(
        tenant_id=key.tenant_id,
        kind=key.tenant.kind,
        holdings=tuple(Holding(frozenset(key.rights), place) for place in places),
        key_id=key.id,
        tenant_name=key.tenant.name,
    )


def tenant(tenant_id: UUID) -> TenantView:
    """Refuses NotFound."""
    found = tenants([tenant_id]).get(tenant_id)
    if found is None:
        raise NotFound
    return found


def tenants(tenant_ids: Iterable[UUID]) -> dict[UUID, TenantView]:
    return {row.id: _tenant(row) for row in Tenant.objects.filter(id__in=list(tenant_ids))}


def tenants_of_kind(kind: str) -> list[TenantView]:
    return [_tenant(row) for row in Tenant.objects.filter(kind=kind).order_by("id")]


def staff_of(tenant_id: UUID, *, place_id: UUID | None = None) -> list[GrantView]:
    """Active grants of the tenant; with ``place_id`` those that reach this place."""
    rows = Grant.objects.filter(tenant_id=tenant_id, revoked_at__isnull=True).order_by("id")
    views = [_grant(row) for row in rows]
    return views if place_id is None else [view for view in views if view.place_id in (None, place_id)]


def holders_of(tenant_id: UUID, right: str, *, place_id: UUID | None = None) -> list[UUID]:
    """People who hold the right, for instance to tell them something. Each once."""
    people = (view.person_id for view in staff_of(tenant_id, place_id=place_id) if right in ROLES[view.role].rights)
    return list(dict.fromkeys(people))


def grants_of(person_id: UUID, *, with_revoked: bool = False) -> list[GrantView]:
    rows = Grant.objects.filter(person_id=person_id).order_by("id")
    return [_grant(row) for row in (rows if with_revoked else rows.filter(revoked_at__isnull=True))]


def keys_of(tenant_id: UUID) -> list[KeyView]:
    """Keys, newest first, revoked ones included: one should see what once had access."""
    return [
        KeyView(
            id=row.id,
            name=row.name,
            prefix=row.prefix,
            rights=tuple(row.rights),
            place_ids=None if row.place_ids is None else tuple(UUID(place) for place in row.place_ids),
            created_at=row.created_at,
            last_used_at=row.last_used_at,
            revoked_at=row.revoked_at,
        )
        for row in ApiKey.objects.filter(tenant_id=tenant_id).order_by("-id")
    ]


def _tenant(row: Tenant) -> TenantView:
    return TenantView(row.id, row.kind, row.name, row.state, row.created_at)


def _grant(row: Grant) -> GrantView:
    return GrantView(row.id, row.tenant_id, row.person_id, row.role, row.place_id, row.granted_at, row.granted_by)


def firms_without_owner() -> list[TenantView]:
    """Active tenants that have staff but no holder of the owning role. For the auditor."""
    staffed = Tenant.objects.filter(state=Tenant.State.ACTIVE, id__in=_active().values("tenant_id"))
    owned = {row.tenant_id for row in _active() if row.role in OWNING.values()}
    return [_tenant(row) for row in staffed.order_by("id") if row.id not in owned]


def people_with_roles() -> set[UUID]:
    return set(_active().values_list("person_id", flat=True))


def _active() -> QuerySet[Grant]:
    return Grant.objects.filter(revoked_at__isnull=True)
