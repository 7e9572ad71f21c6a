"""Prices as others see them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

CHANNELS = ("any", "online", "counter")


@dataclass(frozen=True, slots=True)
class PriceView:
    """The price that holds now. ``amount_minor`` is for one unit of the variant."""

    amount_minor: int
    currency: str
    tax_included: bool
    list_id: UUID


@dataclass(frozen=True, slots=True)
class PriceListView:
    """``store_id`` None: for all stores of the merchant."""

    id: UUID
    merchant_id: UUID
    store_id: UUID | None
    channel: str
    currency: str
    tax_included: bool


@dataclass(frozen=True, slots=True)
class ScheduledPrice:
    """A price with its period; ``valid_until`` None: until further notice."""

    id: UUID
    list_id: UUID
    channel: str
    store_id: UUID | None
    variant_id: UUID
    amount_minor: int
    currency: str
    valid_from: datetime
    valid_until: datetime | None


@dataclass(frozen=True, slots=True)
class ParityGap:
    """The web and the counter differ. ``store_id`` None: at merchant level. ``source`` is "list" when two price lists
    say so, "shelf" when somebody read the counter price on the shelf at ``seen_at``."""

    store_id: UUID | None
    variant_id: UUID
    online_minor: int
    counter_minor: int
    currency: str
    source: str = "list"
    seen_at: datetime | None = None

    @property
    def difference_minor(self) -> int:
        return self.online_minor - self.counter_minor


@dataclass(frozen=True, slots=True)
class PriceSet:
    """The price that was written, None when it was so already, and where shelf and web will differ by it."""

    price_id: UUID | None
    warnings: tuple[ParityGap, ...]


@dataclass(frozen=True, slots=True)
class PricesSet:
    """A batch: how many prices changed, how many were so already, and where shelf and web differ by it."""

    changed: int
    unchanged: int
    warnings: tuple[ParityGap, ...]
