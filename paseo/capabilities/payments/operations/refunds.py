"""Money on its way back. Rows here; the gateway is told by a job."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import F

from paseo.capabilities.payments import rules
from paseo.capabilities.payments.events import RefundDone, RefundFailed, RefundRequested
from paseo.capabilities.payments.models import Payment, Refund
from paseo.capabilities.payments.refusals import NothingPaid, RefundTooLarge
from paseo.capabilities.payments.states import PAYMENT, REFUND
from paseo.capabilities.payments.values import SUCCEEDED, RefundState, RefundView
from paseo.capabilities.payments.views import refund_view
from paseo.kernel.ids import new_id
from paseo.kernel.money import Money
from paseo.kernel.states import NotAllowed
from paseo.platform.db.models import Transition
from paseo.platform.db.returning import update_returning
from paseo.platform.db.unit import add, operation, transition
from paseo.platform.outbox import emit

CASH = "cash"


@operation
def request_refund(
    *,
    subject_id: UUID,
    amount_minor: int | None = None,
    reason: str,
    note: str = "",
    actor: str,
    now: datetime,
    refund_id: UUID | None = None,
) -> RefundView:
    """Gives ``amount_minor`` (None: all that is left) of the subject's payment back to where it came from.

    ``refund_id`` is the caller's id: the same id again returns the same refund. A refund of cash waits for the cashier
    (``give_cash_back``). Refuses ``NothingPaid``, ``RefundTooLarge``.
    """
    if refund_id is not None:
        known = Refund.objects.select_related("payment").filter(id=refund_id).first()
        if known is not None:
            return refund_view(known, known.payment.method)
    payment = Payment.objects.select_for_update().filter(subject_id=subject_id, state__in=SUCCEEDED).first()
    if payment is None:
        raise NothingPaid
    left = payment.captured_minor - payment.refunding_minor
    row = open_refund(
        payment=payment,
        amount_minor=left if amount_minor is None else amount_minor,
        reason=reason,
        note=note,
        actor=actor,
        now=now,
        refund_id=refund_id,
    )
    return refund_view(row, payment.method)


@operation
def refund_parked(*, payment_id: UUID, note: str, actor: str, now: datetime) -> RefundView:
    """A person decided: what arrived by mistake goes back whole. Refuses ``NothingPaid`` unless it is parked."""
    payment = Payment.objects.select_for_update().filter(id=payment_id, state="parked").first()
    if payment is None:
        raise NothingPaid
    left = payment.captured_minor - payment.refunding_minor
    return refund_view(
        open_refund(payment=payment, amount_minor=left, reason="parked", note=note, actor=actor, now=now),
        payment.method,
    )


@operation
def retry_refund(*, refund_id: UUID, actor: str, now: datetime) -> None:
    """A failed refund is sent again."""
    transition(
        Refund,
        refund_id,
        REFUND,
        "try_again",
        was="failed",
        now=now,
        actor=actor,
        next_try_at=now,
        attempts=0,
        trouble="",
    )
    row = Refund.objects.get(id=refund_id)
    claimed = Payment.objects.filter(
        id=row.payment_id, captured_minor__gte=F("refunding_minor") + row.amount_minor
    ).update(refunding_minor=F("refunding_minor") + row.amount_minor)
    if not claimed:
        raise RefundTooLarge(left=Money(0, row.currency))


def open_refund(
    *,
    payment: Payment,
    amount_minor: int,
    reason: str,
    note: str,
    actor: str,
    now: datetime,
    refund_id: UUID | None = None,
) -> Refund:
    """Claims the amount on the payment by a guarded update and writes the refund."""
    claimed = amount_minor > 0 and update_returning(
        Payment.objects.filter(id=payment.id, captured_minor__gte=F("refunding_minor") + amount_minor),
        refunding_minor=F("refunding_minor") + amount_minor,
    )
    if not claimed:
        fresh = Payment.objects.get(id=payment.id)
        raise RefundTooLarge(
            left=Money(fresh.captured_minor - fresh.refunding_minor, fresh.captured_currency or fresh.currency)
        )
    row = Refund(
        id=refund_id or new_id(),
        payment=payment,
        subject_id=payment.subject_id,
        amount_minor=amount_minor,
        currency=payment.captured_currency or payment.currency,
        reason=reason,
        note=note[:300],
        requested_at=now,
        requested_by=actor,
        expected_by=rules.back_by(now, 0 if payment.method == CASH else 3),
        next_try_at=None if payment.method == CASH else now,
    )
    row.save(force_insert=True)
    _publish(row, payment, RefundRequested, reason=reason)
    return row


def apply_refund_state(*, payment: Payment, seen: RefundState, now: datetime, actor: str) -> bool:
    """Brings one refund to what the gateway says. A refund made at the gateway itself is written down. True if it
    changed."""
    row = None
    if seen.id is not None:
        row = Refund.objects.filter(id=seen.id, payment_id=payment.id).first()
    if row is None:
        row = Refund.objects.filter(payment_id=payment.id, gateway_ref=seen.ref).first()
    if row is None:
        if seen.state == "failed" or payment.captured_minor == 0:
            return False
        fresh = Payment.objects.get(id=payment.id)
        row = open_refund(
            payment=fresh, amount_minor=seen.amount_minor, reason="gateway", note=seen.ref, actor=actor, now=now
        )
    if seen.state == "done":
        return finish_refund(row, ref=seen.ref, now=now, actor=actor)
    if seen.state == "failed":
        return fail_refund(row, trouble="refused by the gateway", now=now, actor=actor)
    if row.state == "requested":
        transition(Refund, row.id, REFUND, "send", was="requested", now=now, actor=actor, gateway_ref=seen.ref)
        return True
    return False


def finish_refund(row: Refund, *, ref: str, now: datetime, actor: str) -> bool:
    """The money is back. Once: the second time is false."""
    if row.state == "done":
        return False
    try:
        transition(
            Refund,
            row.id,
            REFUND,
            "finish",
            was=row.state,
            now=now,
            actor=actor,
            done_at=now,
            gateway_ref=ref,
            next_try_at=None,
        )
    except NotAllowed:
        return False
    amount = row.amount_minor
    extra = amount if row.state == "failed" else 0  # its claim was given up when it failed
    payment = update_returning(
        Payment.objects.filter(id=row.payment_id),
        refunded_minor=F("refunded_minor") + amount,
        refunding_minor=F("refunding_minor") + extra,
    )
    assert payment is not None
    before = payment.state
    verb = "refund_all" if payment.refunded_minor == payment.captured_minor else "refund_part"
    # Surplus and parked money never becomes the success of its subject, however little of it went back.
    if verb == "refund_all" or before == "captured":
        target = PAYMENT.next(before, verb)
        if target != before:
            Payment.objects.filter(id=payment.id).update(state=target)
            add(
                Transition(
                    subject_type="payments.payment",
                    subject_id=payment.id,
                    machine=PAYMENT.name,
                    verb=verb,
                    from_state=before,
                    to_state=target,
                    at=now,
                    actor=actor,
                )
            )
    _publish(row, payment, RefundDone, reason=row.reason)
    return True


def fail_refund(row: Refund, *, trouble: str, now: datetime, actor: str) -> bool:
    """The gateway said no, finally: the claim on the payment is given up and people are told."""
    if row.state not in {"requested", "sent"}:
        return False
    transition(
        Refund, row.id, REFUND, "fail", was=row.state, now=now, actor=actor, trouble=trouble[:300], next_try_at=None
    )
    payment = update_returning(
        Payment.objects.filter(id=row.payment_id), refunding_minor=F("refunding_minor") - row.amount_minor
    )
    assert payment is not None
    _publish(row, payment, RefundFailed, trouble=trouble[:200])
    return True


def _publish(row: Refund, payment: Payment, kind: type, **more: object) -> None:
    emit(
        kind(
            payment_id=payment.id,
            subject_id=payment.subject_id,
            tenant_id=payment.tenant_id,
            amount_minor=row.amount_minor,
            currency=row.currency,
            refund_id=row.id,
            **more,
        ),
        tenant_id=payment.tenant_id,
    )
