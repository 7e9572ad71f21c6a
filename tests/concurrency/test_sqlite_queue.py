"""Writers of SQLite queue: whole transactions, and single statements outside of one."""

from __future__ import annotations

import threading

import pytest
from django.db import connection, connections

from paseo.kernel.ids import new_id
from paseo.platform.codes.models import Code
from paseo.platform.db.sqlite.turn import Turn
from tests.concurrency.shared_database import shared_database

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def file(transactional_db, tmp_path):
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL has no queue of writers")
    with shared_database(tmp_path):
        Code.objects.create(code_hash="x", purpose="race", subject_id=new_id(), tenant_id=new_id(), uses_total=9)
        yield tmp_path / "shared.sqlite3"


def write_meanwhile(turn: Turn) -> tuple[bool, bool]:
    """Whether another thread's single write is over while somebody has the turn, and after it was given back."""
    turn.take()
    done = threading.Event()

    def write() -> None:
        Code.objects.update(uses_left=1)
        done.set()
        connections.close_all()

    thread = threading.Thread(target=write)
    thread.start()
    during = done.wait(0.3)
    turn.give_back()
    thread.join(10)
    turn.close()
    return during, done.is_set()


def test_a_single_write_waits_for_its_turn(file):
    assert write_meanwhile(Turn(f"{file}.lock")) == (False, True)


def test_control_without_the_queue_nobody_waits(file, monkeypatch):
    from paseo.platform.db.sqlite import base

    monkeypatch.setattr(base.QueuedCursor, "_turn_at", lambda self, query: base._nothing)
    assert write_meanwhile(Turn(f"{file}.lock")) == (True, True)


def test_reading_takes_no_turn(file):
    turn = Turn(f"{file}.lock")
    turn.take()
    try:
        assert connections["default"].cursor().execute("SELECT COUNT(*) FROM codes_code").fetchone() == (1,)
    finally:
        turn.close()


def test_the_log_is_brought_home_and_begins_anew(file):
    mine = connections["default"]
    with mine.cursor() as cursor:
        cursor.execute("PRAGMA wal_autocheckpoint=0").fetchall()
        for number in range(1, 61):
            cursor.execute("UPDATE codes_code SET uses_left = %s", [number % 9])
    logged = mine.checkpoint(pages=10)
    assert logged >= 60
    Code.objects.update(uses_left=5)
    assert mine.checkpoint(pages=10) < 10, "the log did not begin anew"
    assert Code.objects.get().uses_left == 5
