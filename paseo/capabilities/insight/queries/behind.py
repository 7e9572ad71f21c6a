"""What is behind a number: orders, or paths without who it was."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db.models import Q

from paseo.capabilities.insight.classifying import classified
from paseo.capabilities.insight.models import Attribution
from paseo.capabilities.insight.queries.stages import ANY, AnyTouchpoint, touchpoint_names
from paseo.capabilities.insight.values import AnonymousPath, OrderBehind, PathStep
from paseo.capabilities.journeys import queries as journeys
from paseo.kernel.periods import Period

_MOMENT = {
    "conversion": "confirmed_at",
    "consumption": "completed_at",
    "feedback": "reviewed_at",
    "retention": "confirmed_at",
}


def orders_behind(
    store_ids: Sequence[UUID],
    period: Period,
    stage: str,
    *,
    touchpoint_id: UUID | AnyTouchpoint | None = ANY,
    mode: str | None = None,
    journey: str | None = None,
    limit: int = 200,
) -> list[OrderBehind]:
    """The orders that a number of ``five_stages`` counts (last touch), newest first: exactly as many as it says.

    For conversion, consumption, feedback and retention; traffic has ``paths_behind``.
    """
    moment = _MOMENT[stage]
    rows = Attribution.objects.filter(**{f"{moment}__gte": period.start}, store_id__in=list(store_ids))
    if period.end is not None:
        rows = rows.filter(**{f"{moment}__lt": period.end})
    if stage in {"conversion", "retention"}:
        rows = rows.filter(cancelled_at__isnull=True)
    if stage == "retention":
        rows = rows.filter(again=True)
    if stage == "feedback":
        rows = rows.filter(reviews__gte=1)
    if not isinstance(touchpoint_id, AnyTouchpoint):
        rows = rows.filter(Q(last_touchpoint_id=touchpoint_id) if touchpoint_id else Q(last_touchpoint_id__isnull=True))
    if mode is not None:
        rows = rows.filter(mode=mode)
    if journey is not None:
        rows = rows.filter(journey=journey)
    found = list(rows.order_by(f"-{moment}", "order_id")[:limit])
    known = touchpoint_names(row.first_touchpoint_id for row in found)
    return [
        OrderBehind(
            order_id=row.order_id,
            store_id=row.store_id,
            at=getattr(row, moment),
            mode=row.mode,
            currency=row.currency,
            total_minor=row.total_minor,
            returned_minor=row.returned_minor,
            first_touchpoint_id=row.first_touchpoint_id,
            last_touchpoint_id=row.last_touchpoint_id,
            again=row.again,
            journey=row.journey,
            reason=classified(row.first_touchpoint_id, known, again=row.again).words,
        )
        for row in found
    ]


def paths_behind(
    store_ids: Sequence[UUID], period: Period, *, touchpoint_id: UUID | AnyTouchpoint | None = ANY, limit: int = 100
) -> list[AnonymousPath]:
    """Paths of a period as kinds and times, newest first. Nothing in them says who it was."""
    paths = journeys.paths_of_stores(store_ids, period.start, period.end, limit=limit)
    return [
        AnonymousPath(tuple(PathStep(step.kind, step.at, step.touchpoint_id) for step in path))
        for path in paths
        if isinstance(touchpoint_id, AnyTouchpoint) or any(step.touchpoint_id == touchpoint_id for step in path)
    ]
