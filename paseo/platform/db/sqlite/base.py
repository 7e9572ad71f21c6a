"""The backend itself.

SQLite lets one writer in and makes the others poll with growing pauses, so that under load some of them starve. Here
every write transaction first waits on a ``flock`` beside the database file, where the operating system queues the
waiting threads and processes. Reads outside a transaction take no lock at all.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db.backends.sqlite3 import base, operations

from paseo.platform.db.sqlite.turn import Turn

Database = base.Database  # type: ignore[attr-defined]
_Wrapper: Any = base.DatabaseWrapper


class DatabaseOperations(operations.DatabaseOperations):
    def execute_sql_flush(self, sql_list: Iterable[str]) -> None:
        """Empties all tables, as tests do. Append-only tables refuse that on SQLite, which has no TRUNCATE: their triggers
        step aside inside the same transaction."""
        triggers = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'append_only_%'"
        with self.connection.cursor() as cursor:
            cursor.execute(triggers)
            aside = cursor.fetchall()
        super().execute_sql_flush(
            [*(f'DROP TRIGGER "{name}"' for name, _ in aside), *sql_list, *(statement for _, statement in aside)]
        )


class DatabaseWrapper(_Wrapper):
    ops_class = DatabaseOperations

    def __init__(self, settings_dict: dict[str, Any], alias: str = "default") -> None:
        super().__init__(settings_dict, alias)
        self._turn: Turn | None = None

    def _start_transaction_under_autocommit(self) -> None:
        if self.transaction_mode not in {"IMMEDIATE", "EXCLUSIVE"} or self.is_in_memory_db():
            super()._start_transaction_under_autocommit()
            return
        turn = self._writers_turn()
        turn.take()
        try:
            super()._start_transaction_under_autocommit()
        except BaseException:
            turn.give_back()
            raise

    @contextmanager
    def turn_at_writing(self) -> Iterator[None]:
        """For a single statement outside a transaction: it queues with the others, too."""
        if self.is_in_memory_db():
            yield
            return
        self._writers_turn().take()
        try:
            yield
        finally:
            self._give_back()

    def _commit(self) -> None:
        super()._commit()
        self._give_back()

    def _rollback(self) -> None:
        try:
            super()._rollback()
        finally:
            self._give_back()

    def _close(self) -> None:
        try:
            super()._close()
        finally:
            if self._turn is not None:
                self._turn.close()

    def _writers_turn(self) -> Turn:
        path = f"{os.fspath(self.settings_dict['NAME'])}.lock"
        if self._turn is None or self._turn.path != path:
            self._turn = Turn(path)
        return self._turn

    def _give_back(self) -> None:
        if self._turn is not None:
            self._turn.give_back()
