"""What a store sells, as a menu: sections of rows, each with its price, what is left of it, and what is in it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext

from paseo.capabilities.catalog import queries as catalog
from paseo.capabilities.catalog.values import ALLERGENS, OfferView
from paseo.capabilities.directory.values import StoreCard
from paseo.capabilities.inventory import queries as inventory
from paseo.capabilities.pricing import queries as pricing
from paseo.capabilities.vouchers import queries as vouchers
from paseo.capabilities.vouchers.values import ProgramView
from paseo.kernel.ids import new_id
from paseo.kernel.money import Money
from paseo.kernel.periods import day_of, day_period
from paseo.platform.ui.formatting import day_and_clock, localized, number

FEW = 5
"""Up to this many pieces left are worth saying."""


@dataclass(frozen=True, slots=True)
class MenuRow:
    """``left`` is None when it is not counted. ``key`` makes a second press of "add" harmless."""

    offer: OfferView
    store: StoreCard
    price: Money | None
    left: int | None
    deal: ProgramView | None
    now: datetime

    @property
    def href(self) -> str:
        return reverse("storefront:product", args=[self.store.slug, self.offer.id])

    @property
    def key(self) -> UUID:
        return new_id()

    @property
    def sold_out(self) -> bool:
        return self.offer.sold_out(self.now) or (self.left is not None and self.left <= 0)

    @property
    def sold_out_words(self) -> str:
        """Sold out, and until when if that is known: for today, or until a moment."""
        until = self.offer.sold_out_until
        if until is None or not self.offer.sold_out(self.now):
            return gettext("Sold out")
        day_end = day_period(day_of(self.now, self.store.zone), self.store.zone).end
        if until == day_end:
            return gettext("Sold out for today")
        return gettext("Sold out until %(time)s") % {"time": day_and_clock(until, self.store.zone)}

    @property
    def few(self) -> int | None:
        """How few are left, when there are few."""
        return self.left if self.left is not None and 0 < self.left <= FEW else None

    @property
    def can_be_added(self) -> bool:
        return self.store.sells and self.price is not None and not self.sold_out

    @property
    def content(self) -> str:
        """The size of the pack; empty when the variant's name says it already."""
        if self.offer.content_amount is None or self.offer.variant_names:
            return ""
        return content_words(self.offer.content_amount, self.offer.content_unit)

    @property
    def contains(self) -> str:
        return allergen_words(self.offer.allergens)


@dataclass(frozen=True, slots=True)
class MenuSection:
    title: str
    texts: dict[str, str]
    anchor: str
    rows: tuple[MenuRow, ...]


def allergen_words(keys: Sequence[str]) -> str:
    """``Contains milk, gluten.``; nothing without allergens."""
    if not keys:
        return ""
    names = [localized(ALLERGENS[key]).lower() for key in keys if key in ALLERGENS]
    return gettext("Contains %(allergens)s.") % {"allergens": gettext(", ").join(names)}


def content_words(amount: int, unit: str) -> str:
    """``250 g``, ``1 l``, ``6 pieces``."""
    if unit == "piece":
        return gettext("%(count)s pieces") % {"count": number(amount)} if amount > 1 else ""
    large = {"g": "kg", "ml": "l"}[unit]
    if amount >= 1000 and amount % 100 == 0:
        return f"{number(amount / 1000 if amount % 1000 else amount // 1000)}\u00a0{large}"
    return f"{number(amount)}\u00a0{unit}"


def rows_of(store: StoreCard, offers: Sequence[OfferView], now: datetime) -> list[MenuRow]:
    """Offers of one store with prices and stock. Two statements, three with deals."""
    variants = [offer.variant_id for offer in offers]
    prices = pricing.prices(store.id, variants, now=now) if variants else {}
    left = inventory.availability(store.id, variants) if variants and store.sells else {}
    deals = _deals(offers)
    made = []
    for offer in offers:
        price = prices.get(offer.variant_id)
        deal = deals.get(offer.variant_id)
        pieces = deal.left if deal else left.get(offer.variant_id)
        amount = Money(price.amount_minor, price.currency) if price else None
        made.append(MenuRow(offer, store, amount, pieces, deal, now))
    return made


def _deals(offers: Iterable[OfferView]) -> dict[UUID, ProgramView]:
    variants = [offer.variant_id for offer in offers if offer.kind == "deal"]
    found: dict[Any, ProgramView] = vouchers.deals(variants) if variants else {}
    return {key: program for key, program in found.items() if program.state == "published"}


def menu_of(store: StoreCard, now: datetime) -> list[MenuSection]:
    """The menu in its order; what has no heading comes first."""
    sections: dict[str, tuple[dict[str, str], list[MenuRow]]] = {}
    for row in rows_of(store, catalog.offers_of_store(store.id), now):
        texts = dict(row.offer.section)
        sections.setdefault(localized(texts), (texts, []))[1].append(row)
    return [
        MenuSection(title, texts, f"menu-{at}-{slugify(title)}".rstrip("-"), tuple(rows))
        for at, (title, (texts, rows)) in enumerate(sections.items(), 1)
    ]
