"""Reads: endpoints, what was sent, and the log of events for those who come to fetch it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Q

from paseo.kernel.errors import NotAllowedHere, NotFound
from paseo.platform.outbox import queries as outbox
from paseo.platform.outbox.values import EventView
from paseo.platform.tenancy.values import Scope
from paseo.platform.webhooks import ports
from paseo.platform.webhooks.audience import offered, right_for
from paseo.platform.webhooks.envelopes import WITHHELD, cloud_event, encoded
from paseo.platform.webhooks.models import Endpoint, Message, Secret
from paseo.platform.webhooks.refusals import CursorUnknown
from paseo.platform.webhooks.values import EndpointView, EventPage, FailingView, MessageView

LONGEST_CURSOR = 20


def endpoints(*, scope: Scope, now: datetime) -> list[EndpointView]:
    """The firm's endpoints, oldest first. Refuses NotAllowedHere without ``keys.edit``."""
    scope.require("keys.edit")
    return _views(Endpoint.objects.filter(tenant_id=scope.tenant_id).exclude(state="removed"), now)


def endpoint(endpoint_id: UUID, *, scope: Scope, now: datetime) -> EndpointView:
    """Refuses NotFound, NotAllowedHere."""
    scope.require("keys.edit")
    rows = Endpoint.objects.filter(id=endpoint_id, tenant_id=scope.tenant_id).exclude(state="removed")
    for view in _views(rows, now):
        return view
    raise NotFound


def messages(
    endpoint_id: UUID, *, scope: Scope, now: datetime, state: str = "", before: int | None = None, limit: int = 50
) -> list[MessageView]:
    """What was sent or waits, the newest event first; ``before`` is the sequence to read on from. Refuses NotFound."""
    endpoint(endpoint_id, scope=scope, now=now)
    rows = Message.objects.filter(endpoint_id=endpoint_id)
    if state:
        rows = rows.filter(state=state)
    if before is not None:
        rows = rows.filter(event_seq__lt=before)
    found = list(rows.order_by("-event_seq")[:limit])
    events = {event.seq: event for event in outbox.events_numbered(row.event_seq for row in found)}
    return [_message(row, events.get(row.event_seq), scope.tenant_id) for row in found]


def events(*, scope: Scope, after: str, now: datetime, types: Iterable[str] = (), limit: int = 100) -> EventPage:
    """Events that this scope may see, after a cursor, oldest first: how a program catches up after it was away.

    Only what can no longer be overtaken is told, so nothing is missed by reading on from the cursor. Types that the
    scope may not see are left out; refuses NotAllowedHere when it may see none, CursorUnknown.
    """
    chosen = set(types)
    seen: dict[str, frozenset[UUID] | None] = {}
    for names in offered().values():
        right = right_for(names[0]) or ""
        if scope.may(right):
            places = scope.at(right).place_ids
            seen |= {
                name: places for name in names if not chosen or name in chosen or f"{name.split('.')[0]}.*" in chosen
            }
    if not any(scope.may(right_for(names[0]) or "") for names in offered().values()):
        raise NotAllowedHere
    start = _cursor(after)
    tenants = ports.merchants_of(scope.tenant_id) if scope.kind == "operator" else [scope.tenant_id]
    upto = outbox.settled_seq(now)
    found = outbox.log_of(tenants, list(seen), after=start, upto=upto, limit=limit) if seen else []
    told = [event for event in found if (places := seen[event.type]) is None or event.place_id in places]
    more = len(found) == limit
    return EventPage(
        [cloud_event(event, reader=scope.tenant_id) for event in told],
        found[-1].seq if more else max(start, upto),
        more,
    )


def failing(*, since_before: datetime) -> list[FailingView]:
    """Endpoints of all firms that have not taken anything since before an instant, or were switched off for it, the
    longest first. For the operator; the firm repairs them. One statement."""
    rows = Endpoint.objects.filter(
        Q(state="on", failing_since__lt=since_before) | Q(state="off", off_because__in=["failing", "gone"])
    ).order_by("failing_since", "id")
    return [
        FailingView(row.id, row.tenant_id, row.name, row.url, row.failing_since or row.created_at, row.state == "off")
        for row in rows
    ]


def published_schema(schema: dict[str, Any]) -> dict[str, Any]:
    """The JSON Schema of ``data`` as readers get it: who bought is the pseudonym ``customer``."""
    fields = {name: hint for name, hint in schema["properties"].items() if name not in WITHHELD}
    if len(fields) < len(schema["properties"]):
        fields["customer"] = {"type": "string", "description": "Who bought: the same name each time, for you only"}
    required = [name for name in schema["required"] if name not in WITHHELD]
    return {"type": "object", "properties": fields, "required": required}


def _cursor(text: str) -> int:
    if not text:
        return 0
    if len(text) > LONGEST_CURSOR or not (text.isascii() and text.isdigit()) or int(text) >= 2**63:
        raise CursorUnknown
    return int(text)


def _views(rows: object, now: datetime) -> list[EndpointView]:
    found = list(rows.order_by("created_at", "id"))  # type: ignore[attr-defined]
    ids = [row.id for row in found]
    counts: dict[UUID, tuple[int, int]] = {
        row["endpoint_id"]: (row["waiting"], row["dead"])
        for row in Message.objects.filter(endpoint_id__in=ids, state__in=["waiting", "dead"])
        .order_by()
        .values("endpoint_id")
        .annotate(waiting=Count("id", filter=Q(state="waiting")), dead=Count("id", filter=Q(state="dead")))
    }
    old = dict(Secret.objects.filter(endpoint_id__in=ids, until__gt=now).values_list("endpoint_id", "until"))
    return [
        EndpointView(
            id=row.id,
            name=row.name,
            url=row.url,
            types=tuple(row.types),
            state=row.state,
            off_because=row.off_because,
            created_at=row.created_at,
            failing_since=row.failing_since,
            next_at=row.next_at,
            delivered_at=row.delivered_at,
            waiting=counts.get(row.id, (0, 0))[0],
            dead=counts.get(row.id, (0, 0))[1],
            old_secret_until=old.get(row.id),
        )
        for row in found
    ]


def _message(row: Message, event: EventView | None, reader: UUID) -> MessageView:
    return MessageView(
        id=row.id,
        event_id=row.event_id,
        seq=row.event_seq,
        type=row.type,
        state=row.state,
        made_at=row.made_at,
        tries=row.tries,
        tried_at=row.tried_at,
        status=row.status,
        answer=row.answer,
        error=row.error,
        milliseconds=row.milliseconds,
        body=encoded(event, reader=reader).decode() if event else "",
    )
