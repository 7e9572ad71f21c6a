"""Reads. Values, never querysets. Prices and stock are added by the packages that own them."""

from paseo.capabilities.catalog.queries.menus import browse, find, offer_views, offers_of_store, sections
from paseo.capabilities.catalog.queries.orders import groups, offers, options, required_choices
from paseo.capabilities.catalog.queries.products import (
    product,
    product_of,
    products_of,
    shared_by_barcode,
    stores_offering,
    variant_by_barcode,
    variant_names,
)
from paseo.capabilities.catalog.rules.barcodes import read_barcode
from paseo.capabilities.catalog.rules.choices import check_options

__all__ = [
    "browse",
    "check_options",
    "find",
    "groups",
    "offer_views",
    "offers",
    "offers_of_store",
    "options",
    "product",
    "product_of",
    "products_of",
    "read_barcode",
    "required_choices",
    "sections",
    "shared_by_barcode",
    "stores_offering",
    "variant_by_barcode",
    "variant_names",
]
