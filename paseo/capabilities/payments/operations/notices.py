"""What a gateway tells us becomes the state of a payment: once, in any order, never backwards."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from paseo.capabilities.payments import ports, rules
from paseo.capabilities.payments.events import PaymentCaptured, PaymentDeclined, PaymentParked, PaymentSurplus
from paseo.capabilities.payments.models import GatewayNotice, Payment, RefusedNotices
from paseo.capabilities.payments.operations.refunds import apply_refund_state, open_refund
from paseo.capabilities.payments.refusals import BadSignature
from paseo.capabilities.payments.states import PAYMENT
from paseo.capabilities.payments.values import SUCCEEDED, Notice, Received
from paseo.capabilities.payments.views import payment_view
from paseo.kernel.ids import new_id
from paseo.platform.db.models import Transition
from paseo.platform.db.returning import statement_returning
from paseo.platform.db.unit import add, guarded, operation, unit
from paseo.platform.outbox import emit

NOT_AGAIN, REST = timedelta(seconds=10), timedelta(hours=1)


def read_notice(*, gateway: str, headers: Mapping[str, str], body: bytes, now: datetime) -> Notice:
    """Checks the signature and reads the message. Refuses ``BadSignature``, ``UnknownMethod``; then nothing is touched,
    but it is remembered that somebody knocks with a wrong key: it may be the gateway, after a secret was changed."""
    try:
        return ports.gateway(gateway).read_notice(headers=headers, body=body, now=now)
    except BadSignature:
        _remember_refused(gateway, now)
        raise


_refused_at: dict[str, datetime] = {}


def _remember_refused(gateway: str, now: datetime) -> None:
    """At most once in ten seconds from each process, so that knocking costs nothing."""
    known = _refused_at.get(gateway)
    if known is not None and known <= now < known + NOT_AGAIN:
        return
    _refused_at[gateway] = now
    with unit():
        row = RefusedNotices.objects.select_for_update().filter(gateway=gateway).first()
        first = row.first_at if row is not None and row.last_at > now - REST else now
        RefusedNotices.objects.update_or_create(gateway=gateway, defaults={"first_at": first, "last_at": now})


@operation
def receive_notice(*, notice: Notice, now: datetime) -> Received:
    """Applies a notice and keeps it. One statement for the usual one: a new payment that was captured.

    The caller does what follows from ``outcome`` in the same unit. Surplus and refunds are dealt with here.
    """
    row = _first_capture(notice, now)
    if row is not None:
        return Received("captured", payment_view(row))
    if _known(notice):
        return Received("duplicate")
    wanted = notice.state.payment_id
    row = None if wanted is None else Payment.objects.select_for_update().filter(id=wanted).first()
    if row is None or row.method != notice.gateway:
        _keep(notice, "unknown", now)
        return Received("unknown")
    outcome = _advance(row, notice, now)
    for refund in notice.state.refunds:
        if apply_refund_state(payment=row, seen=refund, now=now, actor=f"gateway:{notice.gateway}"):
            outcome = "refund" if outcome == "ignored" else outcome
    _keep(notice, outcome, now)
    return Received(outcome, payment_view(Payment.objects.get(id=row.id)))


def _known(notice: Notice) -> bool:
    return (
        Payment.objects.filter(method=notice.gateway, captured_event=notice.event_id).exists()
        or GatewayNotice.objects.filter(gateway=notice.gateway, event_id=notice.event_id).exists()
    )


_FIRST_CAPTURE = """
UPDATE payments_payment SET state = 'captured', captured_minor = amount_minor, captured_currency = currency,
    captured_at = %s, gateway_ref = %s, captured_event = %s, captured_notice = %s
WHERE id = %s AND state = 'created' AND method = %s AND amount_minor = %s AND currency = %s
    AND NOT EXISTS (SELECT 1 FROM payments_payment AS other WHERE other.subject_id = payments_payment.subject_id
        AND other.state IN ('captured', 'partly_refunded'))
