"""Querysets that run for every order or every page: compiled once, then only their values are put in.

Building and compiling a queryset costs more than the database needs to answer it. ``Prepared`` keeps the statement
that Django wrote, one for each length of its lists, and the converters of its columns; so the queryset stays the one
description of what is asked, on every database.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connections, models, router
from django.db.models.expressions import Col
from django.db.models.query import ModelIterable, ValuesListIterable

from paseo.platform.db.documents import kept

LONGEST = 128
"""Longer lists are rare and of many lengths: they are compiled each time."""

MOST_PLANS = 1024
"""Of one queryset: one for each length of each list. Then it begins anew."""

_FAR = datetime(9990, 1, 1, tzinfo=UTC)
_Converters = list[tuple[int, list[Callable[..., Any]], Any]]


class Prepared:
    """``prices = Prepared(lambda ids, now: Price.objects.filter(…).values_list(…))``, then ``prices(ids, now)``.

    Arguments by position are values: ids, instants, texts, numbers, or lists of ids or texts. Arguments by name become
    part of the statement, such as a limit. Answers with a list of tuples, or of rows where the queryset gives rows; an
    empty list as an argument answers nothing. Documents in tuples are shared: changing one is a ``TypeError``, and
    ``copy.deepcopy`` gives one's own.
    """

    def __init__(self, build: Callable[..., models.QuerySet[Any, Any]]) -> None:
        self._build = build
        self._plans: dict[Any, _Plan] = {}
        self._alias = ""

    def __call__(self, *values: Any, **constants: Any) -> list[Any]:
        shape = tuple([len(value) if type(value) is list else type(value) for value in values])
        for part in shape:
            if part == 0:
                return []
            if type(part) is int and part > LONGEST:
                return list(self._build(*values, **constants))
        alias = self._alias or self._find_alias(values, constants)
        connection = connections[alias]
        key = (connection.vendor, shape, *constants.items())
        plan = self._plans.get(key)
        if plan is None:
            plan = _Plan(self._build, values, constants, alias)
            if len(self._plans) >= MOST_PLANS:
                self._plans.clear()
            self._plans[key] = plan
        return plan.run(connection, values)

    def _find_alias(self, values: Sequence[Any], constants: dict[str, Any]) -> str:
        self._alias = router.db_for_read(self._build(*values, **constants).model)
        return self._alias


class _Plan:
    def __init__(self, build: Callable[..., Any], values: Sequence[Any], constants: dict[str, Any], alias: str) -> None:
        connection = connections[alias]
        places: dict[Any, int] = {}
        self.adapters: list[Callable[[Any, Any], Any]] = []
        stands_in: list[Any] = []
        for value in values:
            if type(value) is list:
                stands_in.append([self._mark(part, places, connection) for part in value])
            else:
                stands_in.append(None if value is None else self._mark(value, places, connection))
        queryset = build(*stands_in, **constants)
        if queryset._iterable_class not in (ModelIterable, ValuesListIterable):
            raise TypeError("A prepared queryset gives rows, or values_list() without flat and named.")
        compiler = queryset.query.get_compiler(alias)
        try:
            self.sql, params = compiler.as_sql()
        except EmptyResultSet:
            self.sql = ""
            return
        self.params = [
            (places[param], None) if _hashable(param) and param in places else (-1, param) for param in params
        ]
        if {place for place, _ in self.params if place >= 0} != set(places.values()):
            raise AssertionError("A value of a prepared queryset does not reach its statement as it is.")
        self.uuids_as_text = not connection.features.has_native_uuid_field
        self.model = queryset.model if queryset._iterable_class is ModelIterable else None
        columns = [selected[0] for selected in compiler.select[: compiler.col_count]]
        self.more_columns = bool(compiler.has_extra_select)
        self.width = len(columns)
        self.converters: _Converters = []
        self.remembered: list[tuple[int, Callable[[Any], Any]]] = []
        for position, (convert, expression) in compiler.get_converters(columns).items():
            if known := self._remembered(expression):
                self.remembered.append((position, known))
            else:
                self.converters.append((position, list(convert), expression))

        if self.model is not None:
            self.names = [field.attname for field in self.model._meta.concrete_fields]
            assert len(self.names) == len(columns), "rows of a model come whole and alone"

    def _remembered(self, expression: Any) -> Callable[[Any], Any] | None:
        """Menus say the same texts again and again: what a text means is remembered instead of read anew. Not for rows
        of a model, whose documents may be changed in place."""
        field = getattr(expression, "output_field", None)
        if isinstance(field, models.UUIDField) and self.uuids_as_text:
            return _uuid
        if type(field) is models.JSONField and field.decoder is None and isinstance(expression, Col):
            return None if self.model is not None else _document
        return None

    def _mark(self, value: Any, places: dict[Any, int], connection: Any) -> Any:
        self.adapters.append(_adapter(value, connection))
        return _mark(value, places, connection)

    def run(self, connection: Any, values: Sequence[Any]) -> list[Any]:
        if not self.sql:
            return []
        flat: list[Any] = []
        for value in values:
            if type(value) is list:
                flat += value
            elif value is not None:
                flat.append(value)
        adapted = [adapt(value, connection) for adapt, value in zip(self.adapters, flat, strict=True)]
        with connection.cursor() as cursor:
            cursor.execute(self.sql, [param if place < 0 else adapted[place] for place, param in self.params])
            rows = cursor.fetchall()
        if self.more_columns:
            rows = [row[: self.width] for row in rows]
        if self.converters or self.remembered:
            rows = [self._converted(row, connection) for row in rows]
        if self.model is not None:
            return [self.model.from_db(connection.alias, self.names, row) for row in rows]
        return list(rows)

    def _converted(self, row: Sequence[Any], connection: Any) -> tuple[Any, ...]:
        cells = list(row)
        for position, meaning in self.remembered:
            value = cells[position]
            if value is not None:
                cells[position] = meaning(value)
        for position, converters, expression in self.converters:
            value = cells[position]
            for convert in converters:
                value = convert(value, expression, connection)
            cells[position] = value
        return tuple(cells)


_uuid = lru_cache(65_536)(UUID)


@lru_cache(8_192)
def _document(text: str) -> Any:
    """Shared by everybody who reads the same text: nobody can change it."""
    return kept(json.loads(text))


# How values are handed to the driver. A value of another kind than the one that was there first raises.


def _uuid_as_text(value: UUID, connection: Any) -> str:
    return value.hex


def _uuid_as_it_is(value: UUID, connection: Any) -> UUID:
    return UUID(int=value.int) if type(value) is not UUID else value


def _instant(value: datetime, connection: Any) -> Any:
    if value.tzinfo is None:
        raise TypeError("An instant has a zone.")
    return connection.ops.adapt_datetimefield_value(value)


def _text(value: str, connection: Any) -> str:
    return "" + value


def _number(value: int, connection: Any) -> int:
    return 0 + value


def _adapter(value: Any, connection: Any) -> Callable[[Any, Any], Any]:
    if isinstance(value, UUID):
        return _uuid_as_it_is if connection.features.has_native_uuid_field else _uuid_as_text
    if isinstance(value, datetime):
        return _instant
    return _text if type(value) is str else _number


def _mark(value: Any, places: dict[Any, int], connection: Any) -> Any:
    """A value that is met nowhere else, so that it can be found among the parameters of the statement."""
    place = len(set(places.values()))
    stand_in: Any
    if isinstance(value, UUID):
        stand_in = UUID(int=(0xFEED << 112) + place)
        places[stand_in] = places[stand_in.hex] = place
    elif isinstance(value, datetime):
        stand_in = _FAR + timedelta(seconds=place)
        places[stand_in] = places[connection.ops.adapt_datetimefield_value(stand_in)] = place
    elif type(value) is str:
        # Whatever is done to a text on its way (case, spaces, what LIKE or a pattern must not see) changes this one.
        stand_in = f" \ufdd0Aa%_\\.*'{place} "
        places[stand_in] = place
    elif type(value) is int:
        stand_in = 1_900_000_000 + place
        places[stand_in] = place
    else:
        raise TypeError(f"A prepared queryset takes ids, instants, texts and numbers, not {type(value).__name__}.")
    return stand_in


def _hashable(param: Any) -> bool:
    return type(param).__hash__ is not None
