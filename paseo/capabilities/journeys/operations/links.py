"""Who is who: a visitor becomes a person at sign-in, and stops being one on request."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, router, transaction
from django.db.models import Q

from paseo.capabilities.journeys.events import VisitorLinked, VisitorUnlinked
from paseo.capabilities.journeys.models import IdentityLink
from paseo.kernel.ids import new_id
from paseo.platform.consent import queries as consent
from paseo.platform.db.unit import operation, unit
from paseo.platform.outbox import emit


def link(*, visitor_id: UUID, person_id: UUID, now: datetime) -> bool:
    """Joins the visitor's contacts to the person, if the person has given the consent ``journey``. True when joined.

    Another person who was joined to this visitor before keeps the contacts up to now: a shared device is two paths.
    """
    if not consent.allows("journey", person_id=person_id):
        return False
    with transaction.atomic(using=router.db_for_write(IdentityLink)):
        rows = IdentityLink.objects.filter(visitor_id=visitor_id, undone_at__isnull=True)
        open_link = rows.filter(until__isnull=True).first()
        if open_link is not None and open_link.person_id == person_id:
            return True
        ends = [row.until for row in rows if row.until is not None]
        since = max(ends, default=None)
        if open_link is not None:
            rows.filter(id=open_link.id, until__isnull=True).update(until=now)
            since = now
        try:
            with transaction.atomic(using=router.db_for_write(IdentityLink)):
                IdentityLink(id=new_id(), visitor_id=visitor_id, person_id=person_id, at=now, since=since).save(
                    force_insert=True
                )
        except IntegrityError:
            return rows.filter(Q(until__isnull=True), person_id=person_id).exists()
    with unit():
        emit(VisitorLinked(visitor_id, person_id, now))
    return True


def unlink(*, visitor_id: UUID, person_id: UUID, now: datetime, why: str = "asked") -> int:
    """Splits them again: the contacts are the anonymous visitor's as before. Returns the number of links undone."""
    return _undo(IdentityLink.objects.filter(visitor_id=visitor_id, person_id=person_id), now, why)


def unlink_person(*, person_id: UUID, now: datetime, why: str = "consent withdrawn") -> int:
    """Splits the person from every visitor, as when the consent is withdrawn."""
    return _undo(IdentityLink.objects.filter(person_id=person_id), now, why)


@operation
def _undo(links, now: datetime, why: str) -> int:  # type: ignore[no-untyped-def]
    undone = 0
    for row in links.filter(undone_at__isnull=True):
        if IdentityLink.objects.filter(id=row.id, undone_at__isnull=True).update(undone_at=now, undone_why=why[:80]):
            emit(VisitorUnlinked(row.visitor_id, row.person_id, now, why))
            undone += 1
    return undone
