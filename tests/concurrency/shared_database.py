"""A database that several threads really share: PostgreSQL as it is, SQLite as a file instead of memory."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

from django.db import connections


@contextmanager
def shared_database(folder: Path) -> Iterator[None]:
    """Inside, every thread has its own connection to one database with durable commits."""
    mine = connections["default"]
    if mine.vendor != "sqlite":
        yield
        return
    mine.ensure_connection()
    file = folder / "shared.sqlite3"
    with sqlite3.connect(file) as copy:
        mine.connection.backup(copy)
    copy.close()
    name = mine.settings_dict["NAME"]
    mine.settings_dict["NAME"] = str(file)
    connections["default"] = connections.create_connection("default")
    try:
        yield
    finally:
        connections["default"].close()
        mine.settings_dict["NAME"] = name
        connections["default"] = mine


def at_once[T, R](function: Callable[[T], R], arguments: list[T], threads: int) -> list[R | BaseException]:
    """Calls the function with every argument from so many threads; what each call gave or raised, in order."""
    results: list[R | BaseException] = [LookupError("never ran")] * len(arguments)
    waiting = list(enumerate(arguments))[::-1]

    def work() -> None:
        try:
            while True:
                try:
                    position, argument = waiting.pop()
                except IndexError:
                    return
                try:
                    results[position] = function(argument)
                except Exception as error:
                    results[position] = error
        finally:
            connections.close_all()

    running = [Thread(target=work) for _ in range(threads)]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join()
    return results
