"""Codes at the counter: see what it is, use it, take it back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Field, Router, Schema

from paseo.capabilities.directory import queries as directory
from paseo.capabilities.ordering import operations
from paseo.capabilities.ordering.values import Redeemed, Ticket
from paseo.channels.openapi.answers import once, reply
from paseo.channels.openapi.callers import key, scope_of
from paseo.channels.openapi.document import REPEATABLE
from paseo.channels.openapi.shapes import summary_shape
from paseo.kernel import clock
from paseo.kernel.errors import NotFound
from paseo.platform.codes import queries as codes

router = Router(tags=["counter"], auth=key)


class CodeIn(Schema):
    code: str = Field(max_length=64)
    store_id: UUID
    terminal: str = Field("", max_length=60, description="Which counter asks; wrong codes are counted per terminal.")


class TicketShape(Schema):
    kind: str = Field(description="order, deal or coupon")
    token: str = Field(description="Uses the code: send it to /codes/redeem")
    subject_id: UUID
    uses_left: int
    valid_until: str | None
    title: dict[str, str]
    order: dict[str, Any] | None
    cash_due_minor: int
    warnings: list[str]


def ticket_shape(ticket: Ticket) -> dict[str, Any]:
    return {
        "kind": ticket.kind,
        "token": ticket.token,
        "subject_id": ticket.subject_id,
        "uses_left": ticket.uses_left,
        "valid_until": ticket.valid_until,
        "title": ticket.title,
        "order": summary_shape(ticket.order) if ticket.order else None,
        "cash_due_minor": ticket.cash_due_minor,
        "warnings": ticket.warnings,
    }


@router.post(
    "/codes/verify", response=TicketShape, summary="What a code stands for; uses nothing", operation_id="verifyCode"
)
def verify(request: HttpRequest, payload: CodeIn) -> HttpResponse:
    scope = scope_of(request)
    if directory.store(payload.store_id).merchant_id != scope.tenant_id:
        raise NotFound
    scope.require("codes.verify", payload.store_id)
    ticket = operations.verify_code(
        text=payload.code,
        place_id=payload.store_id,
        tenant_id=scope.tenant_id,
        actor=scope.actor,
        terminal=payload.terminal or scope.actor,
        now=clock.now(),
    )
    return reply(ticket_shape(ticket))


class RedeemIn(Schema):
    token: str = Field(max_length=400)
    uses: int = Field(1, ge=1, le=1000)
    cash_taken: bool = False


class RedeemedShape(Schema):
    redemption_id: UUID
    kind: str
    subject_id: UUID
    uses: int
    at: str
    undo_until: str


def redeemed_shape(done: Redeemed) -> dict[str, Any]:
    return {name: getattr(done, name) for name in RedeemedShape.model_fields}


@router.post("/codes/redeem", response=RedeemedShape, summary="Use a verified code", operation_id="redeemCode")
def redeem(request: HttpRequest, payload: RedeemIn) -> HttpResponse:
    scope = scope_of(request)
    scope.require("codes.verify")
    done = operations.redeem_code(
        token=payload.token,
        uses=payload.uses,
        cash_taken=payload.cash_taken,
        actor=scope.actor,
        by=scope,
        now=clock.now(),
    )
    return reply(redeemed_shape(done))


@router.post(
    "/redemptions/{redemption_id}/undo",
    response=RedeemedShape,
    summary="Take a use back",
    operation_id="undoRedemption",
    openapi_extra=REPEATABLE,
)
def undo(request: HttpRequest, redemption_id: UUID) -> HttpResponse:
    scope = scope_of(request)
    scope.require("codes.verify")
    found = codes.redemption(redemption_id)
    if found is None or not scope.covers(found.tenant_id, found.place_id):
        raise NotFound
    return once(
        request,
        lambda: redeemed_shape(
            operations.undo_redemption(redemption_id=redemption_id, actor=scope.actor, now=clock.now())
        ),
    )
