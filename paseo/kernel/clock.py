"""The time of day, as an argument below the edge and as something that can be replayed.

Edges (views, commands, job loops) call ``now()`` once and hand the instant down. A ``VirtualClock`` makes whole days
reproducible; a ``Seed`` gives every actor its own stream of random numbers, so that adding one does not move the others.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Protocol


class Clock(Protocol):
    def now(self) -> datetime: ...


class SystemClock:
    def now(self) -> datetime:
        return datetime.now(UTC)


class VirtualClock:
    """A clock that moves only when told to."""

    def __init__(self, start: datetime) -> None:
        if start.tzinfo is None:
            raise ValueError("A clock needs a time zone.")
        self._now = start.astimezone(UTC)

    def now(self) -> datetime:
        return self._now

    def advance(self, **span: float) -> datetime:
        self._now += timedelta(**span)
        return self._now

    def set(self, instant: datetime) -> datetime:
        """Move to ``instant``; ValueError when that is in the past, since time never runs back."""
        if instant < self._now:
            raise ValueError("Time never runs back.")
        self._now = instant.astimezone(UTC)
        return self._now


_system = SystemClock()
_process: Clock = _system
_context: ContextVar[Clock | None] = ContextVar("clock", default=None)


def now() -> datetime:
    """The current instant, in UTC."""
    return (_context.get() or _process).now()


@contextmanager
def use_clock(clock: Clock, *, everywhere: bool = False) -> Iterator[Clock]:
    """Read the time from ``clock`` in this context, or in the whole process with ``everywhere``."""
    global _process
    if everywhere:
        before, _process = _process, clock
        try:
            yield clock
        finally:
            _process = before
        return
    token = _context.set(clock)
    try:
        yield clock
    finally:
        _context.reset(token)


class Seed:
    """A root of randomness. ``stream`` gives independent generators by name, equal for equal seeds."""

    def __init__(self, number: int) -> None:
        self.number = number

    def stream(self, *names: object) -> random.Random:
        label = "\x1f".join(str(name) for name in (self.number, *names))
        return random.Random(int.from_bytes(sha256(label.encode()).digest()))
