"""Guarded writes and turns at writing, with many at once."""

from __future__ import annotations

import threading

import pytest
from django.db import connection
from django.db.models import F

from paseo.kernel.ids import new_id
from paseo.platform.codes.models import Code
from paseo.platform.db.unit import add, guarded, unit
from tests.concurrency.harness import read_then_write

USES, TAKERS = 3, 8


@pytest.fixture
def code(arena) -> Code:
    return Code.objects.create(
        code_hash="x", purpose="race", subject_id=new_id(), tenant_id=new_id(), uses_total=99, uses_left=USES
    )


def take(code: Code, write=guarded) -> bool:
    with unit():
        return write(Code.objects.filter(pk=code.pk, uses_left__gt=0), uses_left=F("uses_left") - 1)


@pytest.mark.parametrize("processes", [False, True], ids=["threads", "processes"])
def test_a_guarded_write_gives_out_what_there_is_and_no_more(arena, code, processes):
    outcomes = arena.race(TAKERS, lambda number: take(code), processes=processes)
    assert [outcome.error for outcome in outcomes] == [None] * TAKERS
    assert sum(outcome.value for outcome in outcomes) == USES
    assert Code.objects.get().uses_left == 0


def test_control_looking_first_gives_out_too_much(arena, code):
    """Without a condition in the write, and without a turn at writing, more is given out than there is."""
    looked = threading.Barrier(TAKERS)

    def naive(number: int) -> bool:
        write = read_then_write(looked)
        return write(Code.objects.filter(pk=code.pk, uses_left__gt=0), uses_left=USES - 1)

    outcomes = arena.race(TAKERS, naive)
    assert sum(bool(outcome.value) for outcome in outcomes) > USES


@pytest.mark.parametrize("processes", [False, True], ids=["threads", "processes"])
def test_what_was_read_inside_a_sqlite_unit_still_holds_when_it_writes(arena, code, processes):
    """On SQLite one unit writes at a time, so even looking first is safe there; nothing relies on it."""
    if arena.vendor != "sqlite":
        pytest.skip("PostgreSQL lets units run side by side")
    outcomes = arena.race(TAKERS, lambda number: take(code, read_then_write()), processes=processes)
    assert [outcome.error for outcome in outcomes] == [None] * TAKERS
    assert sum(outcome.value for outcome in outcomes) == USES


def test_the_turn_is_given_back_after_a_failure(arena, code):
    def fails(number: int) -> None:
        with pytest.raises(ZeroDivisionError), unit():
            take(code)
            raise ZeroDivisionError

    assert all(outcome.ok for outcome in arena.race(4, fails))
    assert take(code)
    assert not connection.in_atomic_block


def test_collected_rows_of_many_units_are_all_there(arena):
    def write(number: int) -> None:
        with unit():
            for _ in range(5):
                add(Code(code_hash=str(new_id()), purpose=str(number), subject_id=new_id(), tenant_id=new_id()))

    assert all(outcome.ok for outcome in arena.race(8, write))
    assert Code.objects.count() == 40
