"""The book of who did what, and the auditor that looks for anything that does not add up."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from time import perf_counter
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from paseo.channels.console.city.frame import named_actors, operators, show, to, zone
from paseo.channels.console.desk import is_part, scope_of
from paseo.channels.console.goods.sending import id_in
from paseo.kernel import clock
from paseo.platform.audit import checks, queries
from paseo.platform.audit import operations as audit
from paseo.platform.audit.values import EntryView
from paseo.platform.db.unit import unit
from paseo.platform.tenancy import queries as tenancy

PAGE = 50
KEPT_FINDINGS = 100
SESSION = "auditor"


@dataclass(frozen=True, slots=True)
class Result:
    """What the auditor said last, in this session. ``count`` may be more than the findings that are kept."""

    at: datetime
    checks: int
    count: int
    seconds: str
    findings: list[dict[str, str]]


@require_GET
@operators("audit.see")
def listing(request: HttpRequest) -> HttpResponse:
    """Newest first; ``tenant``, ``actor``, ``action``, ``subject`` and ``after`` in the address."""
    scope, asked = scope_of(request), request.GET
    tenant_id, after = id_in(asked.get("tenant")), id_in(asked.get("after"))
    actor, action, subject = (asked.get(name, "").strip()[:120] for name in ("actor", "action", "subject"))
    page = queries.entries(
        scope, tenant_id=tenant_id, actor=actor or None, action=action or None, subject=subject or None,
        after=after, limit=PAGE,
    )  # fmt: skip
    names = named_actors([*(entry.actor for entry in page.entries), actor])
    firms = tenancy.tenants({id for id in [tenant_id, *(entry.tenant_id for entry in page.entries)] if id is not None})
    kept = {"tenant": str(tenant_id or ""), "actor": actor, "action": action, "subject": subject}
    given = {name: value for name, value in kept.items() if value}
    context: dict[str, Any] = {
        "rows": [_row(entry, names, firms, given) for entry in page.entries],
        "more_href": "?" + urlencode({**given, "after": str(page.next)}) if page.next else "",
        "asked": kept,
        "tenant_name": firms[tenant_id].name if tenant_id and tenant_id in firms else "",
        "actor_name": names.get(actor, ""),
        "without": {name: "?" + urlencode({key: text for key, text in given.items() if key != name}) for name in given},
        "result": _result(request),
        "check_count": len(checks.auditors()),
    }
    if is_part(request) and after is not None:
        return render(request, "console/city/audit.html#rows", {**context, "zone": zone()})
    return show(request, "audit", "audit", **context)


def _row(entry: EntryView, names: dict[str, str], firms: dict[UUID, Any], given: dict[str, str]) -> dict[str, Any]:
    firm = firms.get(entry.tenant_id) if entry.tenant_id else None
    return {
        "entry": entry,
        "actor": names.get(entry.actor, entry.actor),
        "actor_href": "?" + urlencode({**given, "actor": entry.actor}),
        "action_href": "?" + urlencode({**given, "action": entry.action}),
        "firm": firm.name if firm else "",
        "firm_href": "?" + urlencode({**given, "tenant": str(entry.tenant_id)}) if firm else "",
        "changes": [(name, _short(old), _short(new)) for name, old, new in entry.changes],
    }


def _short(value: Any) -> str:
    if value is None:
        return "–"
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 120 else f"{text[:119]}…"


def _result(request: HttpRequest) -> Result | None:
    kept = request.session.get(SESSION)
    return Result(**{**kept, "at": datetime.fromisoformat(kept["at"])}) if kept else None


@require_POST
@operators("audit.see")
def run(request: HttpRequest) -> HttpResponse:
    """Runs every check. They only read, so a second press only looks again."""
    scope, now, started = scope_of(request), clock.now(), perf_counter()
    found = checks.run_all()
    request.session[SESSION] = {
        "at": now.isoformat(),
        "checks": len(checks.auditors()),
        "count": len(found),
        "seconds": f"{perf_counter() - started:.1f}",
        "findings": [one.as_dict() for one in found[:KEPT_FINDINGS]],
    }
    with unit():
        audit.record(
            scope.actor, "audit.run", "auditor", tenant_id=scope.tenant_id, after={"findings": len(found)}, at=now
        )
    return to(request, "audit", query="#auditor")
