"""Orders for those who may see them: a scope, a buyer, or whoever has the key of a guest's link."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from paseo.capabilities.fulfillment import queries as fulfillment
from paseo.capabilities.fulfillment.values import HandoverView
from paseo.capabilities.ordering import access
from paseo.capabilities.ordering.models import Order, OrderChange, OrderLine
from paseo.capabilities.ordering.refusals import NoOrder
from paseo.capabilities.ordering.states import ORDER
from paseo.capabilities.ordering.values import Buyer, HistoryStep, OrderSummary, OrderView
from paseo.capabilities.ordering.views import change_view, line_view, summary
from paseo.capabilities.payments import queries as payments
from paseo.capabilities.vouchers import queries as vouchers
from paseo.kernel.periods import Period
from paseo.platform.codes import queries as codes
from paseo.platform.db.models import Transition
from paseo.platform.tenancy.values import Scope


def order(
    order_id: UUID, *, scope: Scope | None = None, buyer: Buyer | None = None, key: str = "", system: bool = False
) -> OrderView:
    """One order whole, for staff within ``scope``, for its buyer, or for a guest with the ``key`` of the link.

    Anybody else gets ``NoOrder``. ``system`` is for jobs and the operations of this process.
    """
    row = Order.objects.filter(id=order_id).first()
    if row is None or not (system or _may_see(row, scope, buyer, key)):
        raise NoOrder
    handover = fulfillment.handovers([row.id]).get(row.id)
    bought = bool(row.voucher_ids or row.explain.get("deals"))
    return OrderView(
        summary=summary(row),
        email=row.email,
        phone=row.phone,
        note=row.note,
        locale=row.locale,
        subtotal_minor=row.subtotal_minor,
        tax_minor=row.tax_minor,
        tip_minor=row.tip_minor,
        tax_included=row.tax_included,
        visitor_id=row.visitor_id,
        explain=row.explain,
        lines=tuple(line_view(line) for line in OrderLine.objects.filter(order_id=row.id).order_by("position")),
        changes=tuple(change_view(one) for one in OrderChange.objects.filter(order_id=row.id).order_by("proposed_at")),
        payments=tuple(payments.payments_of(row.id)),
        refunds=tuple(payments.refunds_of(row.id)),
        handover=handover,
        vouchers=tuple(vouchers.vouchers_of_order(row.id)) if bought else (),
        code=_code(row, handover) if scope is None else "",
        can_cancel=_can_cancel(row, handover),
    )


def _may_see(row: Order, scope: Scope | None, buyer: Buyer | None, key: str) -> bool:
    if scope is not None and scope.covers(row.merchant_id, row.store_id):
        return True
    if buyer is not None and _is_buyers(row, buyer):
        return True
    return access.may_open(row.id, row.access_hash, key)


def _is_buyers(row: Order, buyer: Buyer) -> bool:
    if buyer.person_id is not None and row.person_id == buyer.person_id:
        return True
    return row.person_id is None and buyer.visitor_id is not None and row.visitor_id == buyer.visitor_id


def _code(row: Order, handover: HandoverView | None) -> str:
    """Only to the buyer, and only while it can be used."""
    if handover is None or handover.code_id is None or not handover.is_open or row.state != "confirmed":
        return ""
    return codes.text_of(handover.code_id)


def _can_cancel(row: Order, handover: HandoverView | None) -> bool:
    if not ORDER.allows(row.state, "cancel"):
        return False
    return handover is None or handover.state in {"requested", "accepted"}


def history(order_id: UUID) -> list[HistoryStep]:
    """Who moved what of an order from where to where, when and why, oldest first. The caller has checked who asks.

    The usual way through (paid at the first try, confirmed) is told by the rows themselves, every other move by a
    record of its own.
    """
    order = Order.objects.get(id=order_id)
    tries = payments.payments_of(order_id)
    steps = [HistoryStep(order.placed_at, "order", "place", "", "placed", _who(order), "")]
    moved = {order_id} | {one.id for one in tries} | {one.id for one in payments.refunds_of(order_id)}
    recorded = Transition.objects.filter(subject_id__in=moved).order_by("at", "id")
    by_record = set()
    for row in recorded:
        by_record.add((row.subject_id, row.to_state))
        steps.append(HistoryStep(row.at, row.machine, row.verb, row.from_state, row.to_state, row.actor, row.reason))
    for one in tries:
        if one.captured_at is not None and not by_record & {
            (one.id, "captured"),
            (one.id, "surplus"),
            (one.id, "parked"),
        }:
            by = f"gateway:{one.method}"
            steps.append(HistoryStep(one.captured_at, "payment", "capture", "created", "captured", by, one.gateway_ref))
    if order.confirmed_at is not None and (order_id, "confirmed") not in by_record:
        by = "system" if order.paid_at != order.confirmed_at else f"gateway:{order.method}"
        steps.append(HistoryStep(order.confirmed_at, "order", "confirm", "placed", "confirmed", by, ""))
    return sorted(steps, key=lambda step: step.at)


def _who(order: Order) -> str:
    return f"person:{order.person_id}" if order.person_id else f"visitor:{order.visitor_id}"


def access_key(order_id: UUID) -> str:
    """The key of the guest's link, for letters to the buyer."""
    return access.access_token(order_id)


