from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest

from paseo.kernel.events import event
from paseo.platform.db.unit import unit
from paseo.platform.outbox import emit, reaction
from paseo.platform.outbox.registry import unregister


@event("test.lamp_lit")
@dataclass(frozen=True)
class LampLit:
    """A lamp in a window was lit."""

    lamp: str
    minutes: int
    at: datetime | None = None
    rooms: list[UUID] = field(default_factory=list)

    @property
    def subject(self) -> str:
        return f"lamp:{self.lamp}"


@pytest.fixture
def lit() -> Callable[..., None]:
    """Publishes lamps by name."""

    def publish(*names: str, **scope: Any) -> None:
        with unit():
            for name in names:
                emit(LampLit(name, 5), **scope)

    return publish


@pytest.fixture
def react() -> Iterator[Callable[..., list[Any]]]:
    """Registers a reaction for the length of the test and returns the list of what it has taken."""
    names = []

    def register(name: str = "test.react", *, batch: bool = False, fails: Callable[[Any], bool] = lambda fact: False):
        taken: list[Any] = []

        def one(fact: Any, envelope: Any) -> None:
            if fails(fact):
                raise RuntimeError(f"no light for {fact.lamp}")
            taken.append(fact.lamp)

        def many(pairs: Any) -> None:
            if any(fails(fact) for fact, _ in pairs):
                raise RuntimeError("no light for one of them")
            taken.append([fact.lamp for fact, _ in pairs])

        reaction("test.lamp_lit", name=name, batch=batch)(many if batch else one)
        names.append(name)
        return taken

    yield register
    for name in names:
        unregister(name)
