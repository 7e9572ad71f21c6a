"""Products in the search index: names first, then brand, kind of goods, barcode."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from paseo.capabilities.catalog.models import Product, Variant
from paseo.capabilities.catalog.values import SECTIONS
from paseo.platform.search import operations as search
from paseo.platform.search.values import Entry

KIND = "product"


def entry(product: Product, variants: Iterable[Variant] = ()) -> Entry:
    also = [product.brand, *SECTIONS.get(product.category, {}).values(), product.category, product.gtin or ""]
    for variant in variants:
        also += [*variant.names.values(), variant.sku, variant.gtin or ""]
    also += product.descriptions.values()
    return Entry(product.id, dict(product.names), " ".join(also)[:2000], tenant_id=product.merchant_id)


def index(product_id: UUID) -> None:
    product = Product.objects.get(id=product_id)
    search.index_many(KIND, [entry(product, Variant.objects.filter(product_id=product_id))])


def remove(product_id: UUID) -> None:
    search.remove(KIND, product_id)
