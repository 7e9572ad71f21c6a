"""Publishing what happened to an order."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from paseo.capabilities.ordering.models import Order
from paseo.platform.db.models import Transition
from paseo.platform.db.unit import add
from paseo.platform.outbox import emit


def publish(fact: type, order: Order, at: datetime, /, **more: Any) -> None:
    """Emits a fact with the fields that all facts about orders carry."""
    emit(
        fact(
            order_id=order.id,
            number=order.number,
            store_id=order.store_id,
            merchant_id=order.merchant_id,
            person_id=order.person_id,
            visitor_id=order.visitor_id,
            channel=order.channel,
            mode=order.mode,
            currency=order.currency,
            total_minor=order.total_minor,
            first_touchpoint_id=order.first_touchpoint_id,
            last_touchpoint_id=order.last_touchpoint_id,
            at=at,
            **more,
        ),
        tenant_id=order.merchant_id,
        place_id=order.store_id,
        at=at,
    )


def step(order: Order, verb: str, before: str, after: str, now: datetime, actor: str, reason: str = "") -> None:
    """Remembers a move of the order's machine that was made by an UPDATE of one's own."""
    add(
        Transition(
            subject_type="ordering.order",
            subject_id=order.id,
            machine="order",
            verb=verb,
            from_state=before,
            to_state=after,
            at=now,
            actor=actor,
            reason=reason[:500],
        )
    )
