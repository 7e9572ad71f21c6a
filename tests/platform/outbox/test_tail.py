from __future__ import annotations

import pytest

from paseo.platform.outbox import tail
from paseo.platform.outbox.models import Event
from paseo.platform.outbox.tail import Tail

pytestmark = pytest.mark.django_db


def write(now, *numbers: int) -> None:
    Event.objects.bulk_create([Event(seq=seq, type="test.t", subject=f"n:{seq}", at=now, body={}) for seq in numbers])


def seqs(events) -> list[int]:
    return [event.seq for event in events]


def test_a_number_that_becomes_visible_late_is_not_missed(now):
    follower = Tail(100)
    write(now, 101, 102, 104, 105)
    assert seqs(follower.poll()) == [101, 102, 104, 105]
    assert follower.floor == 102
    assert seqs(follower.poll()) == []
    write(now, 103)
    assert seqs(follower.poll()) == [103]
    assert follower.floor == 105


def test_a_number_that_never_comes_does_not_hold_the_tail_for_ever(now, monkeypatch):
    moment = [0.0]
    monkeypatch.setattr(tail.time, "monotonic", lambda: moment[0])
    follower = Tail(100)
    write(now, 105, 106)
    assert seqs(follower.poll()) == [105, 106]
    assert follower.floor == 100
    moment[0] = tail.PATIENCE + 1
    assert seqs(follower.poll()) == []
    assert follower.floor == 106


def test_it_starts_at_the_end(now):
    write(now, 101, 102)
    follower = Tail()
    assert seqs(follower.poll()) == []
    write(now, 103)
    assert seqs(follower.poll()) == [103]
