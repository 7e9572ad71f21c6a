"""Forgetting: the counts stay, the paths end."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from uuid import UUID, uuid4

from django.db import router, transaction

from paseo.capabilities.directory import queries as directory
from paseo.capabilities.journeys.models import Contact, IdentityLink
from paseo.kernel.periods import day_of, day_period

VISITORS_AT_ONCE = 200


def _scatter(rows: Sequence[Contact], over_before: datetime | None = None) -> int:
    """A random id per visitor, shop and day of the shop: a visit still counts once, and leads nowhere.

    With ``over_before``, days that were not over then are left for later, since a day is only taken whole.
    """
    stores = directory.stores({row.store_id for row in rows if row.store_id is not None})
    days: dict[tuple[UUID | None, UUID | None, date, str], list[int]] = defaultdict(list)
    for row in rows:
        card = stores.get(row.store_id) if row.store_id is not None else None
        zone = card.zone if card is not None else "UTC"
        days[row.visitor_id, row.store_id, day_of(row.at, zone), zone].append(row.seq)
    changed = 0
    for (visitor_id, _, day, zone), seqs in days.items():
        if over_before is not None and (day_period(day, zone).end or over_before) > over_before:
            continue
        name = None if visitor_id is None else uuid4()
        changed += Contact.objects.filter(seq__in=seqs).update(visitor_id=name, person_id=None, anonymous=True)
    return changed


def anonymize_before(*, before: datetime, visitors: int = VISITORS_AT_ONCE) -> int:
    """Anonymizes contacts of days that were over before ``before``; call it until it answers 0.

    Returns the number of contacts. Links whose visitor has no contact left are removed.
    """
    with transaction.atomic(using=router.db_for_write(Contact)):
        old = Contact.objects.filter(at__lt=before, anonymous=False).order_by("at")
        first = list(old.values_list("visitor_id", flat=True)[: visitors * 25])
        chosen = set(list(dict.fromkeys(first))[:visitors])
        known = {visitor_id for visitor_id in chosen if visitor_id is not None}
        changed = _scatter(list(old.filter(visitor_id__in=known)), before) if known else 0
        if None in chosen:
            changed += _scatter(list(old.filter(visitor_id__isnull=True)[:5_000]), before)
        if known:
            alive = set(Contact.objects.filter(visitor_id__in=known).values_list("visitor_id", flat=True).distinct())
            IdentityLink.objects.filter(visitor_id__in=known - alive).delete()
    return changed


def forget_visitors(*, visitor_ids: Iterable[UUID]) -> int:
    """Ends the paths of these visitors at once, on request. Returns the number of contacts."""
    wanted = set(visitor_ids)
    with transaction.atomic(using=router.db_for_write(Contact)):
        changed = _scatter(list(Contact.objects.filter(visitor_id__in=wanted)))
        IdentityLink.objects.filter(visitor_id__in=wanted).delete()
    return changed


def forget_person(*, person_id: UUID) -> int:
    """Ends the person's path: own contacts and those joined by links. A shared device keeps the other person's part."""
    with transaction.atomic(using=router.db_for_write(Contact)):
        changed = 0
        for row in IdentityLink.objects.filter(person_id=person_id):
            contacts = Contact.objects.filter(visitor_id=row.visitor_id)
            if row.since is not None:
                contacts = contacts.filter(at__gte=row.since)
            if row.until is not None:
                contacts = contacts.filter(at__lt=row.until)
            changed += _scatter(list(contacts))
        changed += _scatter(list(Contact.objects.filter(person_id=person_id)))
        IdentityLink.objects.filter(person_id=person_id).delete()
    return changed
