"""Which database a model lives in."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db import connections, models


def _streams(app_label: str, model_name: str | None) -> bool:
    if model_name is None:
        return False
    try:
        return bool(getattr(apps.get_model(app_label, model_name), "stream", False))
    except LookupError:
        return False


class StreamRouter:
    """A model with ``stream = True`` is written to the ``stream`` database: often, and without holding up orders.

    On SQLite that is a second file; on PostgreSQL a second connection to the same database, whose tables are made by
    migrating ``default``. Custom SQL of a stream table passes ``hints={"stream": True}`` in its migration.
    """

    def db_for_read(self, model: type[models.Model], **hints: Any) -> str:
        return "stream" if getattr(model, "stream", False) else "default"

    db_for_write = db_for_read

    def allow_relation(self, one: models.Model, other: models.Model, **hints: Any) -> bool:
        return self.db_for_read(type(one)) == self.db_for_read(type(other))

    def allow_migrate(self, db: str, app_label: str, model_name: str | None = None, **hints: Any) -> bool:
        if "stream" not in connections or connections["stream"].vendor != "sqlite":
            return db == "default"
        streams = hints["stream"] if "stream" in hints else _streams(app_label, model_name)
        return db == ("stream" if streams else "default")
