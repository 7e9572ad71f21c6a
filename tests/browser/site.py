"""A whole installation for the browser: its own folder and database, the town in it, and a clock that stands still.

    python -m tests.browser.site build     makes the database and the town
    python -m tests.browser.site settle    delivers what waits in the outbox

The server is ``tests.browser.site:application``. The time is what the file ``clock`` in the folder says.
"""

from __future__ import annotations

import json
import os
import sys
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

NOON = datetime(2026, 5, 13, 9, 0, tzinfo=UTC)
"""A Wednesday in May, twelve o'clock in Helsinki."""

_kept = ExitStack()
"""The clock stays until the process ends."""


class FileClock:
    """The instant that stands in a file, for several processes at once."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def now(self) -> datetime:
        return datetime.fromisoformat(self.path.read_text())

    def set(self, instant: datetime) -> None:
        beside = self.path.with_suffix(".new")
        beside.write_text(instant.isoformat())
        beside.replace(self.path)


def _start_clock() -> FileClock:
    from paseo.kernel import clock

    file_clock = FileClock(Path(os.environ["PASEO_VAR"]) / "clock")
    _kept.enter_context(clock.use_clock(file_clock, everywhere=True))
    return file_clock


def build() -> None:
    """The town's ids are left in ``town.json``."""
    import django

    django.setup()
    _start_clock().set(NOON)
    from django.core.management import call_command

    for alias in ("default", "stream"):
        call_command("migrate", database=alias, verbosity=0)
    from demo.town import build_town

    town = build_town(now=NOON)
    names = ("slugs", "tokens", "stores", "offers", "merchants", "people", "touchpoints", "options")
    told: dict[str, Any] = {name: getattr(town, name) for name in names}
    (Path(os.environ["PASEO_VAR"]) / "town.json").write_text(json.dumps(told, default=str))


def settle() -> None:
    import django

    django.setup()
    _start_clock()
    from paseo.platform.outbox import relay

    relay.drain()


if __name__ == "__main__":
    {"build": build, "settle": settle}[sys.argv[1]]()
elif "PASEO_BROWSER_SITE" in os.environ:
    _start_clock()
    from config.rsgi import application as application
