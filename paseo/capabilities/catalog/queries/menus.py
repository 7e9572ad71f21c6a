"""What stores offer, as pages of a menu or a shelf."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from paseo.capabilities.catalog.indexing import KIND
from paseo.capabilities.catalog.models import Offer, OptionGroup
from paseo.capabilities.catalog.values import OfferView, Page
from paseo.kernel.errors import N_, Invalid
from paseo.platform.db.prepared import Prepared
from paseo.platform.search import queries as search

_VIEW = (
    "id", "store_id", "product_id", "variant_id", "product__kind", "product__names", "variant__names",
    "product__descriptions", "product__brand", "product__category", "product__tax_class", "product__allergens",
    "product__media_ids", "section", "position", "active", "sold_out_until", "variant__content_amount",
    "variant__content_unit", "variant__gtin", "has_options",
)  # fmt: skip


def browse(
    store_id: UUID | None = None,
    *,
    store_ids: Sequence[UUID] = (),
    text: str = "",
    category: str = "",
    kind: str = "",
    section: str = "",
    limit: int = 20,
    after: str = "",
) -> Page[OfferView]:
    """A page of what a store offers, in the order of its menu; or of several stores (``store_ids``) at once.

    ``text`` searches names in all languages, brands and barcodes; ``section`` is a heading in any language. Pass
    ``after`` of a page to get the next one. One statement, with ``text`` one more for the words. Refuses Invalid for an
    ``after`` that no page gave.
    """
    if store_id is not None and not (text.strip() or category or kind or section):
        rest = _place(after) if after else (None, None)
        return _cut([_view(row) for row in _shelf(store_id, *rest, limit=limit + 1)], limit)
    rows = for_sale()
    rows = rows.filter(store_id=store_id) if store_id is not None else rows.filter(store_id__in=list(store_ids))
    if category:
        rows = rows.filter(product__category=category)
    if kind:
        rows = rows.filter(product__kind=kind)
    if section:
        rows = rows.filter(Q(section__en=section) | Q(**{"section__zh-hans": section}) | Q(section__es=section))
    if text.strip():
        rows = rows.filter(product_id__in=[hit.subject_id for hit in search.find(KIND, text, limit=1_000)])
    if after:
        position, id = _place(after)
        rows = rows.filter(Q(position__gt=position) | Q(position=position, id__gt=id))
    return _cut(_views(rows.order_by("position", "id")[: limit + 1]), limit)


def _place(after: str) -> tuple[int, UUID]:
    position, _, id = after.partition(":")
    try:
        if not position.isascii() or not position.isdigit() or len(position) > 9:
            raise ValueError(position)
        return int(position), UUID(id)
    except ValueError:
        raise Invalid(fields={"after": N_("Send the cursor as the page before gave it.")}) from None


def _shelf_of(store_id: UUID, position: int | None, id: UUID | None, *, limit: int) -> QuerySet[Offer, Any]:
    rows = for_sale().filter(store_id=store_id)
    if position is not None:
        rows = rows.filter(Q(position__gt=position) | Q(position=position, id__gt=id))
    return _with_all(rows.order_by("position", "id")[:limit])


_shelf = Prepared(_shelf_of)


def _cut(found: list[OfferView], limit: int) -> Page[OfferView]:
    page, more = found[:limit], len(found) > limit
    return Page(tuple(page), f"{page[-1].position}:{page[-1].id}" if more else "")


def offers_of_store(store_id: UUID, *, with_inactive: bool = False) -> list[OfferView]:
    """Everything a store offers, in the order of its menu; ``with_inactive`` for the merchant's own list."""
    rows = Offer.objects.filter(store_id=store_id) if with_inactive else for_sale().filter(store_id=store_id)
    return _views(rows.order_by("position", "id"))


def offer_views(ids: Iterable[UUID]) -> dict[UUID, OfferView]:
    """Offers by id as a menu shows them, for sale or not; unknown ids are left out. One statement."""
    return {view.id: view for view in _views(Offer.objects.filter(id__in=list(ids)))}


def find(
    text: str, *, store_ids: Sequence[UUID] = (), merchant_id: UUID | None = None, limit: int = 20
) -> list[OfferView]:
    """Offers for sale whose product matches, best matches first; in all stores, in ``store_ids``, or of a merchant."""
    hits = {hit.subject_id: hit.score for hit in search.find(KIND, text, limit=400, tenant_id=merchant_id)}
    rows = for_sale().filter(product_id__in=list(hits))
    if store_ids:
        rows = rows.filter(store_id__in=list(store_ids))
    else:
        rows = rows.filter(store__listed=True, store__state__in=["open", "paused"])
    found = _views(rows.order_by("id")[:2_000])
    order = {id: place for place, id in enumerate(store_ids)}
    found.sort(key=lambda view: (-hits[view.product_id], order.get(view.store_id, 0), view.position, view.id))
    return found[:limit]


def sections(store_id: UUID) -> list[dict[str, str]]:
    """The headings of a store's menu in their order, each once."""
    rows = for_sale().filter(store_id=store_id).order_by("position", "id").values_list("section", flat=True)
    seen: dict[str, dict[str, str]] = {}
    for texts in rows:
        if texts:
            seen.setdefault(str(sorted(texts.items())), texts)
    return list(seen.values())


def for_sale() -> QuerySet[Offer]:
    return Offer.objects.filter(active=True, variant__active=True, product__state="active")


def _views(rows: QuerySet[Offer]) -> list[OfferView]:
    return [_view(row) for row in _with_all(rows)]


def _with_all(rows: QuerySet[Offer]) -> QuerySet[Offer, Any]:
    groups = OptionGroup.objects.filter(product_id=OuterRef("product_id"), active=True)
    return rows.annotate(has_options=Exists(groups)).values_list(*_VIEW)


def _view(row: tuple[Any, ...]) -> OfferView:
    (
        id, store, product, variant, kind, names, variant_names, descriptions, brand, category, tax, allergens, media,
        section, position, active, sold_out, amount, unit, gtin, has_options,
    ) = row  # fmt: skip
    return OfferView(
        id=id,
        store_id=store,
        product_id=product,
        variant_id=variant,
        kind=kind,
        names=names,
        variant_names=variant_names,
        descriptions=descriptions,
        brand=brand,
        category=category,
        tax_class=tax,
        allergens=tuple(allergens),
        media_id=UUID(media[0]) if media else None,
        section=section,
        position=position,
        active=active,
        sold_out_until=sold_out,
        content_amount=amount,
        content_unit=unit,
        gtin=gtin,
        has_options=has_options,
    )
