"""Opening hours between a form and a line."""

import pytest

from paseo.channels.console.shop.week import DAYS, Week, filled_in, problems, read, written

EVENING = (("18:00", "02:00"),)
NINE = (("09:00", "17:00"),)


@pytest.mark.parametrize(
    "line",
    [
        "Mo-Fr 07:30-19:00; Sa 09:00-18:00; Su 10:00-17:00",
        "Mo-Su 00:00-24:00",
        "Mo-Th 11:00-14:00,17:00-21:00; Fr-Su off; PH off",
        "Mo-Fr 08:00-16:00; Sa-Su off; PH 10:00-14:00",
        "Mo-Sa 18:00-02:00; Su off",
        "",
    ],
)
def test_a_week_is_written_as_it_was_read(line):
    assert written(read(line)) == line


@pytest.mark.parametrize(
    ("said", "means"),
    [
        ("24/7", "Mo-Su 00:00-24:00"),
        ("Mo,We,Fr 9:00-17:00", "Mo 09:00-17:00; Tu off; We 09:00-17:00; Th off; Fr 09:00-17:00; Sa-Su off"),
        ("Fr-Mo 10:00-12:00", "Mo 10:00-12:00; Tu-Th off; Fr-Su 10:00-12:00"),
        ("Mo-Fr 06:30-12:30; Sa,Su,PH off", "Mo-Fr 06:30-12:30; Sa-Su off; PH off"),
        ("Mo-Su 18:00-26:00", "Mo-Su 18:00-02:00"),
        ("Mo-Fr 10:00-18:00; We 10:00-20:00;", "Mo-Tu 10:00-18:00; We 10:00-20:00; Th-Fr 10:00-18:00; Sa-Su off"),
    ],
)
def test_other_ways_to_write_a_week(said, means):
    assert written(read(said)) == means


@pytest.mark.parametrize(
    "line",
    ["Mo-Fr sunrise-sunset", "Apr-Sep: Mo-Fr 10:00-18:00", "Mo[1] 10:00-12:00", "Mo 8:00-9:00,10:00-11:00,12:00-13:00"],
)
def test_what_a_week_cannot_hold_stays_a_line(line):
    assert read(line) is None


def test_a_form_is_a_week():
    form = {f"{day}-0-opens": "09:00" for day in DAYS[:5]} | {f"{day}-0-closes": "17:00" for day in DAYS[:5]}
    form |= {"Sa-0-opens": "18:00", "Sa-0-closes": "02:00", "Su-0-opens": "10:00", "Su-0-closes": "00:00"}
    assert problems(form) == {}
    week = filled_in({**form, "holidays": "closed"})
    assert week == Week({**dict.fromkeys(DAYS[:5], NINE), "Sa": EVENING, "Su": (("10:00", "24:00"),)}, ())
    assert written(week) == "Mo-Fr 09:00-17:00; Sa 18:00-02:00; Su 10:00-24:00; PH off"


def test_what_cannot_be_is_found_by_its_day():
    given = {
        "Mo-0-opens": "09:00",
        "Tu-0-opens": "12:00", "Tu-0-closes": "15:00", "Tu-1-opens": "14:00", "Tu-1-closes": "18:00",
        "We-0-opens": "12:00", "We-0-closes": "15:00", "We-1-opens": "15:00", "We-1-closes": "02:00",
    }  # fmt: skip
    assert problems(given) == {"Mo": "half", "Tu": "order"}
