"""What crosses the border: scopes, and views of tenants, grants and keys."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from paseo.kernel.errors import NotAllowedHere, NotFound
from paseo.platform.tenancy.refusals import SecondFactorNeeded
from paseo.platform.tenancy.roles import is_strong


@dataclass(frozen=True)
class Holding:
    """Rights at one place, or at every place of the tenant when ``place_id`` is None."""

    rights: frozenset[str]
    place_id: UUID | None = None


@dataclass(frozen=True)
class Scope:
    """What one actor may do in one tenant, for the length of one request.

    ``confirmed`` says that a second factor was given; without it strong rights are held but not effective.
    """

    tenant_id: UUID
    kind: str
    holdings: tuple[Holding, ...]
    person_id: UUID | None = None
    key_id: UUID | None = None
    tenant_name: str = ""
    confirmed: bool = True

    @classmethod
    def of(
        cls,
        tenant_id: UUID,
        *rights: str,
        kind: str = "merchant",
        place_ids: frozenset[UUID] | None = None,
        person_id: UUID | None = None,
        confirmed: bool = True,
    ) -> Scope:
        """A scope that holds the same rights at all places, or at ``place_ids``."""
        places: tuple[UUID | None, ...] = (None,) if place_ids is None else tuple(sorted(place_ids))
        holdings = tuple(Holding(frozenset(rights), place) for place in places)
        return cls(tenant_id, kind, holdings, person_id=person_id, confirmed=confirmed)

    @property
    def actor(self) -> str:
        """How transitions and the audit name who acted."""
        if self.person_id is not None:
            return f"person:{self.person_id}"
        return f"key:{self.key_id}" if self.key_id is not None else "system"

    @property
    def rights(self) -> frozenset[str]:
        """All effective rights, at whatever place."""
        held = frozenset().union(*(holding.rights for holding in self.holdings))
        return held if self.confirmed else frozenset(right for right in held if not is_strong(right, self.kind))

    @property
    def place_ids(self) -> frozenset[UUID] | None:
        """The places this scope is limited to; None: every place of the tenant."""
        places = {holding.place_id for holding in self.holdings}
        return None if None in places else frozenset(place for place in places if place is not None)

    def holds(self, right: str) -> bool:
        """Whether the right is held, even if it still waits for the second factor."""
        return any(right in holding.rights for holding in self.holdings)

    def may(self, right: str, place_id: UUID | None = None) -> bool:
        """Whether the right is effective; with ``place_id``, whether it is effective there."""
        if is_strong(right, self.kind) and not self.confirmed:
            return False
        return any(
            right in holding.rights and (place_id is None or holding.place_id in (None, place_id))
            for holding in self.holdings
        )

    def require(self, right: str, place_id: UUID | None = None) -> None:
        """Refuses NotAllowedHere without the right, SecondFactorNeeded while it waits for one, NotFound elsewhere.

        ``place_id`` must be known to belong to this tenant: ``narrow`` sees to that.
        """
        if self.may(right, place_id):
            return
        if not self.holds(right):
            raise NotAllowedHere
        if is_strong(right, self.kind) and not self.confirmed:
            raise SecondFactorNeeded
        raise NotFound

    def at(self, right: str) -> Scope:
        """This scope reduced to the places where ``right`` is held. Refuses as ``require`` does."""
        self.require(right)
        return replace(self, holdings=tuple(holding for holding in self.holdings if right in holding.rights))

    def narrow[T: Any](self, queryset: T, tenant: str = "merchant_id", place: str = "store_id") -> T:
        """The queryset without the rows of others. The operator sees every tenant.

        ``tenant`` and ``place`` name the columns; an empty ``place`` is for tables without places, of which a
        place-bound scope sees the whole tenant's rows.
        """
        if self.kind != "operator":
            queryset = queryset.filter(**{tenant: self.tenant_id})
        places = self.place_ids
        if places is not None and place:
            queryset = queryset.filter(**{f"{place}__in": sorted(places)})
        return queryset

    def one(self, queryset: Any, *, tenant: str = "merchant_id", place: str = "store_id", **lookup: Any) -> Any:
        """The one row that the lookup finds within this scope; NotFound when there is none or it is another's."""
        found = self.narrow(queryset, tenant, place).filter(**lookup).first()
        if found is None:
            raise NotFound
        return found

    def covers(self, tenant_id: UUID, place_id: UUID | None = None) -> bool:
        """Whether a row of this tenant (and place) belongs to the scope."""
        if self.kind != "operator" and tenant_id != self.tenant_id:
            return False
        return place_id is None or self.place_ids is None or place_id in self.place_ids

    def require_covers(self, tenant_id: UUID, place_id: UUID | None = None) -> None:
        if not self.covers(tenant_id, place_id):
            raise NotFound


@dataclass(frozen=True)
class TenantView:
    id: UUID
    kind: str
    name: str
    state: str
    created_at: datetime


@dataclass(frozen=True)
class GrantView:
    id: UUID
    tenant_id: UUID
    person_id: UUID
    role: str
    place_id: UUID | None
    granted_at: datetime
    granted_by: str


@dataclass(frozen=True)
class KeyView:
    id: UUID
    name: str
    prefix: str
    rights: tuple[str, ...]
    place_ids: tuple[UUID, ...] | None
    created_at: datetime
    last_used_at: datetime | None
    revoked_at: datetime | None


@dataclass(frozen=True)
class IssuedKey:
    """``text`` is shown once and cannot be read again."""

    id: UUID
    text: str