def order_of_cart(cart_id: UUID, *, buyer: Buyer) -> OrderSummary | None:
    """The order that was made of a cart, if there is one and it is this buyer's."""
    row = Order.objects.filter(cart_id=cart_id).first()
    return summary(row) if row is not None and _is_buyers(row, buyer) else None


def order_by_number(number: str, *, scope: Scope) -> OrderSummary:
    """By the number people say, within the scope; dashes and case do not matter. Refuses ``NoOrder``."""
    plain = "".join(letter for letter in number.upper() if letter.isalnum())
    plain = plain.removeprefix("P") if len(plain) == 11 else plain
    row = scope.narrow(Order.objects.filter(number=f"P-{plain[:5]}-{plain[5:]}")).first()
    if row is None:
        raise NoOrder
    return summary(row)


def summaries(order_ids: Iterable[UUID], *, scope: Scope | None = None) -> dict[UUID, OrderSummary]:
    """Orders by id; unknown ones, and those outside of the scope, are left out. One statement."""
    rows = Order.objects.filter(id__in=list(order_ids))
    return {row.id: summary(row) for row in (rows if scope is None else scope.narrow(rows))}


def line_owner(line_id: UUID) -> tuple[OrderSummary, UUID | None, UUID | None]:
    """The order of a line, its variant and its visitor, for packages above. Refuses ``NoOrder``."""
    line = OrderLine.objects.select_related("order").filter(id=line_id).first()
    if line is None:
        raise NoOrder
    return summary(line.order), line.variant_id, line.order.visitor_id


def orders_of_buyer(buyer: Buyer, *, limit: int = 50, after: datetime | None = None) -> list[OrderSummary]:
    """A buyer's orders, newest first; ``after`` is the ``placed_at`` of the last one of the page before."""
    mine = Q(pk__in=[])
    if buyer.person_id is not None:
        mine |= Q(person_id=buyer.person_id)
    if buyer.visitor_id is not None:
        mine |= Q(person_id=None, visitor_id=buyer.visitor_id)
    return _page(Order.objects.filter(mine), after, limit)


def orders_of_store(
    store_id: UUID,
    *,
    scope: Scope,
    states: Sequence[str] | None = None,
    period: Period | None = None,
    touchpoint_id: UUID | None = None,
    limit: int = 50,
    after: datetime | None = None,
) -> list[OrderSummary]:
    """A store's orders within the scope, newest first. ``touchpoint_id``: last touched there."""
    rows = scope.narrow(Order.objects.filter(store_id=store_id))
    return _page(_filtered(rows, states, period, touchpoint_id), after, limit)


def orders_of_merchant(
    merchant_id: UUID,
    *,
    scope: Scope,
    states: Sequence[str] | None = None,
    period: Period | None = None,
    touchpoint_id: UUID | None = None,
    limit: int = 50,
    after: datetime | None = None,
) -> list[OrderSummary]:
    """All orders of a merchant within the scope, newest first."""
    rows = scope.narrow(Order.objects.filter(merchant_id=merchant_id))
    return _page(_filtered(rows, states, period, touchpoint_id), after, limit)


def search(text: str, *, scope: Scope, limit: int = 20) -> list[OrderSummary]:
    """By number, name, address or phone, within the scope, newest first; a text of less than two letters finds
    nothing."""
    wanted = text.strip()
    if len(wanted) < 2:
        return []
    plain = "".join(letter for letter in wanted.upper() if letter.isalnum())
    match = Q(email__iexact=wanted) | Q(name__icontains=wanted) | Q(phone=wanted)
    if len(plain) >= 5:
        body = plain.removeprefix("P") if len(plain) in {6, 11} else plain
        match |= Q(number__startswith=f"P-{body[:5]}")
    return _page(scope.narrow(Order.objects.filter(match)), None, limit)


def _filtered(
    rows: QuerySet[Order], states: Sequence[str] | None, period: Period | None, touchpoint_id: UUID | None
) -> QuerySet[Order]:
    if states is not None:
        rows = rows.filter(state__in=list(states))
    if period is not None:
        rows = rows.filter(placed_at__gte=period.start)
        if period.end is not None:
            rows = rows.filter(placed_at__lt=period.end)
    if touchpoint_id is not None:
        rows = rows.filter(last_touchpoint_id=touchpoint_id)
    return rows


def _page(rows: QuerySet[Order], after: datetime | None, limit: int) -> list[OrderSummary]:
    if after is not None:
        rows = rows.filter(placed_at__lt=after)
    return [summary(row) for row in rows.order_by("-placed_at", "-id")[:limit]]
