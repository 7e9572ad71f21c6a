"""Reading events and the state of their delivery."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, Max, Min, Q

from paseo.platform.outbox.models import Event, Failure, Relay
from paseo.platform.outbox.values import EventView, FailureView, RelayView

RECENT = 5000
PATIENCE = timedelta(seconds=10)
"""After which a missing number is taken for a transaction that was rolled back."""
UNSURE = 2000
"""How many of the newest numbers may still be overtaken: more than are written within the patience."""


def view(event: Event) -> EventView:
    return EventView(
        event.seq,
        event.id,
        event.type,
        event.version,
        event.subject,
        event.tenant_id,
        event.place_id,
        event.at,
        event.body,
    )


def last_seq() -> int:
    """The highest number given so far, 0 for an empty log."""
    return Event.objects.aggregate(last=Max("seq"))["last"] or 0


def events_after(
    seq: int, topics: Sequence[str] | None = None, limit: int = 200, *, since: datetime | None = None
) -> list[EventView]:
    """Events above ``seq``, or not older than ``since``, that are announced under one of ``topics``, oldest first."""
    rows = Event.objects.filter(seq__gt=seq).order_by("seq")
    if since is not None:
        rows = rows.filter(seq__gt=last_seq() - RECENT, at__gte=since)
    if topics is not None and "city" not in topics:
        wanted = Q(subject__in=topics)
        if stores := _ids(topics, "store:"):
            wanted |= Q(place_id__in=stores)
        if merchants := _ids(topics, "merchant:"):
            wanted |= Q(tenant_id__in=merchants)
        rows = rows.filter(wanted)
    return [view(event) for event in rows[:limit]]


def events_of(subject: str, limit: int = 200) -> list[EventView]:
    """The history of one subject, oldest first."""
    return [view(event) for event in Event.objects.filter(subject=subject).order_by("seq")[:limit]]


def event(seq: int) -> EventView | None:
    for found in events_numbered([seq]):
        return found
    return None


def events_numbered(seqs: Iterable[int]) -> list[EventView]:
    """Events by their numbers, oldest first; unknown numbers are left out."""
    return [view(row) for row in Event.objects.filter(seq__in=list(seqs)).order_by("seq")]


def settled_seq(now: datetime) -> int:
    """The highest number below which nothing will show up any more. One statement.

    A number that is missing belongs to a transaction that was taken back, or to one that has not committed yet. Who
    follows the log by number therefore stops before the first gap whose neighbor was handed out only seconds ago.
    """
    newest = list(Event.objects.order_by("-seq").values_list("seq", "dispatched_at")[:UNSURE])
    if not newest:
        return 0
    settled = newest[-1][0]
    for seq, dispatched_at in reversed(newest[:-1]):
        if seq != settled + 1 and (dispatched_at is None or dispatched_at > now - PATIENCE):
            return settled
        settled = seq
    return settled


def log_of(
    tenant_ids: Collection[UUID], types: Collection[str], *, after: int, upto: int, limit: int
) -> list[EventView]:
    """Events of these tenants and types in ``after < seq <= upto``, oldest first."""
    rows = Event.objects.filter(tenant_id__in=list(tenant_ids), type__in=list(types), seq__gt=after, seq__lte=upto)
    return [view(row) for row in rows.order_by("seq")[:limit]]


def _ids(topics: Sequence[str], prefix: str) -> list[UUID]:
    return [UUID(topic.removeprefix(prefix)) for topic in topics if topic.startswith(prefix)]


def dead_letters(limit: int = 200) -> list[FailureView]:
    """Events that a reaction could not take and that nobody tries any more, oldest first."""
    return _failures("dead", limit)


def waiting(limit: int = 200) -> list[FailureView]:
    """Events that a reaction could not take so far, with their next try."""
    return _failures("waiting", limit)


def _failures(state: str, limit: int) -> list[FailureView]:
    rows = Failure.objects.filter(state=state).select_related("event").order_by("first_at", "id")[:limit]
    return [
        FailureView(
            row.id,
            view(row.event),
            row.reaction,
            row.state,
            row.attempts,
            row.next_at,
            row.first_at,
            row.last_at,
            row.error,
        )
        for row in rows
    ]


def undelivered(types: Collection[str]) -> set[str]:
    """Subjects of events of these types that have not reached every reaction yet: what follows from them may still be
    missing. Two statements, of what is under way only."""
    pending = Event.objects.filter(dispatched_at__isnull=True, type__in=list(types)).values_list("subject", flat=True)
    tried = Failure.objects.filter(state__in=["waiting", "dead"], event__type__in=list(types))
    return {*pending, *tried.values_list("event__subject", flat=True)}


def relay() -> RelayView:
    """How delivery stands."""
    row = Relay.objects.first() or Relay()
    pending = Event.objects.filter(dispatched_at__isnull=True).aggregate(count=Count("seq"), oldest=Min("at"))
    failures = Failure.objects.aggregate(
        waiting=Count("id", filter=Q(state="waiting")), dead=Count("id", filter=Q(state="dead"))
    )
    return RelayView(
        row.holder,
        row.until,
        row.delivered,
        row.skipped,
        row.failed,
        pending["count"],
        pending["oldest"],
        failures["waiting"],
        failures["dead"],
    )