"""


def _first_capture(notice: Notice, now: datetime) -> Payment | None:
    """The whole condition in one UPDATE: ours, new, the right amount, nothing else paid for it, nothing given back."""
    seen = notice.state
    if seen.state != "captured" or seen.refunds or seen.payment_id is None or seen.captured_minor != seen.amount_minor:
        return None
    row = statement_returning(
        Payment,
        _FIRST_CAPTURE,
        (
            ("captured_at", now),
            ("gateway_ref", seen.ref),
            ("captured_event", notice.event_id),
            ("captured_notice", notice.body),
            ("id", seen.payment_id),
            ("method", notice.gateway),
            ("amount_minor", seen.captured_minor),
            ("currency", seen.currency),
        ),
    )
    if row is not None:
        _publish(row, PaymentCaptured, method=row.method)
    return row


def _money(notice: Notice, state: str, now: datetime) -> dict[str, Any]:
    return {
        "state": state,
        "captured_minor": notice.state.captured_minor,
        "captured_currency": notice.state.currency,
        "captured_at": now,
        "gateway_ref": notice.state.ref,
    }


def _advance(row: Payment, notice: Notice, now: datetime) -> str:
    """Moves the locked row as far as the notice says and returns the outcome."""
    seen = notice.state
    first, trouble = rules.step(row.state, row.amount_minor, row.currency, seen)
    verb: str = first
    if verb == "none":
        if trouble:
            Payment.objects.filter(id=row.id).update(trouble=trouble)
            _publish(row, PaymentParked, trouble=trouble)
            return "parked"
        return "ignored"
    if (
        verb == "capture"
        and Payment.objects.filter(subject_id=row.subject_id, state__in=SUCCEEDED).exclude(id=row.id).exists()
    ):
        verb = "capture_again"
    before, target = row.state, PAYMENT.next(row.state, verb)
    changes: dict[str, Any] = {"state": target, "gateway_ref": seen.ref or row.gateway_ref}
    if verb in {"capture", "capture_again", "park"}:
        changes = _money(notice, target, now)
    if trouble or seen.reason:
        changes["trouble"] = (trouble or seen.reason)[:200]
    if not guarded(Payment.objects.filter(id=row.id, state=before), **changes):
        row.refresh_from_db()
        return _advance(row, notice, now)
    row.refresh_from_db()
    _step(row, verb, before, target, notice, now)
    if verb == "capture":
        _publish(row, PaymentCaptured, method=row.method)
    elif verb == "capture_again":
        _publish(row, PaymentSurplus)
        open_refund(payment=row, amount_minor=row.captured_minor, reason="surplus", note="", actor="system", now=now)
    elif verb == "park":
        _publish(row, PaymentParked, trouble=trouble)
    elif verb == "decline":
        _publish(row, PaymentDeclined, reason=seen.reason)
    return {"surplus": "surplus", "parked": "parked"}.get(target, target)


def _step(row: Payment, verb: str, before: str, target: str, notice: Notice, now: datetime) -> None:
    add(
        Transition(
            subject_type="payments.payment",
            subject_id=row.id,
            machine=PAYMENT.name,
            verb=verb,
            from_state=before,
            to_state=target,
            at=now,
            actor=f"gateway:{notice.gateway}",
            reason=notice.event_id[:200],
        )
    )


def _publish(row: Payment, kind: type, **more: object) -> None:
    emit(
        kind(
            payment_id=row.id,
            subject_id=row.subject_id,
            tenant_id=row.tenant_id,
            amount_minor=row.captured_minor or row.amount_minor,
            currency=row.captured_currency or row.currency,
            **more,
        ),
        tenant_id=row.tenant_id,
    )


def _keep(notice: Notice, outcome: str, now: datetime) -> None:
    add(
        GatewayNotice(
            id=new_id(),
            gateway=notice.gateway,
            event_id=notice.event_id,
            kind=notice.kind,
            payment_id=notice.state.payment_id,
            body=notice.body,
            received_at=now,
            outcome=outcome,
        )
    )
