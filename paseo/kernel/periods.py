"""Half-open spans of time between UTC instants, and the days of a place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo


@lru_cache(maxsize=512)
def zone(name: str) -> ZoneInfo:
    """The IANA zone ``name``; ValueError when there is none."""
    try:
        return ZoneInfo(name)
    except Exception:
        raise ValueError(f"{name!r} is not a time zone.") from None


def _aware(instant: datetime) -> datetime:
    if instant.tzinfo is None:
        raise ValueError("An instant needs a time zone.")
    return instant.astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Period:
    """From ``start`` up to, and without, ``end``; ``end`` None means open."""

    start: datetime
    end: datetime | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "start", _aware(self.start))
        if self.end is not None:
            object.__setattr__(self, "end", _aware(self.end))
            if self.end < self.start:
                raise ValueError("A period cannot end before it starts.")

    def contains(self, instant: datetime) -> bool:
        return self.start <= instant and (self.end is None or instant < self.end)

    __contains__ = contains

    def overlaps(self, other: Period) -> bool:
        return self.intersection(other) is not None

    def intersection(self, other: Period) -> Period | None:
        """The common part, or None when there is no instant in both."""
        start = max(self.start, other.start)
        ends = [end for end in (self.end, other.end) if end is not None]
        end = min(ends) if ends else None
        return Period(start, end) if end is None or start < end else None

    @property
    def length(self) -> timedelta | None:
        return None if self.end is None else self.end - self.start


def day_of(instant: datetime, zone_name: str) -> date:
    """The calendar day at a place whose zone is ``zone_name``."""
    return _aware(instant).astimezone(zone(zone_name)).date()


def day_period(day: date, zone_name: str) -> Period:
    """The instants of a day at a place: 23 or 25 hours when the clocks change."""
    place = zone(zone_name)
    start = datetime.combine(day, time(), place)
    end = datetime.combine(day + timedelta(days=1), time(), place)
    return Period(start.astimezone(UTC), end.astimezone(UTC))
