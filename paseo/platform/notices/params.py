"""Parameters of a notice as JSON, and back: money, instants and ids keep their types."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from paseo.kernel.money import Money


def to_json(value: Any) -> Any:
    if isinstance(value, Money):
        return {"$money": [value.minor, value.currency]}
    if isinstance(value, datetime):
        return {"$at": value.isoformat()}
    if isinstance(value, date):
        return {"$day": value.isoformat()}
    if isinstance(value, UUID):
        return {"$id": str(value)}
    if isinstance(value, dict):
        return {str(key): to_json(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [to_json(item) for item in value]
    if value is None or isinstance(value, (str, int, float, bool)):
        return value
    raise TypeError(f"{type(value).__name__} cannot be a parameter of a notice.")


def from_json(value: Any) -> Any:
    if isinstance(value, list):
        return [from_json(item) for item in value]
    if not isinstance(value, dict):
        return value
    match value:
        case {"$money": [minor, currency]}:
            return Money(minor, currency)
        case {"$at": text}:
            return datetime.fromisoformat(text)
        case {"$day": text}:
            return date.fromisoformat(text)
        case {"$id": text}:
            return UUID(text)
    return {key: from_json(item) for key, item in value.items()}
