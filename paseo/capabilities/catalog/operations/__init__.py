"""Writes. Every function is one unit; ``merchant_id`` is the tenant of whoever acts.

Things of another merchant are refused as if they did not exist.
"""

from paseo.capabilities.catalog.operations.assortment import (
    back_in_stock,
    mark_sold_out,
    offer_variants,
    set_assortment,
    withdraw_offers,
)
from paseo.capabilities.catalog.operations.barcodes import add_by_barcode
from paseo.capabilities.catalog.operations.options import add_options, edit_option, remove_group
from paseo.capabilities.catalog.operations.products import (
    activate_product,
    add_product,
    edit_product,
    retire_product,
    withdraw_product,
)
from paseo.capabilities.catalog.operations.variants import add_variant, edit_variant

__all__ = [
    "activate_product",
    "add_by_barcode",
    "add_options",
    "add_product",
    "add_variant",
    "back_in_stock",
    "edit_option",
    "edit_product",
    "edit_variant",
    "mark_sold_out",
    "offer_variants",
    "remove_group",
    "retire_product",
    "set_assortment",
    "withdraw_offers",
    "withdraw_product",
]
