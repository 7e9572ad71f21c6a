"""What is wrong with the installation itself: who delivers, who waits, what fails, what is kept, what is full."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext, ngettext

from paseo.capabilities.payments import queries as payments
from paseo.channels.console.city.frame import age
from paseo.channels.console.city.problem import Problem
from paseo.platform.audit import queries as audit
from paseo.platform.jobs import queries as jobs
from paseo.platform.notices import queries as notices
from paseo.platform.outbox import queries as outbox
from paseo.platform.tenancy import queries as tenancy
from paseo.platform.tenancy.values import Scope
from paseo.platform.ui.values import Act
from paseo.platform.webhooks import queries as webhooks

STILL = timedelta(minutes=2)
"""Without a sign of life for so long a worker is not running: its shortest task comes every five seconds."""
BEHIND = timedelta(minutes=5)
DEAF = timedelta(hours=1)
"""A receiver of webhooks that takes nothing for so long is told about; shorter it looks after itself."""


def of_machinery(scope: Scope, now: datetime) -> list[Problem]:
    """Needs the rights that go with each: repairing, money, the audit."""
    found: list[Problem] = []
    if scope.may("events.repair"):
        found += [*_worker(now), *_letters(now), *_webhooks(now), *_disk(now), *_backup(scope, now)]
    if scope.may("money.see"):
        found += _gateways(now)
    if scope.may("audit.see"):
        found += _auditor(now)
    return found


def _worker(now: datetime) -> Iterator[Problem]:
    """No worker, one that cannot keep up, tasks that fail: whichever of the first two it is, the other follows."""
    page = reverse("console:events")
    runs, relay = jobs.job_runs(), outbox.relay()
    seen = jobs.last_beat(runs)
    behind = relay.oldest_pending_at is not None and now - relay.oldest_pending_at > BEHIND
    if (seen is not None and now - seen > STILL) or (seen is None and behind):
        since = seen or relay.oldest_pending_at or now
        yield Problem(
            key="worker",
            since=since,
            waits=age(since, now),
            title=gettext("No worker is running"),
            detail=gettext("No letters go out, no refunds, nothing expires. Start “paseo serve” or “paseo worker”."),
            act=Act(gettext("See what waits"), page),
        )
    elif behind and relay.oldest_pending_at is not None:
        yield Problem(
            key="relay",
            since=relay.oldest_pending_at,
            waits=age(relay.oldest_pending_at, now),
            title=gettext("Events are delivered late"),
            detail=ngettext("%(count)s event waits.", "%(count)s events wait.", relay.pending)
            % {"count": relay.pending},
            act=Act(gettext("See what waits"), page),
        )
    for run in runs:
        if not run.ok:
            yield Problem(
                key=f"job:{run.name}",
                since=run.failed_at or now,
                waits=age(run.failed_at or now, now),
                title=gettext("A regular task fails"),
                detail=gettext("%(name)s: %(error)s") % {"name": run.name, "error": run.sentence},
                act=Act(gettext("See the task"), f"{page}#jobs"),
            )
    failed = jobs.failed_tasks(limit=20)
    if failed:
        oldest = failed[-1]
        yield Problem(
            key="tasks",
            since=oldest.enqueued_at,
            waits=age(oldest.enqueued_at, now),
            title=gettext("A task ended with an error"),
            detail=", ".join(sorted({one.task for one in failed})),
            act=Act(gettext("See the tasks"), f"{page}#tasks"),
        )


def _letters(now: datetime) -> Iterator[Problem]:
    letters = notices.failed(limit=100)
    if letters:
        last = letters[0].error.strip().splitlines()
        yield Problem(
            key="notices",
            since=letters[-1].at,
            waits=age(letters[-1].at, now),
            title=gettext("A message did not go out"),
            detail=gettext("%(count)s given up, the last one: %(error)s")
            % {"count": len(letters), "error": last[-1] if last else "–"},
            act=Act(gettext("Send it again"), f"{reverse('console:events')}#notices"),
        )


def _webhooks(now: datetime) -> Iterator[Problem]:
    failing = webhooks.failing(since_before=now - DEAF)
    if not failing:
        return
    firms = tenancy.tenants({one.tenant_id for one in failing})
    names = sorted({firms[one.tenant_id].name for one in failing if one.tenant_id in firms})
    yield Problem(
        key="webhooks",
        since=failing[0].since,
        waits=age(failing[0].since, now),
        title=ngettext(
            "%(count)s program of a firm takes no events", "%(count)s programs of firms take no events", len(failing)
        )
        % {"count": len(failing)},
        detail=gettext(", ").join(names),
        act=Act(gettext("See which"), f"{reverse('console:events')}#webhooks"),
        count=len(failing),
    )


def _disk(now: datetime) -> Iterator[Problem]:
    floor = settings.PASEO["DISK_FLOOR_MB"] * 1_000_000
    free = shutil.disk_usage(settings.VAR).free
    if free < floor:
        yield Problem(
            key="disk",
            since=now,
            waits=gettext("now"),
            title=gettext("The disk is nearly full"),
            detail=gettext("%(free)s MB are left. When nothing is left, nobody can order.")
            % {"free": free // 1_000_000},
            act=Act(gettext("What takes the room"), f"{reverse('console:audit')}#keeping"),
        )


def _backup(scope: Scope, now: datetime) -> Iterator[Problem]:
    """None for longer than is wanted, counted from the beginning of the installation."""
    days = settings.PASEO["BACKUP_DAYS"]
    if not days:
        return
    last = audit.last_entry("backup.made", "installation")
    known = tenancy.tenants([scope.tenant_id]) if last is None else {}
    since = last.at if last else known[scope.tenant_id].created_at if scope.tenant_id in known else now
    if now - since > timedelta(days=days):
        yield Problem(
            key="backup",
            since=since,
            waits=age(since, now),
            title=gettext("The last backup is old") if last else gettext("There is no backup"),
            detail=gettext("“paseo backup” makes one while everything runs."),
            act=Act(gettext("About backups"), f"{reverse('console:audit')}#keeping"),
        )


def _gateways(now: datetime) -> Iterator[Problem]:
    for name, since in payments.refused_notices(now=now).items():
        yield Problem(
            key=f"gateway:{name}",
            since=since,
            waits=age(since, now),
            title=gettext("Messages of a payment service are refused"),
            detail=gettext(
                "%(name)s: their signature is wrong. If its secret was changed, change it here too; payments are asked "
                "about meanwhile."
            )
            % {"name": name},
            act=Act(gettext("See the payments"), f"{reverse('console:events')}#money"),
        )


def _auditor(now: datetime) -> Iterator[Problem]:
    look = audit.last_look()
    if look is not None and look.count:
        yield Problem(
            key="auditor",
            since=look.at,
            waits=age(look.at, now),
            title=ngettext("The auditor found something", "The auditor found %(count)s things", look.count)
            % {"count": look.count},
            detail=look.findings[0]["sentence"] if look.findings else "",
            act=Act(gettext("See the findings"), f"{reverse('console:audit')}#auditor"),
            count=look.count,
        )
