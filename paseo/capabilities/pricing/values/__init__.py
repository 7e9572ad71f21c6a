"""What crosses the border of pricing. Amounts are minor units."""

from paseo.capabilities.pricing.values.discounts import DISCOUNT_KINDS, FUNDERS, DiscountRule
from paseo.capabilities.pricing.values.prices import (
    CHANNELS,
    ParityGap,
    PriceListView,
    PriceSet,
    PricesSet,
    PriceView,
    ScheduledPrice,
)
from paseo.capabilities.pricing.values.quotes import LineDiscount, PricedLine, Quote, QuoteLine, Reason, TaxShare

__all__ = [
    "CHANNELS",
    "DISCOUNT_KINDS",
    "FUNDERS",
    "DiscountRule",
    "LineDiscount",
    "ParityGap",
    "PriceListView",
    "PriceSet",
    "PriceView",
    "PricedLine",
    "PricesSet",
    "Quote",
    "QuoteLine",
    "Reason",
    "ScheduledPrice",
    "TaxShare",
]
