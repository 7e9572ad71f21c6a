"""Reading events and the state of their delivery."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Max, Min, Q

from paseo.platform.outbox.models import Event, Failure, Relay
from paseo.platform.outbox.values import EventView, FailureView, RelayView

RECENT = 5000


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
