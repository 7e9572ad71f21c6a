"""Money on its way back. Rows here; the gateway is told by a job."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import F

from paseo.capabilities.payments import rules
from paseo.capabilities.payments.events import RefundDone, RefundFailed, RefundRequested, RefundRetried
from paseo.capabilities.payments.models import Payment, Refund
from paseo.capabilities.payments.refusals import NothingPaid, RefundTooLarge
from paseo.capabilities.payments.states import PAYMENT, REFUND
from paseo.capabilities.payments.values import SUCCEEDED, RefundState, RefundView
from paseo.capabilities.payments.views import refund_view
from paseo.kernel.errors import N_, Invalid, NotFound
from paseo.kernel.ids import new_id
from paseo.kernel.money import Money
from paseo.kernel.states import NotAllowed
from paseo.platform.db.models import Transition
from paseo.platform.db.returning import update_returning
from paseo.platform.db.unit import add, operation, transition
from paseo.platform.outbox import emit

CASH = "cash"
ELSEWHERE = ("bank", "gateway")


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
    """A failed refund is sent again. Under a new id where the gateway has kept the failure under the old one."""
    row = Refund.objects.select_related("payment").select_for_update().filter(id=refund_id).first()
    if row is None:
        raise NotFound
    transition(
        Refund, refund_id, REFUND, "try_again", was=row.state, now=now, actor=actor, next_try_at=now,
        attempts=0, trouble="", round=row.round + 1, gateway_ref="", key=new_id() if row.gateway_ref else row.key,
    )  # fmt: skip
    _publish(row, row.payment, RefundRetried, round=row.round + 1)


@operation
def settle_elsewhere(*, refund_id: UUID, how: str, note: str, actor: str, now: datetime) -> None:
    """A failed refund whose money reached the buyer by the operator's hand: ``how`` is "bank" (a bank transfer) or
    "gateway" (at the payment service itself). ``note`` says which. Refuses ``Invalid``, ``NotFound``, ``NotAllowed``.
    """
    wrong = {}
    if how not in ELSEWHERE:
        wrong["how"] = N_("Say how the money went back.")
    if not note.strip():
        wrong["note"] = N_("Write the number or date of the transfer, so that it can be found again.")
    if wrong:
        raise Invalid(fields=wrong)
    row = Refund.objects.select_related("payment").select_for_update().filter(id=refund_id).first()
    if row is None:
        raise NotFound
    ref = note.strip()[:80] if how == "gateway" else ""
    _finish(row, "settle_elsewhere", ref=ref, now=now, actor=actor, reason=note, elsewhere=how)


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
    id = refund_id or new_id()
    row = Refund(
        id=id,
        key=id,
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
    """Brings one refund to what the gateway says. True if it changed.

    A refund made at the gateway itself is written down; it settles one of the same amount that had failed.
    """
    row = _known(payment, seen)
    if row is None:
        if seen.state == "failed" or payment.captured_minor == 0:
            return False
        row = Refund.objects.filter(payment_id=payment.id, state="failed", amount_minor=seen.amount_minor).first()
        if row is None:
            row = _made_there(payment, seen, now, actor)
        if row is None:
            return False
    if seen.state == "done":
        return finish_refund(row, ref=seen.ref, now=now, actor=actor)
    if seen.state == "failed":
        return fail_refund(row, trouble="refused by the gateway", now=now, actor=actor, ref=seen.ref)
    if row.state == "requested":
        transition(Refund, row.id, REFUND, "send", was="requested", now=now, actor=actor, gateway_ref=seen.ref)
        return True
    return False


def _known(payment: Payment, seen: RefundState) -> Refund | None:
    rows = Refund.objects.filter(payment_id=payment.id)
    found = rows.filter(key=seen.id).first() if seen.id is not None else None
    return found or rows.filter(gateway_ref=seen.ref).exclude(gateway_ref="").first()


def _made_there(payment: Payment, seen: RefundState, now: datetime, actor: str) -> Refund | None:
    """None, and a word at the payment, when more went back there than is left here."""
    fresh = Payment.objects.get(id=payment.id)
    try:
        return open_refund(
            payment=fresh, amount_minor=seen.amount_minor, reason="gateway", note=seen.ref, actor=actor, now=now
        )
    except RefundTooLarge:
        trouble = f"{seen.ref} gave {seen.amount_minor} minor units back, more than is left"
        Payment.objects.filter(id=payment.id).update(trouble=trouble[:200])
        return None


def finish_refund(row: Refund, *, ref: str, now: datetime, actor: str) -> bool:
    """The money is back. Once: the second time is false."""
    if row.state == "done":
        return False
    try:
        _finish(row, "finish", ref=ref, now=now, actor=actor)
    except NotAllowed:
        return False
    return True


def _finish(
    row: Refund, verb: str, *, ref: str, now: datetime, actor: str, reason: str = "", elsewhere: str = ""
) -> None:
    transition(
        Refund, row.id, REFUND, verb, was=row.state, now=now, actor=actor, reason=reason, done_at=now,
        gateway_ref=ref, next_try_at=None, elsewhere=elsewhere,
    )  # fmt: skip
    payment = update_returning(
        Payment.objects.filter(id=row.payment_id), refunded_minor=F("refunded_minor") + row.amount_minor
    )
    assert payment is not None
    before = payment.state
    step = "refund_all" if payment.refunded_minor == payment.captured_minor else "refund_part"
    # Surplus and parked money never becomes the success of its subject, however little of it went back.
    if step == "refund_all" or before == "captured":
        target = PAYMENT.next(before, step)
        if target != before:
            Payment.objects.filter(id=payment.id).update(state=target)
            add(
                Transition(
                    subject_type="payments.payment",
                    subject_id=payment.id,
                    machine=PAYMENT.name,
                    verb=step,
                    from_state=before,
                    to_state=target,
                    at=now,
                    actor=actor,
                )
            )
    _publish(row, payment, RefundDone, reason=row.reason, elsewhere=elsewhere)


def fail_refund(row: Refund, *, trouble: str, now: datetime, actor: str, ref: str = "") -> bool:
    """The gateway said no, finally. The money is still owed: the claim on the payment stays, and people are told.

    ``ref`` is the gateway's name of the failure, if it keeps one.
    """
    if row.state not in {"requested", "sent"}:
        return False
    transition(
        Refund, row.id, REFUND, "fail", was=row.state, now=now, actor=actor, reason=trouble, trouble=trouble[:300],
        next_try_at=None, gateway_ref=ref,
    )  # fmt: skip
    _publish(row, Payment.objects.get(id=row.payment_id), RefundFailed, trouble=trouble[:200])
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
