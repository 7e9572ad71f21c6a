"""What the shop and the customer say between opening and ending."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from paseo.capabilities.fulfillment.events import (
    CustomerArrived,
    HandoverAccepted,
    HandoverDelayed,
    HandoverReady,
    HandoverStarted,
)
from paseo.capabilities.fulfillment.models import Handover
from paseo.capabilities.fulfillment.refusals import NoHandover
from paseo.capabilities.fulfillment.states import HANDOVER, OPEN
from paseo.capabilities.fulfillment.values import HandoverView
from paseo.capabilities.fulfillment.views import handover_view
from paseo.kernel.states import NotAllowed
from paseo.platform.db.unit import guarded, operation, transition
from paseo.platform.outbox import emit


def row_of(order_id: UUID, *, lock: bool = False) -> Handover:
    rows = Handover.objects.select_for_update() if lock else Handover.objects
    row = rows.filter(id=order_id).first()
    if row is None:
        raise NoHandover
    return row


def publish(row: Handover, kind: type, **more: object) -> None:
    emit(kind(row.id, row.store_id, row.merchant_id, **more), tenant_id=row.merchant_id, place_id=row.store_id)


@operation
def accept(*, order_id: UUID, now: datetime, actor: str, minutes: int | None = None) -> HandoverView:
    """The shop takes the order, ready in ``minutes`` from now (None: as promised). Refuses ``NotAllowed``."""
    row = row_of(order_id)
    promised = row.promised_at if minutes is None else now + timedelta(minutes=minutes)
    transition(
        Handover,
        order_id,
        HANDOVER,
        "accept",
        was=row.state,
        now=now,
        actor=actor,
        accepted_at=now,
        promised_at=promised,
    )
    publish(row, HandoverAccepted, promised_at=promised)
    return handover_view(row_of(order_id))


@operation
def start(*, order_id: UUID, now: datetime, actor: str) -> HandoverView:
    """Preparation begins; from here on the buyer cannot cancel alone."""
    row = row_of(order_id)
    transition(Handover, order_id, HANDOVER, "start", was=row.state, now=now, actor=actor, started_at=now)
    publish(row, HandoverStarted)
    return handover_view(row_of(order_id))


@operation
def ready(*, order_id: UUID, now: datetime, actor: str) -> HandoverView:
    """It stands on the shelf."""
    row = row_of(order_id)
    transition(Handover, order_id, HANDOVER, "ready", was=row.state, now=now, actor=actor, ready_at=now)
    publish(row, HandoverReady, plate=row.plate)
    return handover_view(row_of(order_id))


@operation
def arrive(*, order_id: UUID, now: datetime) -> HandoverView:
    """The customer says "I am here". Says nothing about the goods; again: the first time stays."""
    if guarded(Handover.objects.filter(id=order_id, state__in=OPEN, arrived_at=None), arrived_at=now):
        row = row_of(order_id)
        publish(row, CustomerArrived, plate=row.plate)
        return handover_view(row)
    row = row_of(order_id)
    if row.state not in OPEN:
        raise NotAllowed(machine=HANDOVER.name, state=row.state, verb="arrive")
    return handover_view(row)


@operation
def delay(*, order_id: UUID, promised_at: datetime, now: datetime) -> HandoverView:
    """A later time that the buyer agreed to."""
    if not guarded(Handover.objects.filter(id=order_id, state__in=OPEN), promised_at=promised_at):
        row = row_of(order_id)
        raise NotAllowed(machine=HANDOVER.name, state=row.state, verb="delay")
    row = row_of(order_id)
    publish(row, HandoverDelayed, promised_at=promised_at)
    return handover_view(row)


@operation
def refuse_line(*, order_id: UUID, line_id: UUID, now: datetime) -> HandoverView:
    """A line is struck from the slip; it stays readable."""
    row = row_of(order_id, lock=True)
    row.slip = [{**line, "state": "refused"} if line["id"] == str(line_id) else line for line in row.slip]
    row.save(update_fields=["slip"])
    return handover_view(row)
