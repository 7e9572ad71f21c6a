"""Reads of ordering."""

from paseo.capabilities.ordering.queries.carts import cart, carts_of, open_cart, quote_cart
from paseo.capabilities.ordering.queries.orders import (
    access_key,
    history,
    line_owner,
    order,
    order_by_number,
    order_of_cart,
    orders_of_buyer,
    orders_of_merchant,
    orders_of_store,
    search,
    summaries,
)
from paseo.capabilities.ordering.queries.shop import board, open_changes, recent_redemptions, today

__all__ = [
    "access_key",
    "board",
    "cart",
    "carts_of",
    "history",
    "line_owner",
    "open_cart",
    "open_changes",
    "order",
    "order_by_number",
    "order_of_cart",
    "orders_of_buyer",
    "orders_of_merchant",
    "orders_of_store",
    "quote_cart",
    "recent_redemptions",
    "search",
    "summaries",
    "today",
]
