"""The published language: every event with its fields as JSON Schema, for the reference."""

from __future__ import annotations

import dataclasses
import inspect
import types
import typing
from datetime import date, datetime
from typing import Any, Union, get_args, get_origin
from uuid import UUID

from paseo.kernel.events import event_types
from paseo.platform.outbox.registry import reactions_to

_SIMPLE: dict[Any, dict[str, Any]] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    bool: {"type": "boolean"},
    UUID: {"type": "string", "format": "uuid"},
    datetime: {"type": "string", "format": "date-time"},
    date: {"type": "string", "format": "date"},
    type(None): {"type": "null"},
    Any: {},
}


def schema_of(hint: Any) -> dict[str, Any]:
    """JSON Schema of one type hint."""
    origin, args = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        return {"anyOf": [schema_of(arg) for arg in args]}
    if hint in (list, tuple) or origin in (list, tuple):
        return {"type": "array", **({"items": schema_of(args[0])} if args else {})}
    if hint is dict or origin is dict:
        return {"type": "object", **({"additionalProperties": schema_of(args[1])} if args else {})}
    if origin is typing.Literal:
        return {"enum": list(args)}
    return dict(_SIMPLE[hint])


def event_schema(cls: type) -> dict[str, Any]:
    hints = typing.get_type_hints(cls)
    fields = dataclasses.fields(cls)
    required = [
        field.name
        for field in fields
        if field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING
    ]
    return {
        "type": "object",
        "properties": {field.name: schema_of(hints[field.name]) for field in fields},
        "required": required,
    }


def catalogue() -> list[dict[str, Any]]:
    """Every event: type, version, what it says, its schema, and who reacts to it."""
    return [
        {
            "type": type_name,
            "version": version,
            "description": _description(cls),
            "schema": event_schema(cls),
            "reactions": [reaction.name for reaction in reactions_to(type_name)],
        }
        for (type_name, version), cls in event_types().items()
    ]


def _description(cls: type) -> str:
    text = inspect.getdoc(cls) or ""
    # A dataclass without a docstring is given its signature as one.
    return "" if text.startswith(f"{cls.__name__}(") else text
