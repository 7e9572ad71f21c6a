from __future__ import annotations

import pytest
from django.tasks import task

from paseo.platform.db.unit import unit
from paseo.platform.jobs import enqueue, queries, tasks

done: list[str] = []


@task
def greet(name: str) -> None:
    if not name:
        raise ValueError("nobody to greet")
    done.append(name)


@pytest.mark.django_db(transaction=True)
def test_a_task_runs_after_its_unit_and_only_if_that_commits(clock):
    done.clear()
    with unit():
        enqueue(greet, name="ana")
    with pytest.raises(KeyError), unit():
        enqueue(greet, name="ben")
        raise KeyError
    assert tasks.run_once() == 1
    assert tasks.run_once() == 0
    assert done == ["ana"]


@pytest.mark.django_db(transaction=True)
def test_a_task_that_fails_is_kept_for_the_operator(clock):
    with unit():
        enqueue(greet, name="")
    tasks.run_once()
    (failed,) = queries.failed_tasks()
    assert "nobody to greet" in failed.error
