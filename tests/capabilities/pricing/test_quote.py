from __future__ import annotations

from dataclasses import replace
from datetime import time
from decimal import Decimal

import pytest

from paseo.capabilities.pricing.queries import quote
from paseo.capabilities.pricing.values import DiscountRule, PricedLine
from paseo.kernel.ids import stable_id
from paseo.kernel.money import Money

COFFEE, CAKE, BEANS = (stable_id("variant", name) for name in ("coffee", "cake", "beans"))
FOOD, STANDARD = Decimal("0.135"), Decimal("0.255")
CART = [
    PricedLine("1", COFFEE, "dish", 2, 420, FOOD, options_minor=50),
    PricedLine("2", CAKE, "dish", 1, 590, FOOD),
    PricedLine("3", BEANS, "good", 1, 1250, STANDARD),
]


def rule(source_id="c", kind="percent_bps", value=1000, **more) -> DiscountRule:
    return DiscountRule(source_id, {"en": source_id}, kind, value, **more)


def outcome(*rules: DiscountRule, at=None, cart=CART):
    result = quote(cart, rules, True, "EUR", at=at)
    return result.total_minor, [(reason.source_id, reason.code) for reason in result.reasons]


def test_without_discounts_tax_is_inside():
    result = quote(CART, [], True, "EUR")
    assert (result.subtotal_minor, result.discount_minor, result.total_minor) == (2780, 0, 2780)
    # 940 × 0.135/1.135 = 111.8, 590 × 0.135/1.135 = 70.2, 1250 × 0.255/1.255 = 253.98
    assert [line.tax_minor for line in result.lines] == [112, 70, 254]
    assert [(share.rate, share.net_minor, share.tax_minor) for share in result.tax_by_rate] == [
        (FOOD, 1348, 182),
        (STANDARD, 996, 254),
    ]


def test_without_discounts_tax_is_added():
    result = quote(CART, [], False, "USD")
    assert [line.tax_minor for line in result.lines] == [127, 80, 319]
    assert (result.net_minor, result.tax_minor, result.total_minor) == (2780, 526, 3306)


def test_discounts_act_in_the_documented_order():
    """Free item (590), fixed price (2 × 20), ten percent of the rest (2780 − 590 − 40 = 2150), then 100 off."""
    result = quote(
        CART,
        [
            rule("a", "amount", 100),
            rule("b", "percent_bps", 1000),
            rule("c", "fixed_price", 400, variant_ids=frozenset({COFFEE})),
            rule("d", "free_item", 1, variant_ids=frozenset({CAKE})),
        ],
        True,
        "EUR",
    )
    assert result.total_minor == 2780 - 590 - 40 - 215 - 100
    parts = {part.source_id for line in result.lines for part in line.discounts if line.line_id == "2"}
    assert parts == {"d"}


def test_an_amount_is_distributed_without_losing_a_cent():
    thirds = [PricedLine(str(n), COFFEE, "dish", 1, 100, FOOD) for n in range(3)]
    result = quote(thirds, [rule("a", "amount", 100)], True, "EUR")
    assert [line.discount_minor for line in result.lines] == [34, 33, 33]


def test_more_than_everything_is_everything():
    assert outcome(rule("a", "amount", 99_999)) == (0, [("a", "applied")])
    assert outcome(rule("a", "amount", 99_999), rule("b")) == (0, [("a", "applied"), ("b", "applied")])
    assert outcome(rule("a", "free_item", 99), rule("b")) == (0, [("a", "applied"), ("b", "nothing_left")])


def test_the_cheapest_items_are_free_and_the_dearest_lowered():
    assert outcome(rule("a", "free_item", 3))[0] == 1250
    assert outcome(rule("a", "fixed_price", 300, max_units=1))[0] == 2780 - 950
    assert outcome(rule("a", "fixed_price", 5000)) == (2780, [("a", "nothing_left")])


def test_a_cap_is_told():
    result = quote(CART, [rule("a", "percent_bps", 5000, max_minor=333)], True, "EUR")
    assert (result.discount_minor, result.reasons[0].code) == (333, "capped")
    assert result.reasons[0].params["saved"] == Money(333, "EUR")


@pytest.mark.parametrize(
    ("given", "code", "params"),
    [
        (rule(min_spend_minor=3000), "min_spend", {"missing": Money(220, "EUR")}),
        (rule(min_spend_minor=1500, kinds=frozenset({"good"})), "min_spend", {"missing": Money(250, "EUR")}),
        (rule(variant_ids=frozenset({stable_id("tea")})), "no_match", {}),
        (rule(kinds=frozenset({"service"})), "no_match", {}),
        (rule(value=0), "nothing_left", {}),
    ],
)
def test_why_it_does_not_apply_and_what_would_help(given, code, params):
    reason = quote(CART, [given], True, "EUR").reasons[0]
    assert (reason.code, reason.applies) == (code, False)
    assert reason.params == {"name": given.names, **params}
    assert reason.text.format(**reason.params)


def test_min_spend_looks_at_prices_before_discounts():
    assert outcome(rule("a", "amount", 2000), rule("b", "amount", 100, min_spend_minor=2780))[0] == 680


@pytest.mark.parametrize(
    ("start", "end", "at", "holds"),
    [
        (time(14), time(16), time(14), True),
        (time(14), time(16), time(16), False),
        (time(22), time(2), time(23), True),
        (time(22), time(2), time(1, 59), True),
        (time(22), time(2), time(2), False),
    ],
)
def test_hours(start, end, at, holds):
    total, reasons = outcome(rule(hours_from=start, hours_until=end), at=at)
    assert (total < 2780) is holds
    assert reasons == [("c", "applied" if holds else "outside_hours")]


def test_what_cannot_be_combined_replaces_or_gives_way():
    alone = rule("alone", "amount", 500, stackable=False)
    assert outcome(alone, rule("small", "amount", 400)) == (2280, [("alone", "applied"), ("small", "replaced")])
    assert outcome(alone, rule("big", "amount", 600)) == (2180, [("alone", "not_combined"), ("big", "applied")])
    # As good: what can be combined stays.
    assert outcome(alone, rule("same", "amount", 500)) == (2280, [("alone", "not_combined"), ("same", "applied")])
    # A discount that does nothing by itself says why, whatever wins.
    far = rule("far", "amount", 100, min_spend_minor=9999)
    assert outcome(alone, far) == (2280, [("alone", "applied"), ("far", "min_spend")])


def test_who_pays_for_it():
    rules = [rule("a", "amount", 300, funder="operator"), rule("b", "amount", 200, funder="brand")]
    result = quote(CART, rules, True, "EUR")
    assert [result.funded_by(funder) for funder in ("merchant", "operator", "brand")] == [0, 300, 200]


def test_nonsense_is_not_quoted():
    with pytest.raises(ValueError):
        quote([CART[0], CART[0]], [], True, "EUR")
    with pytest.raises(ValueError):
        quote(CART, [rule("a"), rule("a")], True, "EUR")
    with pytest.raises(ValueError):
        replace(CART[0], quantity=0)
    with pytest.raises(ValueError):
        rule(kind="percent_bps", value=10_001)
    with pytest.raises(ValueError):
        rule(kind="gift")


def test_the_explanation_is_json():
    import json

    result = quote(CART, [rule("a", "amount", 300, min_spend_minor=9999), rule("b")], True, "EUR", at=time(9))
    body = json.loads(json.dumps(result.as_json()))
    assert body["total_minor"] == 2502
    assert body["reasons"][0]["params"]["missing"] == {"minor": 7219, "currency": "EUR"}
