"""Which orders this device may open: those of its visitor or person, and those whose link was opened here.

The signed cookie names orders, it holds no keys: what opens an order never stands on a page or in a log.
"""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from paseo.capabilities.ordering import queries as ordering
from paseo.capabilities.ordering.values import OrderView
from paseo.channels.storefront.context import buyer_of

COOKIE = "paseo_orders"
SALT = "paseo.storefront.orders"
DAYS = 120
MOST = 20


def known_orders(request: HttpRequest) -> list[UUID]:
    """Orders whose link was opened, or that were placed, on this device; the newest first."""
    try:
        found = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=DAYS * 86_400)
        return [UUID(hex=text) for text in found][:MOST]
    except (signing.BadSignature, ValueError, TypeError):
        return []


def remember_order(request: HttpRequest, response: HttpResponse, order_id: UUID) -> None:
    """From now on this device opens the order. The caller has checked that it may."""
    known = known_orders(request)
    if known[:1] == [order_id]:
        return
    ids = [order_id, *(known_id for known_id in known if known_id != order_id)][:MOST]
    response.set_cookie(
        COOKIE,
        signing.dumps([one.hex for one in ids], salt=SALT),
        max_age=DAYS * 86_400,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


def forget_orders(response: HttpResponse) -> None:
    response.delete_cookie(COOKIE, samesite="Lax")


def open_order(request: HttpRequest, order_id: UUID, key: str = "") -> OrderView:
    """The order, for whoever may see it from here. Anybody else gets NoOrder."""
    if not key and order_id in known_orders(request):
        key = ordering.access_key(order_id)
    return ordering.order(order_id, buyer=buyer_of(request), key=key)


def actor_of(request: HttpRequest, order: OrderView) -> str:
    """Who acts, for the records: the person, the visitor, or whoever holds the order's link."""
    buyer = buyer_of(request)
    if buyer is not None and buyer.person_id is not None:
        return f"person:{buyer.person_id}"
    if buyer is not None and buyer.visitor_id is not None:
        return f"visitor:{buyer.visitor_id}"
    return f"order:{order.id}"
