"""Running sweeps when they are due."""

from __future__ import annotations

import logging
import time
import traceback
from datetime import datetime, timedelta

from django.db.models import F, Q

from paseo.platform.db.unit import guarded, operation
from paseo.platform.jobs.models import Schedule
from paseo.platform.jobs.registry import Sweep, sweeps

log = logging.getLogger("paseo.jobs")
LONGEST_PAUSE = 900.0


def run_once(now: datetime) -> int:
    """Runs every sweep that is due and that no other ticker has taken; returns how many ran, failed ones included."""
    known = {row.name: row for row in Schedule.objects.all()}
    missing = [sweep for sweep in sweeps() if sweep.name not in known]
    if missing:
        Schedule.objects.bulk_create(
            [Schedule(name=sweep.name, next_at=now) for sweep in missing], ignore_conflicts=True
        )
        known = {row.name: row for row in Schedule.objects.all()}
    ran = 0
    for sweep in sweeps():
        row = known[sweep.name]
        if row.next_at <= now and (row.running_until is None or row.running_until <= now) and _claim(row, sweep, now):
            _run(row, sweep, now)
            ran += 1
    return ran


@operation
def _claim(row: Schedule, sweep: Sweep, now: datetime) -> bool:
    """Compare-and-swap: of two tickers that saw the same due row, one gets it."""
    return guarded(
        Schedule.objects.filter(Q(running_until=None) | Q(running_until__lte=now), name=row.name, next_at=row.next_at),
        next_at=now + timedelta(seconds=sweep.seconds),
        running_until=now + timedelta(seconds=sweep.longest),
        started_at=now,
    )


def _run(row: Schedule, sweep: Sweep, now: datetime) -> None:
    began = time.monotonic()
    try:
        sweep.function(now)
    except Exception:
        log.exception("sweep %s failed", sweep.name)
        failures = row.failures + 1
        pause = min(sweep.seconds * 2 ** min(failures - 1, 12), max(LONGEST_PAUSE, sweep.seconds))
        _finish(
            sweep,
            now,
            began,
            failures=failures,
            failed_at=now,
            error=traceback.format_exc(limit=-6)[-4000:],
            next_at=now + timedelta(seconds=pause),
        )
    else:
        _finish(sweep, now, began, failures=0)


@operation
def _finish(sweep: Sweep, now: datetime, began: float, **result: object) -> None:
    seconds = time.monotonic() - began
    Schedule.objects.filter(name=sweep.name, started_at=now).update(
        running_until=None,
        finished_at=now + timedelta(seconds=seconds),
        milliseconds=int(seconds * 1000),
        runs=F("runs") + 1,
        **result,
    )
