"""Facts that inventory publishes. Sales are not among them: ordering tells those."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from paseo.kernel.events import event


@event("inventory.stock_changed", version=1)
@dataclass(frozen=True, slots=True)
class StockChanged:
    """Somebody received, counted or corrected goods."""

    store_id: UUID
    variant_id: UUID
    kind: str
    delta: int
    on_hand: int
    reason: str
    actor: str

    @property
    def subject(self) -> str:
        return f"store:{self.store_id}"
