"""The five stages from the rollup, with the contacts added that are not yet in it. Never from the whole log."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from paseo.capabilities.directory import queries as directory
from paseo.capabilities.insight import folding
from paseo.capabilities.insight.models import StageCount
from paseo.capabilities.insight.rules import Counts
from paseo.capabilities.insight.values import (
    BASE_OF,
    HEADLINE,
    STAGE_OF,
    STAGES,
    FiveStages,
    Flow,
    HourStages,
    Stage,
    TouchpointStages,
)
from paseo.kernel.periods import Period


class AnyTouchpoint:
    """Stands for "whichever touchpoint", since None means "directly"."""


ANY = AnyTouchpoint()


@dataclass(frozen=True, slots=True)
class Cell:
    touchpoint_id: UUID | None
    campaign: str
    mode: str
    hour: datetime
    measure: str
    count: int
    amount_minor: int


def cells(store_ids: Sequence[UUID], period: Period, fresh: Counts | None = None) -> list[Cell]:
    """Every count of these stores in the period, whose start and end are whole hours of the stores' clock.

    ``fresh`` is what the contacts above the mark add, when the caller has folded them already.
    """
    end = period.end
    rows = StageCount.objects.filter(store_id__in=list(store_ids), hour__gte=period.start)
    if end is not None:
        rows = rows.filter(hour__lt=end)
    found = [
        Cell(*row)
        for row in rows.values_list("touchpoint_id", "campaign", "mode", "hour", "measure", "count", "amount_minor")
    ]
    for bucket, (count, amount) in (folding.tail(store_ids) if fresh is None else fresh).items():
        if bucket.hour in period:
            found.append(
                Cell(bucket.touchpoint_id, bucket.campaign, bucket.mode, bucket.hour, bucket.measure, count, amount)
            )
    return found


def stages_of(parts: Iterable[Cell]) -> tuple[Stage, ...]:
    """The five stages of some cells, each with its base and details."""
    counts: dict[str, int] = defaultdict(int)
    amounts: dict[str, int] = defaultdict(int)
    for cell in parts:
        counts[cell.measure] += cell.count
        amounts[cell.measure] += cell.amount_minor
    return tuple(
        Stage(
            stage=stage,
            count=counts[HEADLINE[stage]],
            amount_minor=amounts[HEADLINE[stage]],
            base=counts[HEADLINE[BASE_OF[stage]]] if stage in BASE_OF else None,
            details={
                measure: counts[measure]
                for measure, of in STAGE_OF.items()
                if of == stage and measure != HEADLINE[stage] and counts[measure]
            },
        )
        for stage in STAGES
    )


def currency_of(store_ids: Sequence[UUID]) -> str:
    cards = directory.stores(store_ids)
    return next((card.currency for card in cards.values()), "")


def five_stages(
    store_ids: Sequence[UUID],
    period: Period,
    *,
    touchpoint_id: UUID | AnyTouchpoint | None = ANY,
    campaign: str | None = None,
    mode: str | None = None,
) -> FiveStages:
    """The five stages of one store or several of one currency. ``touchpoint_id`` None: what came directly."""
    chosen = [
        cell
        for cell in cells(store_ids, period)
        if (touchpoint_id is ANY or cell.touchpoint_id == touchpoint_id)
        and (campaign is None or cell.campaign == campaign)
        and (mode is None or cell.mode == mode)
    ]
    return FiveStages(period.start, period.end or period.start, currency_of(store_ids), stages_of(chosen))


def touchpoint_names(ids: Iterable[UUID | None]) -> dict[UUID, Any]:
    wanted = {item for item in ids if item is not None}
    return dict(directory.touchpoints_by_id(wanted)) if wanted else {}


def group_by_touchpoint(parts: Iterable[Cell]) -> tuple[TouchpointStages, ...]:
    groups: dict[tuple[UUID | None, str], list[Cell]] = defaultdict(list)
    for cell in parts:
        groups[cell.touchpoint_id, cell.campaign].append(cell)
    known = touchpoint_names(touchpoint_id for touchpoint_id, _ in groups)
    rows = [
        TouchpointStages(
            touchpoint_id=touchpoint_id,
            campaign=campaign,
            name=known[touchpoint_id].name if touchpoint_id in known else "",
            kind=known[touchpoint_id].kind if touchpoint_id in known else "",
            stages=stages_of(group),
        )
        for (touchpoint_id, campaign), group in groups.items()
    ]
    rows = [row for row in rows if any(stage.count or stage.amount_minor for stage in row.stages)]
    rows.sort(key=lambda row: (-row["conversion"].amount_minor, -row["traffic"].count, row.name, row.campaign))
    return tuple(rows)


def by_touchpoint(store_ids: Sequence[UUID], period: Period) -> tuple[TouchpointStages, ...]:
    """The stages by touchpoint and campaign (last touch), best first; they add up to ``five_stages``.

    A touchpoint without a number in any stage is left out.
    """
    return group_by_touchpoint(cells(store_ids, period))


def hours(store_ids: Sequence[UUID], period: Period) -> tuple[HourStages, ...]:
    """The numbers hour by hour; hours without a number are left out."""
    return _hours(cells(store_ids, period))


def _hours(parts: Iterable[Cell]) -> tuple[HourStages, ...]:
    headline = {measure: stage for stage, measure in HEADLINE.items()}
    grouped: dict[datetime, dict[str, int]] = defaultdict(lambda: dict.fromkeys(STAGES, 0))
    for cell in parts:
        if cell.measure in headline:
            grouped[cell.hour][headline[cell.measure]] += cell.count
    return tuple(HourStages(hour, grouped[hour]) for hour in sorted(grouped))


def flows(store_ids: Sequence[UUID], period: Period) -> tuple[Flow, ...]:
    """Touchpoint to mode, by orders that stand: what a flow diagram draws. Largest amount first."""
    sums: dict[tuple[UUID | None, str], tuple[int, int]] = defaultdict(lambda: (0, 0))
    for cell in cells(store_ids, period):
        if cell.measure == "order":
            count, amount = sums[cell.touchpoint_id, cell.mode]
            sums[cell.touchpoint_id, cell.mode] = (count + cell.count, amount + cell.amount_minor)
    known = touchpoint_names(touchpoint_id for touchpoint_id, _ in sums)
    rows = [
        Flow(touchpoint_id, known[touchpoint_id].name if touchpoint_id in known else "", mode, count, amount)
        for (touchpoint_id, mode), (count, amount) in sums.items()
        if count or amount
    ]
    return tuple(sorted(rows, key=lambda row: (-row.amount_minor, -row.count, row.name, row.mode)))
