"""Carts at this moment's prices."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from paseo.capabilities.directory import queries as directory
from paseo.capabilities.ordering.models import Cart
from paseo.capabilities.ordering.operations.carts import owned_by
from paseo.capabilities.ordering.quoting import quoted
from paseo.capabilities.ordering.reckoning import reckon
from paseo.capabilities.ordering.refusals import NoCart
from paseo.capabilities.ordering.values import Buyer, CartQuote, CartView
from paseo.capabilities.ordering.views import cart_view


def cart(cart_id: UUID, *, buyer: Buyer) -> CartView:
    """The buyer's cart, whatever its state. Refuses ``NoCart``."""
    row = Cart.objects.filter(owned_by(buyer), id=cart_id).first()
    if row is None:
        raise NoCart
    return cart_view(row)


def open_cart(store_id: UUID, *, buyer: Buyer) -> CartView | None:
    """The cart that the buyer is filling in a store."""
    row = Cart.objects.filter(owned_by(buyer), store_id=store_id, state="open").order_by("-updated_at").first()
    return None if row is None else cart_view(row)


def carts_of(buyer: Buyer) -> list[CartView]:
    """All open carts of a buyer that are not empty, last touched first. Two of them are two orders and two pickups."""
    rows = Cart.objects.filter(owned_by(buyer), state="open").order_by("-updated_at")
    return [cart_view(row) for row in rows if row.lines]


def quote_cart(
    cart_id: UUID,
    *,
    buyer: Buyer,
    now: datetime,
    wanted_at: datetime | None = None,
) -> CartQuote:
    """The cart re-priced: what moved since it was seen, what stands against ordering it, what each coupon does, and
    when it can be ready. Five statements at most once choices are at hand. Refuses ``NoCart``."""
    view = cart(cart_id, buyer=buyer)
    card = directory.store(view.store_id)
    return quoted(view, card, reckon(card, view.lines, now), buyer=buyer, now=now, wanted_at=wanted_at)
