"""PostgreSQL by its own tools, with the rows counted in the same snapshot."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

from config.backups.obstacles import Obstacle

DUMP = "paseo.pgdump"
ASIDE = "replaced_"
_TABLES = """
SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'django_migrations' ORDER BY tablename
"""


def _parameters(settings: dict[str, Any]) -> dict[str, str]:
    found = {
        "dbname": settings["NAME"], "user": settings["USER"], "host": settings["HOST"], "port": settings["PORT"],
        **{name: value for name, value in settings["OPTIONS"].items() if isinstance(value, str)},
    }  # fmt: skip
    return {name: str(value) for name, value in found.items() if value}


def _told(settings: dict[str, Any]) -> tuple[str, dict[str, str]]:
    """Where it is, for an argument; the password, which an argument would show to everybody, for the environment."""
    from psycopg.conninfo import make_conninfo

    secret = {"PGPASSWORD": str(settings["PASSWORD"])} if settings["PASSWORD"] else {}
    return make_conninfo(**_parameters(settings)), {**os.environ, **secret}


@contextmanager
def connected(settings: dict[str, Any]) -> Iterator[Any]:
    import psycopg

    password = {"password": str(settings["PASSWORD"])} if settings["PASSWORD"] else {}
    try:
        connection = psycopg.connect(**_parameters(settings), **password, autocommit=True)  # type: ignore[arg-type]
    except psycopg.OperationalError as error:
        first = str(error).strip().splitlines()[0]
        raise Obstacle(f"The database does not answer: {first}. Look at DATABASE_URL. Nothing was changed.") from None
    with connection:
        yield connection


def dump(settings: dict[str, Any], to: Path) -> tuple[dict[str, int], dict[str, str]]:
    """Writes the dump; returns the rows of each table and the last migration of each app, all of one snapshot."""
    with connected(settings) as connection, connection.cursor() as cursor:
        cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        snapshot = cursor.execute("SELECT pg_export_snapshot()").fetchone()[0]
        _run(
            "pg_dump", settings, "--format=custom", "--compress=0", "--no-owner", "--no-privileges",
            f"--snapshot={snapshot}", f"--exclude-schema={ASIDE}*", f"--file={to}",
        )  # fmt: skip
        to.chmod(0o600)
        return _rows(cursor), _migrations(cursor)


def _rows(cursor: Any) -> dict[str, int]:
    names = [row[0] for row in cursor.execute(_TABLES).fetchall()]
    return {name: cursor.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in names}  # noqa: S608


def _migrations(cursor: Any) -> dict[str, str]:
    return dict(cursor.execute("SELECT app, max(name) FROM django_migrations GROUP BY app ORDER BY app").fetchall())


def is_empty(settings: dict[str, Any]) -> bool:
    with connected(settings) as connection:
        return not connection.execute("SELECT 1 FROM pg_tables WHERE schemaname = 'public' LIMIT 1").fetchall()


def is_in_use(settings: dict[str, Any]) -> bool:
    """Whether anybody else is connected."""
    with connected(settings) as connection:
        return bool(
            connection.execute(
                "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() "
                "AND backend_type = 'client backend' LIMIT 1"
            ).fetchall()
        )


def move_aside(settings: dict[str, Any], stamp: str) -> str:
    """The old tables keep standing in a schema of their own, whose name is returned."""
    name = f"{ASIDE}{stamp}"
    with connected(settings) as connection:
        connection.execute(f'BEGIN; ALTER SCHEMA public RENAME TO "{name}"; CREATE SCHEMA public; COMMIT')
    return name


def put_back(settings: dict[str, Any], name: str) -> None:
    with connected(settings) as connection:
        connection.execute(f'BEGIN; DROP SCHEMA public CASCADE; ALTER SCHEMA "{name}" RENAME TO public; COMMIT')


def load(settings: dict[str, Any], dumped: Path) -> dict[str, int]:
    """Fills an empty schema, all or nothing; returns the rows of each table."""
    place, _ = _told(settings)
    _run(
        "pg_restore", settings, "--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error",
        "--schema=public", f"--dbname={place}", str(dumped),
    )  # fmt: skip
    with connected(settings) as connection, connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        return _rows(cursor)


def erased(settings: dict[str, Any], schema: str) -> set[UUID]:
    """The people who were erased in a database that was moved aside."""
    with connected(settings) as connection:
        known = connection.execute("SELECT to_regclass(%s)", [f'"{schema}".consent_erasure']).fetchone()[0]
        if known is None:
            return set()
        return {row[0] for row in connection.execute(f'SELECT person_id FROM "{schema}".consent_erasure')}  # noqa: S608


def _run(tool: str, settings: dict[str, Any], *arguments: str) -> None:
    if shutil.which(tool) is None:
        raise Obstacle(
            f"{tool} is not installed on this machine. It comes with PostgreSQL's client programs (on Debian: "
            "apt install postgresql-client). Nothing was changed."
        )
    place, environment = _told(settings)
    # pg_restore is told its place by its own argument.
    where = ["--dbname", place] if tool == "pg_dump" else []
    done = subprocess.run([tool, *where, *arguments], env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        said = next((line for line in done.stderr.splitlines() if "error:" in line), done.stderr.strip() or "no reason")
        raise Obstacle(f"{tool} failed: {said.split('error: ')[-1]}")
