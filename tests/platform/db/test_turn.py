"""Whoever waits for a turn at writing waits in a queue, and not for ever."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import OperationalError, connection

from paseo.platform.db.sqlite import turn, waiting
from paseo.platform.db.sqlite.turn import Turn
from paseo.platform.db.unit import unit
from tests.concurrency.shared_database import shared_database

HANG = "import fcntl, sys; file = open(sys.argv[1], 'w'); fcntl.flock(file, fcntl.LOCK_EX); print(flush=True); input()"


@pytest.fixture
def path(tmp_path: Path) -> str:
    return str(tmp_path / "some.sqlite3.lock")


@pytest.fixture
def hanging(path: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[subprocess.Popen[bytes]]:
    """A process that has the turn and does nothing any more; nobody here waits long for it."""
    monkeypatch.setattr(turn, "LONGEST_WAIT", 0.25)
    process = subprocess.Popen([sys.executable, "-c", HANG, path], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdout is not None and process.stdout.readline()
    yield process
    process.kill()
    process.wait()


def tried(path: str) -> str:
    """What comes of taking a turn: "" when it was there."""
    mine = Turn(path)
    try:
        mine.take()
    except OperationalError as error:
        return str(error)
    finally:
        mine.close()
    return ""


def in_threads(count: int, path: str) -> list[str]:
    told: list[str] = []
    threads = [threading.Thread(target=lambda: told.append(tried(path))) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    return told


def test_a_process_that_hangs_is_named_after_a_while(path: str, hanging: subprocess.Popen[bytes]) -> None:
    assert tried(path) == (
        f"database is locked: process {hanging.pid} has been writing for more than 0.25 seconds and hangs ({path}). "
        "Nothing was written here. End that process; its unfinished work is taken back."
    )
    hanging.kill()
    hanging.wait()
    assert tried(path) == ""


def test_all_threads_give_up_and_all_of_them_get_it_later(path: str, hanging: subprocess.Popen[bytes]) -> None:
    assert [told[:18] for told in in_threads(6, path)] == ["database is locked"] * 6
    hanging.kill()
    hanging.wait()
    assert in_threads(6, path) == [""] * 6


def test_whoever_waits_gets_the_turn_as_soon_as_it_is_free(path: str) -> None:
    mine = Turn(path)
    mine.take()
    told: list[str] = []
    thread = threading.Thread(target=lambda: told.append(tried(path)))
    thread.start()
    while not waiting._watch._until:
        pass
    assert told == []
    mine.give_back()
    thread.join(10)
    assert told == [""]
    assert waiting._watch._until == {}
    mine.close()


def test_a_turn_is_its_owners_alone_however_often_it_is_taken(path: str, hanging: subprocess.Popen[bytes]) -> None:
    mine = Turn(path)
    with pytest.raises(OperationalError):
        mine.take()
    assert not mine.held
    mine.give_back()
    hanging.kill()
    hanging.wait()
    mine.take()
    mine.take()
    mine.give_back()
    assert tried(path) == ""
    mine.close()


@pytest.mark.django_db(transaction=True)
def test_a_unit_that_cannot_write_says_so_and_the_next_one_can(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL has no queue of writers")
    monkeypatch.setattr(turn, "LONGEST_WAIT", 0.25)
    with shared_database(tmp_path):
        other = Turn(f"{tmp_path / 'shared.sqlite3'}.lock")
        other.take()
        with pytest.raises(OperationalError, match="database is locked: process"), unit():
            raise AssertionError("never begun")
        assert not connection.in_atomic_block
        other.close()
        with unit():
            assert connection.in_atomic_block


def test_control_a_signal_that_nobody_listens_to_leaves_the_thread_waiting(
    path: str, hanging: subprocess.Popen[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the watch the wait has no end: the thread is still there long after its time."""
    monkeypatch.setattr(waiting.signal, "pthread_kill", lambda *_: None)
    told: list[str] = []
    thread = threading.Thread(target=lambda: told.append(tried(path)), daemon=True)
    thread.start()
    thread.join(1)
    assert told == [] and thread.is_alive()
    hanging.kill()
    thread.join(10)
    assert told == [""]
