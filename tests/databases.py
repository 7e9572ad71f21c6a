"""The databases of the tests. Migrating them takes longer than most test runs, so on SQLite the result is kept.

The kept files carry the fingerprint of every migration in their names: who changes a migration migrates once.
"""

from __future__ import annotations

import fcntl
import functools
import hashlib
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import django
from django.apps import apps
from django.conf import settings
from django.db import connections

ROOT = Path(__file__).resolve().parents[1]
KEPT = ROOT / ".pytest_cache" / "databases"
ALIASES = ("default", "stream")


def on_sqlite() -> bool:
    return "sqlite" in settings.DATABASES["default"]["ENGINE"]


def fingerprint() -> str:
    """Changes with any migration of any installed app."""
    digest = hashlib.sha256(django.get_version().encode())
    for config in sorted(apps.get_app_configs(), key=lambda one: one.label):
        digest.update(config.name.encode())
        for file in sorted((Path(config.path) / "migrations").glob("*.py")):
            digest.update(file.name.encode() + file.read_bytes())
    return digest.hexdigest()[:16]


def kept(alias: str, mark: str) -> Path:
    return KEPT / f"{mark}-{alias}.sqlite3"


@contextmanager
def prepared(migrate: Callable[[], Any], destroy: Callable[[Any], None]) -> Iterator[None]:
    """Test databases in memory, filled from the kept files, or made by ``migrate`` and then kept."""
    mark = fingerprint()
    KEPT.mkdir(parents=True, exist_ok=True)
    with (KEPT / "lock").open("w") as lock:
        # Of several test runs that start together one migrates and the others wait for its files.
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not all(kept(alias, mark).exists() for alias in ALIASES):
            made = migrate()
            for alias in ALIASES:
                _keep(alias, mark)
            undo = functools.partial(destroy, made)
        else:
            undo = _restore(mark)
    try:
        yield
    finally:
        undo()


def _keep(alias: str, mark: str) -> None:
    connections[alias].ensure_connection()
    partial = kept(alias, mark).with_suffix(f".{os.getpid()}")
    target = sqlite3.connect(partial)
    connections[alias].connection.backup(target)
    target.close()
    partial.replace(kept(alias, mark))
    for old in sorted(KEPT.glob(f"*-{alias}.sqlite3"), key=lambda file: file.stat().st_mtime)[:-12]:
        old.unlink(missing_ok=True)


def _restore(mark: str) -> Callable[[], None]:
    names = {alias: connections[alias].settings_dict["NAME"] for alias in ALIASES}
    for alias in ALIASES:
        connection = connections[alias]
        connection.close()
        name = connection.creation._get_test_db_name()
        settings.DATABASES[alias]["NAME"] = connection.settings_dict["NAME"] = name
        connection.ensure_connection()
        source = sqlite3.connect(kept(alias, mark))
        source.backup(connection.connection)
        source.close()

    def undo() -> None:
        for alias, name in names.items():
            connections[alias].creation.destroy_test_db(name, verbosity=0)

    return undo
