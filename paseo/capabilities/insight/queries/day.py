"""The evening: what was sold, what is owed, what was given back and why."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from paseo.capabilities.directory import queries as directory
from paseo.capabilities.insight.models import Attribution
from paseo.capabilities.insight.values import DayReport, RefundRow
from paseo.capabilities.ledger import queries as ledger
from paseo.capabilities.ordering import queries as ordering
from paseo.capabilities.payments import queries as payments
from paseo.kernel.periods import day_period


def day_report(store_id: UUID, day: date) -> DayReport:
    """The store's calendar day. Orders and refunds are the store's, the books the merchant's. Refuses UnknownStore."""
    card = directory.store(store_id)
    period = day_period(day, card.zone)
    returned = Attribution.objects.filter(store_id=store_id, returned_at__gte=period.start).order_by("returned_at")
    refunds = [
        RefundRow(
            order_id=order_id,
            amount_minor=refund.amount_minor,
            reason=refund.reason,
            method=refund.method,
            state=refund.state,
            requested_at=refund.requested_at,
            expected_by=refund.expected_by,
            done_at=refund.done_at,
        )
        for order_id in returned.values_list("order_id", flat=True)[:500]
        for refund in payments.refunds_of(order_id)
        if refund.requested_at in period
    ]
    return DayReport(
        store_id=store_id,
        day=day,
        totals=ordering.today(store_id, now=period.start),
        books=ledger.merchant_money(card.merchant_id, period, card.currency),
        refunds=tuple(sorted(refunds, key=lambda row: row.requested_at)),
    )
