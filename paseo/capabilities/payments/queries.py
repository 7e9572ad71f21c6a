"""Reads of payments."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from paseo.capabilities.payments import ports
from paseo.capabilities.payments.models import Payment, Refund
from paseo.capabilities.payments.values import (
    PaymentView,
    RefundView,
    StatementComparison,
    StatementDifference,
    StatementRow,
)
from paseo.capabilities.payments.views import payment_view, refund_view
from paseo.kernel.errors import NotFound


def methods() -> tuple[str, ...]:
    """Ways to pay that are installed: gateways, and cash."""
    return (*ports.gateways(), "cash")


def payment(payment_id: UUID) -> PaymentView:
    """Refuses ``NotFound``."""
    row = Payment.objects.filter(id=payment_id).first()
    if row is None:
        raise NotFound
    return payment_view(row)


def payments_of(subject_id: UUID) -> list[PaymentView]:
    """All tries to pay for a subject, oldest first."""
    return [payment_view(row) for row in Payment.objects.filter(subject_id=subject_id).order_by("created_at", "id")]


def refunds_of(subject_id: UUID) -> list[RefundView]:
    """All refunds of a subject, oldest first."""
    rows = Refund.objects.select_related("payment").filter(subject_id=subject_id).order_by("requested_at", "id")
    return [refund_view(row, row.payment.method) for row in rows]


def refund(refund_id: UUID) -> RefundView:
    """Refuses ``NotFound``."""
    row = Refund.objects.select_related("payment").filter(id=refund_id).first()
    if row is None:
        raise NotFound
    return refund_view(row, row.payment.method)


def unanswered(*, now: datetime, quiet_minutes: int = 2, limit: int = 100) -> list[PaymentView]:
    """Open payments at a gateway about which nothing was heard: to be asked about, oldest first."""
    rows = Payment.objects.filter(
        state__in=["created", "pending", "authorized"], created_at__lt=now - timedelta(minutes=quiet_minutes)
    ).exclude(method="cash")
    return [payment_view(row) for row in rows.order_by("created_at")[:limit]]


def parked(tenant_id: UUID | None = None) -> list[PaymentView]:
    """Payments whose amount or currency is not what was asked and whose money is still here."""
    rows = Payment.objects.filter(state="parked")
    return [
        payment_view(row)
        for row in (rows if tenant_id is None else rows.filter(tenant_id=tenant_id)).order_by("captured_at")
    ]


def troubled_refunds(*, now: datetime, tenant_id: UUID | None = None) -> list[RefundView]:
    """Refunds that failed, or that are not back although their day has come."""
    rows = Refund.objects.select_related("payment").filter(state__in=["requested", "sent", "failed"])
    if tenant_id is not None:
        rows = rows.filter(payment__tenant_id=tenant_id)
    return [
        refund_view(row, row.payment.method)
        for row in rows.order_by("requested_at")
        if row.state == "failed" or row.expected_by < now or row.attempts > 3
    ]


def cash_refunds_due(tenant_id: UUID) -> list[RefundView]:
    """Cash that the counter still has to give back."""
    rows = Refund.objects.select_related("payment").filter(
        state="requested", payment__method="cash", payment__tenant_id=tenant_id
    )
    return [refund_view(row, "cash") for row in rows.order_by("requested_at")]


def captured_without(subject_ids: Iterable[UUID] | None = None) -> list[PaymentView]:
    """Captured money that is neither given back nor on its way back, for auditors."""
    rows = Payment.objects.filter(state__in=["captured", "partly_refunded"])
    if subject_ids is not None:
        rows = rows.filter(subject_id__in=list(subject_ids))
    return [payment_view(row) for row in rows]


def money_of(subject_ids: Sequence[UUID]) -> dict[UUID, tuple[int, int]]:
    """Per subject: what arrived by the payment that counts, and what of it went or is going back. One statement."""
    rows = Payment.objects.filter(subject_id__in=list(subject_ids), captured_minor__gt=0).exclude(
        state__in=["surplus", "parked"]
    )
    found: dict[UUID, tuple[int, int]] = {}
    for subject_id, arrived, back in rows.values_list("subject_id", "captured_minor", "refunding_minor"):
        known = found.get(subject_id, (0, 0))
        found[subject_id] = (known[0] + arrived, known[1] + back)
    return found


def compare_statement(gateway: str, day: date, rows: Sequence[StatementRow] | None = None) -> StatementComparison:
    """The gateway's account of a UTC day against ours, line by line. Without ``rows`` it is fetched: network."""
    theirs = ports.gateway(gateway).statement(day) if rows is None else list(rows)
    start = datetime(day.year, day.month, day.day, tzinfo=UTC)
    end = start + timedelta(days=1)
    ours: dict[tuple[str, str], tuple[int, str, UUID]] = {}
    for row in Payment.objects.filter(method=gateway, captured_at__gte=start, captured_at__lt=end):
        ours["capture", row.gateway_ref] = (row.captured_minor, row.captured_currency, row.id)
    done = Refund.objects.filter(payment__method=gateway, done_at__gte=start, done_at__lt=end)
    for refund_row in done.select_related("payment"):
        ours["refund", refund_row.gateway_ref] = (refund_row.amount_minor, refund_row.currency, refund_row.payment_id)
    differences: list[StatementDifference] = []
    seen: set[tuple[str, str]] = set()
    for line in theirs:
        key = (line.kind, line.ref)
        seen.add(key)
        known = ours.get(key) or _elsewhere(gateway, line)
        if known is None:
            problem, minor = "missing_here", None
        elif known[1] != line.currency:
            problem, minor = "other_currency", known[0]
        elif known[0] != line.amount_minor:
            problem, minor = "other_amount", known[0]
        else:
            continue
        differences.append(
            StatementDifference(problem, line.kind, line.ref, line.payment_id, minor, line.amount_minor, line.currency)
        )
    for (kind, ref), (minor, currency, payment_id) in ours.items():
        if (kind, ref) not in seen:
            differences.append(StatementDifference("missing_there", kind, ref, payment_id, minor, None, currency))
    sign = {"capture": 1, "refund": -1}
    return StatementComparison(
        gateway=gateway,
        day=day,
        rows=len(theirs),
        theirs_minor=sum(sign[line.kind] * line.amount_minor for line in theirs),
        ours_minor=sum(sign[kind] * minor for (kind, _), (minor, _, _) in ours.items()),
        differences=tuple(differences),
    )


def _elsewhere(gateway: str, line: StatementRow) -> tuple[int, str, UUID] | None:
    """The same booking on another day here: a notice that came after midnight is no difference."""
    if line.kind == "capture":
        row = Payment.objects.filter(method=gateway, gateway_ref=line.ref, captured_minor__gt=0).first()
        return None if row is None else (row.captured_minor, row.captured_currency, row.id)
    found = Refund.objects.filter(payment__method=gateway, gateway_ref=line.ref, state="done").first()
    return None if found is None else (found.amount_minor, found.currency, found.payment_id)
