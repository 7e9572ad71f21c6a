"""Attribution by model: what each touchpoint is given when it was met first, or last. And orders by declared mode."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db.models import Count, F, QuerySet, Sum

from paseo.capabilities.insight.models import Attribution
from paseo.capabilities.insight.queries.stages import touchpoint_names
from paseo.capabilities.insight.values import JourneyShare, ModelShare
from paseo.capabilities.journeys.values import MODE_KEYS
from paseo.kernel.periods import Period

MODELS = ("first", "last")


def attribution_models(store_ids: Sequence[UUID], period: Period) -> dict[str, tuple[ModelShare, ...]]:
    """By model the orders that stand and what was kept of their amounts; all models add up to the same."""
    return {model: _shares(store_ids, period, model) for model in MODELS}


def journey_shares(store_ids: Sequence[UUID], period: Period) -> tuple[JourneyShare, ...]:
    """Each declared mode, in the order of its declaration, with the orders that stand and what was kept of their
    amounts; together they are the conversion of these stores."""
    sums = {
        key: (orders, amount)
        for key, orders, amount in _standing(store_ids, period)
        .values_list("journey")
        .annotate(orders=Count("order_id"), amount=Sum(F("total_minor") - F("returned_minor")))
    }
    return tuple(JourneyShare(key, *sums.get(key, (0, 0))) for key in MODE_KEYS)


def _standing(store_ids: Sequence[UUID], period: Period) -> QuerySet[Attribution]:
    rows = Attribution.objects.filter(
        store_id__in=list(store_ids), confirmed_at__gte=period.start, cancelled_at__isnull=True
    )
    return (rows if period.end is None else rows.filter(confirmed_at__lt=period.end)).order_by()


def _shares(store_ids: Sequence[UUID], period: Period, model: str) -> tuple[ModelShare, ...]:
    field = f"{model}_touchpoint_id"
    sums = list(
        _standing(store_ids, period)
        .values_list(field)
        .annotate(orders=Count("order_id"), amount=Sum(F("total_minor") - F("returned_minor")))
    )
    known = touchpoint_names(touchpoint_id for touchpoint_id, _, _ in sums)
    shares = [
        ModelShare(touchpoint_id, known[touchpoint_id].name if touchpoint_id in known else "", orders, amount)
        for touchpoint_id, orders, amount in sums
    ]
    return tuple(sorted(shares, key=lambda share: (-share.amount_minor, -share.orders, share.name)))


def attribution_of(order_id: UUID) -> dict[str, UUID | None]:
    """What brought an order: touchpoint by model, empty for an order that was never confirmed."""
    row = Attribution.objects.filter(order_id=order_id).first()
    return {} if row is None else {"first": row.first_touchpoint_id, "last": row.last_touchpoint_id}
