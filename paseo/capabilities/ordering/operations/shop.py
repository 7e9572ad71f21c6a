"""What the shop and the customer do with a confirmed order, from the board to the hand."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings

from paseo.capabilities.fulfillment import operations as fulfillment
from paseo.capabilities.fulfillment import queries as fulfillment_read
from paseo.capabilities.fulfillment.values import HandoverView
from paseo.capabilities.inventory import operations as inventory
from paseo.capabilities.inventory.refusals import NoHold
from paseo.capabilities.ordering.events import OrderAccepted, OrderCompleted, OrderReady, OrderReopened
from paseo.capabilities.ordering.facts import publish, step
from paseo.capabilities.ordering.models import Order, OrderChange, OrderLine
from paseo.capabilities.ordering.operations.cancelling import locked
from paseo.capabilities.ordering.operations.paying import take_cash
from paseo.capabilities.ordering.refusals import CashDue, UndoTooLate
from paseo.capabilities.ordering.states import ORDER
from paseo.kernel.money import Money
from paseo.kernel.states import NotAllowed
from paseo.platform.codes import operations as codes
from paseo.platform.db.returning import update_returning
from paseo.platform.db.unit import operation, unit


@operation
def accept(*, order_id: UUID, actor: str, now: datetime, minutes: int | None = None) -> HandoverView:
    """The shop takes the order, ready in ``minutes`` from now; more than was promised is a proposal, see
    ``propose_later``, so here it may only be sooner or as promised. Refuses ``NotAllowed``."""
    order = locked(order_id)
    sooner = minutes if minutes is not None and now + timedelta(minutes=minutes) <= order.promised_at else None
    view = fulfillment.accept(order_id=order_id, now=now, actor=actor, minutes=sooner)
    if sooner is not None:
        Order.objects.filter(id=order_id).update(promised_at=view.promised_at)
    publish(OrderAccepted, order, now, promised_at=view.promised_at)
    return view


@operation
def start(*, order_id: UUID, actor: str, now: datetime) -> HandoverView:
    """Preparation begins. An order that nobody accepted is accepted by it."""
    order = locked(order_id)
    if fulfillment_read.handover(order_id).state == "requested":
        accept(order_id=order.id, actor=actor, now=now)
    return fulfillment.start(order_id=order_id, now=now, actor=actor)


@operation
def ready(*, order_id: UUID, actor: str, now: datetime) -> HandoverView:
    """It stands on the shelf; the customer is told."""
    order = locked(order_id)
    if fulfillment_read.handover(order_id).state == "requested":
        accept(order_id=order.id, actor=actor, now=now)
    view = fulfillment.ready(order_id=order_id, now=now, actor=actor)
    publish(OrderReady, order, now, plate=view.plate)
    return view


@operation
def arrive(*, order_id: UUID, now: datetime) -> HandoverView:
    """The customer says "I am here"."""
    return fulfillment.arrive(order_id=order_id, now=now)


@operation
def hand_over(*, order_id: UUID, actor: str, now: datetime, cash_taken: bool = False) -> HandoverView:
    """Staff hand over by plate or name, without the code, which is of no use afterwards.

    Refuses ``CashDue`` unless it is paid or ``cash_taken``, ``NotAllowed`` when it was handed over already.
    """
    view = complete(order_id=order_id, actor=actor, now=now, cash_taken=cash_taken)
    codes.block(order_id, "handed over by staff", now=now, actor=actor)
    return view


def complete(*, order_id: UUID, actor: str, now: datetime, cash_taken: bool) -> HandoverView:
    """Goods out of the stock, handover done, order completed. Joins the caller's unit."""
    order = locked(order_id)
    target = ORDER.next(order.state, "complete")
    due = cash_due(order)
    if due:
        if not cash_taken:
            raise CashDue(amount=Money(due, order.currency))
        take_cash(order_id=order_id, actor=actor, now=now)
    view = fulfillment.hand_over(order_id=order_id, now=now, actor=actor)
    with suppress(NoHold), unit(savepoint=True):
        inventory.issue_out(subject_id=order_id, now=now, actor=actor)
    finish(order, target, actor, now)
    return view


def cash_due(order: Order) -> int:
    """Minor units that are still to be paid at the counter."""
    return order.total_minor - order.returned_minor if order.paid_at is None and order.method == "cash" else 0


def finish(order: Order, target: str, actor: str, now: datetime) -> None:
    done = update_returning(Order.objects.filter(id=order.id, state=order.state), state=target, ended_at=now)
    if done is None:
        raise NotAllowed(machine=ORDER.name, state=order.state, verb="complete")
    OrderChange.objects.filter(order_id=order.id, state="proposed").update(
        state="withdrawn", answered_at=now, answered_by=actor
    )
    step(order, "complete", order.state, target, now, actor)
    publish(OrderCompleted, done, now, line_ids=lines_given(order.id), returned_minor=order.returned_minor)


def lines_given(order_id: UUID) -> tuple[UUID, ...]:
    return tuple(
        OrderLine.objects.filter(order_id=order_id, state="ok").order_by("position").values_list("id", flat=True)
    )


@operation
def undo_hand_over(*, order_id: UUID, actor: str, now: datetime) -> HandoverView:
    """Takes a hand-over by staff back, within UNDO_MINUTES. Refuses ``UndoTooLate``, ``NotAllowed``."""
    order = locked(order_id)
    until = (order.ended_at or now) + timedelta(minutes=settings.PASEO["UNDO_MINUTES"])
    if order.state == "completed" and now > until:
        raise UndoTooLate(until=until)
    view = reopen(order_id=order_id, actor=actor, now=now)
    codes.unblock(order_id, now=now, actor=actor)
    return view


def reopen(*, order_id: UUID, actor: str, now: datetime) -> HandoverView:
    """The opposite of ``complete``. Joins the caller's unit, which has checked the window."""
    order = locked(order_id)
    target = ORDER.next(order.state, "reopen")
    view = fulfillment.undo_hand_over(order_id=order_id, now=now, actor=actor)
    with suppress(NoHold):
        inventory.unissue(subject_id=order_id, now=now, actor=actor)
    Order.objects.filter(id=order_id).update(state=target, ended_at=None)
    step(order, "reopen", "completed", target, now, actor)
    publish(OrderReopened, order, now, line_ids=lines_given(order_id))
    return view
