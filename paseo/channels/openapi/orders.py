"""Orders of a buyer: placed from a cart, opened with the access token."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Field, Router, Schema

from paseo.capabilities.ordering import operations, queries
from paseo.channels.openapi.answers import once, reply
from paseo.channels.openapi.callers import buyer_of
from paseo.channels.openapi.document import DEVICE, ORDER_KEY, REPEATABLE, with_
from paseo.channels.openapi.shapes import (
    WEB,
    OrderIn,
    OrderShape,
    PaymentShape,
    PlacedShape,
    order_shape,
    payment_shape,
    placed_shape,
)
from paseo.kernel import clock
from paseo.kernel.errors import NotFound

router = Router(tags=["buying"])


@router.post(
    "/orders",
    response={201: PlacedShape, 200: PlacedShape},
    summary="Place the order of a cart",
    description="Placing the same cart again answers with the same order (200). A total that moved is refused with 409.",
    operation_id="placeOrder",
    openapi_extra=DEVICE,
)
def place(request: HttpRequest, payload: OrderIn) -> HttpResponse:
    placed = operations.place(
        cart_id=payload.cart_id,
        buyer=buyer_of(request),
        email=payload.email,
        name=payload.name,
        phone=payload.phone,
        note=payload.note,
        method=payload.method,
        agreed_total_minor=payload.agreed_total_minor,
        return_url=payload.return_url,
        locale=payload.locale,
        channel="api",
        now=clock.now(),
    )
    return reply(placed_shape(placed), 200 if placed.replayed else 201)


def _key(request: HttpRequest) -> str:
    key = request.headers.get("Paseo-Order-Key", "")
    if not key:
        raise NotFound
    return key


@router.get(
    "/orders/{order_id}",
    response=OrderShape,
    summary="An order, with its access token",
    operation_id="order",
    openapi_extra=ORDER_KEY,
)
def one(request: HttpRequest, order_id: UUID) -> HttpResponse:
    return reply(order_shape(queries.order(order_id, key=_key(request))))


class CancelIn(Schema):
    reason: str = Field("", max_length=200)


@router.post(
    "/orders/{order_id}/cancel",
    response=OrderShape,
    summary="Take an order back before preparation",
    operation_id="cancelOrder",
    openapi_extra=with_(ORDER_KEY, REPEATABLE),
)
def cancel(request: HttpRequest, order_id: UUID, payload: CancelIn) -> HttpResponse:
    now, key = clock.now(), _key(request)
    queries.order(order_id, key=key)

    def act() -> object:
        operations.cancel(order_id=order_id, by="buyer", actor="buyer", reason=payload.reason, now=now)
        return order_shape(queries.order(order_id, key=key))

    return once(request, act)


class PayAgainIn(Schema):
    method: str = Field(max_length=20)
    return_url: str = Field("", max_length=500, pattern=WEB)


@router.post(
    "/orders/{order_id}/payments",
    response=PaymentShape,
    summary="Another try to pay",
    operation_id="payAgain",
    openapi_extra=ORDER_KEY,
)
def pay_again(request: HttpRequest, order_id: UUID, payload: PayAgainIn) -> HttpResponse:
    queries.order(order_id, key=_key(request))
    payment = operations.pay_again(
        order_id=order_id, method=payload.method, return_url=payload.return_url, now=clock.now()
    )
    return reply(payment_shape(payment))


class AnswerIn(Schema):
    agree: bool


@router.post(
    "/orders/{order_id}/changes/{change_id}",
    response=OrderShape,
    summary="Answer what the shop proposes",
    operation_id="answerChange",
    openapi_extra=ORDER_KEY,
)
def answer_change(request: HttpRequest, order_id: UUID, change_id: UUID, payload: AnswerIn) -> HttpResponse:
    key = _key(request)
    if change_id not in {change.id for change in queries.order(order_id, key=key).changes}:
        raise NotFound
    operations.answer_change(change_id=change_id, agree=payload.agree, actor="buyer", now=clock.now())
    return reply(order_shape(queries.order(order_id, key=key)))
