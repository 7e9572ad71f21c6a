"""The end of a handover, and the way back from it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from paseo.capabilities.fulfillment.events import (
    HandedOver,
    HandoverCancelled,
    HandoverRefused,
    HandoverUndone,
    NotCollected,
)
from paseo.capabilities.fulfillment.models import Handover
from paseo.capabilities.fulfillment.operations.steps import publish, row_of
from paseo.capabilities.fulfillment.states import HANDOVER
from paseo.capabilities.fulfillment.values import HandoverView
from paseo.capabilities.fulfillment.views import handover_view
from paseo.platform.db.unit import operation, transition


@operation
def hand_over(*, order_id: UUID, now: datetime, actor: str) -> HandoverView:
    """The goods are in the customer's hand, by code or by staff who know the plate. Once: then ``NotAllowed``."""
    row = row_of(order_id, lock=True)
    transition(
        Handover,
        order_id,
        HANDOVER,
        "hand_over",
        was=row.state,
        now=now,
        actor=actor,
        ended_at=now,
        state_before=row.state,
        ready_at=row.ready_at or now,
    )
    publish(row, HandedOver)
    return handover_view(row_of(order_id))


@operation
def undo_hand_over(*, order_id: UUID, now: datetime, actor: str) -> HandoverView:
    """It was the wrong one: the goods are back on the shelf. The caller has checked the window."""
    row = row_of(order_id)
    transition(Handover, order_id, HANDOVER, "undo", was=row.state, now=now, actor=actor, ended_at=None)
    publish(row, HandoverUndone)
    return handover_view(row_of(order_id))


@operation
def refuse(*, order_id: UUID, now: datetime, actor: str, reason: str) -> HandoverView:
    """The shop cannot make it."""
    row = row_of(order_id)
    transition(Handover, order_id, HANDOVER, "refuse", was=row.state, now=now, actor=actor, reason=reason, ended_at=now)
    Handover.objects.filter(id=order_id).update(reason=reason[:200])
    publish(row, HandoverRefused, reason=reason)
    return handover_view(row_of(order_id))


@operation
def cancel(*, order_id: UUID, now: datetime, actor: str, reason: str = "") -> HandoverView:
    """The order is taken back. What may still be cancelled is the caller's rule; the machine knows the rest."""
    row = row_of(order_id)
    transition(Handover, order_id, HANDOVER, "cancel", was=row.state, now=now, actor=actor, reason=reason, ended_at=now)
    Handover.objects.filter(id=order_id).update(reason=reason[:200])
    publish(row, HandoverCancelled, reason=reason)
    return handover_view(row_of(order_id))


@operation
def not_collected(*, order_id: UUID, now: datetime, actor: str) -> HandoverView:
    """Nobody came for it."""
    row = row_of(order_id)
    transition(Handover, order_id, HANDOVER, "not_collected", was=row.state, now=now, actor=actor, ended_at=now)
    publish(row, NotCollected)
    return handover_view(row_of(order_id))


@operation
def forget_customer(*, order_ids: Sequence[UUID]) -> int:
    """Takes the name and the wishes out of handovers; what was handed over stays."""
    rows = Handover.objects.filter(id__in=list(order_ids))
    for row in rows:
        row.slip = [{**line, "note": ""} for line in row.slip]
    Handover.objects.bulk_update(rows, ["slip"])
    return rows.update(customer="", note="")
