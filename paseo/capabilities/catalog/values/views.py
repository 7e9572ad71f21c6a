"""Products and offers as others see them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

Texts = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class VariantView:
    id: UUID
    sku: str
    gtin: str | None
    names: Texts
    content_amount: int | None
    content_unit: str
    position: int
    active: bool


@dataclass(frozen=True, slots=True)
class OptionView:
    """``kind`` is its group's: choice or without."""

    id: UUID
    group_id: UUID
    product_id: UUID
    kind: str
    names: Texts
    delta_minor: int
    allergens: tuple[str, ...]
    active: bool


@dataclass(frozen=True, slots=True)
class GroupView:
    id: UUID
    kind: str
    names: Texts
    min: int
    max: int
    options: tuple[OptionView, ...]


@dataclass(frozen=True, slots=True)
class ProductView:
    id: UUID
    merchant_id: UUID | None
    kind: str
    names: Texts
    descriptions: Texts
    brand: str
    category: str
    tax_class: str
    allergens: tuple[str, ...]
    ingredients: str
    media_ids: tuple[UUID, ...]
    gtin: str | None
    state: str
    version: int
    variants: tuple[VariantView, ...] = ()
    groups: tuple[GroupView, ...] = ()


@dataclass(frozen=True, slots=True)
class OfferView:
    """A line of a store's menu or shelf, without price and stock."""

    id: UUID
    store_id: UUID
    product_id: UUID
    variant_id: UUID
    kind: str
    names: Texts
    variant_names: Texts
    descriptions: Texts
    brand: str
    category: str
    tax_class: str
    allergens: tuple[str, ...]
    media_id: UUID | None
    section: Texts
    position: int
    active: bool
    sold_out_until: datetime | None
    content_amount: int | None
    content_unit: str
    gtin: str | None
    has_options: bool

    def sold_out(self, now: datetime) -> bool:
        return self.sold_out_until is not None and now < self.sold_out_until


@dataclass(frozen=True, slots=True)
class OfferLine:
    """What an order needs to know about an offer. ``active`` is false when anything in the chain is not for sale."""

    id: UUID
    store_id: UUID
    product_id: UUID
    variant_id: UUID
    kind: str
    names: Texts
    variant_names: Texts
    tax_class: str
    active: bool
    sold_out_until: datetime | None
    media_id: UUID | None

    def can_be_ordered(self, now: datetime) -> bool:
        return self.active and (self.sold_out_until is None or self.sold_out_until <= now)


@dataclass(frozen=True, slots=True)
class Page[T]:
    """``after`` is the cursor of the next page, empty on the last one."""

    items: tuple[T, ...]
    after: str
