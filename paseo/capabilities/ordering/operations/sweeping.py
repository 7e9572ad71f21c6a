"""Nothing stays in between: whatever was interrupted is found here and brought to its end."""

from __future__ import annotations

from datetime import datetime, timedelta

from paseo.capabilities.fulfillment import queries as fulfillment_read
from paseo.capabilities.ordering.models import Order
from paseo.capabilities.ordering.operations.cancelling import cancel, expire_due
from paseo.capabilities.ordering.operations.changes import lapse_due
from paseo.capabilities.ordering.operations.paying import apply_notice
from paseo.capabilities.payments import operations as payments
from paseo.capabilities.payments import queries as payments_read
from paseo.kernel.errors import Refusal
from paseo.platform.db.unit import forbid_inside_unit

UNANSWERED_MINUTES = 30


def finish_stuck(*, now: datetime, limit: int = 50) -> int:
    """Asks gateways about payments of which nothing was heard, applies what they say, and takes or gives up money that
    is only reserved. Returns how many payments moved. Uses the network, so never inside a unit; repeatable."""
    forbid_inside_unit("asking gateways")
    moved = 0
    for payment in payments_read.unanswered(now=now, limit=limit):
        notice = payments.fetch_state(payment_id=payment.id, now=now)
        if notice is not None and notice.state.state == "authorized":
            wanted = Order.objects.filter(id=payment.subject_id, state__in=["placed", "expired"]).exists()
            notice = payments.take_or_leave(payment_id=payment.id, take=wanted, now=now)
        if notice is None or notice.state.state in {"unknown", "created"}:
            continue
        outcome = apply_notice(notice=notice, now=now).outcome
        moved += outcome not in {"ignored", "duplicate", "unknown"}
    return moved


def refuse_unanswered(*, now: datetime, limit: int = 50) -> int:
    """Orders that the shop left unanswered for half an hour past the promised time are cancelled and paid back."""
    before = now - timedelta(minutes=UNANSWERED_MINUTES)
    ended = 0
    for handover in fulfillment_read.unanswered(before=before, limit=limit):
        if handover.promised_at > before:
            continue
        try:
            cancel(order_id=handover.id, by="system", actor="system", now=now, reason="not answered by the shop")
        except Refusal:
            continue
        ended += 1
    return ended


def sweep(*, now: datetime) -> dict[str, int]:
    """All of it once, in the order in which one makes room for the next."""
    return {
        "expired": expire_due(now=now),
        "lapsed": lapse_due(now=now),
        "unanswered": refuse_unanswered(now=now),
    }
