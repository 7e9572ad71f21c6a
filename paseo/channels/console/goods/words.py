"""Words for what catalog, prices and tickets hold as keys."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Mapping
from decimal import Decimal
from uuid import UUID

from django.utils.translation import gettext, gettext_noop

from paseo.capabilities.catalog import queries as catalog
from paseo.capabilities.catalog.values import ALLERGENS, TAX_CLASSES, ProductView, VariantView
from paseo.capabilities.directory.values import StoreCard
from paseo.capabilities.pricing import queries as pricing
from paseo.capabilities.pricing.refusals import TaxRateMissing
from paseo.capabilities.vouchers.values import ProgramView
from paseo.kernel.clock import now as clock_now
from paseo.platform.ui.formatting import localized, money, number, percent

KINDS = {
    "dish": gettext_noop("Dish or drink"),
    "good": gettext_noop("Good with a barcode"),
    "service": gettext_noop("Service"),
    "deal": gettext_noop("Deal"),
}
_TAX = {
    "standard": gettext_noop("Standard"),
    "reduced": gettext_noop("Meals and drinks"),
    "food": gettext_noop("Food"),
    "zero": gettext_noop("Without tax"),
}
STATES = {
    "draft": gettext_noop("Draft"),
    "active": gettext_noop("On sale"),
    "retired": gettext_noop("Retired"),
}
TOUCHPOINT_KINDS = {
    "qr_poster": gettext_noop("Poster"),
    "label": gettext_noop("Shelf label"),
    "link": gettext_noop("Link"),
    "nfc": gettext_noop("Tag to touch"),
    "screen": gettext_noop("Screen"),
}
TOUCHPOINT_ICONS = {"qr_poster": "poster", "label": "tag", "link": "link", "nfc": "phone", "screen": "chart"}
MODES = {"pickup": gettext_noop("Pickup"), "here": gettext_noop("Eat in")}


def kind_words(kind: str) -> str:
    return gettext(KINDS[kind]) if kind in KINDS else kind


def tax_choices(store: StoreCard | None) -> list[tuple[str, str]]:
    """Tax classes with the rate of the store's country beside them, where it is known."""
    rates: dict[str, Decimal] = {}
    if store is not None:
        with contextlib.suppress(TaxRateMissing):
            rates = pricing.rates(store.region, clock_now())
    made = []
    for key in TAX_CLASSES:
        words = gettext(_TAX[key])
        if key in rates and key != "zero":
            share = percent(rates[key], 0 if rates[key] * 100 % 1 == 0 else 1)
            words = gettext("%(words)s, %(rate)s") % {"words": words, "rate": share}
        made.append((key, words))
    return made


def allergen_choices() -> list[tuple[str, str]]:
    return [(key, localized(texts)) for key, texts in ALLERGENS.items()]


def allergen_words(keys: Iterable[str]) -> str:
    return gettext(", ").join(localized(ALLERGENS[key]) for key in keys if key in ALLERGENS)


def contains_words(keys: Iterable[str]) -> str:
    found = gettext(", ").join(localized(ALLERGENS[key]).lower() for key in keys if key in ALLERGENS)
    return gettext("Contains %(allergens)s.") % {"allergens": found} if found else ""


def content_words(amount: int | None, unit: str) -> str:
    """``250 g``, ``1 l``, ``6 pieces``."""
    if amount is None:
        return ""
    if unit == "piece":
        return gettext("%(count)s pieces") % {"count": number(amount)} if amount > 1 else ""
    large = {"g": "kg", "ml": "l"}[unit]
    if amount >= 1000 and amount % 100 == 0:
        return f"{number(Decimal(amount) / 1000)}\u00a0{large}"
    return f"{number(amount)}\u00a0{unit}"


def variant_words(variant: VariantView) -> str:
    """What tells a variant from its sisters; empty for the only one."""
    return localized(variant.names) or content_words(variant.content_amount, variant.content_unit)


def full_name(product: ProductView, variant: VariantView | None = None) -> str:
    of_variant = variant_words(variant) if variant else ""
    return (
        gettext("%(product)s, %(variant)s") % {"product": localized(product.names), "variant": of_variant}
        if (of_variant)
        else localized(product.names)
    )


def names_of(variant_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Names of variants for lists of prices and stock. One statement."""
    found = catalog.variant_names(variant_ids)
    return {key: joined(product, variant) for key, (product, variant) in found.items()}


def joined(product: Mapping[str, str], variant: Mapping[str, str]) -> str:
    name, of_variant = localized(product), localized(variant)
    if not of_variant:
        return name
    return gettext("%(product)s, %(variant)s") % {"product": name, "variant": of_variant}


def effect_words(program: ProgramView) -> str:
    """What a ticket gives, as short as on its stub."""
    effect = program.effect
    if effect is None:
        return money(program.price_minor, program.currency)
    if effect.kind == "percent_bps":
        return gettext("−%(percent)s%%") % {"percent": f"{effect.value / 100:g}"}
    if effect.kind == "amount":
        return money(-effect.value, program.currency)
    if effect.kind == "free_item":
        return gettext("Free")
    return money(effect.value, program.currency)
