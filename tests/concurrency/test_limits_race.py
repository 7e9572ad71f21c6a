"""Many tries at the same moment: as many get through as the limit says, on a real file or a real server."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import pytest
from django.db import connection, models
from django.db.utils import ConnectionHandler
from django.utils.connection import ConnectionProxy

from paseo.kernel.errors import TooMany
from paseo.platform.limits import operations
from paseo.platform.limits.models import Meter

pytestmark = [pytest.mark.race, pytest.mark.django_db]

THREADS, TRIES, LIMIT = 8, 10, 20


@pytest.fixture
def together(tmp_path, monkeypatch) -> Iterator[Callable[[Callable[[], None]], None]]:
    """Runs a function in several threads, each with a connection of its own to one database."""
    settings = {**connection.settings_dict}
    if connection.vendor == "sqlite":
        settings |= {"NAME": str(tmp_path / "race.sqlite3"), "CONN_MAX_AGE": None}
    handler = ConnectionHandler({"default": settings})
    own = ConnectionProxy(handler, "default")
    if connection.vendor == "sqlite":
        with own.schema_editor() as editor:
            editor.create_model(Meter)
    monkeypatch.setattr(operations, "connection", own)

    def run(function: Callable[[], None]) -> None:
        start = threading.Barrier(THREADS)

        def work() -> None:
            start.wait()
            try:
                function()
            finally:
                own.close()

        threads = [threading.Thread(target=work) for _ in range(THREADS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    yield run
    with own.cursor() as cursor:
        cursor.execute("DELETE FROM limits_meter")
    own.close()


@pytest.fixture
def passed(together, now, monkeypatch) -> Callable[[], int]:
    monkeypatch.setattr(models.QuerySet, "first", lambda self: None)  # the refusal's second look, in another database

    def count() -> int:
        through: list[int] = []

        def spend() -> None:
            for _ in range(TRIES):
                try:
                    operations.hit("race", "one", limit=LIMIT, seconds=3600, now=now)
                except TooMany:
                    continue
                through.append(1)

        together(spend)
        return len(through)

    return count


def test_exactly_the_limit_gets_through(passed):
    assert passed() == LIMIT


def test_without_the_guard_more_would_get_through(passed, monkeypatch):
    """The control: it shows that the guard is what the test above tests."""
    unguarded = operations._SPEND.replace("WHERE limits_meter.full_at", "WHERE 0 * limits_meter.full_at")
    monkeypatch.setattr(operations, "_SPEND", unguarded)
    assert passed() == THREADS * TRIES
