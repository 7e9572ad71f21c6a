"""Amounts, times, distances and names in three languages."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from django.template import Context, Template
from django.utils import translation

from paseo.kernel.money import Money
from paseo.platform.ui import formatting
from paseo.platform.ui.wording import lamp_words

NOW = datetime(2026, 11, 21, 16, 2, tzinfo=UTC)  # a Saturday, 18:02 in Helsinki
ZONE = "Europe/Helsinki"


def write(source: str, **values: object) -> str:
    return Template(source).render(Context(values))


@pytest.mark.parametrize(
    ("language", "amount", "words"),
    [
        ("en", Money(1020, "EUR"), "€10.20"),
        ("zh-hans", Money(1020, "EUR"), "€10.20"),
        ("es", Money(1020, "EUR"), "10,20\xa0€"),
        ("en", Money(-300, "EUR"), "−€3.00"),
        ("es", Money(-300, "EUR"), "−3,00\xa0€"),
        ("en", Money(6841200, "EUR"), "€68,412.00"),
        ("es", Money(6841200, "EUR"), "68.412,00\xa0€"),
        ("en", Money(1284, "JPY"), "JP¥1,284"),
        ("zh-hans", Money(1680, "CNY"), "¥16.80"),
        ("en", Money(0, "EUR"), "€0.00"),
    ],
)
def test_money_is_written_in_the_readers_language(language: str, amount: Money, words: str) -> None:
    with translation.override(language):
        assert write("{{ amount|money }}", amount=amount) == words


def test_minor_units_need_their_currency() -> None:
    with translation.override("en"):
        assert write("{{ minor|money:currency }}", minor=1390, currency="EUR") == "€13.90"
        assert formatting.money((1390, "EUR")) == "€13.90"
        assert formatting.money(None) == ""
        with pytest.raises(TypeError):
            formatting.money(1390)


def test_a_difference_carries_its_sign() -> None:
    with translation.override("en"):
        assert formatting.money(Money(50, "EUR"), signed=True) == "+€0.50"
        assert formatting.money(Money(-50, "EUR"), signed=True) == "−€0.50"


@pytest.mark.parametrize(
    ("language", "metres", "words"),
    [
        ("en", 3, "10 m"),
        ("en", 43, "40 m"),
        ("zh-hans", 312, "310 米"),
        ("en", 994, "990 m"),
        ("en", 996, "1 km"),
        ("es", 1234, "1,2 km"),
        ("en", 12345, "12 km"),
    ],
)
def test_distances_are_rounded_to_what_a_walker_needs(language: str, metres: float, words: str) -> None:
    with translation.override(language):
        assert formatting.distance(metres) == words


def test_minutes_on_foot_count_the_detour_and_are_never_nought() -> None:
    assert [formatting.walk_minutes(metres) for metres in (5, 40, 310, 1000)] == [1, 1, 5, 16]


def test_clock_times_are_those_of_the_shop() -> None:
    assert formatting.clock(NOW, ZONE) == "18:02"
    assert formatting.clock(NOW, "Asia/Shanghai") == "00:02"


@pytest.mark.parametrize(
    ("language", "days", "words"),
    [
        ("en", 0, "today"),
        ("zh-hans", 1, "明天"),
        ("es", -1, "ayer"),
        ("en", 5, "Thu 26 Nov"),
        ("zh-hans", 5, "11月26日周四"),
        ("en", 60, "20 Jan 2027"),
    ],
)
def test_days_are_named_from_today(language: str, days: int, words: str) -> None:
    with translation.override(language):
        shown = formatting.day(NOW + timedelta(days=days), ZONE, today=NOW.date())
        assert shown.replace("Thu, ", "Thu ") == words


def test_a_countdown_never_runs_below_nought() -> None:
    assert formatting.countdown(NOW + timedelta(seconds=401), NOW) == "6:41"
    assert formatting.countdown(NOW - timedelta(seconds=5), NOW) == "0:00"


def test_a_name_is_read_in_ones_language_or_the_next_best() -> None:
    names = {"en": "Biáng noodles", "zh-hans": "油泼面"}
    with translation.override("zh-hans"):
        assert write("{{ names|localized }}", names=names) == "油泼面"
    with translation.override("es"):
        assert write("{{ names|localized }}", names=names) == '<span lang="en">Biáng noodles</span>'
        assert formatting.localized({"zh-hans": "油泼面"}) == "油泼面"
        assert formatting.localized({}) == ""
        assert formatting.localized("El Rey") == "El Rey"


def test_a_shops_name_cannot_bring_markup() -> None:
    with translation.override("en"):
        assert write("{{ names|localized }}", names={"en": "<b>x</b>"}) == "&lt;b&gt;x&lt;/b&gt;"
        assert "<b>" not in write("{{ names|localized }}", names={"es": "<b>x</b>"})


def lamp(state: str, **values: datetime) -> SimpleNamespace:
    return SimpleNamespace(state=state, **{"until": None, "opens_at": None, "last_orders_at": None, **values})


@pytest.mark.parametrize(
    ("language", "value", "words"),
    [
        ("en", lamp("lit", until=NOW + timedelta(hours=3)), "Until 21:02"),
        ("zh-hans", lamp("lit", until=NOW + timedelta(hours=3)), "营业至 21:02"),
        ("es", lamp("half", until=NOW, last_orders_at=NOW + timedelta(minutes=18)), "Últimos pedidos en 18 min"),
        ("en", lamp("half", until=NOW + timedelta(minutes=9), last_orders_at=NOW), "Until 18:11"),
        ("en", lamp("dark", opens_at=NOW + timedelta(hours=1)), "Closed, opens 19:02"),
        ("en", lamp("dark", opens_at=NOW + timedelta(hours=14)), "Closed, opens tomorrow at 08:02"),
        ("en", lamp("dark"), "Closed"),
        ("en", lamp("lit"), "Open day and night"),
    ],
)
def test_a_window_always_says_until_when(language: str, value: SimpleNamespace, words: str) -> None:
    with translation.override(language):
        assert lamp_words(value, ZONE, NOW) == words
