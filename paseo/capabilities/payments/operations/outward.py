"""What talks to a gateway. Never inside a transaction; everything may be repeated."""

from __future__ import annotations

import logging
from datetime import datetime
from uuid import UUID

from paseo.capabilities.payments import ports, rules
from paseo.capabilities.payments.models import Payment, Refund
from paseo.capabilities.payments.operations.refunds import apply_refund_state, fail_refund
from paseo.capabilities.payments.refusals import GatewayRefused, GatewayTrouble
from paseo.capabilities.payments.values import GatewayState, Notice
from paseo.platform.db.unit import forbid_inside_unit, guarded, unit

log = logging.getLogger(__name__)
LOST_AFTER = 12


def fetch_state(*, payment_id: UUID, now: datetime) -> Notice | None:
    """Asks the gateway how a payment stands, as a notice for ``receive_notice``. None: it did not answer, or cash."""
    forbid_inside_unit("asking the gateway")
    row = Payment.objects.filter(id=payment_id).exclude(method="cash").first()
    if row is None:
        return None
    try:
        seen = ports.gateway(row.method).fetch(payment_id)
    except GatewayTrouble as trouble:
        log.warning("payment %s: %s", payment_id, trouble)
        return None
    return _as_notice(row, seen, now)


def take_or_leave(*, payment_id: UUID, take: bool, now: datetime) -> Notice | None:
    """Takes money that is only reserved, or lets it go. The gateway's new state as a notice; None: no answer."""
    forbid_inside_unit("capturing at the gateway")
    row = Payment.objects.get(id=payment_id)
    gateway = ports.gateway(row.method)
    try:
        seen = gateway.capture(payment_id) if take else gateway.cancel(payment_id)
    except (GatewayTrouble, GatewayRefused) as trouble:
        log.warning("payment %s: %s", payment_id, trouble)
        return None
    return _as_notice(row, seen, now)


def _as_notice(row: Payment, seen: GatewayState, now: datetime) -> Notice:
    return Notice(
        gateway=row.method,
        event_id=f"fetch:{row.id}:{int(now.timestamp() * 1000)}",
        kind=f"payment.{seen.state}",
        state=seen,
        body={"fetched": True, "state": seen.state, "captured_minor": seen.captured_minor},
    )


def send_refunds(*, now: datetime, limit: int = 50) -> int:
    """Sends what is due, and asks again for what was sent without an answer. Returns how many were tried."""
    forbid_inside_unit("sending refunds")
    due = Refund.objects.filter(state__in=["requested", "sent"], next_try_at__lte=now).order_by("next_try_at")
    tried = 0
    for refund_id in list(due.values_list("id", flat=True)[:limit]):
        tried += send_refund(refund_id=refund_id, now=now)
    return tried


def send_refund(*, refund_id: UUID, now: datetime) -> bool:
    """One refund to its gateway. The refund's id makes a repetition harmless, so an unknown result is simply sent
    again."""
    forbid_inside_unit("sending a refund")
    row = Refund.objects.select_related("payment").filter(id=refund_id).first()
    if row is None or row.next_try_at is None or row.next_try_at > now:
        return False
    # The next try is written down first: a process that dies here tries again, two processes do not try at once.
    mine = guarded(
        Refund.objects.filter(id=row.id, next_try_at=row.next_try_at),
        attempts=row.attempts + 1,
        next_try_at=rules.next_try(row.attempts + 1, now),
    )
    if not mine:
        return False
    payment = row.payment
    try:
        seen = ports.gateway(payment.method).refund(
            payment_id=payment.id, refund_id=row.key, amount_minor=row.amount_minor, currency=row.currency
        )
    except GatewayRefused as refused:
        with unit():
            fail_refund(Refund.objects.get(id=row.id), trouble=str(refused), now=now, actor="system")
        return True
    except GatewayTrouble as trouble:
        Refund.objects.filter(id=row.id).update(trouble=str(trouble)[:300])
        if row.attempts + 1 >= LOST_AFTER:
            log.error("refund %s was not answered %d times: %s", row.id, row.attempts + 1, trouble)
        return True
    with unit():
        apply_refund_state(payment=payment, seen=seen, now=now, actor="system")
    return True
