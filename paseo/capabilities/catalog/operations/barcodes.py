"""From a scanned barcode to a product of one's own."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from paseo.capabilities.catalog.models import Product, Variant
from paseo.capabilities.catalog.operations.products import add_product
from paseo.capabilities.catalog.refusals import BadBarcode, UnknownBarcode
from paseo.capabilities.catalog.rules.barcodes import read_barcode
from paseo.capabilities.catalog.values import DraftVariant
from paseo.platform.db.unit import operation


@operation
def add_by_barcode(
    *, merchant_id: UUID, gtin: str, now: datetime, actor: str, name: str = "", language: str = "en"
) -> UUID:
    """The merchant's product with this barcode: the one it has, else a copy of the shared one, else a new one.

    A new one needs ``name``. Returns the product's id; the same scan again returns the same product. Refuses
    BadBarcode, and UnknownBarcode when nobody knows the number and no name was given.
    """
    barcode = read_barcode(gtin)
    if isinstance(barcode, str):
        raise BadBarcode(gtin.strip())
    own = (
        Variant.objects.filter(merchant_id=merchant_id, gtin=barcode.code).values_list("product_id", flat=True).first()
    )
    if own is not None:
        return own
    shared = None if barcode.in_store else Product.objects.filter(merchant=None, gtin=barcode.code).first()
    if shared is None:
        if not name.strip():
            raise UnknownBarcode(gtin=barcode.code)
        return add_product(
            merchant_id=merchant_id,
            kind="good",
            names={language: name},
            variants=[DraftVariant(gtin=barcode.code)],
            active=True,
            now=now,
            actor=actor,
        )
    pack = Variant.objects.filter(product=shared).order_by("position", "id").first()
    content = f"{pack.content_amount} {pack.content_unit}" if pack and pack.content_amount else ""
    return add_product(
        merchant_id=merchant_id,
        kind=shared.kind,
        names={language: name} if name.strip() else shared.names,
        descriptions=shared.descriptions,
        brand=shared.brand,
        category=shared.category,
        tax_class=shared.tax_class,
        allergens=shared.allergens,
        ingredients=shared.ingredients,
        media_ids=[UUID(id) for id in shared.media_ids],
        variants=[DraftVariant(gtin=barcode.code, content=content)],
        active=True,
        now=now,
        actor=actor,
    )
