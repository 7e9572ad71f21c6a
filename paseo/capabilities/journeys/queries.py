"""Reads of journeys."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connections, models, router, transaction
from django.db.models import Exists, Max, OuterRef, Q

from paseo.capabilities.journeys.models import Contact, IdentityLink
from paseo.capabilities.journeys.values import AnonymousStep, ContactView, LinkView, Touch, Touches
from paseo.platform.db.prepared import Prepared

WINDOW_DAYS = 30
"""Days before an order in which a touch can have brought it."""


def _view(row: Contact) -> ContactView:
    return ContactView(
        row.seq,
        row.id,
        row.at,
        row.kind,
        row.visitor_id,
        row.person_id,
        row.touchpoint_id,
        row.campaign,
        row.store_id,
        row.merchant_id,
        row.subject_id,
        row.channel,
        row.mode,
        row.amount_minor,
        row.currency,
        row.extra,
    )


def _of_person(person_id: UUID) -> Q:
    """Contacts that belong to the person: named ones, and those of linked visitors within the links' time."""
    links = IdentityLink.objects.filter(
        Q(since__isnull=True) | Q(since__lte=OuterRef("at")),
        Q(until__isnull=True) | Q(until__gt=OuterRef("at")),
        person_id=person_id,
        visitor_id=OuterRef("visitor_id"),
        undone_at__isnull=True,
    )
    return Q(person_id=person_id) | Q(Exists(links))


def _whose(visitor_id: UUID | None, person_id: UUID | None) -> Q:
    """The visitor's own contacts and, for a person, all that are joined. Nobody's when neither is known."""
    wanted = Q(pk__in=[])
    if person_id is not None:
        linked = IdentityLink.objects.filter(person_id=person_id, undone_at__isnull=True).values("visitor_id")
        wanted |= (Q(visitor_id__in=linked) | Q(person_id=person_id)) & _of_person(person_id)
    if visitor_id is not None:
        wanted |= Q(visitor_id=visitor_id)
    return wanted


def path(*, visitor_id: UUID | None = None, person_id: UUID | None = None, limit: int = 500) -> list[ContactView]:
    """The contacts of a visitor, or of a person with everything joined, oldest first."""
    rows = Contact.objects.filter(_whose(visitor_id, person_id)).order_by("at", "seq")
    return [_view(row) for row in rows[:limit]]


def touches(
    visitor_id: UUID | None,
    person_id: UUID | None,
    before: datetime,
    *,
    store_id: UUID | None = None,
    window_days: int = WINDOW_DAYS,
) -> Touches:
    """First and last touch in the window before ``before``, in one statement.

    With ``store_id`` touches at other shops do not count; a touchpoint of the city or of a mall does.
    """
    if visitor_id is None and person_id is None:
        return Touches()
    since = before - timedelta(days=window_days)
    found = sorted(_ends(visitor_id, person_id, since, before, store_id), key=lambda row: (row[3], row[4]))
    if not found:
        return Touches()
    return Touches(Touch(*found[0][:4]), Touch(*found[-1][:4]))


def _first_and_last(
    visitor_id: UUID | None, person_id: UUID | None, since: datetime, before: datetime, store_id: UUID | None
) -> models.QuerySet:  # type: ignore[type-arg]
    rows = Contact.objects.filter(
        _whose(visitor_id, person_id),
        touchpoint_id__isnull=False,
        kind__in=("scan", "visit", "view", "exposure", "search"),
        at__lte=before,
        at__gte=since,
    )
    if store_id is not None:
        rows = rows.filter(Q(store_id=store_id) | Q(store_id__isnull=True))
    first = rows.order_by("at", "seq").values("pk")[:1]
    last = rows.order_by("-at", "-seq").values("pk")[:1]
    either = Contact.objects.filter(Q(pk__in=first) | Q(pk__in=last))
    return either.values_list("id", "touchpoint_id", "campaign", "at", "seq")


_ends = Prepared(_first_and_last)


def last_touch(
    visitor_id: UUID | None,
    person_id: UUID | None,
    before: datetime,
    window_days: int = WINDOW_DAYS,
    store_id: UUID | None = None,
) -> Touch | None:
    """The touchpoint that a visitor or person met last within ``window_days``. One statement."""
    return touches(visitor_id, person_id, before, store_id=store_id, window_days=window_days).last


