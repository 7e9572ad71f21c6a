from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import ProgrammingError

from paseo.kernel.errors import Invalid
from paseo.kernel.ids import new_id
from paseo.kernel.states import NotAllowed
from paseo.platform.db.unit import sql_count, unit
from paseo.platform.outbox import emit, operations, queries
from paseo.platform.outbox.models import Delivery, Event, Failure, Relay
from paseo.platform.outbox.relay.leader import LEASE, Leader
from paseo.platform.outbox.relay.loop import ReactionFailed, run_once
from paseo.platform.outbox.relay.retries import pause
from tests.platform.outbox.conftest import LampLit

pytestmark = pytest.mark.django_db


@pytest.fixture
def leader() -> Leader:
    return Leader("one")


def test_an_event_is_written_with_its_unit_or_not_at_all(lit, now):
    merchant, store = new_id(), new_id()
    lit("a", tenant_id=merchant, place_id=store)
    with pytest.raises(ValueError), unit():
        emit(LampLit("b", 5))
        raise ValueError
    (event,) = queries.events_after(0)
    assert (event.type, event.version, event.subject, event.at) == ("test.lamp_lit", 1, "lamp:a", now)
    assert event.body == {"lamp": "a", "minutes": 5, "at": None, "rooms": []}
    assert event.topics == ("lamp:a", f"store:{store}", f"merchant:{merchant}", "city")


def test_emit_outside_a_unit_is_a_mistake(clock):
    with pytest.raises(ProgrammingError):
        emit(LampLit("a", 5))


def test_events_by_topic(lit, clock):
    merchant, store = new_id(), new_id()
    lit("a", tenant_id=merchant)
    lit("b", tenant_id=merchant, place_id=store)
    lit("c")

    def after(seq, *topics):
        return [event.body["lamp"] for event in queries.events_after(seq, topics)]

    first = queries.events_after(0)[0].seq
    assert after(0, "city") == ["a", "b", "c"]
    assert after(0, f"merchant:{merchant}") == ["a", "b"]
    assert after(0, f"store:{store}", "lamp:c") == ["b", "c"]
    assert after(first, f"merchant:{merchant}") == ["b"]


def test_every_reaction_takes_every_event_once(lit, react, clock, leader):
    one, two = react("test.one"), react("test.two")
    lit("a", "b")
    assert run_once(leader=leader) == 2
    assert run_once(leader=leader) == 0
    assert one == two == ["a", "b"]
    assert queries.relay().delivered == 4
    assert queries.relay().pending == 0


def test_a_batch_reaction_takes_many_events_in_one_write(lit, react, clock, leader):
    taken = react(batch=True)
    lit(*"abcdefgh")
    leader.lead(clock.now())
    with sql_count() as sql:
        assert run_once(leader=leader) == 8
    assert taken == [list("abcdefgh")]
    assert sql.count <= 10, sql.all


def test_what_was_taken_before_a_crash_is_skipped_and_counted(lit, react, clock, leader):
    one, many = react("test.one"), react("test.many", batch=True)
    lit("a", "b")
    run_once(leader=leader)
    # the relay was killed after the reactions and before it could say that the events were handed out
    Event.objects.update(dispatched_at=None)
    lit("c")
    run_once(leader=leader)
    assert one == ["a", "b", "c"]
    assert many == [["a", "b"], ["c"]]
    assert queries.relay().skipped == 4


def test_one_bad_event_of_a_batch_does_not_hold_the_others(lit, react, clock, leader):
    taken = react(batch=True, fails=lambda fact: fact.lamp == "b")
    lit("a", "b", "c")
    run_once(leader=leader)
    assert taken == [["a"], ["c"]]
    assert [failure.event.body["lamp"] for failure in queries.waiting()] == ["b"]


def test_a_failed_reaction_leaves_nothing_behind_and_is_tried_again(lit, react, clock, leader):
    broken = [True]
    taken = react(fails=lambda fact: broken[0])
    lit("a")
    assert run_once(leader=leader) == 1
    assert (taken, Delivery.objects.count()) == ([], 0)
    (failure,) = queries.waiting()
    assert failure.sentence == "RuntimeError: no light for a"
    assert failure.attempts == 1
    assert run_once(leader=leader) == 0, "not before its time"
    broken[0] = False
    clock.advance(seconds=3)
    assert run_once(leader=leader) == 1
    assert taken == ["a"]
    assert queries.waiting() == []
    assert Failure.objects.get().state == "resolved"


