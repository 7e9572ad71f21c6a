"""What goes in and what comes out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Entry:
    """A thing to be found. ``texts`` are its names by language, ``also`` are words that count less.

    ``weight`` (0 to 100) lifts a thing among equally good matches.
    """

    subject_id: UUID
    texts: Mapping[str, str] = field(default_factory=dict)
    also: str = ""
    tenant_id: UUID | None = None
    place_id: UUID | None = None
    weight: int = 0


@dataclass(frozen=True, slots=True)
class Hit:
    """``score`` is between 0 and 5; equal scores mean equally good words."""

    subject_id: UUID
    score: float
