from datetime import UTC, date, datetime, timedelta

import pytest

from paseo.kernel import clock
from paseo.kernel.periods import Period, day_of, day_period

NOON = datetime(2026, 3, 29, 12, tzinfo=UTC)


def test_periods_are_half_open():
    hour = Period(NOON, NOON + timedelta(hours=1))
    assert NOON in hour
    assert NOON + timedelta(hours=1) not in hour
    assert not hour.overlaps(Period(NOON + timedelta(hours=1)))
    assert hour.intersection(Period(NOON + timedelta(minutes=30))) == Period(
        NOON + timedelta(minutes=30), NOON + timedelta(hours=1)
    )
    with pytest.raises(ValueError, match="cannot end"):
        Period(NOON, NOON - timedelta(seconds=1))
    with pytest.raises(ValueError, match="time zone"):
        Period(datetime(2026, 1, 1))


def test_a_day_belongs_to_its_place():
    late = datetime(2026, 7, 1, 21, 30, tzinfo=UTC)
    assert day_of(late, "Europe/Helsinki") == date(2026, 7, 2)
    assert day_of(late, "America/Mexico_City") == date(2026, 7, 1)
    assert day_period(date(2026, 3, 29), "Europe/Helsinki").length == timedelta(hours=23)
    assert day_period(date(2026, 10, 25), "Europe/Helsinki").length == timedelta(hours=25)


def test_a_virtual_clock_moves_only_when_told_and_never_back():
    virtual = clock.VirtualClock(NOON)
    with clock.use_clock(virtual):
        assert clock.now() == NOON
        virtual.advance(minutes=5)
        assert clock.now() == NOON + timedelta(minutes=5)
        with pytest.raises(ValueError, match="back"):
            virtual.set(NOON)
    assert clock.now() > datetime(2026, 6, 1, tzinfo=UTC)


def test_streams_of_a_seed_are_independent_and_repeat():
    first = [clock.Seed(7).stream("people", 1).random() for _ in range(2)]
    assert first[0] == first[1]
    assert clock.Seed(7).stream("people", 2).random() != first[0]
    assert clock.Seed(8).stream("people", 1).random() != first[0]
