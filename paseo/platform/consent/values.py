from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True)
class Answer:
    """One entry of the history, or the present answer to one purpose."""

    purpose: str
    given: bool
    text_version: int
    locale: str
    source: str
    at: datetime


@dataclass(frozen=True)
class Erased:
    """What one package did for an erasure: numbers, and one English sentence why something stays (marked with N_)."""

    removed: int = 0
    kept: int = 0
    why_kept: str = ""


@dataclass(frozen=True)
class ErasureReport:
    """Package by package, in the order in which they went."""

    person_id: UUID
    at: datetime
    parts: dict[str, Erased]

    @property
    def removed(self) -> int:
        return sum(part.removed for part in self.parts.values())

    @property
    def kept(self) -> int:
        return sum(part.kept for part in self.parts.values())
