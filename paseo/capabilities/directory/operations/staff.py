"""People who work for a merchant."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from paseo.capabilities.directory.events import AccessEnded
from paseo.capabilities.directory.models import Store
from paseo.capabilities.directory.refusals import UnknownStore
from paseo.platform.db.unit import operation
from paseo.platform.outbox import emit
from paseo.platform.tenancy import operations as tenancy
from paseo.platform.tenancy.values import Scope


@operation
def hire(
    *, merchant_id: UUID, person_id: UUID, role: str, now: datetime, by: Scope | None, store_id: UUID | None = None
) -> UUID:
    """Gives a role in the merchant, at all stores or at one. Refuses as ``tenancy.grant``; UnknownStore."""
    if store_id is not None and not Store.objects.filter(pk=store_id, merchant_id=merchant_id).exists():
        raise UnknownStore
    return tenancy.grant(person_id=person_id, tenant_id=merchant_id, role=role, place_id=store_id, now=now, by=by)


@operation
def dismiss_staff(*, merchant_id: UUID, person_id: UUID, now: datetime, by: Scope | None) -> int:
    """Takes back all roles of the person in the merchant; access ends with the next request, and open pages go dark.
    Returns how many."""
    ended = tenancy.dismiss(person_id=person_id, tenant_id=merchant_id, now=now, by=by)
    if ended:
        emit(AccessEnded(merchant_id, person_id), tenant_id=merchant_id, at=now)
    return ended
