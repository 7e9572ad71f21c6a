"""From rows to values."""

from __future__ import annotations

from uuid import UUID

from paseo.capabilities.ordering import documents
from paseo.capabilities.ordering.models import Cart, Order, OrderChange, OrderLine
from paseo.capabilities.ordering.values import CartView, ChangeView, OrderLineView, OrderSummary


def cart_view(row: Cart) -> CartView:
    return CartView(
        id=row.id,
        store_id=row.store_id,
        mode=row.mode,
        state=row.state,
        lines=documents.read(row.lines),
        voucher_ids=tuple(UUID(voucher) for voucher in row.voucher_ids),
        version=row.version,
        updated_at=row.updated_at,
    )


def summary(row: Order) -> OrderSummary:
    return OrderSummary(
        id=row.id,
        number=row.number,
        store_id=row.store_id,
        merchant_id=row.merchant_id,
        person_id=row.person_id,
        name=row.name,
        mode=row.mode,
        method=row.method,
        channel=row.channel,
        state=row.state,
        currency=row.currency,
        total_minor=row.total_minor,
        returned_minor=row.returned_minor,
        discount_minor=row.discount_minor,
        commission_bps=row.commission_bps,
        placed_at=row.placed_at,
        confirmed_at=row.confirmed_at,
        paid_at=row.paid_at,
        ended_at=row.ended_at,
        expires_at=row.expires_at,
        promised_at=row.promised_at,
        reason=row.reason,
        first_touchpoint_id=row.first_touchpoint_id,
        last_touchpoint_id=row.last_touchpoint_id,
    )


def line_view(row: OrderLine) -> OrderLineView:
    return OrderLineView(
        id=row.id,
        position=row.position,
        offer_id=row.offer_id,
        variant_id=row.variant_id,
        kind=row.kind,
        names=row.names,
        options=tuple(row.options),
        note=row.note,
        quantity=row.quantity,
        unit_minor=row.unit_minor,
        options_minor=row.options_minor,
        gross_minor=row.gross_minor,
        discount_minor=row.discount_minor,
        tax_rate=str(row.tax_rate),
        tax_minor=row.tax_minor,
        total_minor=row.total_minor,
        funded=tuple(row.funded),
        state=row.state,
    )


def change_view(row: OrderChange) -> ChangeView:
    return ChangeView(
        id=row.id,
        order_id=row.order_id,
        kind=row.kind,
        line_id=row.line_id,
        promised_at=row.promised_at,
        reason=row.reason,
        state=row.state,
        default=row.default,
        proposed_at=row.proposed_at,
        answer_by=row.answer_by,
        answered_at=row.answered_at,
    )
