"""Variants: sizes, colors, packs of a product."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from paseo.capabilities.catalog import indexing
from paseo.capabilities.catalog.events import ProductChanged
from paseo.capabilities.catalog.models import Product, Variant
from paseo.capabilities.catalog.ownership import of
from paseo.capabilities.catalog.refusals import BadBarcode, BarcodeTaken, CodeTaken, UnknownProduct
from paseo.capabilities.catalog.rules.barcodes import read_barcode
from paseo.capabilities.catalog.rules.names import clean_name, clean_texts
from paseo.capabilities.catalog.values import DraftVariant
from paseo.kernel.errors import N_, Invalid
from paseo.kernel.ids import new_id
from paseo.kernel.quantity import Quantity
from paseo.platform.db.unit import operation
from paseo.platform.outbox import emit


@operation
def add_variant(
    *, merchant_id: UUID | None, product_id: UUID, variant: DraftVariant, now: datetime, actor: str
) -> UUID:
    """Adds a variant behind the others. Refuses UnknownProduct, BadBarcode, BarcodeTaken, CodeTaken, Invalid."""
    product = Product.objects.filter(of(merchant_id), id=product_id).first()
    if product is None:
        raise UnknownProduct
    made = make_variant(product, variant, Variant.objects.filter(product=product).count())
    _say(product, now)
    return made.id


@operation
def edit_variant(
    *,
    merchant_id: UUID | None,
    variant_id: UUID,
    now: datetime,
    actor: str,
    variant: DraftVariant | None = None,
    active: bool | None = None,
) -> None:
    """Replaces names, numbers and content by those of ``variant``, or takes it out of sale with ``active``.

    Refuses as ``add_variant``.
    """
    row = Variant.objects.select_related("product").filter(of(merchant_id), id=variant_id).first()
    if row is None:
        raise UnknownProduct
    columns: dict[str, Any] = {} if variant is None else _columns(row.product, variant, but=row.id)
    if active is not None:
        columns["active"] = active
    if columns:
        Variant.objects.filter(id=variant_id).update(**columns)
        _say(row.product, now)


def make_variant(product: Product, draft: DraftVariant, position: int) -> Variant:
    columns = _columns(product, draft, but=None)
    made = Variant.objects.create(
        id=draft.id or new_id(), product=product, merchant_id=product.merchant_id, position=position, **columns
    )
    if position == 0 and made.gtin and product.gtin != made.gtin:
        if product.merchant_id is None and Product.objects.filter(merchant=None, gtin=made.gtin).exists():
            raise BarcodeTaken(gtin=made.gtin)
        product.gtin = made.gtin
        Product.objects.filter(id=product.id).update(gtin=made.gtin)
    return made


def _columns(product: Product, draft: DraftVariant, but: UUID | None) -> dict[str, Any]:
    others = Variant.objects.filter(of(product.merchant_id))
    if but is not None:
        others = others.exclude(id=but)
    gtin = None
    if draft.gtin.strip():
        barcode = read_barcode(draft.gtin)
        if isinstance(barcode, str):
            raise BadBarcode(draft.gtin.strip())
        gtin = barcode.code
        if product.merchant_id is not None and others.filter(gtin=gtin).exists():
            raise BarcodeTaken(gtin=gtin)
    sku = draft.sku.strip()[:60]
    if sku and product.merchant_id is not None and others.filter(sku=sku).exists():
        raise CodeTaken(sku=sku)
    amount, unit = content(draft.content)
    return {
        "names": clean_texts(draft.names),
        "sku": sku,
        "gtin": gtin,
        "content_amount": amount,
        "content_unit": unit,
    }


def content(text: str) -> tuple[int | None, str]:
    """Amount and base unit of "250 g" or "0,5 l"; nothing for an empty text. Refuses Invalid."""
    if not text.strip():
        return None, ""
    try:
        quantity = Quantity.parse(clean_name(text, 40))
    except ValueError:
        raise Invalid(fields={"content": N_("Write the content like “250 g” or “0.5 l”.")}) from None
    return quantity.amount, quantity.unit


def _say(product: Product, now: datetime) -> None:
    indexing.index(product.id)
    emit(ProductChanged(product.id, product.merchant_id, ["variants"]), tenant_id=product.merchant_id, at=now)
