"""Products with all that belongs to them, before and after they are shown."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from paseo.capabilities.catalog.indexing import KIND
from paseo.capabilities.catalog.models import Offer, Product, Variant
from paseo.capabilities.catalog.queries.orders import groups
from paseo.capabilities.catalog.refusals import UnknownProduct
from paseo.capabilities.catalog.rules.barcodes import read_barcode
from paseo.capabilities.catalog.values import Page, ProductView, VariantView
from paseo.platform.search import queries as search


def product(product_id: UUID) -> ProductView:
    """An active product as customers see it. Refuses UnknownProduct for drafts and what was retired."""
    return _one(Product.objects.filter(id=product_id, state="active").first())


def product_of(merchant_id: UUID, product_id: UUID) -> ProductView:
    """A product of this merchant in any state: the customer's view before it is live. Refuses UnknownProduct."""
    return _one(Product.objects.filter(id=product_id, merchant_id=merchant_id).first())


def products_of(
    merchant_id: UUID,
    *,
    text: str = "",
    state: str = "",
    kind: str = "",
    limit: int = 50,
    after: UUID | None = None,
) -> Page[ProductView]:
    """The merchant's products, newest first, with variants and without options; ``after`` as the page before says."""
    rows = Product.objects.filter(merchant_id=merchant_id)
    if state:
        rows = rows.filter(state=state)
    if kind:
        rows = rows.filter(kind=kind)
    if text.strip():
        hits = search.find(KIND, text, limit=1_000, tenant_id=merchant_id)
        rows = rows.filter(id__in=[hit.subject_id for hit in hits])
    if after is not None:
        rows = rows.filter(id__lt=after)
    found = list(rows.order_by("-id")[: limit + 1])
    page = found[:limit]
    of_product = _variants(row.id for row in page)
    views = tuple(_view(row, of_product.get(row.id, ())) for row in page)
    return Page(views, str(page[-1].id) if len(found) > limit else "")


def variant_by_barcode(merchant_id: UUID, gtin: str) -> tuple[UUID, UUID] | None:
    """Product and variant of this merchant with the barcode, or None; also None when it is no barcode."""
    barcode = read_barcode(gtin)
    if isinstance(barcode, str):
        return None
    return Variant.objects.filter(merchant_id=merchant_id, gtin=barcode.code).values_list("product_id", "id").first()


def shared_by_barcode(gtin: str) -> ProductView | None:
    """What is known by everybody about a barcode, or None."""
    barcode = read_barcode(gtin)
    if isinstance(barcode, str):
        return None
    row = Product.objects.filter(merchant=None, gtin=barcode.code).first()
    return _one(row) if row else None


def stores_offering(product_id: UUID) -> dict[UUID, UUID]:
    """Offer ids by store id for every store that offers any variant of the product."""
    rows = Offer.objects.filter(product_id=product_id, active=True, variant__active=True).order_by("-position")
    return dict(rows.values_list("store_id", "id"))


def variant_names(variant_ids: Iterable[UUID]) -> dict[UUID, tuple[dict[str, str], dict[str, str]]]:
    """Names of product and variant by variant id, for lists of prices and stock. One statement."""
    rows = Variant.objects.filter(id__in=list(variant_ids)).values_list("id", "product__names", "names")
    return {id: (of_product, of_variant) for id, of_product, of_variant in rows}


def _one(row: Product | None) -> ProductView:
    if row is None:
        raise UnknownProduct
    return _view(row, _variants([row.id]).get(row.id, ()), groups([row.id]).get(row.id, ()))


def _variants(product_ids: Iterable[UUID]) -> dict[UUID, tuple[VariantView, ...]]:
    found: dict[UUID, tuple[VariantView, ...]] = {}
    for row in Variant.objects.filter(product_id__in=list(product_ids)).order_by("position", "id"):
        view = VariantView(
            id=row.id,
            sku=row.sku,
            gtin=row.gtin,
            names=row.names,
            content_amount=row.content_amount,
            content_unit=row.content_unit,
            position=row.position,
            active=row.active,
        )
        found[row.product_id] = (*found.get(row.product_id, ()), view)
    return found


def _view(row: Product, variants: tuple[VariantView, ...], of_groups: tuple = ()) -> ProductView:  # type: ignore[type-arg]
    return ProductView(
        id=row.id,
        merchant_id=row.merchant_id,
        kind=row.kind,
        names=row.names,
        descriptions=row.descriptions,
        brand=row.brand,
        category=row.category,
        tax_class=row.tax_class,
        allergens=tuple(row.allergens),
        ingredients=row.ingredients,
        media_ids=tuple(UUID(id) for id in row.media_ids),
        gtin=row.gtin,
        state=row.state,
        version=row.version,
        variants=variants,
        groups=of_groups,
    )
