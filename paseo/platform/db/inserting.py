"""New rows in one INSERT whose text and conversions are worked out once per model: Django's ``bulk_create`` costs more
than the database does when a unit writes a row or two into each of ten tables."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from types import NoneType
from typing import Any
from uuid import UUID

from django.db import connections, models, transaction

DEFAULT = "default"
MOST_VALUES = 900
"""Longer statements are left to ``bulk_create``, which knows how much each database takes at once."""

_AS_IT_IS = frozenset({str, int, bool, NoneType})
_PLAIN = frozenset({
    "CharField", "TextField", "SlugField", "BooleanField", "SmallIntegerField", "IntegerField", "BigIntegerField",
    "PositiveSmallIntegerField", "PositiveIntegerField", "PositiveBigIntegerField",
})  # fmt: skip


class _Plan:
    def __init__(self, model: type[models.Model], connection: Any) -> None:
        meta = model._meta
        quote = connection.ops.quote_name
        fields: list[Any] = [
            field for field in meta.concrete_fields if not (field.primary_key and field is meta.auto_field)
        ]
        table, columns = quote(meta.db_table), ", ".join(quote(str(field.column)) for field in fields)
        self.begin = f"INSERT INTO {table} ({columns}) VALUES "  # noqa: S608 - names of our own
        self.marks = f"({', '.join(['%s'] * len(fields))})"
        self.getters = [(field.attname, _converter(field, connection)) for field in fields]

    def values(self, row: models.Model) -> list[Any]:
        state = row.__dict__
        return [convert(state[name]) for name, convert in self.getters]


_plans: dict[tuple[type[models.Model], str], _Plan] = {}


def _converter(field: Any, connection: Any) -> Callable[[Any], Any]:
    kind = field.target_field.get_internal_type() if field.is_relation else field.get_internal_type()
    as_text = not connection.features.has_native_uuid_field
    alias = connection.alias

    def slow(value: Any) -> Any:
        return field.get_db_prep_save(value, connections[alias])

    def plain(value: Any) -> Any:
        return value if type(value) in _AS_IT_IS else slow(value)

    def id(value: Any) -> Any:
        if value is None:
            return None
        return (value.hex if as_text else value) if type(value) is UUID else slow(value)

    def instant(value: Any) -> Any:
        if value is None:
            return None
        return connection.ops.adapt_datetimefield_value(value) if isinstance(value, datetime) else slow(value)

    if kind == "UUIDField":
        return id
    if kind == "DateTimeField":
        return instant
    return plain if kind in _PLAIN else slow


def _execute(rows: Sequence[models.Model], after: str, fetch: bool, alias: str = DEFAULT) -> Any:
    model = type(rows[0])
    connection = connections[alias]
    plan = _plans.get((model, connection.vendor))
    if plan is None:
        plan = _plans[model, connection.vendor] = _Plan(model, connection)
    values: list[Any] = []
    for row in rows:
        values += plan.values(row)
    with connection.cursor() as cursor:
        cursor.execute(f"{plan.begin}{', '.join([plan.marks] * len(rows))}{after}", values)
        return cursor.fetchone() if fetch else cursor.rowcount


def insert(rows: Sequence[models.Model]) -> None:
    """Writes rows of one model. Keys that the database numbers are not read back, signals are not sent."""
    if not rows:
        return
    model = type(rows[0])
    if len(rows) * len(model._meta.concrete_fields) > MOST_VALUES or model._meta.parents:
        model._base_manager.using(DEFAULT).bulk_create(rows)
        return
    _execute(rows, "", False)
    for row in rows:
        row._state.adding, row._state.db = False, DEFAULT


def insert_new(row: models.Model) -> bool:
    """Writes the row unless a UNIQUE of its table stands against it; whether it was written."""
    return bool(_execute([row], " ON CONFLICT DO NOTHING", False) == 1)


def insert_missing(rows: Sequence[models.Model], *, using: str = DEFAULT) -> int:
    """Writes those rows of one model that no UNIQUE of its table stands against; how many. One statement, or a
    transaction of several where the rows are many."""
    if not rows:
        return 0
    most = max(1, MOST_VALUES // len(type(rows[0])._meta.concrete_fields))
    if len(rows) <= most:
        return int(_execute(rows, " ON CONFLICT DO NOTHING", False, using))
    with transaction.atomic(using=using):
        return sum(
            _execute(rows[start : start + most], " ON CONFLICT DO NOTHING", False, using)
            for start in range(0, len(rows), most)
        )


def insert_or(row: models.Model, otherwise: str) -> tuple[Any, ...] | None:
    """Writes the row, or does what ``otherwise`` says (``ON CONFLICT … RETURNING …``). The columns it returns as the
    driver gives them, or None when neither happened."""
    found: tuple[Any, ...] | None = _execute([row], f" {otherwise}", True)
    return found
