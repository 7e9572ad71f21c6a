"""Several counters with the same code at the same moment."""

from __future__ import annotations

import threading
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import transaction

from paseo.platform.codes import operations
from paseo.platform.codes.models import Code, Redemption, Scan
from paseo.platform.codes.refusals import AlreadyUsed
from paseo.platform.codes.secrets import Token
from tests.concurrency.harness import read_then_write

SHOP, MERCHANT, SUBJECT = (UUID(int=number) for number in range(1, 4))
COUNTERS = 6


def prepared(now, counters: int = COUNTERS, uses: int = 1) -> list[str]:
    text = operations.issue("order", SUBJECT, MERCHANT, [SHOP], uses=uses)
    return [
        operations.prepare(
            text, place_id=SHOP, tenant_id=MERCHANT, actor=f"staff {number}", terminal=f"counter {number}", now=now
        ).token
        for number in range(counters)
    ]


@pytest.mark.parametrize("processes", [False, True], ids=["threads", "processes"])
def test_one_counter_wins_and_the_others_learn_where_and_when(arena, now, processes):
    tokens = prepared(now)
    outcomes = arena.race(
        COUNTERS, lambda number: operations.commit(tokens[number], now=now).terminal, processes=processes
    )
    winners = [outcome.value for outcome in outcomes if outcome.ok]
    assert len(winners) == 1
    losers = [outcome.error for outcome in outcomes if not outcome.ok]
    if not processes:
        assert {type(error) for error in losers} == {AlreadyUsed}
        for error in losers:
            assert error.params == {"at": now, "where": winners[0], "undo_until": now + timedelta(minutes=10)}
    assert Redemption.objects.count() == 1
    assert Code.objects.get().uses_left == 0
    assert Scan.objects.filter(outcome="used").count() == COUNTERS - 1


def test_control_with_the_guard_off_a_code_is_used_twice(arena, now, monkeypatch):
    tokens = prepared(now)
    monkeypatch.setattr(operations, "guarded", read_then_write(threading.Barrier(COUNTERS)))
    monkeypatch.setattr(operations, "_remember", lambda *args: None)

    def without_a_unit(number: int) -> UUID:
        with transaction.atomic() if arena.vendor == "postgresql" else transaction.mark_for_rollback_on_error():
            token = Token.unseal(tokens[number])
            Redemption.objects.create(
                code_id=token.code_id, scan_id=token.scan_id, uses=1, at=now, tenant_id=MERCHANT, terminal="control"
            )
            return operations.guarded(Code.objects.filter(state="active", uses_left__gte=1), uses_left=0, state="spent")

    outcomes = arena.race(COUNTERS, without_a_unit)
    assert sum(outcome.ok and outcome.value for outcome in outcomes) > 1


@pytest.mark.parametrize("processes", [False, True], ids=["threads", "processes"])
def test_one_token_sent_many_times_is_one_redemption(arena, now, processes):
    (token,) = prepared(now, 1, uses=9)

    def send(number: int) -> tuple[UUID, bool]:
        redemption = operations.commit(token, now=now)
        return redemption.id, redemption.replayed

    outcomes = arena.race(COUNTERS, send, processes=processes)
    assert [outcome.error for outcome in outcomes] == [None] * COUNTERS
    assert len({outcome.value[0] for outcome in outcomes}) == 1
    assert sorted(outcome.value[1] for outcome in outcomes) == [False] + [True] * (COUNTERS - 1)
    assert Code.objects.get().uses_left == 8


def test_a_code_of_three_uses_serves_three_counters(arena, now):
    tokens = prepared(now, uses=3)
    outcomes = arena.race(COUNTERS, lambda number: operations.commit(tokens[number], now=now).id)
    assert sum(outcome.ok for outcome in outcomes) == 3
    assert Code.objects.get().uses_left == 0


def test_one_undo_counts(arena, now):
    (token,) = prepared(now, 1)
    redemption = operations.commit(token, now=now)
    outcomes = arena.race(COUNTERS, lambda number: operations.undo(redemption.id, now=now).replayed)
    assert sorted(outcome.value for outcome in outcomes) == [False] + [True] * (COUNTERS - 1)
    code = Code.objects.get()
    assert (code.uses_left, code.undone) == (1, 1)
