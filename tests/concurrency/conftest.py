from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import databases
from tests.concurrency.harness import Arena, sqlite_arena


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "arena" in getattr(item, "fixturenames", ()):
            item.add_marker("race")
            if not databases.on_sqlite():
                item.add_marker(pytest.mark.django_db(transaction=True, databases="__all__"))


@pytest.fixture
def arena(request: pytest.FixtureRequest, tmp_path: Path, django_db_setup: None, django_db_blocker) -> Iterator[Arena]:
    """A database for several connections at once, empty at the start of each test."""
    if not databases.on_sqlite():
        request.getfixturevalue("_django_db_helper")
        yield Arena("postgresql")
        return
    with django_db_blocker.unblock(), sqlite_arena(tmp_path) as opened:
        yield opened
