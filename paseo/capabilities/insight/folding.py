"""Running the fold over the log: exactly once per contact, in portions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from uuid import UUID

from django.db import connections, router, transaction

from paseo.capabilities.directory import queries as directory
from paseo.capabilities.insight import rules
from paseo.capabilities.insight.classifying import reclassify
from paseo.capabilities.insight.models import Mark, StageCount, Visit
from paseo.capabilities.journeys import queries as journeys
from paseo.capabilities.journeys.values import ContactView

NAME = "stages"
PORTION = 2_000
_COLUMNS = (
    "id",
    "store_id",
    "merchant_id",
    "touchpoint_id",
    "campaign",
    "mode",
    "hour",
    "stage",
    "measure",
    "count",
    "amount_minor",
)


def alias() -> str:
    return router.db_for_write(StageCount)


def zones_of(contacts: Iterable[ContactView]) -> dict[UUID, str]:
    cards = directory.stores({contact.store_id for contact in contacts if contact.store_id is not None})
    return {store_id: card.zone for store_id, card in cards.items()}


def known_days(keys: Iterable[UUID]) -> rules.KnownDays:
    wanted = list(keys)
    known: rules.KnownDays = defaultdict(set)
    for start in range(0, len(wanted), 500):
        rows = Visit.objects.filter(day_key__in=wanted[start : start + 500]).values_list("day_key", "touchpoint_id")
        for key, touchpoint_id in rows:
            known[key].add(touchpoint_id)
    return known


def mark() -> int:
    """The last contact that is in the rollup."""
    return Mark.objects.filter(name=NAME).values_list("seq", flat=True).first() or 0


def write(counts: rules.Counts) -> None:
    """Adds to the rollup: one upsert per 90 buckets."""
    connection = connections[alias()]
    table = StageCount._meta.db_table
    known = {field.column: field for field in StageCount._meta.concrete_fields}
    fields = [known[name] for name in _COLUMNS]
    rows = []
    for bucket, (count, amount) in counts.items():
        if not count and not amount:
            continue
        values = {
            "id": bucket.id,
            "store_id": bucket.store_id,
            "merchant_id": bucket.merchant_id,
            "touchpoint_id": bucket.touchpoint_id,
            "campaign": bucket.campaign,
            "mode": bucket.mode,
            "hour": bucket.hour,
            "stage": bucket.stage,
            "measure": bucket.measure,
            "count": count,
            "amount_minor": amount,
        }
        rows.append(
            [field.get_db_prep_save(values[name], connection) for field, name in zip(fields, _COLUMNS, strict=True)]
        )
    quoted = ", ".join(connection.ops.quote_name(name) for name in _COLUMNS)
    slot = "(" + ", ".join(["%s"] * len(_COLUMNS)) + ")"
    with connection.cursor() as cursor:
        for start in range(0, len(rows), 80):
            part = rows[start : start + 80]
            cursor.execute(
                f"INSERT INTO {table} ({quoted}) VALUES {', '.join([slot] * len(part))} "  # noqa: S608 - own names only
                f'ON CONFLICT (id) DO UPDATE SET "count" = {table}."count" + excluded."count", '
                f"amount_minor = {table}.amount_minor + excluded.amount_minor",
                [value for row in part for value in row],
            )


def _write_visits(visits: dict[UUID, tuple[UUID, UUID | None, date]]) -> None:
    Visit.objects.bulk_create(
        [
            Visit(id=key, day_key=day_key, touchpoint_id=touchpoint_id, day=day)
            for key, (day_key, touchpoint_id, day) in visits.items()
        ],
        ignore_conflicts=True,
        batch_size=200,
    )


def _fold_and_write(contacts: Sequence[ContactView]) -> None:
    zones = zones_of(contacts)
    folded = rules.fold(contacts, zones, known_days(rules.traffic_days(contacts, zones)))
    write(folded.counts)
    _write_visits(folded.visits)


def fold_new(limit: int = PORTION) -> int:
    """Folds up to ``limit`` contacts that are new and returns how many. Two that run at once fold nothing twice."""
    if not journeys.contacts_after(mark(), limit=1):
        return 0
    settled = journeys.settled_seq()
    with transaction.atomic(using=alias()):
        Mark.objects.get_or_create(name=NAME)
        begin = mark()
        contacts = journeys.contacts_after(begin, up_to=settled, limit=limit)
        if not contacts:
            return 0
        if not Mark.objects.filter(name=NAME, seq=begin).update(seq=contacts[-1].seq):
            return 0
        _fold_and_write(contacts)
    return len(contacts)


def rebuild() -> int:
    """Throws the rollup away and folds the whole log again, in one transaction, then names the mode of every order
    again. Returns the number of contacts."""
    settled = journeys.settled_seq()
    with transaction.atomic(using=alias()):
        Mark.objects.get_or_create(name=NAME)
        Mark.objects.filter(name=NAME).update(seq=settled)
        StageCount.objects.all().delete()
        Visit.objects.all().delete()
        position = total = 0
        while contacts := journeys.contacts_after(position, up_to=settled, limit=PORTION):
            _fold_and_write(contacts)
            position = contacts[-1].seq
            total += len(contacts)
    reclassify()
    return total


def tail(store_ids: Sequence[UUID]) -> rules.Counts:
    """What the contacts of these stores that are not yet folded would add. Reads the log from the mark on only."""
    begin = mark()
    contacts = [
        contact for store_id in store_ids for contact in journeys.contacts_after(begin, store_id=store_id, limit=None)
    ]
    if not contacts:
        return {}
    contacts.sort(key=lambda contact: contact.seq)
    zones = zones_of(contacts)
    return rules.fold(contacts, zones, known_days(rules.traffic_days(contacts, zones))).counts
