from __future__ import annotations

import pytest

from paseo.platform.jobs import every, queries, registry, ticker
from paseo.platform.jobs.models import Schedule

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def only_these(monkeypatch):
    monkeypatch.setattr(registry, "_sweeps", {})


@pytest.fixture
def swept():
    runs = []
    every(seconds=60, name="test.sweep")(runs.append)
    return runs


def test_a_sweep_runs_when_it_is_due(swept, clock):
    start = clock.now()
    assert ticker.run_once(start) == 1
    assert ticker.run_once(clock.advance(seconds=59)) == 0
    assert ticker.run_once(clock.advance(seconds=1)) == 1
    assert ticker.run_once(clock.advance(hours=3)) == 1, "missed runs are not made up for"
    assert [(at - start).total_seconds() for at in swept] == [0, 60, 10860]


def test_of_two_tickers_that_saw_the_same_row_one_runs_it(swept, clock):
    now = clock.now()
    ticker.run_once(now)
    later = clock.advance(seconds=60)
    row = Schedule.objects.get()
    (sweep,) = registry.sweeps()
    assert ticker._claim(row, sweep, later)
    assert not ticker._claim(row, sweep, later)


def test_a_run_that_never_ended_is_started_again_when_it_counts_as_dead(swept, clock):
    ticker.run_once(clock.now())
    later = clock.advance(seconds=60)
    (sweep,) = registry.sweeps()
    ticker._claim(Schedule.objects.get(), sweep, later)
    assert ticker.run_once(clock.advance(seconds=119)) == 0
    assert ticker.run_once(clock.advance(seconds=1)) == 1


def test_a_crash_is_seen_and_tried_again_with_growing_pauses(clock, caplog):
    times = []

    @every(seconds=10, name="test.crash")
    def crash(now):
        times.append(now)
        if len(times) < 4:
            raise RuntimeError("the shelf fell")

    ran = []
    every(seconds=10, name="test.other")(ran.append)
    start = clock.now()
    for _ in range(9):
        ticker.run_once(clock.now())
        clock.advance(seconds=10)
    assert [(at - start).total_seconds() for at in times] == [0, 10, 30, 70, 80]
    assert len(ran) == 9, "the others go on"
    assert caplog.text.count("sweep test.crash failed") == 3
    run = queries.job_runs()[0]
    assert (run.name, run.ok, run.runs) == ("test.crash", True, 5)
    assert run.sentence == "RuntimeError: the shelf fell"


def test_failing_sweeps_come_first(swept, clock):
    @every(seconds=10, name="test.z_crash")
    def crash(now):
        raise RuntimeError("the shelf fell")

    ticker.run_once(clock.now())
    assert [(run.name, run.failures) for run in queries.job_runs()] == [("test.z_crash", 1), ("test.sweep", 0)]
