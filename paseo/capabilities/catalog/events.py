"""Facts that catalog publishes."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from paseo.kernel.events import event


@event("catalog.product_changed")
@dataclass(frozen=True)
class ProductChanged:
    """A product was made or changed; ``fields`` names what."""

    product_id: UUID
    merchant_id: UUID | None
    fields: list[str]

    @property
    def subject(self) -> str:
        return f"product:{self.product_id}"


@event("catalog.assortment_changed")
@dataclass(frozen=True)
class AssortmentChanged:
    """A store offers more, less or other things than before."""

    store_id: UUID
    merchant_id: UUID
    added: int
    removed: int

    @property
    def subject(self) -> str:
        return f"store:{self.store_id}"


@event("catalog.offer_sold_out")
@dataclass(frozen=True)
class OfferSoldOut:
    """A store has no more of something until ``until`` (ISO 8601); empty when it is back."""

    offer_id: UUID
    store_id: UUID
    merchant_id: UUID
    until: str

    @property
    def subject(self) -> str:
        return f"store:{self.store_id}"


@event("catalog.goods_imported")
@dataclass(frozen=True)
class GoodsImported:
    """A batch of a file was taken over: how many products are new and how many changed."""

    merchant_id: UUID | None
    created: int
    changed: int

    @property
    def subject(self) -> str:
        return f"merchant:{self.merchant_id}" if self.merchant_id else "city"
