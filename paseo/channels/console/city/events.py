"""What runs in the background: events that could not be delivered, the relay, regular tasks, letters, payments."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_GET, require_POST

from paseo.capabilities.payments import queries as payments
from paseo.channels.console.city.frame import age, operators, show, to, zone
from paseo.channels.console.city.importing import told
from paseo.channels.console.city.machinery import DEAF
from paseo.channels.console.desk import is_part, scope_of
from paseo.kernel import clock
from paseo.kernel.errors import Invalid
from paseo.kernel.money import Money
from paseo.kernel.states import NotAllowed
from paseo.platform.audit.operations import record
from paseo.platform.db.unit import unit
from paseo.platform.importing import queries as importing
from paseo.platform.jobs import queries as jobs
from paseo.platform.notices import operations as notices_act
from paseo.platform.notices import queries as notices
from paseo.platform.outbox import operations, queries
from paseo.platform.outbox.values import FailureView
from paseo.platform.tenancy import queries as tenancy
from paseo.platform.ui.text import RefusalText, refusal_text
from paseo.platform.webhooks import queries as webhooks

DEAD, WAITING, RUNS = 200, 50, 5


@require_GET
@operators("events.repair")
def events(request: HttpRequest) -> HttpResponse:
    """The whole page; for htmx only what changes by itself."""
    return events_page(request)


def events_page(request: HttpRequest, *, refusal: RefusalText | None = None, tried: UUID | None = None) -> HttpResponse:
    """``tried`` is the dead letter whose dismissal was refused: its form stays open."""
    scope, now = scope_of(request), clock.now()
    dead, waiting = queries.dead_letters(DEAD), queries.waiting(WAITING)
    names = tenancy.tenants({one.event.tenant_id for one in [*dead, *waiting] if one.event.tenant_id})
    relay = queries.relay()
    context: dict[str, Any] = {
        "dead": [_told(one, names, now) for one in dead],
        "waiting": [_told(one, names, now) for one in waiting],
        "relay": relay,
        "oldest": age(relay.oldest_pending_at, now) if relay.oldest_pending_at else "",
        "led": relay.until is not None and relay.until > now,
        "jobs": [{"run": run, "every": _every(run.seconds)} for run in jobs.job_runs()],
        "tasks": jobs.failed_tasks(limit=20),
        "notices": notices.failed(limit=50),
        "money": _money(scope.may("money.see"), now),
        "deaf": _deaf(now),
        "runs": [told(run) for run in importing.runs(None, limit=RUNS)],
        "may_hook": scope.may("keys.edit"),
        "refusal": refusal,
        "tried": tried,
        "counts": {"events": len(dead)},
    }
    if is_part(request) and refusal is None:
        return render(request, "console/city/events.html#live", {**context, "part": True, "zone": zone()})
    status = refusal.status if refusal else 200
    return show(request, "events", "events", status=status, **context)


def _told(failure: FailureView, names: dict[UUID, Any], now: Any) -> dict[str, Any]:
    event = failure.event
    kind, _, id = event.subject.partition(":")
    return {
        "failure": failure,
        "event": event,
        "waits": age(failure.first_at, now),
        "tenant": names[event.tenant_id].name if event.tenant_id in names else "",
        "body": json.dumps(event.body, indent=2, ensure_ascii=False, sort_keys=True),
        "order_id": id if kind == "order" else "",
        "tries": ngettext("tried %(count)s time", "tried %(count)s times", failure.attempts)
        % {"count": failure.attempts},
    }


def _every(seconds: float) -> str:
    if seconds < 60:
        return gettext("every %(count)s s") % {"count": f"{seconds:g}"}
    if seconds < 3600:
        return gettext("every %(count)s min") % {"count": f"{seconds / 60:g}"}
    return gettext("every %(count)s h") % {"count": f"{seconds / 3600:g}"}


def _money(sees: bool, now: Any) -> list[dict[str, Any]]:
    """Payments and refunds about which something is wrong, oldest first."""
    if not sees:
        return []
    found = [
        {
            "since": one.captured_at or one.created_at,
            "words": gettext("Parked: another amount than was asked"),
            "amount": Money(one.captured_minor, one.captured_currency or one.currency),
            "payment_id": one.id,
        }
        for one in payments.parked()
    ]
    found += [
        {
            "since": one.created_at,
            "words": gettext("Nothing was heard from the payment service"),
            "amount": one.amount,
            "payment_id": one.id,
        }
        for one in payments.unanswered(now=now, quiet_minutes=15)
    ]
    found += [
        {
            "since": one.requested_at,
            "words": gettext("Refund failed") if one.state == "failed" else gettext("Refund not yet arrived"),
            "amount": one.amount,
            "payment_id": one.payment_id,
        }
        for one in payments.troubled_refunds(now=now)
    ]
    found.sort(key=lambda row: row["since"])  # type: ignore[arg-type, return-value]
    return [{**row, "waits": age(row["since"], now)} for row in found]  # type: ignore[arg-type]


def _deaf(now: Any) -> list[dict[str, Any]]:
    """Programs of firms that take no events: the firm repairs them, the operator tells it."""
    failing = webhooks.failing(since_before=now - DEAF)
    firms = tenancy.tenants({one.tenant_id for one in failing}) if failing else {}
    return [
        {
            "endpoint": one,
            "waits": age(one.since, now),
            "firm": firms.get(one.tenant_id),
            "host": urlsplit(one.url).hostname or "",
        }
        for one in failing
    ]


def _record(request: HttpRequest, what: str, subject: str, why: str = "", after: dict[str, Any] | None = None) -> None:
    scope = scope_of(request)
    record(scope.actor, f"event.{what}", subject, tenant_id=scope.tenant_id, why=why, after=after, at=clock.now())


@require_POST
@operators("events.repair")
def retry(request: HttpRequest, failure_id: UUID) -> HttpResponse:
    """Lets a dead letter be tried again. Twice is once."""
    said = gettext("The event is tried again within seconds.")
    try:
        with unit():
            operations.retry(failure_id, now=clock.now(), actor=scope_of(request).actor)
            _record(request, "retry", f"failure:{failure_id}")
    except NotAllowed:
        said = ""
    return to(request, "events", said=said)


@require_POST
@operators("events.repair")
def retry_all(request: HttpRequest) -> HttpResponse:
    """Lets every dead letter be tried again: what broke them together is repaired together."""
    now, actor, count = clock.now(), scope_of(request).actor, 0
    for failure in queries.dead_letters(DEAD):
        try:
            operations.retry(failure.id, now=now, actor=actor)
        except NotAllowed:
            continue
        count += 1
    if count:
        _record(request, "retry", "failures", after={"count": count})
    said = ngettext(
        "%(count)s event is tried again within seconds.", "%(count)s events are tried again within seconds.", count
    )
    return to(request, "events", said=said % {"count": count} if count else "")


@require_POST
@operators("events.repair")
def dismiss(request: HttpRequest, failure_id: UUID) -> HttpResponse:
    """Ends a dead letter for a reason that is kept. Twice is once."""
    said = gettext("Dismissed. The reason is kept with the event.")
    try:
        reason = request.POST.get("reason", "").strip()[:300]
        with unit():
            operations.dismiss(failure_id, reason, now=clock.now(), actor=scope_of(request).actor)
            _record(request, "dismiss", f"failure:{failure_id}", reason)
    except NotAllowed:
        said = ""
    except Invalid as refusal:
        return events_page(request, refusal=refusal_text(refusal), tried=failure_id)
    return to(request, "events", said=said)


@require_POST
@operators("events.repair")
def send_again(request: HttpRequest, delivery_id: UUID) -> HttpResponse:
    """Gives a letter that was given up another round of tries."""
    with unit():
        notices_act.retry(delivery_id=delivery_id, now=clock.now())
        _record(request, "send_again", f"delivery:{delivery_id}")
    return to(request, "events", query="#notices", said=gettext("The message is sent again."))
