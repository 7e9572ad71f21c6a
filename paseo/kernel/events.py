"""Facts that packages publish: frozen dataclasses with a type, a version and plain fields."""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Callable
from datetime import date, datetime
from typing import Any, Union, get_args, get_origin
from uuid import UUID

_by_type: dict[tuple[str, int], type] = {}


def event[T](type_name: str, version: int = 1) -> Callable[[type[T]], type[T]]:
    """Declare a dataclass as an event. It must be frozen and have a ``subject`` (a field or property, ``"order:<id>"``)."""

    def declare(cls: type[T]) -> type[T]:
        if not dataclasses.is_dataclass(cls) or not cls.__dataclass_params__.frozen:  # type: ignore[attr-defined]
            raise TypeError(f"{cls.__name__} must be a frozen dataclass.")
        if not hasattr(cls, "subject") and "subject" not in {field.name for field in dataclasses.fields(cls)}:
            raise TypeError(f"{cls.__name__} must have a subject.")
        known = _by_type.setdefault((type_name, version), cls)
        if known.__qualname__ != cls.__qualname__ or known.__module__ != cls.__module__:
            raise ValueError(f"{type_name} version {version} is declared twice.")
        cls.event_type = type_name  # type: ignore[attr-defined]
        cls.event_version = version  # type: ignore[attr-defined]
        return cls

    return declare


def _plain(value: Any) -> Any:
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if value is None or isinstance(value, (str, int, bool)):
        return value
    raise TypeError(f"{type(value).__name__} cannot be part of an event.")


def _rich(hint: Any, value: Any) -> Any:
    if value is None:
        return None
    origin = get_origin(hint)
    if origin in (Union, types.UnionType):
        return _rich(next(arg for arg in get_args(hint) if arg is not type(None)), value)
    if origin in (list, tuple):
        args = get_args(hint)
        items = [_rich(args[0] if args else Any, item) for item in value]
        return tuple(items) if origin is tuple else items
    if hint is UUID:
        return UUID(value)
    if hint is datetime:
        return datetime.fromisoformat(value)
    if hint is date:
        return date.fromisoformat(value)
    return value


def encode(fact: Any) -> dict[str, Any]:
    """The fields of an event as JSON-able values."""
    return {field.name: _plain(getattr(fact, field.name)) for field in dataclasses.fields(fact)}


_hints: dict[type, dict[str, Any]] = {}


def _hints_of(cls: type) -> dict[str, Any]:
    found = _hints.get(cls)
    if found is None:
        hints = typing.get_type_hints(cls)
        found = _hints[cls] = {field.name: hints[field.name] for field in dataclasses.fields(cls)}
    return found


def decode(type_name: str, version: int, body: dict[str, Any]) -> Any:
    """The event again. Fields that this version does not know are left out; LookupError for an unknown type."""
    try:
        cls = _by_type[type_name, version]
    except KeyError:
        raise LookupError(f"No event {type_name} version {version} is declared.") from None
    hints = _hints_of(cls)
    return cls(**{name: _rich(hints[name], value) for name, value in body.items() if name in hints})


def event_types() -> dict[tuple[str, int], type]:
    """All declared events by type and version."""
    return dict(sorted(_by_type.items()))
