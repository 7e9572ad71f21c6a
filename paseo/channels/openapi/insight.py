"""Money, stages and touchpoints of a merchant."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Field, Query, Router, Schema

from paseo.capabilities.directory import operations as directory_writes
from paseo.capabilities.directory import queries as directory
from paseo.capabilities.directory.values import TouchpointView
from paseo.capabilities.insight import queries as insights
from paseo.capabilities.ledger import queries as ledger
from paseo.channels.openapi.answers import once, page, reply
from paseo.channels.openapi.callers import key, scope_of
from paseo.channels.openapi.document import REPEATABLE
from paseo.channels.openapi.shapes import Page
from paseo.kernel import clock
from paseo.kernel.errors import N_, Invalid, NotFound
from paseo.kernel.periods import Period, day_of, day_period
from paseo.platform.tenancy.values import Scope

router = Router(tags=["figures"], auth=key)


def _period(first: date | None, last: date | None, zone: str) -> Period:
    today = day_of(clock.now(), zone)
    last = last or today
    first = first or last - timedelta(days=6)
    if first > last or (last - first).days > 400:
        raise Invalid(fields={"first": N_("The first day must not be after the last, and at most 400 days before it.")})
    return Period(day_period(first, zone).start, day_period(last, zone).end)


def _stores(scope: Scope, right: str) -> list[Any]:
    return [card for card in directory.stores_of_merchant(scope.tenant_id) if scope.may(right, card.id)]


@router.get(
    "/shop/money", response=dict[str, Any], summary="Taken, fees, given back, owed, paid out", operation_id="money"
)
def money(
    request: HttpRequest,
    first: date | None = None,
    last: date | None = None,
    currency: str = Query("", pattern="^([A-Z]{3})?$", description="ISO 4217; empty is that of the first store"),
) -> HttpResponse:
    scope = scope_of(request)
    scope.require("money.see")
    cards = directory.stores_of_merchant(scope.tenant_id)
    zone = cards[0].zone if cards else "UTC"
    unit = currency or (cards[0].currency if cards else "EUR")
    return reply(ledger.merchant_money(scope.tenant_id, _period(first, last, zone), unit))


@router.get(
    "/shop/stages",
    response=dict[str, Any],
    summary="Traffic, conversion, consumption, feedback, retention",
    operation_id="stages",
)
def stages(
    request: HttpRequest,
    store_id: UUID | None = None,
    first: date | None = None,
    last: date | None = None,
    touchpoint_id: UUID | None = None,
) -> HttpResponse:
    scope = scope_of(request)
    scope.require("insight.see", store_id)
    cards = [card for card in _stores(scope, "insight.see") if store_id in (None, card.id)]
    if not cards:
        raise NotFound
    period = _period(first, last, cards[0].zone)
    ids = [card.id for card in cards]
    if touchpoint_id is not None:
        directory.touchpoint_of(scope.tenant_id, touchpoint_id)
        return reply(insights.five_stages(ids, period, touchpoint_id=touchpoint_id))
    return reply({"all": insights.five_stages(ids, period), "by_touchpoint": insights.by_touchpoint(ids, period)})


class TouchpointShape(Schema):
    id: UUID
    store_id: UUID | None
    kind: str
    name: str
    campaign: str
    path: str = Field(description="What the code holds, after the address of the installation")
    active: bool


def touchpoint_shape(view: TouchpointView) -> dict[str, Any]:
    return {name: getattr(view, name) for name in TouchpointShape.model_fields}


@router.get(
    "/shop/touchpoints", response=Page[TouchpointShape], summary="Posters, labels, links", operation_id="touchpoints"
)
def touchpoints(request: HttpRequest) -> HttpResponse:
    scope = scope_of(request)
    scope.require("insight.see")
    return page([touchpoint_shape(view) for view in directory.touchpoints(scope.tenant_id)], None)


class TouchpointIn(Schema):
    kind: str = Field(pattern="^(qr_poster|link|nfc|label|screen)$")
    name: str = Field(min_length=1, max_length=100)
    store_id: UUID
    campaign: str = Field("", max_length=60)


@router.post(
    "/shop/touchpoints",
    response=TouchpointShape,
    summary="Add a touchpoint",
    operation_id="addTouchpoint",
    openapi_extra=REPEATABLE,
)
def add_touchpoint(request: HttpRequest, payload: TouchpointIn) -> HttpResponse:
    scope = scope_of(request)
    card = directory.store(payload.store_id)
    if card.merchant_id != scope.tenant_id:
        raise NotFound
    scope.require("store.edit", card.id)

    def act() -> Any:
        made = directory_writes.add_touchpoint(
            merchant_id=scope.tenant_id,
            kind=payload.kind,
            name=payload.name,
            store_id=card.id,
            campaign=payload.campaign,
            now=clock.now(),
            actor=scope.actor,
        )
        return touchpoint_shape(directory.touchpoint_of(scope.tenant_id, made))

    return once(request, act)