def test_after_the_last_try_it_is_a_dead_letter_that_a_person_can_retry_or_dismiss(lit, react, clock, leader, settings):
    settings.PASEO = {**settings.PASEO, "EVENT_ATTEMPTS": 3}
    broken = [True]
    taken = react(fails=lambda fact: broken[0])
    lit("a", "b")
    for _ in range(6):
        run_once(leader=leader)
        clock.advance(seconds=20)
    dead = queries.dead_letters()
    assert [letter.attempts for letter in dead] == [3, 3]
    assert run_once(leader=leader) == 0

    broken[0] = False
    operations.retry(dead[0].id, now=clock.now(), actor="ana")
    assert run_once(leader=leader) == 1
    assert taken == ["a"]
    with pytest.raises(NotAllowed):
        operations.retry(dead[0].id, now=clock.now())

    with pytest.raises(Invalid):
        operations.dismiss(dead[1].id, " ", now=clock.now())
    operations.dismiss(dead[1].id, "The lamp is gone.", now=clock.now(), actor="ana")
    assert queries.dead_letters() == []


def test_pauses_double_with_a_spread_that_can_be_replayed():
    event = new_id()
    pauses = [pause(event, "test.one", attempt).total_seconds() for attempt in range(1, 15)]
    assert pauses == [pause(event, "test.one", attempt).total_seconds() for attempt in range(1, 15)]
    for attempt, seconds in enumerate(pauses, start=1):
        middle = min(2.0 * 2 ** (attempt - 1), 3600)
        assert 0.75 * middle <= seconds <= 1.25 * middle
    assert pause(event, "test.one", 1) != pause(new_id(), "test.one", 1)


def test_only_one_relay_leads_until_it_stops_or_dies(lit, react, clock):
    react()
    one, two = Leader("one"), Leader("two")
    assert one.lead(clock.now()) == (True, False)
    assert two.lead(clock.now()) == (False, False)
    clock.advance(seconds=10)
    assert one.lead(clock.now()) == (True, False), "a living leader renews its lease"
    one.release()
    assert two.lead(clock.now()) == (True, False)
    clock.advance(seconds=LEASE.total_seconds() + 1)
    assert one.lead(clock.now()) == (True, True), "it took over from one that died"
    assert Relay.objects.get().holder == "one"


def test_after_a_death_each_try_is_counted_before_it_begins(lit, react, clock, settings):
    """A reaction that kills its process ends as a dead letter; the others get through."""
    settings.PASEO = {**settings.PASEO, "EVENT_ATTEMPTS": 2}

    class Killed(BaseException):
        pass

    def fatal(fact):
        if fact.lamp == "fatal":
            raise Killed
        return False

    taken = react(fails=fatal)
    lit("fatal", "harmless")
    for life in range(8):
        try:
            while run_once(leader=Leader(f"life {life}")):
                pass
        except Killed:
            pass
        clock.advance(seconds=60)
    assert taken == ["harmless"]
    (letter,) = queries.dead_letters()
    assert letter.event.body["lamp"] == "fatal"
    assert letter.error == "The process ended while this reaction was running."


def test_an_event_nobody_knows_any_more_is_handed_out_to_nobody(clock, leader):
    Event.objects.create(type="test.forgotten", subject="x", at=clock.now(), body={})
    assert run_once(leader=leader) == 1
    assert queries.relay().pending == 0


def test_drain_raises_where_the_relay_would_try_again(lit, react, drain_events, clock):
    react(fails=lambda fact: fact.lamp == "b")
    lit("a")
    assert drain_events() == 1
    lit("b")
    with pytest.raises(ReactionFailed, match="no light for b"):
        drain_events()


def test_delivery_marks_are_forgotten_when_they_cannot_matter(lit, react, clock, leader):
    react(fails=lambda fact: fact.lamp == "c")
    react("test.other")
    lit("a", "b", "c")
    run_once(leader=leader)
    clock.advance(days=2)
    assert Delivery.objects.count() == 5
    assert operations.forget_deliveries(before=clock.now() - timedelta(days=1)) == 4
    assert Delivery.objects.get().event_seq == queries.waiting()[0].event.seq
