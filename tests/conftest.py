"""Fixtures that every test may use."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from paseo.kernel.clock import Seed, VirtualClock, use_clock

NOON = datetime(2026, 5, 13, 9, 0, tzinfo=UTC)
"""A Wednesday in May, twelve o'clock in Helsinki."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test that may use the database may use both: orders in one, the stream of contacts in the other."""
    for item in items:
        marker = item.get_closest_marker("django_db")
        fixtures = getattr(item, "fixturenames", ())
        if marker is not None and "databases" not in marker.kwargs:
            item.add_marker(
                pytest.mark.django_db(*marker.args, **{**marker.kwargs, "databases": "__all__"}), append=False
            )
        elif marker is None and {"db", "transactional_db", "live_server"} & set(fixtures):
            item.add_marker(pytest.mark.django_db(databases="__all__"))


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None, django_db_blocker: Any, django_db_modify_db_settings: None
) -> Iterator[None]:
    """Makes the test databases once per session; on SQLite from what an earlier session has migrated."""
    from django.db import connections
    from django.test.utils import setup_databases, teardown_databases

    from tests import databases

    def migrate() -> Any:
        return setup_databases(verbosity=0, interactive=False)

    def destroy(made: Any) -> None:
        teardown_databases(made, verbosity=0)

    with django_db_blocker.unblock():
        if databases.on_sqlite():
            with databases.prepared(migrate, destroy):
                yield
        else:
            made = migrate()
            yield
            connections.close_all()  # the stream has a connection of its own to the same database
            destroy(made)


@pytest.fixture
def clock() -> Iterator[VirtualClock]:
    """A virtual clock that starts at noon in Helsinki; ``clock.advance(minutes=5)`` moves it."""
    virtual = VirtualClock(NOON)
    with use_clock(virtual, everywhere=True):
        yield virtual


@pytest.fixture
def now(clock: VirtualClock) -> datetime:
    """The instant at which the virtual clock starts."""
    return clock.now()


@pytest.fixture
def seed() -> Seed:
    return Seed(20260513)


@pytest.fixture
def drain_events(db: None) -> Callable[[], int]:
    """Delivers everything in the outbox, including what reactions emit; returns the number of events delivered.

    A reaction that fails raises here instead of being retried later.
    """
    from paseo.platform.outbox import relay

    return relay.drain


@pytest.fixture
def api(client: Any) -> Any:
    """Django's test client, sending and expecting JSON."""
    client.defaults["HTTP_ACCEPT"] = "application/json"
    return client


@pytest.fixture(scope="session")
def django_db_modify_db_settings_xdist_suffix(request: pytest.FixtureRequest) -> None:
    """Workers side by side: databases in memory are apart anyway; those of PostgreSQL get the worker's name."""
    from tests.databases import on_sqlite

    worker = getattr(request.config, "workerinput", {}).get("workerid")
    if worker and not on_sqlite():
        from pytest_django.fixtures import _set_suffix_to_test_databases

        _set_suffix_to_test_databases(suffix=worker)


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    """A test that switched the language must not decide in which one the next test reads."""
    from django.utils import translation

    with translation.override("en"):
        yield


def pytest_configure() -> None:
    from tools.messages import compile_stale

    compile_stale()
