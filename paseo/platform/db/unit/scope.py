"""The unit itself: a transaction, the rows it will write at its end, and what happens after it."""

from __future__ import annotations

import functools
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Any

from django.db import ProgrammingError, connections, models, router, transaction

from paseo.platform.db.inserting import insert

log = logging.getLogger(__name__)
DEFAULT = "default"


def _connection() -> Any:
    return connections[DEFAULT]


def _inside_transaction(connection: Any) -> bool:
    """Whether a transaction is open that will be committed: the one that a test wraps around itself does not count."""
    return any(not block._from_testcase for block in connection.atomic_blocks)


class Unit:
    """One unit of work. Made by ``unit()``; nobody needs to construct it."""

    def __init__(self) -> None:
        self.rows: dict[type[models.Model], list[models.Model]] = {}
        self.callbacks: list[Callable[[], object]] = []
        self.last: list[Callable[[], object]] = []

    def add(self, *instances: models.Model) -> None:
        for instance in instances:
            self.rows.setdefault(type(instance), []).append(instance)

    def mark(self) -> tuple[dict[type[models.Model], int], int]:
        return {model: len(rows) for model, rows in self.rows.items()}, len(self.callbacks)

    def back_to(self, mark: tuple[dict[type[models.Model], int], int]) -> None:
        counts, callbacks = mark
        self.rows = {model: rows[: counts[model]] for model, rows in self.rows.items() if model in counts}
        del self.callbacks[callbacks:]

    def flush(self) -> None:
        """Writes the collected rows, one statement per model, in the order in which the models first appeared."""
        rows, self.rows = self.rows, {}
        for model, instances in rows.items():
            if router.db_for_write(model) == DEFAULT:
                insert(instances)
            else:
                # Another database cannot be part of this transaction: its rows follow once this one is certain.
                self.callbacks.append(functools.partial(model._base_manager.bulk_create, instances))


class _Scope:
    """The context manager behind ``unit()``: opens a unit, or joins the one that is open on this connection."""

    def __init__(self, savepoint: bool) -> None:
        self.savepoint = savepoint

    def __enter__(self) -> Unit:
        connection = _connection()
        open_unit: Unit | None = getattr(connection, "paseo_unit", None)
        self.outermost = open_unit is None
        if open_unit is None:
            open_unit = Unit()
            self.atomic = transaction.atomic(using=DEFAULT)
            self.atomic.__enter__()
            connection.paseo_unit = open_unit
        else:
            self.mark = open_unit.mark() if self.savepoint else None
            self.atomic = transaction.atomic(using=DEFAULT, savepoint=self.savepoint)
            self.atomic.__enter__()
        self.unit = open_unit
        return open_unit

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if not self.outermost:
            if kind is not None and self.mark is not None:
                self.unit.back_to(self.mark)
            self.atomic.__exit__(kind, error, trace)
            return
        connection = _connection()
        connection.paseo_unit = None
        try:
            self._close(connection, kind, error, trace)
        finally:
            for callback in self.unit.last:
                _run_quietly(callback)

    def _close(
        self,
        connection: Any,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is None:
            try:
                if connection.needs_rollback:
                    raise ProgrammingError(
                        "A part of this unit failed and was caught: use unit(savepoint=True) for it."
                    )
                self.unit.flush()
            except BaseException as failure:
                self.atomic.__exit__(type(failure), failure, failure.__traceback__)
                raise
        self.atomic.__exit__(kind, error, trace)
        if kind is not None:
            return
        for callback in self.unit.callbacks:
            _run_when_certain(connection, callback)


def _run_when_certain(connection: Any, callback: Callable[[], object]) -> None:
    if _inside_transaction(connection):
        transaction.on_commit(functools.partial(_run_quietly, callback), using=DEFAULT)
    else:
        _run_quietly(callback)


def _run_quietly(callback: Callable[[], object]) -> None:
    """What was decided is decided: a callback that fails is logged, the caller still gets its answer."""
    try:
        callback()
    except Exception:
        log.exception("%r failed after its unit was over", callback)


def unit(*, savepoint: bool = False) -> _Scope:
    """``with unit():`` everything inside is written, or nothing is.

    Inside another unit it joins that one without a statement of its own; an exception that crosses its border then
    dooms the whole. ``savepoint=True`` makes an inner part that can fail alone.
    """
    return _Scope(savepoint)


def operation[**P, R](function: Callable[P, R]) -> Callable[P, R]:
    """Decorates a use case: the call is one unit, a refusal or any other exception takes all of it back."""

    @functools.wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        with _Scope(savepoint=False):
            return function(*args, **kwargs)

    return run


@contextmanager
def single_statement() -> Iterator[None]:
    """For a write that is one statement: it is a transaction of its own, without BEGIN and COMMIT around it. Inside a
    unit it belongs to that one."""
    connection = _connection()
    if connection.in_atomic_block:
        with unit():
            yield
    elif connection.vendor == "sqlite":
        with connection.turn_at_writing():
            yield
    else:
        yield


def add(*instances: models.Model) -> None:
    """Collects new rows that nobody reads back inside this unit; they are written together at its end."""
    open_unit: Unit | None = getattr(_connection(), "paseo_unit", None)
    if open_unit is None:
        raise ProgrammingError("add() collects rows for a unit, but no unit is open.")
    open_unit.add(*instances)


def after_commit(callback: Callable[[], object]) -> None:
    """Runs the callback once everything is durable, or never. Outside a unit: at once. Its errors are logged."""
    connection = _connection()
    open_unit: Unit | None = getattr(connection, "paseo_unit", None)
    if open_unit is not None:
        open_unit.callbacks.append(callback)
    else:
        _run_when_certain(connection, callback)


def after_unit(callback: Callable[[], object]) -> None:
    """Runs the callback when the outermost unit is over, however it ended: for what a refusal must not take back, such
    as the record of a failed try. Outside a unit: at once. Its errors are logged."""
    open_unit: Unit | None = getattr(_connection(), "paseo_unit", None)
    if open_unit is not None:
        open_unit.last.append(callback)
    else:
        _run_quietly(callback)


def in_unit() -> bool:
    """Whether a transaction is open on the default database."""
    return _inside_transaction(_connection())


def forbid_inside_unit(what: str) -> None:
    """Refuses to go on inside a transaction. Whatever leaves the machine calls this first: ``what`` names it."""
    if in_unit():
        raise ProgrammingError(f"{what} would keep a transaction open while something outside answers.")
