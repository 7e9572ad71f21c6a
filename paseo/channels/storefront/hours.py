"""The opening hours of the coming week, day by day, holidays included."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache

from opening_hours import OpeningHours, UnknownCountryError, validate  # type: ignore[attr-defined]

from paseo.capabilities.directory.values import StoreCard
from paseo.kernel.periods import zone as zone_of

DAYS = 7


@dataclass(frozen=True, slots=True)
class Day:
    """``spans`` are pairs of instants; an evening that ends after midnight belongs to the day on which it began."""

    date: date
    today: bool
    spans: tuple[tuple[datetime, datetime], ...]

    @property
    def all_day(self) -> bool:
        return len(self.spans) == 1 and self.spans[0][1] - self.spans[0][0] >= timedelta(hours=23)


def week(card: StoreCard, now: datetime) -> list[Day]:
    """Seven days from today on; empty when the hours are not known."""
    if not card.hours.strip():
        return []
    today = now.astimezone(zone_of(card.zone)).date()
    return list(_week(card.hours, card.zone, card.address.country, today))


@lru_cache(maxsize=2048)
def _week(hours: str, zone_name: str, country: str, today: date) -> tuple[Day, ...]:
    if not validate(hours):
        return ()
    zone = zone_of(zone_name)
    try:
        parsed = OpeningHours(hours, timezone=zone, country=country or None)
    except UnknownCountryError:
        parsed = OpeningHours(hours, timezone=zone)
    # From yesterday, so that an evening that reaches into today is known to be yesterday's.
    first = datetime.combine(today - timedelta(days=1), time(12), zone)
    end = datetime.combine(today + timedelta(days=DAYS), time(12), zone)
    spans: dict[date, list[tuple[datetime, datetime]]] = {}
    for start, stop, state, _ in parsed.intervals(first, end):
        if str(state) != "open":
            continue
        for day, span in _by_day(start, stop or end, today):
            spans.setdefault(day, []).append(span)
    days = (today + timedelta(days=at) for at in range(DAYS))
    return tuple(Day(day, day == today, tuple(spans.get(day, ()))) for day in days)


def _by_day(start: datetime, stop: datetime, today: date) -> list[tuple[date, tuple[datetime, datetime]]]:
    """An opening of up to a day belongs to the day it begins; a longer one is cut at every midnight."""
    if stop - start <= timedelta(hours=24):
        return [(start.date(), (start.astimezone(UTC), stop.astimezone(UTC)))]
    cut = []
    day = max(start.date(), today)
    while day <= today + timedelta(days=DAYS) and datetime.combine(day, time(), start.tzinfo) < stop:
        midnight = datetime.combine(day, time(), start.tzinfo)
        next_midnight = datetime.combine(day + timedelta(days=1), time(), start.tzinfo)
        cut.append((day, (max(start, midnight).astimezone(UTC), min(stop, next_midnight).astimezone(UTC))))
        day += timedelta(days=1)
    return cut
