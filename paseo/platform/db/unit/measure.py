"""Counting statements, for tests that hold a path to its budget."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from django.db import connections


class Statements:
    def __init__(self) -> None:
        self._captures: list[Any] = []

    @property
    def all(self) -> list[str]:
        return [query["sql"] for capture in self._captures for query in capture.captured_queries]

    @property
    def count(self) -> int:
        """Every statement on every database, transaction control included."""
        return len(self.all)


@contextmanager
def sql_count() -> Iterator[Statements]:
    """``with sql_count() as sql: …; assert sql.count <= 8, sql.all``"""
    from django.test.utils import CaptureQueriesContext  # costs a tenth of a second that only tests should pay

    statements = Statements()
    with ExitStack() as stack:
        for alias in connections:
            statements._captures.append(stack.enter_context(CaptureQueriesContext(connections[alias])))
        yield statements
