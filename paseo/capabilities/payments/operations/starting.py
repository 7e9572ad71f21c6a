"""A try to pay begins, or ends without money."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from paseo.capabilities.payments import ports
from paseo.capabilities.payments.models import Payment
from paseo.capabilities.payments.refusals import AlreadyPaid
from paseo.capabilities.payments.states import BEFORE_MONEY, PAYMENT
from paseo.capabilities.payments.values import SUCCEEDED, PaymentView
from paseo.capabilities.payments.views import payment_view
from paseo.kernel.ids import new_id
from paseo.kernel.states import NotAllowed
from paseo.platform.db.unit import add, operation, transition

CASH = "cash"


@operation
def start_payment(
    *,
    subject_id: UUID,
    tenant_id: UUID,
    payer_key: str,
    amount_minor: int,
    currency: str,
    method: str,
    now: datetime,
    description: str = "",
    return_url: str = "",
    locale: str = "en",
    expires_at: datetime | None = None,
    fresh: bool = False,
) -> PaymentView:
    """A payment of the subject by ``method`` (a gateway's name, or cash). No network.

    While one of the same method and amount is open it is returned again: a double tap makes no second one. ``fresh``
    says that the subject is new and needs no looking. Refuses ``AlreadyPaid``, ``UnknownMethod``.
    """
    if not fresh:
        rows = Payment.objects.filter(subject_id=subject_id).order_by("-created_at", "-id")
        for row in rows:
            if row.state in SUCCEEDED:
                raise AlreadyPaid
        for row in rows:
            alive = row.expires_at is None or row.expires_at > now
            if row.state in BEFORE_MONEY and alive and (row.method, row.amount_minor) == (method, amount_minor):
                return payment_view(row)
    payment_id = new_id()
    url = ""
    if method != CASH:
        url = ports.gateway(method).start(
            payment_id=payment_id,
            amount_minor=amount_minor,
            currency=currency,
            description=description,
            return_url=return_url,
            locale=locale,
            expires_at=expires_at,
            now=now,
        )
    row = Payment(
        id=payment_id,
        subject_id=subject_id,
        tenant_id=tenant_id,
        payer_key=payer_key,
        method=method,
        amount_minor=amount_minor,
        currency=currency,
        state=PAYMENT.initial,
        redirect_url=url,
        return_url=return_url,
        created_at=now,
        expires_at=expires_at,
    )
    if fresh:
        add(row)
    else:
        row.save(force_insert=True)
    return payment_view(row)


@operation
def cancel_open(*, subject_id: UUID, now: datetime, actor: str = "system", reason: str = "") -> int:
    """Ends all open payments of a subject that will not be. Money that comes nevertheless is still believed."""
    ended = 0
    for payment_id, state in Payment.objects.filter(subject_id=subject_id, state__in=BEFORE_MONEY).values_list(
        "id", "state"
    ):
        try:
            transition(Payment, payment_id, PAYMENT, "cancel", was=state, now=now, actor=actor, reason=reason)
        except NotAllowed:
            continue
        ended += 1
    return ended


@operation
def expire_due(*, now: datetime, grace_minutes: int = 30, limit: int = 200) -> int:
    """Ends open payments whose time was over ``grace_minutes`` ago; the owner asks the gateway before that."""
    due = Payment.objects.filter(
        state__in=["created", "pending"], expires_at__lt=now - timedelta(minutes=grace_minutes)
    ).exclude(method=CASH)
    ended = 0
    for payment_id, state in due.order_by("expires_at").values_list("id", "state")[:limit]:
        try:
            transition(Payment, payment_id, PAYMENT, "expire", was=state, now=now, actor="system")
        except NotAllowed:
            continue
        ended += 1
    return ended
