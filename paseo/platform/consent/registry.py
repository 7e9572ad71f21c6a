"""Where packages say how they export, erase and forget."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from paseo.kernel.errors import Refusal
from paseo.platform.consent.values import Erased

Exporter = Callable[[UUID], dict[str, Any]]
Eraser = Callable[[UUID, datetime], Erased]
Blocker = Callable[[UUID], Refusal | None]
Forgetter = Callable[[datetime], int]


@dataclass(frozen=True)
class Retention:
    """``why`` is one English sentence for the privacy page, marked with N_."""

    name: str
    days: int
    why: str
    forget: Forgetter

    def before(self, now: datetime) -> datetime:
        return now - timedelta(days=self.days)


_exporters: dict[str, Exporter] = {}
_erasers: dict[str, tuple[int, Eraser]] = {}
_blockers: dict[str, Blocker] = {}
_retentions: dict[str, Retention] = {}


def exporter(name: str) -> Callable[[Exporter], Exporter]:
    """Registers function(person_id) -> dict of plain values (ids, instants and Money too): one file of the export."""

    def register(function: Exporter) -> Exporter:
        _exporters[name] = function
        return function

    return register


def eraser(name: str, *, order: int) -> Callable[[Eraser], Eraser]:
    """Registers function(person_id, now) -> Erased. Ascending ``order``; the account itself goes at 1000, last.

    It removes what is only about the person, and takes the name, address and words out of rows that the books need.
    """

    def register(function: Eraser) -> Eraser:
        _erasers[name] = (order, function)
        return function

    return register


def erasure_blocker(name: str) -> Callable[[Blocker], Blocker]:
    """Registers function(person_id) -> a Refusal while something must end first (an order on its way), else None."""

    def register(function: Blocker) -> Blocker:
        _blockers[name] = function
        return function

    return register


def retention(name: str, *, days: int, why: str) -> Callable[[Forgetter], Forgetter]:
    """Registers function(before) -> number of rows forgotten; a daily job calls it with the instant ``days`` ago."""

    def register(function: Forgetter) -> Forgetter:
        _retentions[name] = Retention(name, days, why, function)
        return function

    return register


def exporters() -> dict[str, Exporter]:
    return dict(sorted(_exporters.items()))


def erasers() -> list[tuple[str, Eraser]]:
    return [
        (name, function) for name, (_, function) in sorted(_erasers.items(), key=lambda item: (item[1][0], item[0]))
    ]


def blockers() -> dict[str, Blocker]:
    return dict(sorted(_blockers.items()))


def retentions() -> list[Retention]:
    return [_retentions[name] for name in sorted(_retentions)]
