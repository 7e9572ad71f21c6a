from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paseo.kernel.money import CurrencyMismatch, Money, allocate_minor, apply_rate, basis_points, tax_inside, tax_on


def test_parse_reads_both_decimal_marks():
    assert Money.parse("4.20", "EUR") == Money(420, "EUR") == Money.parse("4,20", "EUR")
    assert Money.parse("420", "JPY") == Money(420, "JPY")
    assert Money.parse("1.234", "KWD") == Money(1234, "KWD")


@pytest.mark.parametrize("text", ["", "abc", "1.234", "NaN", "Infinity", "1e999"])
def test_parse_refuses_what_is_no_amount(text):
    with pytest.raises((ValueError, OverflowError)):
        Money.parse(text, "EUR")


def test_currencies_do_not_mix():
    with pytest.raises(CurrencyMismatch):
        Money(1, "EUR") + Money(1, "USD")
    with pytest.raises(CurrencyMismatch):
        _ = Money(1, "EUR") < Money(1, "USD")


def test_floats_and_huge_numbers_are_not_money():
    with pytest.raises(TypeError):
        Money(1.0, "EUR")  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        Money(True, "EUR")
    with pytest.raises(OverflowError):
        Money(2**63, "EUR")


def test_split_gives_the_rest_to_the_first():
    assert [part.minor for part in Money(100, "EUR").split(3)] == [34, 33, 33]
    assert [part.minor for part in Money(-100, "EUR").split(3)] == [-34, -33, -33]


@given(st.integers(-(10**12), 10**12), st.lists(st.integers(0, 10**6), min_size=1, max_size=30))
def test_allocation_loses_nothing_and_is_fair(amount, weights):
    parts = allocate_minor(amount, weights)
    assert sum(parts) == amount
    total = sum(weights)
    if total:
        assert all(abs(part * total - amount * weight) < total for part, weight in zip(parts, weights, strict=True))


@given(st.integers(0, 10**12), st.decimals(0, 1, places=4))
def test_tax_inside_and_on_agree(net, rate):
    gross = net + tax_on(net, rate)
    assert abs(tax_inside(gross, rate) - tax_on(net, rate)) <= 1


def test_rounding_is_half_away_from_zero():
    assert apply_rate(5, Decimal("0.5")) == 3
    assert apply_rate(-5, Decimal("0.5")) == -3
    assert basis_points(1050, 1000) == 105
    assert basis_points(25, 200) == 1
    assert tax_inside(1240, Decimal("0.24")) == 240
