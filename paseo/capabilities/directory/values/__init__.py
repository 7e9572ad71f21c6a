"""What directory hands to other packages."""

from paseo.capabilities.directory.values.cards import (
    Address,
    ContractView,
    Lamp,
    MerchantView,
    NearStore,
    PaperView,
    PlaceView,
    ReadinessItem,
    ReadinessReport,
    StoreCard,
    StoreChanges,
    StorePin,
    TouchpointView,
)
from paseo.capabilities.directory.values.categories import CATEGORIES, Category, CategoryCount, category_of

__all__ = [
    "CATEGORIES",
    "Address",
    "Category",
    "CategoryCount",
    "ContractView",
    "Lamp",
    "MerchantView",
    "NearStore",
    "PaperView",
    "PlaceView",
    "ReadinessItem",
    "ReadinessReport",
    "StoreCard",
    "StoreChanges",
    "StorePin",
    "TouchpointView",
    "category_of",
]
