"""Facts that pricing publishes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from paseo.kernel.events import event


@event("pricing.price_changed", version=1)
@dataclass(frozen=True, slots=True)
class PriceChanged:
    """A price was set or planned. ``store_id`` None: for all stores of the merchant."""

    merchant_id: UUID
    store_id: UUID | None
    channel: str
    variant_id: UUID
    amount_minor: int
    currency: str
    valid_from: datetime

    @property
    def subject(self) -> str:
        return f"store:{self.store_id}" if self.store_id else f"merchant:{self.merchant_id}"


@event("pricing.prices_changed", version=1)
@dataclass(frozen=True, slots=True)
class PricesChanged:
    """Many prices of one list were set at once; ``count`` says how many changed."""

    merchant_id: UUID
    store_id: UUID | None
    channel: str
    count: int
    valid_from: datetime

    @property
    def subject(self) -> str:
        return f"store:{self.store_id}" if self.store_id else f"merchant:{self.merchant_id}"
