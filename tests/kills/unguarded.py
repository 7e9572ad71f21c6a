"""The guards switched off, for controls: processes with these settings lose or tear what they answered.

``torn`` writes the rows of a unit in one transaction per table; ``hasty`` answers an order first and commits it then.
"""

from __future__ import annotations

import os
import queue
import threading
import time
from typing import Any

from django.apps import AppConfig

MODES = ("torn", "hasty")
SETTINGS = "tests.kills.unguarded_settings"
SWITCH = "KILLS_UNGUARDED"
TORN_SECONDS, HASTY_SECONDS = 0.03, 0.3


class Unguarded(AppConfig):
    name = "tests.kills.unguarded"
    label = "unguarded"

    def ready(self) -> None:
        {"torn": tear, "hasty": haste}[os.environ[SWITCH]]()


def tear() -> None:
    from django.db import connection

    from paseo.platform.db.inserting import insert
    from paseo.platform.db.unit.scope import Unit

    def flush(self: Unit) -> None:
        rows, self.rows = self.rows, {}
        for instances in rows.values():
            insert(instances)
            if connection.vendor == "postgresql":
                connection.connection.commit()
                time.sleep(TORN_SECONDS)
            else:
                with connection.cursor() as cursor:
                    cursor.execute("COMMIT")
                    time.sleep(TORN_SECONDS)
                    cursor.execute("BEGIN IMMEDIATE")

    Unit.flush = flush  # type: ignore[method-assign]


def haste() -> None:
    from django.db import connections

    from paseo.capabilities.ordering import operations
    from paseo.platform.db.unit import unit

    place = operations.place

    def before_commit(**wish: Any) -> Any:
        said: queue.Queue[Any] = queue.Queue()

        def work() -> None:
            try:
                with unit():
                    said.put(place(**wish))
                    time.sleep(HASTY_SECONDS)
            except Exception as error:
                said.put(error)
            finally:
                connections.close_all()

        threading.Thread(target=work).start()
        answer = said.get()
        if isinstance(answer, Exception):
            raise answer
        return answer

    operations.place = before_commit
