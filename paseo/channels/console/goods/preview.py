"""A product as customers will see it, before it is live, in each language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from paseo.capabilities.catalog.values import GroupView
from paseo.capabilities.pricing import queries as pricing
from paseo.channels.console.desk import staff, store_of
from paseo.channels.console.goods.product import own_product
from paseo.channels.console.goods.sending import show
from paseo.channels.console.goods.words import allergen_words, contains_words, content_words
from paseo.kernel import clock
from paseo.kernel.money import Money


@dataclass(frozen=True, slots=True)
class ShownGroup:
    group: GroupView
    single: bool
    hint: str
    options: tuple[tuple[Any, Money, str], ...]


@require_GET
@staff("catalog.edit")
def preview(request: HttpRequest, tenant_id: UUID, product_id: UUID) -> HttpResponse:
    """Its row on the menu and its page."""
    found, store, now = own_product(request, product_id, to_change=False), store_of(request), clock.now()
    codes = [code for code, _ in settings.LANGUAGES]
    asked = request.GET.get("in", "")
    language = asked if asked in codes else (translation.get_language() or codes[0])
    currency = store.currency if store else "EUR"
    variants = [one for one in found.variants if one.active]
    prices = pricing.prices(store.id, [one.id for one in variants], now=now) if store else {}
    first = variants[0] if variants else None
    price = Money(prices[first.id].amount_minor, currency) if first and first.id in prices else None
    with translation.override(language):
        context: dict[str, Any] = {
            "groups": [_shown(group, currency) for group in found.groups],
            "contains": contains_words(found.allergens),
            "content": content_words(first.content_amount, first.content_unit) if first and not first.names else "",
        }
    return show(
        request,
        "preview",
        "catalog",
        product=found,
        first=first,
        price=price,
        language=language,
        languages=[(code, name, code == language) for code, name in settings.LANGUAGES],
        written=[code for code in codes if found.names.get(code)],
        tab="catalog",
        **context,
    )


def _shown(group: GroupView, currency: str) -> ShownGroup:
    single = group.kind == "choice" and group.min == 1 and group.max == 1
    return ShownGroup(
        group,
        single,
        _hint(group, single),
        tuple((one, Money(one.delta_minor, currency), allergen_words(one.allergens)) for one in group.options),
    )


def _hint(group: GroupView, single: bool) -> str:
    if group.kind == "without":
        return ""
    if single:
        return gettext("choose one")
    if group.min and group.min == group.max:
        return gettext("choose %(count)s") % {"count": group.min}
    if group.min:
        return gettext("choose %(least)s to %(most)s") % {"least": group.min, "most": group.max}
    if group.max < len(group.options):
        return gettext("at most %(count)s") % {"count": group.max}
    return ""
