"""What crosses the border of inventory. All counts are base units."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from paseo.kernel.errors import N_


class MovementKind(StrEnum):
    """Why the number on hand changed."""

    RECEIVE = "receive"
    SELL = "sell"
    RETURN = "return"
    COUNT = "count"
    ADJUST = "adjust"

    @property
    def text(self) -> str:
        """English sentence for translation at the edge."""
        return _KIND_TEXTS[self]

    @classmethod
    def values(cls) -> list[str]:
        return [str(kind) for kind in cls]


_KIND_TEXTS = {
    MovementKind.RECEIVE: N_("Goods received"),
    MovementKind.SELL: N_("Handed to a customer"),
    MovementKind.RETURN: N_("Brought back by a customer"),
    MovementKind.COUNT: N_("Counted"),
    MovementKind.ADJUST: N_("Corrected by hand"),
}


class Reason(StrEnum):
    """Reasons a person gives when the shelf and the books differ."""

    DELIVERED = "delivered"
    FOUND = "found"
    RETURNED = "returned"
    BROKEN = "broken"
    SPOILED = "spoiled"
    STOLEN = "stolen"
    OWN_USE = "own_use"
    MISCOUNTED = "miscounted"
    CORRECTION = "correction"

    @property
    def text(self) -> str:
        """English sentence for translation at the edge."""
        return _REASON_TEXTS[self]

    @property
    def sign(self) -> int:
        """+1 when it can only add, -1 when it can only take away, 0 when both happen."""
        return _REASON_SIGNS.get(self, 0)

    @classmethod
    def values(cls) -> list[str]:
        return [str(reason) for reason in cls]


_REASON_TEXTS = {
    Reason.DELIVERED: N_("Delivered by a supplier"),
    Reason.FOUND: N_("Found again"),
    Reason.RETURNED: N_("Brought back by a customer"),
    Reason.BROKEN: N_("Broken"),
    Reason.SPOILED: N_("Spoiled or past its date"),
    Reason.STOLEN: N_("Stolen or lost"),
    Reason.OWN_USE: N_("Used in the shop"),
    Reason.MISCOUNTED: N_("Counted wrongly before"),
    Reason.CORRECTION: N_("Correction of an entry"),
}
_REASON_SIGNS = {
    Reason.DELIVERED: 1,
    Reason.FOUND: 1,
    Reason.RETURNED: 1,
    Reason.BROKEN: -1,
    Reason.SPOILED: -1,
    Reason.STOLEN: -1,
    Reason.OWN_USE: -1,
}


@dataclass(frozen=True, slots=True)
class Demand:
    """So much of one variant is wanted."""

    variant_id: UUID
    quantity: int


@dataclass(frozen=True, slots=True)
class Shortage:
    """So much was wanted, so much can be had."""

    variant_id: UUID
    wanted: int
    available: int


def summed(demands: Iterable[Demand]) -> dict[UUID, int]:
    """Demand per variant, ordered by id: two lines of one thing are one demand. ValueError for less than one."""
    total: dict[UUID, int] = {}
    for demand in demands:
        if demand.quantity < 1:
            raise ValueError("A demand is at least one unit.")
        total[demand.variant_id] = total.get(demand.variant_id, 0) + demand.quantity
    return {variant_id: total[variant_id] for variant_id in sorted(total)}


@dataclass(frozen=True, slots=True)
class HoldLineView:
    variant_id: UUID
    quantity: int
    released: int
    issued: int

    @property
    def outstanding(self) -> int:
        return self.quantity - self.released - self.issued


@dataclass(frozen=True, slots=True)
class HoldView:
    """A hold as others see it. Untracked items have no line."""

    id: UUID
    subject_id: UUID
    owner_key: str
    store_id: UUID
    state: str
    expires_at: datetime
    lines: tuple[HoldLineView, ...] = ()


@dataclass(frozen=True, slots=True)
class StockView:
    """One item of a store."""

    item_id: UUID
    store_id: UUID
    variant_id: UUID
    tracked: bool
    on_hand: int
    allocated: int
    held: int
    safety: int

    @property
    def available(self) -> int | None:
        """What can be sold now; None when the item is not tracked."""
        return max(0, self.on_hand - self.allocated - self.held - self.safety) if self.tracked else None


@dataclass(frozen=True, slots=True)
class MovementView:
    """One line of an item's history. ``on_hand`` is the number after it."""

    id: UUID
    store_id: UUID
    variant_id: UUID
    kind: MovementKind
    delta: int
    on_hand: int
    reason: Reason | None
    note: str
    actor: str
    subject_id: UUID | None
    at: datetime
