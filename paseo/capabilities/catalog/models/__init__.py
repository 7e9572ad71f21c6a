from paseo.capabilities.catalog.models.offers import Offer
from paseo.capabilities.catalog.models.products import Option, OptionGroup, Product, Variant

__all__ = ["Offer", "Option", "OptionGroup", "Product", "Variant"]
