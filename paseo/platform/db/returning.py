"""Conditional UPDATEs that give the changed row back, in one statement on both databases."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.db import connections, models
from django.db.models.sql import UpdateQuery

DEFAULT = "default"
_columns: dict[type[models.Model], str] = {}
_loaders: dict[tuple[type[models.Model], str], list[tuple[int, list[Callable[..., Any]], Any]]] = {}


def update_returning[M: models.Model](queryset: models.QuerySet[M], **updates: Any) -> M | None:
    """The row as it is after the update, or None when none met the queryset's filter. At most one row may meet it."""
    query: Any = queryset.query.chain(UpdateQuery)
    query.add_update_values(updates)
    sql, params = query.get_compiler(connection=connections[DEFAULT]).as_sql()
    return _run(queryset.model, sql, params)


def statement_returning[M: models.Model](model: type[M], sql: str, params: Sequence[tuple[str, Any]]) -> M | None:
    """The same for a statement that is written out because it runs for every order. ``params`` are pairs of the field
    whose type a value has, and the value."""
    connection = connections[DEFAULT]
    field_of = model._meta.get_field
    values = [field_of(name).get_db_prep_value(value, connection) for name, value in params]  # type: ignore[union-attr]
    return _run(model, sql, values)


def _run[M: models.Model](model: type[M], sql: str, params: Sequence[Any]) -> M | None:
    connection = connections[DEFAULT]
    columns = _columns.get(model)
    if columns is None:
        quote = connection.ops.quote_name
        columns = _columns[model] = ", ".join(quote(str(field.column)) for field in model._meta.concrete_fields)
    with connection.cursor() as cursor:
        cursor.execute(f"{sql} RETURNING {columns}", params)
        found = cursor.fetchmany(2)
    assert len(found) <= 1, f"{model._meta.label}: a condition for one row was met by more"
    if not found:
        return None
    values = list(found[0])
    for position, converters, expression in _loader(model, connection):
        for convert in converters:
            values[position] = convert(values[position], expression, connection)
    return model.from_db(DEFAULT, [field.attname for field in model._meta.concrete_fields], values)


def _loader(model: type[models.Model], connection: Any) -> list[tuple[int, list[Callable[..., Any]], Any]]:
    """Which columns need converting from what the driver gives, and how."""
    known = _loaders.get((model, connection.vendor))
    if known is None:
        known = []
        for position, field in enumerate(model._meta.concrete_fields):
            expression = field.get_col(model._meta.db_table)
            converters = connection.ops.get_db_converters(expression) + expression.get_db_converters(connection)
            if converters:
                known.append((position, converters, expression))
        _loaders[model, connection.vendor] = known
    return known
