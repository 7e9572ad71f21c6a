"""What a caller hands in to make variants, options and assortments."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypedDict
from uuid import UUID

Texts = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class DraftVariant:
    """``gtin`` as scanned or typed; ``content`` such as "250 g" or "0,5 l". ``id`` lets the caller name it."""

    names: Texts = field(default_factory=dict)
    sku: str = ""
    gtin: str = ""
    content: str = ""
    id: UUID | None = None


@dataclass(frozen=True, slots=True)
class DraftOption:
    names: Texts
    delta_minor: int = 0
    allergens: tuple[str, ...] = ()
    id: UUID | None = None


@dataclass(frozen=True, slots=True)
class DraftGroup:
    names: Texts
    options: tuple[DraftOption, ...]
    kind: str = "choice"
    min: int = 0
    max: int = 1
    id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """One line of an assortment: a variant under a section heading. Lines are shown in the order given."""

    variant_id: UUID
    section: Texts = field(default_factory=dict)
    active: bool = True


class ProductChanges(TypedDict, total=False):
    """What ``edit_product`` may change; absent keys stay as they are."""

    names: Texts
    descriptions: Texts
    brand: str
    category: str
    ingredients: str
    tax_class: str
    allergens: list[str]
    media_ids: list[UUID]
