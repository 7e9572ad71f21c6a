"""What fulfillment hands to other packages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

Texts = Mapping[str, str]

OPEN = ("requested", "accepted", "preparing", "ready")


@dataclass(frozen=True, slots=True)
class SlipLine:
    """One line of the kitchen's slip. ``without`` and ``allergens`` are what can hurt; state is ok, refused."""

    line_id: UUID
    names: Texts
    quantity: int
    options: tuple[Texts, ...] = ()
    without: tuple[Texts, ...] = ()
    note: str = ""
    state: str = "ok"


@dataclass(frozen=True, slots=True)
class HandoverView:
    """``plate`` is spoken with the kind: "pickup 047". ``late`` is by how much the promise is broken, or None."""

    id: UUID
    store_id: UUID
    merchant_id: UUID
    kind: str
    plate: str
    code_id: UUID | None
    state: str
    customer: str
    slip: tuple[SlipLine, ...]
    note: str
    opened_at: datetime
    promised_at: datetime
    first_promised_at: datetime
    accepted_at: datetime | None
    started_at: datetime | None
    ready_at: datetime | None
    arrived_at: datetime | None
    ended_at: datetime | None
    reason: str

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    def late(self, now: datetime) -> timedelta | None:
        if self.state in {"requested", "accepted", "preparing"} and now > self.promised_at:
            return now - self.promised_at
        return None


@dataclass(frozen=True, slots=True)
class Promise:
    """When an order placed now can be ready. ``reason`` is now, queue (the shop has much in hand) or opening (it opens
    first); ``in_hand`` is how many orders are before it."""

    at: datetime
    reason: str
    in_hand: int = 0


@dataclass(frozen=True, slots=True)
class Board:
    """A store's orders in hand, due first, and what was lately handed over, newest first."""

    store_id: UUID
    requested: tuple[HandoverView, ...]
    preparing: tuple[HandoverView, ...]
    ready: tuple[HandoverView, ...]
    handed_over: tuple[HandoverView, ...]

    @property
    def in_hand(self) -> int:
        return len(self.requested) + len(self.preparing) + len(self.ready)
