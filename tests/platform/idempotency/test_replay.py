from __future__ import annotations

from datetime import timedelta

import pytest

from paseo.kernel.errors import Invalid
from paseo.kernel.ids import new_id
from paseo.platform.db.models import Transition
from paseo.platform.idempotency import KeyReused, forget, replay_or_run
from paseo.platform.idempotency.models import Answer

pytestmark = pytest.mark.django_db


def test_the_second_time_it_is_answered_and_not_done(now):
    calls = []

    def order():
        calls.append(1)
        return 201, {"id": new_id(), "at": now, "total": 420}

    first = replay_or_run("api:orders:ana", "key-1", b"{}", order)
    again = replay_or_run("api:orders:ana", "key-1", b"{}", order)
    assert calls == [1]
    assert first[:2] == again[:2]
    assert (first[2], again[2]) == (False, True)
    assert first[0] == 201 and first[1]["total"] == 420
    replay_or_run("api:orders:ben", "key-1", b"{}", order)
    replay_or_run("api:orders:ana", "key-2", b"{}", order)
    assert len(calls) == 3


def test_bytes_stay_bytes(clock):
    assert replay_or_run("s", "k", b"", lambda: (200, b"\x00\xff")) == (200, b"\x00\xff", False)
    assert replay_or_run("s", "k", b"", lambda: (500, b"")) == (200, b"\x00\xff", True)


def test_another_body_is_refused(clock):
    replay_or_run("s", "k", b'{"a":1}', lambda: (200, {}))
    with pytest.raises(KeyReused) as refused:
        replay_or_run("s", "k", b'{"a":2}', lambda: (200, {}))
    assert (refused.value.code, refused.value.status) == ("idempotency.key_reused", 409)


def test_what_fails_leaves_neither_its_work_nor_its_key(now):
    def fails():
        Transition.objects.create(
            subject_type="x", subject_id=new_id(), machine="m", verb="v", from_state="a", to_state="b", at=now
        )
        raise ValueError

    with pytest.raises(ValueError):
        replay_or_run("s", "k", b"", fails)
    assert (Transition.objects.count(), Answer.objects.count()) == (0, 0)
    assert replay_or_run("s", "k", b"", lambda: (200, 1)) == (200, 1, False)


@pytest.mark.parametrize("key", ["", "x" * 201, "two\nlines"])
def test_impossible_keys(key, clock):
    with pytest.raises(Invalid) as refused:
        replay_or_run("s", key, b"", lambda: (200, 1))
    assert list(refused.value.fields) == ["Idempotency-Key"]


def test_old_answers_are_forgotten(clock):
    replay_or_run("s", "old", b"", lambda: (200, 1))
    clock.advance(days=8)
    replay_or_run("s", "new", b"", lambda: (200, 1))
    assert forget(before=clock.now() - timedelta(days=7)) == 1
    assert Answer.objects.get().key == "new"
