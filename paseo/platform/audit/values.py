from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID


@dataclass(frozen=True)
class EntryView:
    id: UUID
    at: datetime
    actor: str
    action: str
    subject: str
    tenant_id: UUID | None
    why: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None

    @property
    def changes(self) -> list[tuple[str, Any, Any]]:
        """(field, before, after) of what differs, by field."""
        old, new = self.before or {}, self.after or {}
        return [(key, old.get(key), new.get(key)) for key in sorted({*old, *new}) if old.get(key) != new.get(key)]


@dataclass(frozen=True)
class LookView:
    """What the auditor said one time: each finding with ``check``, ``subject`` and ``sentence``. ``count`` may be more
    than the findings that are kept."""

    at: datetime
    actor: str
    milliseconds: int
    checks: int
    count: int
    findings: list[dict[str, str]]


@dataclass(frozen=True)
class EntryPage:
    """Newest first. ``next`` is given as ``after`` to read on; None at the end."""

    entries: tuple[EntryView, ...]
    next: UUID | None
