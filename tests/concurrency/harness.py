"""Races on a real database: threads or processes that are let go at the same moment.

On SQLite the race runs on a file of its own, with the locks that production has; on PostgreSQL (``DATABASE_URL``) on
pytest's test database. A test takes the ``arena`` fixture:

    outcomes = arena.race(8, lambda number: redeem(tokens[number]))
    assert [o.value for o in outcomes if o.ok] == [...]

A race test has a control beside it: the same race with the guard switched off, which must go wrong. ``read_then_write``
is the guard switched off.
"""

from __future__ import annotations

import multiprocessing
import os
import pickle
import shutil
import threading
import time
import traceback
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import connections, models

from tests import databases

DATABASES = ("default", "stream")
PATIENCE = 60.0


@dataclass(frozen=True)
class Outcome:
    """What became of one racer."""

    value: Any = None
    error: BaseException | None = None
    seconds: float = 0.0

    @property
    def ok(self) -> bool:
        return self.error is None


class Arena:
    """A database that several connections may use at once, and the whistle."""

    vendor: str

    def __init__(self, vendor: str) -> None:
        self.vendor = vendor

    def race(self, racers: int, job: Callable[[int], Any], *, processes: bool = False) -> list[Outcome]:
        """Calls ``job(number)`` in ``racers`` threads (or forked processes) released together; outcomes by number.

        With processes, values and errors travel by pickle.
        """
        return _by_process(racers, job) if processes else _by_thread(racers, job)


def _run(job: Callable[[int], Any], number: int, wait: Callable[[], Any]) -> Outcome:
    try:
        connections["default"].ensure_connection()
        wait()
        began = time.perf_counter()
        try:
            return Outcome(value=job(number), seconds=time.perf_counter() - began)
        except Exception as error:
            error.add_note(traceback.format_exc(limit=-5))
            return Outcome(error=error, seconds=time.perf_counter() - began)
    finally:
        connections.close_all()


def _by_thread(racers: int, job: Callable[[int], Any]) -> list[Outcome]:
    barrier = threading.Barrier(racers, timeout=PATIENCE)
    outcomes: dict[int, Outcome] = {}

    def runner(number: int) -> None:
        outcomes[number] = _run(job, number, barrier.wait)

    threads = [threading.Thread(target=runner, args=(number,), daemon=True) for number in range(racers)]
    for thread in threads:
        thread.start()
    until = time.monotonic() + PATIENCE
    for thread in threads:
        thread.join(max(0.0, until - time.monotonic()))
    if any(thread.is_alive() for thread in threads):
        raise AssertionError(f"{sum(thread.is_alive() for thread in threads)} racers hang.")
    return [outcomes[number] for number in range(racers)]


def _by_process(racers: int, job: Callable[[int], Any]) -> list[Outcome]:
    context = multiprocessing.get_context("fork")
    barrier = context.Barrier(racers, timeout=PATIENCE)
    for connection in connections.all(initialized_only=True):
        connection.close()
    pipes, processes = [], []
    for number in range(racers):
        reader, writer = context.Pipe(duplex=False)

        def child(number: int = number, writer: Any = writer) -> None:
            outcome = _run(job, number, barrier.wait)
            try:
                packed = pickle.dumps(outcome)
                pickle.loads(packed)
            except Exception:
                packed = pickle.dumps(Outcome(error=AssertionError(repr(outcome.error or outcome.value))))
            writer.send_bytes(packed)
            os._exit(0)

        process = context.Process(target=child, daemon=True)
        with warnings.catch_warnings():
            # The threads of earlier races have ended; those of the test runner hold nothing that a child touches.
            warnings.simplefilter("ignore", DeprecationWarning)
            process.start()
        pipes.append(reader)
        processes.append(process)
    outcomes = []
    for reader, process in zip(pipes, processes, strict=True):
        if not reader.poll(PATIENCE):
            process.kill()
            raise AssertionError("A racer hangs.")
        outcomes.append(pickle.loads(reader.recv_bytes()))
        process.join()
    return outcomes


def read_then_write(
    pause: threading.Barrier | None = None,
) -> Callable[..., bool]:
    """``guarded`` with the guard switched off: it looks first and writes afterwards, as most shops do.

    ``pause`` lets all racers look before the first of them writes, so that the control does not depend on luck.
    """

    def unguarded(queryset: models.QuerySet[Any], expect: int = 1, **updates: Any) -> bool:
        keys = list(queryset.values_list("pk", flat=True))
        if pause is not None:
            with suppress(threading.BrokenBarrierError):
                pause.wait(2)
        if len(keys) != expect:
            return False
        queryset.model._base_manager.filter(pk__in=keys).update(**updates)
        return True

    return unguarded


@contextmanager
def sqlite_arena(folder: Path) -> Iterator[Arena]:
    """Puts copies of the migrated, empty files in the place of pytest's databases in memory."""
    files = template_files()
    kept = {alias: connections[alias] for alias in DATABASES}
    names = {alias: connections.settings[alias]["NAME"] for alias in DATABASES}
    try:
        for alias in DATABASES:
            target = folder / f"{alias}.sqlite3"
            shutil.copy(files[alias], target)
            connections.settings[alias]["NAME"] = str(target)
            del connections[alias]
        yield Arena("sqlite")
    finally:
        for alias in DATABASES:
            connections[alias].close()
            connections.settings[alias]["NAME"] = names[alias]
            kept[alias].settings_dict["NAME"] = names[alias]
            connections[alias] = kept[alias]


def template_files() -> dict[str, Path]:
    """The migrated, empty databases that the test session keeps."""
    mark = databases.fingerprint()
    return {alias: databases.kept(alias, mark) for alias in DATABASES}
