"""Money over the counter."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import F

from paseo.capabilities.payments.events import PaymentCaptured
from paseo.capabilities.payments.models import Payment, Refund
from paseo.capabilities.payments.operations.refunds import finish_refund
from paseo.capabilities.payments.refusals import AlreadyPaid, NothingToTake
from paseo.capabilities.payments.states import BEFORE_MONEY, PAYMENT
from paseo.capabilities.payments.values import SUCCEEDED, PaymentView
from paseo.capabilities.payments.views import payment_view
from paseo.kernel.errors import NotFound
from paseo.platform.db.unit import operation, transition
from paseo.platform.outbox import emit

CASH = "cash"


@operation
def take_cash(*, subject_id: UUID, actor: str, now: datetime) -> PaymentView:
    """The cashier has the money in hand. Refuses ``AlreadyPaid``, ``NothingToTake``."""
    rows = list(Payment.objects.select_for_update().filter(subject_id=subject_id))
    if any(row.state in SUCCEEDED for row in rows):
        raise AlreadyPaid
    row = next((row for row in rows if row.method == CASH and row.state in BEFORE_MONEY), None)
    if row is None:
        raise NothingToTake
    transition(
        Payment,
        row.id,
        PAYMENT,
        "capture",
        was=row.state,
        now=now,
        actor=actor,
        captured_minor=row.amount_minor,
        captured_currency=row.currency,
        captured_at=now,
    )
    row.refresh_from_db()
    emit(
        PaymentCaptured(row.id, row.subject_id, row.tenant_id, row.amount_minor, row.currency, method=CASH),
        tenant_id=row.tenant_id,
    )
    return payment_view(row)


@operation
def give_cash_back(*, refund_id: UUID, actor: str, now: datetime) -> None:
    """The cashier has given the money of a cash refund back. Again: no effect."""
    row = (
        Refund.objects.select_related("payment").select_for_update().filter(id=refund_id, payment__method=CASH).first()
    )
    if row is None:
        raise NotFound
    finish_refund(row, ref=f"cash:{actor}"[:80], now=now, actor=actor)


@operation
def lower_cash(*, subject_id: UUID, by_minor: int) -> None:
    """Less is to be paid at the counter than was ordered: a line was struck."""
    lowered = Payment.objects.filter(
        subject_id=subject_id, method=CASH, state__in=BEFORE_MONEY, amount_minor__gte=by_minor
    ).update(amount_minor=F("amount_minor") - by_minor)
    assert lowered == 1, f"order {subject_id} has no open cash payment of at least {by_minor}"
