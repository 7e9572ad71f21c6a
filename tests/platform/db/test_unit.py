from __future__ import annotations

from uuid import UUID

import pytest
from django.db import ProgrammingError, connection, transaction

from paseo.kernel.ids import new_id
from paseo.kernel.states import Machine, NotAllowed
from paseo.platform.db.models import Transition
from paseo.platform.db.unit import (
    add,
    after_commit,
    after_unit,
    forbid_inside_unit,
    guarded,
    in_unit,
    operation,
    sql_count,
    transition,
    unit,
)

pytestmark = pytest.mark.django_db
DOOR = Machine(
    "test_door", "shut", [("open", ("shut", "ajar"), "open"), ("shut", ("open",), "shut"), ("jam", ("open",), "ajar")]
)


def step(now, verb="open", subject: UUID | None = None) -> Transition:
    return Transition(
        subject_type="door",
        subject_id=subject or new_id(),
        machine="test_door",
        verb=verb,
        from_state="a",
        to_state="b",
        at=now,
    )


def verbs() -> list[str]:
    return list(Transition.objects.order_by("id").values_list("verb", flat=True))


def test_added_rows_are_written_at_the_end_in_order_with_one_statement(now):
    with sql_count() as sql, unit():
        add(step(now, "one"), step(now, "two"))
        add(step(now, "three"))
        assert Transition.objects.count() == 0
    assert verbs() == ["one", "two", "three"]
    assert sql.count == 4, sql.all  # savepoint, the count, one insert, release


def test_an_exception_takes_back_written_and_collected_rows(now):
    @operation
    def fails():
        step(now, "written").save()
        add(step(now, "collected"))
        raise ValueError

    with pytest.raises(ValueError):
        fails()
    assert verbs() == []
    assert not in_unit()


def test_a_nested_unit_joins_without_a_statement(now):
    with sql_count() as sql, unit():
        with unit():
            add(step(now, "inner"))
        add(step(now, "outer"))
    assert verbs() == ["inner", "outer"]
    assert sql.count == 3, sql.all


def test_a_failed_part_that_was_swallowed_dooms_the_whole(now):
    with pytest.raises(ProgrammingError), unit():
        add(step(now, "outer"))
        try:
            with unit():
                raise KeyError
        except KeyError:
            pass
    assert verbs() == []


def test_with_a_savepoint_a_part_can_fail_alone(now):
    called = []
    with unit():
        add(step(now, "before"))
        with pytest.raises(KeyError), unit(savepoint=True):
            step(now, "written").save()
            add(step(now, "collected"))
            after_commit(lambda: called.append("inner"))
            raise KeyError
        add(step(now, "after"))
        after_commit(lambda: called.append("outer"))
    assert verbs() == ["before", "after"]
    assert called == ["outer"]


def test_after_commit_runs_after_the_rows_are_written_and_not_after_a_failure(now):
    seen = []
    with unit():
        after_commit(lambda: seen.append(Transition.objects.count()))
        add(step(now))
        assert seen == []
    assert seen == [1]
    with pytest.raises(ValueError), unit():
        after_commit(lambda: seen.append("never"))
        raise ValueError
    assert seen == [1]


def test_a_failing_callback_is_logged_and_does_not_undo_the_answer(now, caplog):
    @operation
    def answer():
        after_commit(lambda: 1 / 0)
        return 42

    assert answer() == 42
    assert "failed after its unit was over" in caplog.text


def test_after_unit_runs_however_it_ended(now):
    def failing_part():
        with unit():
            step(now, "taken back").save()
            after_unit(lambda: step(now, "kept").save())
            raise KeyError

    with pytest.raises(KeyError), unit():
        failing_part()
    assert verbs() == ["kept"]
    with unit():
        with pytest.raises(KeyError), unit(savepoint=True):
            failing_part()
        add(step(now, "whole"))
    assert verbs() == ["kept", "whole", "kept"]


def test_after_commit_waits_for_a_plain_transaction_around_the_unit(django_capture_on_commit_callbacks):
    seen = []
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        with unit():
            after_commit(lambda: seen.append(1))
        assert seen == []
    assert seen == [1]


def test_add_outside_a_unit_is_a_mistake(now):
    with pytest.raises(ProgrammingError):
        add(step(now))


def test_the_network_is_forbidden_inside_a_transaction_but_not_by_the_tests_own():
    assert connection.in_atomic_block
    forbid_inside_unit("calling the gateway")
    with pytest.raises(ProgrammingError, match="calling the gateway"), unit():
        forbid_inside_unit("calling the gateway")
    with pytest.raises(ProgrammingError), transaction.atomic():
        forbid_inside_unit("calling the gateway")


def test_guarded_tells_whether_exactly_the_expected_rows_were_changed(now):
    row = step(now)
    row.save()
    assert guarded(Transition.objects.filter(pk=row.pk, verb="open"), verb="used")
    assert not guarded(Transition.objects.filter(pk=row.pk, verb="open"), verb="used")
    assert not guarded(Transition.objects.filter(pk=row.pk), expect=2, verb="used")


class TestTransition:
    """The machine is tried on rows of Transition itself: ``to_state`` plays the state."""

    @pytest.fixture
    def door(self, now) -> Transition:
        row = step(now)
        row.to_state = "shut"
        row.save()
        return row

    def move(self, door, verb, now, **more):
        with unit():
            return transition(Transition, door.pk, DOOR, verb, state_field="to_state", now=now, **more)

    def test_a_step_changes_the_row_and_is_remembered(self, door, now):
        with unit():
            assert (
                transition(
                    Transition, door.pk, DOOR, "open", state_field="to_state", now=now, actor="ana", reason="warm"
                )
                == "open"
            )
            # rows are collected, so the memory is not written yet
            assert Transition.objects.count() == 1
        door.refresh_from_db()
        assert door.to_state == "open"
        memory = Transition.objects.latest("id")
        assert (memory.machine, memory.verb, memory.from_state, memory.to_state) == (
            "test_door",
            "open",
            "shut",
            "open",
        )
        assert (memory.actor, memory.reason, memory.at) == ("ana", "warm", now)

    def test_a_state_that_does_not_allow_the_verb_refuses_and_changes_nothing(self, door, now):
        with pytest.raises(NotAllowed) as refused:
            self.move(door, "shut", now)
        assert refused.value.params == {"machine": "test_door", "state": "shut", "verb": "shut"}
        assert Transition.objects.count() == 1

    def test_one_origin_or_a_known_state_needs_no_reading(self, door, now):
        with sql_count() as sql, unit():
            transition(Transition, door.pk, DOOR, "open", state_field="to_state", now=now, was="shut")
            transition(Transition, door.pk, DOOR, "jam", state_field="to_state", now=now)
        assert sql.count == 5, sql.all

    def test_a_stale_known_state_is_read_again(self, door, now):
        assert self.move(door, "open", now, was="ajar") == "open"

    def test_a_row_that_does_not_exist(self, now):
        with pytest.raises(Transition.DoesNotExist), unit():
            transition(Transition, 987654, DOOR, "jam", state_field="to_state", now=now)
