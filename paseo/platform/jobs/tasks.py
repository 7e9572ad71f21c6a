"""Tasks: written with the unit that wants them, run afterwards by a worker."""

from __future__ import annotations

from typing import Any

from paseo.platform.db.prepared import Prepared
from paseo.platform.db.unit import after_commit, unit
from paseo.platform.outbox.publishing import news


def enqueue(task: Any, **arguments: Any) -> None:
    """Writes a ``django.tasks`` task with the open unit; it runs only if the unit commits. Arguments are JSON."""
    task.enqueue(**arguments)
    after_commit(news.set)


def _ready(path: str) -> Any:
    from django_tasks_db.models import DBTaskResult

    ready = DBTaskResult.objects.filter(status="READY", task_path=path).order_by()
    return ready.select_for_update(skip_locked=True).values_list("pk")[:1]


_waiting = Prepared(_ready)


def enqueue_once(task: Any) -> None:
    """``enqueue`` for a task that does whatever is due: none is written while one is waiting to begin.

    The waiting one is kept from beginning until this unit is over, so that it sees what the unit wrote.
    """
    with unit():
        if not _waiting(task.module_path):
            task.enqueue()
    after_commit(news.set)


def run_once(limit: int = 20) -> int:
    """Runs up to ``limit`` waiting tasks; returns how many. A task that fails is kept with its error."""
    from django_tasks_db.management.commands.db_worker import Worker
    from django_tasks_db.models import DBTaskResult

    if not DBTaskResult.objects.ready().filter(backend_name="default").exists():
        return 0
    worker = Worker(
        queue_names=["*"],
        interval=0,
        batch=True,
        backend_name="default",
        startup_delay=False,
        max_tasks=limit,
        worker_id="paseo",
        excluded_queue_names=[],
    )
    worker.run()
    return worker._run_tasks
