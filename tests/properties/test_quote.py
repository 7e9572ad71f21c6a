"""The quote, for all carts and discounts."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from itertools import permutations

from hypothesis import given, settings
from hypothesis import strategies as st

from paseo.capabilities.pricing.queries import quote
from paseo.capabilities.pricing.values import DISCOUNT_KINDS, FUNDERS, DiscountRule, PricedLine
from paseo.kernel.ids import stable_id

VARIANTS = [stable_id("variant", n) for n in range(4)]
RATES = [Decimal(rate) for rate in ("0", "0.135", "0.255")]

lines = st.lists(
    st.builds(
        PricedLine,
        line_id=st.integers(0, 99).map(str),
        variant_id=st.sampled_from(VARIANTS),
        kind=st.sampled_from(["dish", "good"]),
        quantity=st.integers(1, 5),
        unit_minor=st.integers(0, 3000),
        options_minor=st.integers(0, 300),
        tax_rate=st.sampled_from(RATES),
    ),
    min_size=1,
    max_size=5,
    unique_by=lambda line: line.line_id,
)


@st.composite
def rules(draw: st.DrawFn, stackable: bool | None = None) -> DiscountRule:
    kind = draw(st.sampled_from(DISCOUNT_KINDS))
    most = {"percent_bps": 10_000, "free_item": 3, "fixed_price": 2000, "amount": 4000}[kind]
    return DiscountRule(
        source_id=str(draw(st.integers(0, 999))),
        names={"en": "Coupon"},
        kind=kind,
        value=draw(st.integers(0, most)),
        min_spend_minor=draw(st.sampled_from([0, 0, 1500, 6000])),
        variant_ids=draw(st.none() | st.frozensets(st.sampled_from(VARIANTS), min_size=1)),
        kinds=draw(st.none() | st.just(frozenset({"dish"}))),
        max_minor=draw(st.none() | st.integers(0, 2000)),
        max_units=draw(st.none() | st.integers(0, 4)),
        funder=draw(st.sampled_from(FUNDERS)),
        stackable=draw(st.booleans()) if stackable is None else stackable,
    )


discounts = st.lists(rules(), max_size=4, unique_by=lambda rule: rule.source_id)
many = settings(max_examples=200, deadline=None, derandomize=True, database=None)


@many
@given(lines, discounts, st.booleans())
def test_all_sums_agree(cart, given_rules, tax_included):
    result = quote(cart, given_rules, tax_included, "EUR")
    assert result.subtotal_minor == sum(line.quantity * (line.unit_minor + line.options_minor) for line in cart)
    assert result.total_minor == sum(line.total_minor for line in result.lines)
    assert result.tax_minor == sum(share.tax_minor for share in result.tax_by_rate)
    assert result.net_minor == sum(share.net_minor for share in result.tax_by_rate)
    after = result.subtotal_minor - result.discount_minor
    assert after == (result.total_minor if tax_included else result.net_minor)
    assert result.discount_minor == sum(result.funded_by(funder) for funder in FUNDERS)
    for line in result.lines:
        assert line.discount_minor == sum(part.minor for part in line.discounts)
        assert 0 <= line.discount_minor <= line.gross_minor
        assert line.net_minor + line.tax_minor == line.total_minor
        assert min(line.net_minor, line.tax_minor, *(part.minor for part in line.discounts), 0) == 0
    assert [line.line_id for line in result.lines] == [line.line_id for line in cart]


@many
@given(lines, discounts, st.randoms(use_true_random=False))
def test_no_order_matters(cart, given_rules, chance):
    first = quote(cart, given_rules, True, "EUR")
    shuffled_cart, shuffled_rules = list(cart), list(given_rules)
    chance.shuffle(shuffled_cart)
    chance.shuffle(shuffled_rules)
    second = quote(shuffled_cart, shuffled_rules, True, "EUR")
    assert {line.line_id: line for line in first.lines} == {line.line_id: line for line in second.lines}
    assert first.reasons == second.reasons
    assert first.total_minor == second.total_minor


@many
@given(lines, discounts, rules())
def test_a_further_discount_never_makes_anything_dearer(cart, given_rules, further):
    known = [rule for rule in given_rules if rule.source_id != further.source_id]
    assert quote(cart, [*known, further], True, "EUR").total_minor <= quote(cart, known, True, "EUR").total_minor


@many
@given(lines, rules(), st.integers(0, 500))
def test_a_better_discount_never_costs_more(cart, rule, more):
    better = {
        "percent_bps": min(10_000, rule.value + more),
        "fixed_price": max(0, rule.value - more),
        "free_item": rule.value + more,
        "amount": rule.value + more,
    }[rule.kind]
    improved = replace(rule, value=better)
    assert quote(cart, [improved], True, "EUR").total_minor <= quote(cart, [rule], True, "EUR").total_minor


@many
@given(lines)
def test_prices_with_and_without_tax_tell_the_same(cart):
    """What is added to net prices is found again inside the totals, line by line."""
    outside = quote(cart, [], False, "EUR")
    for line in outside.lines:
        whole = PricedLine(line.line_id, line.variant_id, "good", 1, line.total_minor, line.tax_rate)
        inside = quote([whole], [], True, "EUR")
        assert (inside.total_minor, inside.tax_minor) == (line.total_minor, line.tax_minor)


@many
@given(lines, discounts)
def test_every_discount_is_explained_and_only_what_applies_takes(cart, given_rules):
    result = quote(cart, given_rules, True, "EUR")
    assert [reason.source_id for reason in result.reasons] == sorted(rule.source_id for rule in given_rules)
    taking = {part.source_id for line in result.lines for part in line.discounts if part.minor}
    assert {reason.source_id for reason in result.reasons if reason.applies} == taking


@many
@given(lines, discounts)
def test_the_combination_is_the_best_that_is_allowed(cart, given_rules):
    total = quote(cart, given_rules, True, "EUR").total_minor
    together = [rule for rule in given_rules if rule.stackable]
    allowed = [together, *([rule] for rule in given_rules if not rule.stackable)]
    assert total == min(quote(cart, choice, True, "EUR").total_minor for choice in allowed)


def test_rules_survive_json():
    for n, kind in enumerate(permutations(DISCOUNT_KINDS)):
        rule = DiscountRule(
            str(n), {"en": "x"}, kind[0], n, variant_ids=frozenset(VARIANTS[:2]), kinds=frozenset({"dish"})
        )
        assert DiscountRule.from_json(rule.as_json()) == rule
