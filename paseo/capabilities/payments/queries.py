"""Reads of payments."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q

from paseo.capabilities.payments import ports
from paseo.capabilities.payments.models import Payment, Refund, RefusedNotices
from paseo.capabilities.payments.values import (
    NOT_A_SALE,
    SUCCEEDED,
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
    """Payments whose amount or currency is not what was asked and whose money is still here, not on its way back."""
    rows = Payment.objects.filter(state="parked", captured_minor__gt=F("refunding_minor"))
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


def refused_notices(*, now: datetime) -> dict[str, datetime]:
    """Gateways in whose name messages with a wrong signature came within the last hour, with since when. One
    statement."""
    rows = RefusedNotices.objects.filter(last_at__gt=now - timedelta(hours=1))
    return dict(rows.order_by("gateway").values_list("gateway", "first_at"))


def captured_after(after: UUID | None, limit: int) -> list[tuple[UUID, UUID, int]]:
    """Payments that succeeded, by id, a portion at a time, for auditors: id, subject, what of it is not going back."""
    rows = Payment.objects.filter(state__in=SUCCEEDED)
    if after is not None:
        rows = rows.filter(id__gt=after)
    kept = F("captured_minor") - F("refunding_minor")
    return list(rows.order_by("id").values_list("id", "subject_id", kept)[:limit])


def refunds_after(after: UUID | None, limit: int) -> list[RefundView]:
    """All refunds, by id, a portion at a time, for auditors."""
    rows = Refund.objects.select_related("payment")
    if after is not None:
        rows = rows.filter(id__gt=after)
    return [refund_view(row, row.payment.method) for row in rows.order_by("id")[:limit]]


def money_of(subject_ids: Sequence[UUID]) -> dict[UUID, tuple[int, int]]:
    """Per subject: what arrived by the payment that counts, and what of it went or is going back. One statement.

    A payment that was one too many, or came too late, does not count even when its money is back and its state says no
    more than that.
    """
    idle = Refund.objects.filter(payment_id=OuterRef("id"), reason__in=NOT_A_SALE)
    rows = Payment.objects.filter(subject_id__in=list(subject_ids), captured_minor__gt=0).exclude(
        Q(state__in=["surplus", "parked"]) | Exists(idle)
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
    done = Refund.objects.filter(payment__method=gateway, done_at__gte=start, done_at__lt=end).exclude(gateway_ref="")
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
