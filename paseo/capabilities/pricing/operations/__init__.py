"""Everything that changes prices and rates."""

from paseo.capabilities.pricing.operations.lists import add_list, ensure_lists
from paseo.capabilities.pricing.operations.observing import observe_price
from paseo.capabilities.pricing.operations.prices import end_price, schedule_price, set_price, set_prices
from paseo.capabilities.pricing.operations.rates import set_tax_rate

__all__ = [
    "add_list",
    "end_price",
    "ensure_lists",
    "observe_price",
    "schedule_price",
    "set_price",
    "set_prices",
    "set_tax_rate",
]
