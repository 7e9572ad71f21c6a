"""The shop's live page."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from paseo.capabilities.care import queries as care
from paseo.capabilities.directory import queries as directory
from paseo.capabilities.insight import folding
from paseo.capabilities.insight.queries.stages import _hours, cells, group_by_touchpoint, stages_of
from paseo.capabilities.insight.values import FiveStages, LivePage
from paseo.kernel.periods import Period, day_of, day_period


def live(store_id: UUID, now: datetime) -> LivePage:
    """Today in the store's zone beside the same weekday a week ago up to the same hour, touchpoints, hours, rating.

    Reads the rollup and the contacts that are not yet in it, however long the log is. Refuses UnknownStore.
    """
    card = directory.store(store_id)
    today = day_period(day_of(now, card.zone), card.zone)
    past = day_period(day_of(now, card.zone) - timedelta(days=7), card.zone)
    until_same_hour = Period(past.start, past.start + (now - today.start))
    fresh = folding.tail([store_id])
    current = cells([store_id], today, fresh)
    rating = care.rating([store_id])[store_id]
    return LivePage(
        store_id=store_id,
        as_of=now,
        today=FiveStages(today.start, today.end or now, card.currency, stages_of(current)),
        week_ago=FiveStages(
            past.start, until_same_hour.end or now, card.currency, stages_of(cells([store_id], until_same_hour, fresh))
        ),
        touchpoints=group_by_touchpoint(current),
        hours=_hours(current),
        rating_count=rating.count,
        rating_score="" if rating.score is None else str(rating.score),
    )
