"""How the work in the background stands, for the operator."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from paseo.platform.jobs.models import Schedule
from paseo.platform.jobs.registry import sweeps


@dataclass(frozen=True, slots=True)
class JobRun:
    name: str
    seconds: float
    next_at: datetime | None
    running_until: datetime | None
    started_at: datetime | None
    finished_at: datetime | None
    milliseconds: int
    runs: int
    failures: int
    failed_at: datetime | None
    error: str

    @property
    def ok(self) -> bool:
        return self.failures == 0

    @property
    def sentence(self) -> str:
        """The last line of the last error."""
        lines = self.error.strip().splitlines()
        return lines[-1] if lines else ""


@dataclass(frozen=True, slots=True)
class FailedTask:
    id: str
    task: str
    enqueued_at: datetime
    error: str


def last_beat(runs: list[JobRun]) -> datetime | None:
    """When a worker was last seen to begin something; None before the first one. ``runs`` are ``job_runs``'."""
    return max((run.started_at for run in runs if run.started_at is not None), default=None)


def job_runs() -> list[JobRun]:
    """Every sweep with its last run, failing ones first."""
    rows = {row.name: row for row in Schedule.objects.all()}
    runs = []
    for sweep in sweeps():
        row = rows.get(sweep.name)
        runs.append(
            JobRun(
                sweep.name,
                sweep.seconds,
                row.next_at if row else None,
                row.running_until if row else None,
                row.started_at if row else None,
                row.finished_at if row else None,
                row.milliseconds if row else 0,
                row.runs if row else 0,
                row.failures if row else 0,
                row.failed_at if row else None,
                row.error if row else "",
            )
        )
    return sorted(runs, key=lambda run: (-run.failures, run.name))


def failed_tasks(limit: int = 100) -> list[FailedTask]:
    """Tasks that ended with an error, newest first."""
    from django_tasks_db.models import DBTaskResult

    return [
        FailedTask(str(row.id), row.task_path, row.enqueued_at, (row.traceback or row.exception_class_path)[-4000:])
        for row in DBTaskResult.objects.failed().order_by("-enqueued_at")[:limit]
    ]
