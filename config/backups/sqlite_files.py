"""SQLite files as they were at one instant, while others read and write them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from urllib.parse import quote
from uuid import UUID

from config.backups.obstacles import Obstacle
from paseo.platform.db.sqlite.turn import Turn

TAILS = ("", "-wal", "-shm", "-journal", ".lock")
"""What belongs to a database file on the disk."""


def copy_all(files: Sequence[Path], folder: Path) -> list[Path]:
    """Copies of ``files`` in ``folder``, each one file without a log beside it.

    Writers wait for the moment in which all the reads begin, not for the copying. The first file is begun first: put
    first what says that the others have been told (the outbox of orders), for what it does not know yet is told again
    and told twice is told once.
    """
    with _at_one_instant(files) as sources:
        copies = []
        for file, source in zip(files, sources, strict=True):
            copy = folder / file.name
            _copy(source, copy)
            copies.append(copy)
        return copies


@contextmanager
def _at_one_instant(files: Sequence[Path]) -> Iterator[list[sqlite3.Connection]]:
    with ExitStack() as stack:
        sources = [
            stack.enter_context(closing(sqlite3.connect(f"file:{quote(str(file))}?mode=rw", uri=True, timeout=20)))
            for file in files
        ]
        # Who never wrote through Paseo's own connection (the sandbox gateway) has no queue of writers.
        turns = [Turn(queue) for file in files if Path(queue := f"{file}.lock").exists()]
        try:
            for turn in turns:
                turn.take()
            for source in sources:
                source.isolation_level = None
                source.execute("BEGIN")
                source.execute("SELECT count(*) FROM sqlite_master").fetchone()
        finally:
            for turn in reversed(turns):
                turn.close()
        yield sources


def _copy(source: sqlite3.Connection, to: Path) -> None:
    to.touch(mode=0o600)
    with closing(sqlite3.connect(to)) as copy:
        source.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")
    verify(to)


def verify(file: Path) -> None:
    """Refuses a file that SQLite finds broken."""
    with closing(sqlite3.connect(f"file:{quote(str(file))}?mode=ro", uri=True)) as books:
        try:
            said = [str(row[0]) for row in books.execute("PRAGMA quick_check(1)")]
        except sqlite3.DatabaseError as error:
            said = [str(error)]
    if said != ["ok"]:
        raise Obstacle(f"The database {file.name} is damaged: {said[0].splitlines()[0]}. Nothing was changed.")


def rows(file: Path) -> dict[str, int]:
    """How many rows each table has."""
    with closing(sqlite3.connect(f"file:{quote(str(file))}?mode=ro", uri=True)) as books:
        names = books.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE '%_fts%' "
            "AND name <> 'django_migrations' ORDER BY name"
        ).fetchall()
        return {name: books.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for (name,) in names}  # noqa: S608


def migrations(file: Path) -> dict[str, str]:
    """The last migration of each app."""
    with closing(sqlite3.connect(f"file:{quote(str(file))}?mode=ro", uri=True)) as books:
        return dict(books.execute("SELECT app, max(name) FROM django_migrations GROUP BY app ORDER BY app"))


def erased(file: Path) -> set[UUID]:
    """The people who were erased here."""
    with closing(sqlite3.connect(f"file:{quote(str(file))}?mode=ro", uri=True)) as books:
        try:
            return {UUID(str(row[0])) for row in books.execute("SELECT person_id FROM consent_erasure")}
        except sqlite3.DatabaseError:
            return set()
