"""The town that every channel's tests walk through."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from importlib import import_module
from typing import Any

import pytest
from django.db import connections

from demo.town import Town, build_town

Statement = tuple[str, str, Any, bool]
WRITES = ("INSERT", "UPDATE", "DELETE")
CACHES = {
    "paseo.capabilities.catalog.queries.orders": ("_choices",),
    "paseo.capabilities.directory.stored": ("_cards", "_slugs", "_cells", "_shared"),
    "paseo.capabilities.fulfillment.queries": ("_in_hand",),
    "paseo.capabilities.ordering.choices": ("_known",),
    "paseo.capabilities.ordering.terms": ("_known",),
}
_built: dict[tuple[str, datetime], tuple[bytes, list[Statement]]] = {}


@pytest.fixture
def town(db: None, now: datetime, settings: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """The town at noon in Helsinki; ids by name, see ``demo.town.Town``.

    It is built through the operations once; what that wrote is written again for each further test, which takes a
    tenth of the time.
    """
    settings.MEDIA_ROOT = _media(tmp_path_factory)
    # The demo's passwords are public: hashing them slowly would only slow the tests down.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    forget_everything()
    key = (connections["default"].vendor, now)
    if key in _built:
        made, written = _built[key]
        _write_again(written)
        yield pickle.loads(made)
    else:
        statements: list[Statement] = []
        with recorded(statements):
            fresh = build_town(now=now)
        _built[key] = (pickle.dumps(fresh), statements)
        yield fresh
    forget_everything()


def forget_everything() -> None:
    """Empties what the process keeps for a few seconds: the ids of the town are the same in every test."""
    for name, caches in CACHES.items():
        module = import_module(name)
        for cache in caches:
            getattr(module, cache, {}).clear()
    import_module("paseo.capabilities.pricing.queries").forget()
    import_module("paseo.channels.storefront.here").forget()


@contextmanager
def recorded(statements: list[Statement]) -> Iterator[None]:
    """Collects everything that is written to any database."""

    def listen(alias: str) -> Callable[..., Any]:
        def wrapper(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
            if sql.lstrip()[:6].upper() in WRITES:
                statements.append((alias, sql, [tuple(row) for row in params] if many else params, many))
            return execute(sql, params, many, context)

        return wrapper

    with ExitStack() as stack:
        for alias in connections:
            stack.enter_context(connections[alias].execute_wrapper(listen(alias)))
        yield


def _write_again(statements: list[Statement]) -> None:
    for alias, sql, params, many in statements:
        with connections[alias].cursor() as cursor:
            if many:
                cursor.executemany(sql, params)
            else:
                cursor.execute(sql, params)


def _media(factory: pytest.TempPathFactory) -> Any:
    return factory.getbasetemp() / "town-media"
