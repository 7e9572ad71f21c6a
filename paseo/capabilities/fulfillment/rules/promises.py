"""When something can be ready."""

from __future__ import annotations

from datetime import datetime, timedelta

PLACES_IN_KITCHEN = 4
"""So many orders are prepared side by side without delaying each other."""


def wait_for_queue(in_hand: int, prep_minutes: int) -> timedelta:
    """What the orders in hand add: half the preparation time for every ``PLACES_IN_KITCHEN`` of them."""
    return timedelta(minutes=in_hand // PLACES_IN_KITCHEN * prep_minutes / 2)


def promise_after(start: datetime, in_hand: int, prep_minutes: int) -> datetime:
    """Preparation that starts at ``start`` behind ``in_hand`` orders, rounded up to a whole minute."""
    ready = start + timedelta(minutes=prep_minutes) + wait_for_queue(in_hand, prep_minutes)
    rest = timedelta(seconds=ready.second, microseconds=ready.microsecond)
    return ready if not rest else ready - rest + timedelta(minutes=1)
