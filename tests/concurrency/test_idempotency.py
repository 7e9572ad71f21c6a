"""The same request, several times at the same moment."""

from __future__ import annotations

import threading

import pytest

from paseo.kernel.ids import new_id
from paseo.platform.db.models import Transition
from paseo.platform.idempotency import replay_or_run
from paseo.platform.idempotency.models import Answer

CALLERS = 6


def order(now):
    def write() -> tuple[int, dict[str, str]]:
        row = Transition.objects.create(
            subject_type="order", subject_id=new_id(), machine="m", verb="v", from_state="a", to_state="b", at=now
        )
        return 201, {"id": str(row.subject_id)}

    return write


@pytest.mark.parametrize("processes", [False, True], ids=["threads", "processes"])
def test_one_runs_and_the_others_get_its_answer(arena, now, processes):
    outcomes = arena.race(
        CALLERS, lambda number: replay_or_run("orders", "key", b"{}", order(now)), processes=processes
    )
    assert [outcome.error for outcome in outcomes] == [None] * CALLERS
    assert len({outcome.value[1]["id"] for outcome in outcomes}) == 1
    assert sorted(outcome.value[2] for outcome in outcomes) == [False] + [True] * (CALLERS - 1)
    assert Transition.objects.count() == 1


def test_control_looking_for_the_answer_first_orders_twice(arena, now):
    looked = threading.Barrier(CALLERS, timeout=5)

    def naive(number: int) -> None:
        known = Answer.objects.filter(scope="orders", key="key").first()
        looked.wait()
        if known is None:
            order(now)()

    arena.race(CALLERS, naive)
    assert Transition.objects.count() > 1


def test_when_the_first_is_refused_another_one_runs(arena, now):
    tries = []

    def write() -> tuple[int, int]:
        tries.append(1)
        if len(tries) == 1:
            raise ValueError
        return 200, len(tries)

    outcomes = arena.race(CALLERS, lambda number: replay_or_run("orders", "key", b"{}", write))
    assert [type(outcome.error) for outcome in outcomes if not outcome.ok] == [ValueError]
    assert {outcome.value[1] for outcome in outcomes if outcome.ok} == {2}
    assert len(tries) == 2
