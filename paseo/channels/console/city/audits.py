"""The book of who did what, the auditor that looks for anything that does not add up, and what keeps it all safe."""

from __future__ import annotations

import json
import shutil
from datetime import date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from paseo.channels.console.city import deeds
from paseo.channels.console.city.frame import age, named_actors, operators, show, to, zone
from paseo.channels.console.desk import is_part, scope_of
from paseo.channels.console.goods.sending import id_in
from paseo.kernel import clock
from paseo.kernel.periods import Period, day_period
from paseo.platform.audit import checks, queries
from paseo.platform.audit import operations as audit
from paseo.platform.audit.values import EntryView, LookView
from paseo.platform.tenancy import queries as tenancy

PAGE = 50
SHOWN = 100


@require_GET
@operators("audit.see")
def listing(request: HttpRequest) -> HttpResponse:
    """Newest first; ``tenant``, ``actor``, ``action``, ``subject``, ``from``, ``to`` and ``after`` in the address."""
    scope, asked, now = scope_of(request), request.GET, clock.now()
    tenant_id, after = id_in(asked.get("tenant")), id_in(asked.get("after"))
    actor, action, subject = (asked.get(name, "").strip()[:120] for name in ("actor", "action", "subject"))
    since, until = _day(asked.get("from", "")), _day(asked.get("to", ""))
    page = queries.entries(
        scope, tenant_id=tenant_id, actor=actor or None, action=action or None, subject=subject or None,
        period=_period(since, until), after=after, limit=PAGE,
    )  # fmt: skip
    people = [entry.subject for entry in page.entries if entry.subject.startswith("person:")]
    names = named_actors([*(entry.actor for entry in page.entries), *people, actor])
    firms = tenancy.tenants({id for id in [tenant_id, *(entry.tenant_id for entry in page.entries)] if id is not None})
    kept = {"tenant": str(tenant_id or ""), "actor": actor, "action": action, "subject": subject}
    kept |= {"from": since.isoformat() if since else "", "to": until.isoformat() if until else ""}
    given = {name: value for name, value in kept.items() if value}
    shown = {"tenant": firms[tenant_id].name if tenant_id in firms else "", "actor": names.get(actor, "")}
    context: dict[str, Any] = {
        "rows": [_row(entry, names, firms, given) for entry in page.entries],
        "more_href": "?" + urlencode({**given, "after": str(page.next)}) if page.next else "",
        "asked": kept | {"since": kept["from"]},
        "groups": _groups(action),
        "chosen": [
            (shown.get(name) or given[name], "?" + urlencode({key: text for key, text in given.items() if key != name}))
            for name in ("tenant", "actor", "subject")
            if name in given
        ],
        "filtered": bool(given),
        "look": _look(queries.last_look(), now),
        "check_count": len(checks.auditors()),
        "keeping": _keeping(now),
    }
    if is_part(request) and after is not None:
        return render(request, "console/city/audit.html#rows", {**context, "zone": zone()})
    return show(request, "audit", "audit", **context)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _period(since: date | None, until: date | None) -> Period | None:
    if since is None and until is None:
        return None
    start = day_period(since or date(2000, 1, 1), zone()).start
    return Period(start, max(start, day_period(until, zone()).end or start) if until else None)


def _groups(action: str) -> list[tuple[str, str, bool]]:
    """What can be chosen; a single deed that was asked for stands among them."""
    found = [(key, gettext(words), key == action) for key, words in deeds.GROUPS]
    if action and not any(chosen for _, _, chosen in found):
        found.append((action, deeds.words(action) or action, True))
    return found


def _row(entry: EntryView, names: dict[str, str], firms: dict[UUID, Any], given: dict[str, str]) -> dict[str, Any]:
    firm = firms.get(entry.tenant_id) if entry.tenant_id else None
    return {
        "entry": entry,
        "words": deeds.words(entry.action),
        "about": names.get(entry.subject) or deeds.short(entry.subject),
        "subject_href": deeds.page_of(entry.subject),
        "about_href": "?" + urlencode({**given, "subject": entry.subject}),
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


def _look(last: LookView | None, now: datetime) -> dict[str, Any] | None:
    if last is None:
        return None
    shown = [{**one, "href": deeds.page_of(one["subject"])} for one in last.findings[:SHOWN]]
    return {
        "at": last.at,
        "ago": age(last.at, now),
        "checks": last.checks,
        "count": last.count,
        "seconds": f"{last.milliseconds / 1000:.1f}",
        "findings": shown,
        "who": named_actors([last.actor])[last.actor],
    }


def _keeping(now: datetime) -> dict[str, Any]:
    """The last backup, and the room that is left for the next one."""
    last = queries.last_entry("backup.made", "installation")
    disk = shutil.disk_usage(settings.VAR)
    told = (last.after or {}) if last else {}
    floor = settings.PASEO["DISK_FLOOR_MB"] * 1_000_000
    return {
        "at": last.at if last else None,
        "ago": age(last.at, now) if last else "",
        "file": told.get("file", ""),
        "size": _size(int(told["bytes"])) if "bytes" in told else "",
        "days": settings.PASEO["BACKUP_DAYS"],
        "database": _size(_bytes_of(Path(settings.VAR).glob("*.sqlite3*"))),
        "media": _size(_bytes_of(Path(settings.MEDIA_ROOT).rglob("*"))),
        "free": _size(disk.free),
        "scarce": disk.free < floor,
    }


def _bytes_of(files: Any) -> int:
    return sum(file.stat().st_size for file in files if file.is_file())


def _size(count: int) -> str:
    if count >= 1_000_000_000:
        return f"{count / 1_000_000_000:.1f} GB"
    return f"{count / 1_000_000:.1f} MB"


@require_POST
@operators("audit.see")
def run(request: HttpRequest) -> HttpResponse:
    """Runs every check. They only read, so a second press only looks again."""
    scope, now = scope_of(request), clock.now()
    found = audit.look(actor=scope.actor, now=now)
    audit.record(scope.actor, "audit.run", "auditor", tenant_id=scope.tenant_id, after={"findings": found}, at=now)
    return to(request, "audit", query="#auditor")
