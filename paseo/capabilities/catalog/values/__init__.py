"""What catalog hands to other packages."""

from paseo.capabilities.catalog.values.drafts import DraftGroup, DraftOption, DraftVariant, Listing, ProductChanges
from paseo.capabilities.catalog.values.kinds import ALLERGENS, GROUP_KINDS, PRODUCT_KINDS, SECTIONS, TAX_CLASSES
from paseo.capabilities.catalog.values.views import (
    GroupView,
    OfferLine,
    OfferView,
    OptionView,
    Page,
    ProductView,
    VariantView,
)

__all__ = [
    "ALLERGENS",
    "GROUP_KINDS",
    "PRODUCT_KINDS",
    "SECTIONS",
    "TAX_CLASSES",
    "DraftGroup",
    "DraftOption",
    "DraftVariant",
    "GroupView",
    "Listing",
    "OfferLine",
    "OfferView",
    "OptionView",
    "Page",
    "ProductChanges",
    "ProductView",
    "VariantView",
]
