"""From rows to values."""

from __future__ import annotations

from paseo.capabilities.payments.models import Payment, Refund
from paseo.capabilities.payments.values import OPEN, PaymentView, RefundView


def payment_view(row: Payment) -> PaymentView:
    return PaymentView(
        id=row.id,
        subject_id=row.subject_id,
        tenant_id=row.tenant_id,
        method=row.method,
        amount_minor=row.amount_minor,
        currency=row.currency,
        state=row.state,
        gateway_ref=row.gateway_ref,
        redirect_url=row.redirect_url if row.state in OPEN else "",
        captured_minor=row.captured_minor,
        captured_currency=row.captured_currency,
        refunding_minor=row.refunding_minor,
        refunded_minor=row.refunded_minor,
        trouble=row.trouble,
        created_at=row.created_at,
        expires_at=row.expires_at,
        captured_at=row.captured_at,
    )


def refund_view(row: Refund, method: str) -> RefundView:
    return RefundView(
        id=row.id,
        payment_id=row.payment_id,
        subject_id=row.subject_id,
        method=method,
        amount_minor=row.amount_minor,
        currency=row.currency,
        reason=row.reason,
        note=row.note,
        state=row.state,
        requested_at=row.requested_at,
        expected_by=row.expected_by,
        done_at=row.done_at,
        trouble=row.trouble,
        round=row.round,
        elsewhere=row.elsewhere,
    )
