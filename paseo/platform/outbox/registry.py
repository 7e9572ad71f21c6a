"""Which function reacts to which event."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Envelope:
    """What is known about an event besides its body."""

    seq: int
    id: UUID
    type: str
    version: int
    subject: str
    tenant_id: UUID | None
    place_id: UUID | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Reaction:
    name: str
    types: tuple[str, ...]
    function: Callable[..., object]
    batch: bool
    order: int = field(default=0)


_by_name: dict[str, Reaction] = {}
_by_type: dict[str, list[Reaction]] = {}


def reaction[F: Callable[..., object]](*types: str, name: str, batch: bool = False) -> Callable[[F], F]:
    """``@reaction("ordering.order_completed", name="care.grant_review_rights")`` on ``function(event, envelope)``.

    The function runs in a unit of its own, after the event is durable. With ``batch=True`` it is called as
    ``function(pairs)`` with a list of ``(event, envelope)``, all in one unit: one write for many events. The name is
    stored with every delivery, so it never changes.
    """

    def register(function: F) -> F:
        known = _by_name.get(name)
        if known is not None and (known.function.__module__, known.function.__qualname__) != (
            function.__module__,
            function.__qualname__,
        ):
            raise ValueError(f"There are two reactions named {name}.")
        entry = Reaction(name, types, function, batch, len(_by_name))
        _by_name[name] = entry
        for type_name in types:
            others = [other for other in _by_type.get(type_name, []) if other.name != name]
            _by_type[type_name] = sorted([*others, entry], key=lambda one: one.order)
        return function

    return register


def unregister(name: str) -> None:
    """Takes a reaction out again, for tests."""
    entry = _by_name.pop(name)
    for type_name in entry.types:
        _by_type[type_name] = [other for other in _by_type[type_name] if other.name != name]


def reactions_to(type_name: str) -> list[Reaction]:
    return _by_type.get(type_name, [])


def reaction_named(name: str) -> Reaction | None:
    return _by_name.get(name)


def reactions() -> list[Reaction]:
    """All reactions, by name."""
    return [_by_name[name] for name in sorted(_by_name)]
