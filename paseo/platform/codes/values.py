from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Prepared:
    """What a scanned code is. Nothing has been used; ``token`` uses it, until ``expires_at``."""

    token: str
    code_id: UUID
    purpose: str
    subject_id: UUID
    uses_left: int
    uses_total: int
    valid_until: datetime | None
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class RedemptionView:
    id: UUID
    code_id: UUID
    purpose: str
    subject_id: UUID
    tenant_id: UUID
    place_id: UUID | None
    terminal: str
    actor: str
    uses: int
    uses_left: int
    at: datetime
    state: str
    undo_until: datetime
    undone_at: datetime | None = None
    replayed: bool = False


@dataclass(frozen=True, slots=True)
class CodeView:
    id: UUID
    text: str
    purpose: str
    subject_id: UUID
    tenant_id: UUID
    place_ids: tuple[UUID, ...] | None
    uses_total: int
    uses_left: int
    valid_from: datetime | None
    valid_until: datetime | None
    state: str
    reason: str


@dataclass(frozen=True, slots=True)
class ScanView:
    id: UUID
    at: datetime
    place_id: UUID | None
    terminal: str
    actor: str
    code_id: UUID | None
    redemption_id: UUID | None
    outcome: str
