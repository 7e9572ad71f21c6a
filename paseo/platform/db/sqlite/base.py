"""The backend itself.

SQLite lets one writer in and makes the others poll with growing pauses, so that under load some of them starve. Here
every write first waits on a ``flock`` beside the database file, where the operating system queues the waiting threads
and processes: transactions as a whole, and single statements outside of one. Reads outside a transaction take no lock.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
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


class QueuedCursor(base.SQLiteCursorWrapper):
    """A write outside a transaction queues, too; polling it would keep those who waited for their turn waiting."""

    turn: Turn | None = None

    def execute(self, query: str, params: Any = None) -> Any:
        with self._turn_at(query):
            return super().execute(query, params)

    def executemany(self, query: str, param_list: Any) -> Any:
        with self._turn_at(query):
            return super().executemany(query, param_list)

    def _turn_at(self, query: str) -> AbstractContextManager[None]:
        turn = self.turn
        if turn is None or turn.held or not query.lstrip()[:7].upper().startswith(_WRITES):
            return _nothing
        return _whole_turn(turn)


_WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE")
_nothing: AbstractContextManager[None] = nullcontext()


@contextmanager
def _whole_turn(turn: Turn) -> Iterator[None]:
    turn.take()
    try:
        yield
    finally:
        turn.give_back()


class DatabaseWrapper(_Wrapper):
    ops_class = DatabaseOperations

    def __init__(self, settings_dict: dict[str, Any], alias: str = "default") -> None:
        super().__init__(settings_dict, alias)
        self._turn: Turn | None = None

    def create_cursor(self, name: str | None = None) -> Any:
        cursor = self.connection.cursor(factory=QueuedCursor)
        if self.transaction_mode in {"IMMEDIATE", "EXCLUSIVE"} and not self.is_in_memory_db():
            cursor.turn = self._writers_turn()
        return cursor

    def checkpoint(self, pages: int) -> int:
        """Brings what the write-ahead log holds into the database file while others read and write; returns the pages
        in the log. Above ``pages`` it takes a turn for the rest, so that the log begins anew instead of growing."""
        if self.is_in_memory_db():
            return 0
        self.ensure_connection()
        _, logged, _ = self._checkpoint_once()
        if logged > pages:
            with self.turn_at_writing():
                self._checkpoint_once()
        return int(logged)

    def _checkpoint_once(self) -> tuple[int, int, int]:
        found: tuple[int, int, int] = self.connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
        return found

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
