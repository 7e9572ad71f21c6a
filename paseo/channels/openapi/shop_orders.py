"""A shop's orders and what it does with them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Field, Query, Router, Schema

from paseo.capabilities.ordering import operations, queries
from paseo.channels.openapi.answers import once, page, reply
from paseo.channels.openapi.callers import key, scope_of
from paseo.channels.openapi.document import REPEATABLE
from paseo.channels.openapi.shapes import (
    HandoverShape,
    OrderShape,
    OrderSummaryShape,
    Page,
    RefundShape,
    handover_shape,
    order_shape,
    refund_shape,
    summary_shape,
)
from paseo.kernel import clock
from paseo.kernel.errors import N_, Invalid

router = Router(tags=["shop"], auth=key)


@router.get("/shop/orders", response=Page[OrderSummaryShape], summary="Orders, newest first", operation_id="shopOrders")
def orders(
    request: HttpRequest,
    store_id: UUID | None = None,
    state: list[str] = Query([], max_length=10),
    after: str = Query("", max_length=40),
    limit: int = Query(50, ge=1, le=200),
) -> HttpResponse:
    scope = scope_of(request).at("orders.see")
    known: dict[str, Any] = {"states": state or None, "limit": limit, "after": _instant(after)}
    if store_id is not None:
        found = queries.orders_of_store(store_id, scope=scope, **known)
    else:
        found = queries.orders_of_merchant(scope.tenant_id, scope=scope, **known)
    return page(
        [summary_shape(order) for order in found], found[-1].placed_at.isoformat() if len(found) == limit else None
    )


def _instant(text: str) -> datetime | None:
    if not text:
        return None
    try:
        instant = datetime.fromisoformat(text.replace(" ", "+"))
    except ValueError:
        instant = None
    if instant is None or instant.tzinfo is None:
        raise Invalid(fields={"after": N_("Send the cursor as the page before gave it.")})
    return instant


@router.get("/shop/orders/{order_id}", response=OrderShape, summary="One order", operation_id="shopOrder")
def one(request: HttpRequest, order_id: UUID) -> HttpResponse:
    return reply(order_shape(queries.order(order_id, scope=scope_of(request).at("orders.see"))))


def _act(request: HttpRequest, order_id: UUID, right: str, act: Callable[[str, datetime], Any]) -> HttpResponse:
    scope = scope_of(request).at(right)
    queries.order(order_id, scope=scope)
    return once(request, lambda: act(scope.actor, clock.now()))


class AcceptIn(Schema):
    minutes: int | None = Field(
        None, ge=1, le=600, description="Ready in so many minutes; more than promised is asked of the buyer."
    )


@router.post(
    "/shop/orders/{order_id}/accept",
    response=HandoverShape,
    summary="Take the order",
    operation_id="acceptOrder",
    openapi_extra=REPEATABLE,
)
def accept(request: HttpRequest, order_id: UUID, payload: AcceptIn) -> HttpResponse:
    def act(actor: str, now: datetime) -> Any:
        taken = handover_shape(operations.accept(order_id=order_id, actor=actor, now=now, minutes=payload.minutes))
        late = now + timedelta(minutes=payload.minutes or 0) - taken["promised_at"]
        if payload.minutes is not None and late >= timedelta(minutes=1):
            operations.propose_later(order_id=order_id, minutes=late // timedelta(minutes=1), actor=actor, now=now)
        return taken

    return _act(request, order_id, "orders.act", act)


@router.post(
    "/shop/orders/{order_id}/start",
    response=HandoverShape,
    summary="Begin preparation",
    operation_id="startOrder",
    openapi_extra=REPEATABLE,
)
def start(request: HttpRequest, order_id: UUID) -> HttpResponse:
    return _act(
        request,
        order_id,
        "orders.act",
        lambda actor, now: handover_shape(operations.start(order_id=order_id, actor=actor, now=now)),
    )


@router.post(
    "/shop/orders/{order_id}/ready",
    response=HandoverShape,
    summary="It stands on the shelf",
    operation_id="readyOrder",
    openapi_extra=REPEATABLE,
)
def ready(request: HttpRequest, order_id: UUID) -> HttpResponse:
    return _act(
        request,
        order_id,
        "orders.act",
        lambda actor, now: handover_shape(operations.ready(order_id=order_id, actor=actor, now=now)),
    )


class HandOverIn(Schema):
    cash_taken: bool = False


@router.post(
    "/shop/orders/{order_id}/hand-over",
    response=HandoverShape,
    summary="Hand over without the code",
    operation_id="handOver",
    openapi_extra=REPEATABLE,
)
def hand_over(request: HttpRequest, order_id: UUID, payload: HandOverIn) -> HttpResponse:
    return _act(
        request,
        order_id,
        "orders.act",
        lambda actor, now: handover_shape(
            operations.hand_over(order_id=order_id, actor=actor, now=now, cash_taken=payload.cash_taken)
        ),
    )


class ReasonIn(Schema):
    reason: str = Field(min_length=1, max_length=200)


@router.post(
    "/shop/orders/{order_id}/refuse",
    response=OrderShape,
    summary="The shop cannot make it",
    operation_id="refuseOrder",
    openapi_extra=REPEATABLE,
)
def refuse(request: HttpRequest, order_id: UUID, payload: ReasonIn) -> HttpResponse:
    scope = scope_of(request).at("orders.act")

    def act(actor: str, now: datetime) -> Any:
        operations.cancel(order_id=order_id, by="shop", actor=actor, reason=payload.reason, now=now)
        return order_shape(queries.order(order_id, scope=scope))

    return _act(request, order_id, "orders.act", act)


class RefundIn(Schema):
    amount_minor: int | None = Field(None, ge=1, le=10**12, description="Absent: all that is left.")
    reason: str = Field(min_length=1, max_length=200)


@router.post(
    "/shop/orders/{order_id}/refunds",
    response=RefundShape,
    summary="Give money back",
    operation_id="refundOrder",
    openapi_extra=REPEATABLE,
)
def refund(request: HttpRequest, order_id: UUID, payload: RefundIn) -> HttpResponse:
    return _act(
        request,
        order_id,
        "money.act",
        lambda actor, now: refund_shape(
            operations.refund(
                order_id=order_id,
                amount_minor=payload.amount_minor,
                reason="goodwill",
                note=payload.reason,
                actor=actor,
                now=now,
            )
        ),
    )
