"""Guards of the database switched off, for controls. On SQLite the file is thrown away with the test; on PostgreSQL the
guard is put back, after the table with its broken rows was emptied."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection
from django.db.backends.signals import connection_created

from paseo.capabilities.inventory import statements
from paseo.platform.db.sqlite.base import DatabaseWrapper


def _run(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


def _one(sql: str, *values: Any) -> str:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return str(cursor.fetchone()[0])


@contextmanager
def without_checks(table: str, name: str) -> Iterator[None]:
    """The CHECK does not hold anybody back, on no connection."""
    if connection.vendor == "postgresql":
        definition = _one("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = %s", name)
        _run(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
        try:
            yield
        finally:
            _run(f"TRUNCATE {table} CASCADE")
            _run(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")
        return

    def ignore(*, connection: Any, **_: Any) -> None:
        connection.cursor().execute("PRAGMA ignore_check_constraints = ON")

    ignore(connection=connection)
    connection_created.connect(ignore)
    try:
        yield
    finally:
        connection_created.disconnect(ignore)
        _run("PRAGMA ignore_check_constraints = OFF")


@contextmanager
def without_index(table: str, name: str) -> Iterator[None]:
    """The UNIQUE does not hold anybody back."""
    definition = ""
    if connection.vendor == "postgresql":
        definition = _one("SELECT indexdef FROM pg_indexes WHERE indexname = %s", name)
    _run(f"DROP INDEX {name}")
    try:
        yield
    finally:
        if definition:
            _run(f"TRUNCATE {table} CASCADE")
            _run(definition)


@contextmanager
def without_stock_guard(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Neither the condition of the UPDATE nor the CHECK keeps what is not there from being sold."""
    monkeypatch.setattr(statements, "ENOUGH", "1 = 1")
    with without_checks("inventory_stockitem", "inventory_item_never_oversold"):
        yield


def look_before_writing(monkeypatch: pytest.MonkeyPatch, look: Callable[[], object]) -> None:
    """Units on SQLite begin as SQLite would: without a turn, and reading before they ask for the right to write."""

    def begin(self: Any) -> None:
        self.cursor().execute("BEGIN DEFERRED")
        look()

    monkeypatch.setattr(DatabaseWrapper, "_start_transaction_under_autocommit", begin)
