"""Carts of a device, written whole: the id is the caller's, so that a repetition is the same cart."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Router

from paseo.capabilities.ordering import operations, queries
from paseo.capabilities.ordering.values import WantedLine
from paseo.channels.openapi.answers import page, reply
from paseo.channels.openapi.callers import buyer_of
from paseo.channels.openapi.document import DEVICE
from paseo.channels.openapi.shapes import CartIn, CartShape, Page, cart_shape
from paseo.kernel import clock

router = Router(tags=["buying"])


@router.put(
    "/carts/{cart_id}",
    response=CartShape,
    summary="Make a cart, or put other lines into it",
    operation_id="putCart",
    openapi_extra=DEVICE,
)
def put(request: HttpRequest, cart_id: UUID, payload: CartIn) -> HttpResponse:
    priced = operations.put_and_quote(
        cart_id=cart_id,
        buyer=buyer_of(request),
        store_id=payload.store_id,
        mode=payload.mode,
        lines=[
            WantedLine(line.offer_id, line.quantity, tuple(line.option_ids), line.note, line.seen_minor, line.id)
            for line in payload.lines
        ],
        voucher_ids=payload.voucher_ids,
        now=clock.now(),
    )
    return reply(cart_shape(priced))


@router.get(
    "/carts/{cart_id}",
    response=CartShape,
    summary="A cart at this moment's prices",
    operation_id="cart",
    openapi_extra=DEVICE,
)
def one(request: HttpRequest, cart_id: UUID) -> HttpResponse:
    return reply(cart_shape(queries.quote_cart(cart_id, buyer=buyer_of(request), now=clock.now())))


@router.get(
    "/carts",
    response=Page[CartShape],
    summary="The open carts of this device, one per store",
    operation_id="carts",
    openapi_extra=DEVICE,
)
def all_carts(request: HttpRequest) -> HttpResponse:
    buyer, now = buyer_of(request), clock.now()
    carts = queries.carts_of(buyer)
    return page([cart_shape(queries.quote_cart(cart.id, buyer=buyer, now=now)) for cart in carts], None)
