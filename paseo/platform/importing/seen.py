"""Which external ids a run has met, and on which line: in a temporary file, so that memory does not grow."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from types import TracebackType


class Seen:
    def __init__(self) -> None:
        # An empty name is a private database on disk that vanishes when it is closed.
        self._rows = sqlite3.connect("", isolation_level=None)
        self._rows.execute("PRAGMA journal_mode=OFF")
        self._rows.execute("PRAGMA cache_size=-2000")
        self._rows.execute("CREATE TABLE seen (id TEXT PRIMARY KEY, line INTEGER) WITHOUT ROWID")

    def __enter__(self) -> Seen:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._rows.close()

    def first_lines(self, rows: Sequence[tuple[str, int]]) -> list[int]:
        """For each (external id, line) the line on which the id was met first: its own when it is new."""
        firsts = []
        self._rows.execute("BEGIN")
        for id, line in rows:
            self._rows.execute("INSERT OR IGNORE INTO seen VALUES (?, ?)", (id, line))
            firsts.append(self._rows.execute("SELECT line FROM seen WHERE id = ?", (id,)).fetchone()[0])
        self._rows.execute("COMMIT")
        return firsts
