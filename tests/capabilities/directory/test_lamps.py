from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from paseo.capabilities.directory.rules.hours import problem, repaired, stretch
from paseo.capabilities.directory.rules.lamps import lamp_of
from paseo.kernel.periods import zone

HELSINKI = zone("Europe/Helsinki")
HOURS = "Mo-Fr 08:00-20:00; Sa 10:00-18:00; PH off"


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=HELSINKI).astimezone(UTC)


def lamp(when: str, hours: str = HOURS, **facts):
    given = {
        "hours": hours,
        "zone": "Europe/Helsinki",
        "country": "FI",
        "last_order_minutes": 10,
        "state": "open",
        "listed": True,
        "pause_until": None,
        **facts,
    }
    return lamp_of(now=at(when), **given)


def test_lit_until_half_an_hour_before_the_last_order():
    lit = lamp("2026-05-12 19:19:59")
    assert (lit.state, lit.reason, lit.until, lit.last_orders_at) == (
        "lit",
        "open",
        at("2026-05-12 20:00"),
        at("2026-05-12 19:50"),
    )
    half = lamp("2026-05-12 19:20")
    assert (half.state, half.reason, half.until, half.last_orders_at) == (
        "half",
        "last_orders",
        at("2026-05-12 20:00"),
        at("2026-05-12 19:50"),
    )
    assert lamp("2026-05-12 19:59:59").state == "half"
    dark = lamp("2026-05-12 20:00")
    assert (dark.state, dark.reason, dark.opens_at) == ("dark", "closed", at("2026-05-13 08:00"))


def test_opens_exactly_on_time():
    assert lamp("2026-05-12 07:59:59").opens_at == at("2026-05-12 08:00")
    assert lamp("2026-05-12 08:00").state == "lit"


def test_holidays_count_where_the_text_says_so():
    dark = lamp("2026-12-24 21:00")
    assert dark.opens_at == at("2026-12-28 08:00"), "Christmas and Boxing Day are holidays, Sunday is closed"
    assert lamp("2026-12-25 12:00", country="").state == "lit", "no country, no holidays"


def test_around_the_clock_has_no_end():
    lit = lamp("2026-05-12 03:00", "24/7")
    assert (lit.state, lit.until, lit.last_orders_at) == ("lit", None, None)


def test_past_midnight():
    assert lamp("2026-05-13 01:00", "Mo-Su 18:00-02:00").state == "lit"
    assert lamp("2026-05-13 01:30", "Mo-Su 18:00-02:00").until == at("2026-05-13 02:00")


def test_when_the_clocks_change():
    spring = lamp("2026-03-29 01:00", "Mo-Su 00:00-05:00")
    assert spring.until == datetime(2026, 3, 29, 2, 0, tzinfo=UTC)
    assert spring.until - at("2026-03-29 01:00") == timedelta(hours=3), "four o'clock did not exist that night"


@pytest.mark.parametrize("hours", ["", "   ", "when we feel like it"])
def test_unknown_hours_say_so(hours):
    dark = lamp("2026-05-12 12:00", hours)
    assert (dark.state, dark.reason, dark.opens_at) == ("dark", "unknown", None)


def test_never_open():
    dark = lamp("2026-05-12 12:00", "off")
    assert (dark.state, dark.reason, dark.opens_at) == ("dark", "closed", None)


def test_a_pause_ends_in_opening_hours():
    dark = lamp("2026-05-12 12:00", state="paused", pause_until=at("2026-05-12 13:00"))
    assert (dark.state, dark.reason, dark.opens_at) == ("dark", "paused", at("2026-05-12 13:00"))
    evening = lamp("2026-05-12 12:00", state="paused", pause_until=at("2026-05-12 21:00"))
    assert evening.opens_at == at("2026-05-13 08:00")
    assert lamp("2026-05-12 13:00", state="paused", pause_until=at("2026-05-12 13:00")).state == "lit"
    assert lamp("2026-05-12 12:00", state="paused").opens_at is None


@pytest.mark.parametrize(
    "facts,reason",
    [({"state": "closed"}, "for_good"), ({"listed": False}, "suspended"), ({"state": "preparing"}, "not_open")],
)
def test_dark_for_other_reasons(facts, reason):
    assert lamp("2026-05-12 12:00", **facts).reason == reason


@pytest.mark.parametrize(
    "typed,understood",
    [
        ("ma-pe 10-18; la 10-16", "Mo-Fr 10:00-18:00; Sa 10:00-16:00"),
        ("Mon-Fri 9.00–17.00", "Mo-Fr 09:00-17:00"),
        ("周一-周五 10:00-20:00", "Mo-Fr 10:00-20:00"),
        ("lunes-viernes 9:00-20:00", "Mo-Fr 9:00-20:00"),
        ("11-22", "11:00-22:00"),
        ("We-Fr 13:00-18:00 Sa 12:00-18:00", "We-Fr 13:00-18:00; Sa 12:00-18:00"),
        ("Mo-Th 11:00-23:00; Fr11:00-24:00", "Mo-Th 11:00-23:00; Fr 11:00-24:00"),
        (HOURS, HOURS),
        ("", ""),
        ("by moonlight", None),
    ],
)
def test_what_people_type(typed, understood):
    result = repaired(typed)
    assert result == understood or (
        result is not None and not problem(result) and understood.replace(" 9:", " 09:") == result
    )


times = st.integers(0, 47).map(lambda half: f"{half // 2:02}:{half % 2 * 30:02}")
spans = st.tuples(times, times).filter(lambda pair: pair[0] < pair[1])
days = st.sampled_from(["Mo-Fr", "Mo-Su", "Sa,Su", "We", "Mo,Th"])
instants = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)).map(lambda naive: naive.replace(tzinfo=UTC))


@settings(max_examples=300, deadline=None)
@given(days=days, span=spans, now=instants, more=st.lists(instants, max_size=4))
def test_a_stretch_is_what_the_rules_say(days, span, now, more):
    """Against the plainest reading of the text, and with the memory of earlier questions in between."""
    text = f"{days} {span[0]}-{span[1]}"
    for instant in [*more, now]:
        found = stretch(text, "Europe/Helsinki", "FI", instant)
        here = instant.astimezone(HELSINKI)
        names = {"Mo-Fr": range(5), "Mo-Su": range(7), "Sa,Su": (5, 6), "We": (2,), "Mo,Th": (0, 3)}[days]
        is_open = here.weekday() in names and span[0] <= here.strftime("%H:%M") < span[1]
        assert (found.kind == "open") == is_open
        assert found.start <= instant and (found.until is None or instant < found.until)
        if not is_open:
            assert found.opens_at is not None and found.opens_at >= instant
            assert stretch(text, "Europe/Helsinki", "FI", found.opens_at).kind == "open"