def first_touch(
    visitor_id: UUID | None,
    person_id: UUID | None,
    before: datetime,
    window_days: int = WINDOW_DAYS,
    store_id: UUID | None = None,
) -> Touch | None:
    """The touchpoint that a visitor or person met first within ``window_days``. One statement."""
    return touches(visitor_id, person_id, before, store_id=store_id, window_days=window_days).first


def links(*, visitor_id: UUID | None = None, person_id: UUID | None = None) -> list[LinkView]:
    """The merge history, oldest first, undone links included."""
    rows = IdentityLink.objects.order_by("at", "id")
    if visitor_id is not None:
        rows = rows.filter(visitor_id=visitor_id)
    if person_id is not None:
        rows = rows.filter(person_id=person_id)
    return [
        LinkView(row.visitor_id, row.person_id, row.at, row.since, row.until, row.undone_at, row.undone_why)
        for row in rows
    ]


def visitors_of(person_id: UUID) -> list[UUID]:
    """Visitors that are joined to the person now."""
    return list(
        IdentityLink.objects.filter(person_id=person_id, undone_at__isnull=True)
        .order_by("at")
        .values_list("visitor_id", flat=True)
        .distinct()
    )


def anonymous_path(*, subject_id: UUID, store_id: UUID, before_days: int = WINDOW_DAYS) -> list[AnonymousStep]:
    """How the buyer of an order came to it, without who it was: the shop's own contacts of that path, oldest first."""
    order = Contact.objects.filter(subject_id=subject_id, store_id=store_id, kind="order").order_by("seq").first()
    if order is None:
        return []
    rows = Contact.objects.filter(
        _whose(order.visitor_id, order.person_id),
        Q(subject_id=subject_id) | Q(at__lte=order.at),
        Q(store_id=store_id),
        at__gte=order.at - timedelta(days=before_days),
    ).order_by("at", "seq")
    return [AnonymousStep(row.kind, row.at, row.touchpoint_id, row.channel) for row in rows[:200]]


def paths_of_stores(
    store_ids: Sequence[UUID], start: datetime, end: datetime | None, *, limit: int = 100
) -> list[tuple[AnonymousStep, ...]]:
    """Contacts of a period put together by visitor, newest path first, without who it was."""
    rows = Contact.objects.filter(store_id__in=list(store_ids), at__gte=start)
    if end is not None:
        rows = rows.filter(at__lt=end)
    grouped: dict[UUID, list[Contact]] = {}
    for row in rows.order_by("-at", "-seq")[: limit * 40]:
        grouped.setdefault(row.visitor_id or row.id, []).append(row)
    return [
        tuple(AnonymousStep(row.kind, row.at, row.touchpoint_id, row.channel) for row in reversed(group))
        for group in list(grouped.values())[:limit]
    ]


def contacts_after(
    seq: int, *, up_to: int | None = None, store_id: UUID | None = None, limit: int | None = 1000
) -> list[ContactView]:
    """Contacts above ``seq`` in the order of arrival, for those who summarize the log."""
    rows = Contact.objects.filter(seq__gt=seq).order_by("seq")
    if up_to is not None:
        rows = rows.filter(seq__lte=up_to)
    if store_id is not None:
        rows = rows.filter(store_id=store_id)
    return [_view(row) for row in (rows if limit is None else rows[:limit])]


def settled_seq() -> int:
    """The highest ``seq`` below which nothing can appear any more.

    SQLite has one writer, so that is the last one. On PostgreSQL a number is drawn before its row is visible; a brief
    ``SHARE`` lock waits for the inserts under way. Call it inside a transaction of its own on the stream database.
    """
    alias = router.db_for_read(Contact)
    if connections[alias].vendor == "postgresql":
        with transaction.atomic(using=alias), connections[alias].cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '2s'")
            cursor.execute(f"LOCK TABLE {Contact._meta.db_table} IN SHARE MODE")
            return Contact.objects.aggregate(last=Max("seq"))["last"] or 0
    return Contact.objects.aggregate(last=Max("seq"))["last"] or 0


def last_contacts(store_ids: Sequence[UUID], limit: int = 20) -> list[AnonymousStep]:
    """What happened last in these shops, without who it was, newest first."""
    rows = Contact.objects.filter(store_id__in=list(store_ids)).order_by("-seq")[:limit]
    return [AnonymousStep(row.kind, row.at, row.touchpoint_id, row.channel) for row in rows]


__all__ = [
    "WINDOW_DAYS",
    "anonymous_path",
    "contacts_after",
    "first_touch",
    "last_contacts",
    "last_touch",
    "links",
    "path",
    "paths_of_stores",
    "settled_seq",
    "touches",
    "visitors_of",
]
