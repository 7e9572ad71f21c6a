"""How rules take amounts off lines.

Rules act in a fixed order: free items, fixed prices, percentages, amounts; among equals by their ids. Each acts on what
the ones before it have left. Lines are kept in the order of their ids, so that nothing depends on how they were given.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import time
from typing import Any

from paseo.capabilities.pricing.values import DISCOUNT_KINDS, DiscountRule, PricedLine, Reason
from paseo.kernel.money import Money, allocate_minor, basis_points


class Work:
    """A line while discounts are taken off it. ``paid_units`` are those that no free item has taken."""

    def __init__(self, line: PricedLine) -> None:
        self.line = line
        self.unit = line.unit_minor + line.options_minor
        self.gross = line.quantity * self.unit
        self.paid_units = line.quantity
        self.lowered_units = 0
        self.taken: list[tuple[DiscountRule, int]] = []

    @property
    def discount(self) -> int:
        return sum(minor for _, minor in self.taken)

    @property
    def left(self) -> int:
        return self.gross - self.discount

    def take(self, rule: DiscountRule, minor: int) -> None:
        if minor:
            self.taken.append((rule, minor))


def apply_rules(
    works: Sequence[Work], rules: Sequence[DiscountRule], currency: str, at: time | None
) -> dict[str, Reason]:
    """Takes the discounts off the works and tells for each rule what came of it."""
    order = sorted(rules, key=lambda rule: (DISCOUNT_KINDS.index(rule.kind), rule.source_id))
    return {rule.source_id: _apply(works, rule, currency, at) for rule in order}


def _apply(works: Sequence[Work], rule: DiscountRule, currency: str, at: time | None) -> Reason:
    def because(code: str, **params: Any) -> Reason:
        return Reason(code, rule.source_id, {"name": rule.names, **params})

    if not rule.holds_at(at):
        return because("outside_hours", **{"from": rule.hours_from, "until": rule.hours_until})
    matching = [work for work in works if _matches(rule, work.line)]
    if not matching:
        return because("no_match")
    spent = sum(work.gross for work in matching)
    if spent < rule.min_spend_minor:
        return because("min_spend", missing=Money(rule.min_spend_minor - spent, currency))
    wanted = _PARTS[rule.kind](rule, matching)
    parts = [min(part, work.left) for work, part in zip(matching, wanted, strict=True)]
    whole = sum(parts)
    capped = rule.max_minor is not None and whole > rule.max_minor
    if capped and rule.max_minor is not None:
        whole = rule.max_minor
        parts = allocate_minor(whole, parts)
    for work, part in zip(matching, parts, strict=True):
        work.take(rule, part)
    if not whole:
        return because("nothing_left")
    return because("capped" if capped else "applied", saved=Money(whole, currency))


def _matches(rule: DiscountRule, line: PricedLine) -> bool:
    return (rule.variant_ids is None or line.variant_id in rule.variant_ids) and (
        rule.kinds is None or line.kind in rule.kinds
    )


def _free_items(rule: DiscountRule, works: Sequence[Work]) -> list[int]:
    """The cheapest units that are still paid for."""
    parts, units = [0] * len(works), rule.value
    for position in sorted(range(len(works)), key=lambda i: (works[i].unit, works[i].line.line_id)):
        work = works[position]
        freed = min(units, work.paid_units)
        parts[position] = freed * work.unit
        work.paid_units -= freed
        units -= freed
    return parts


def _fixed_price(rule: DiscountRule, works: Sequence[Work]) -> list[int]:
    """The units that are lowered most, once each."""
    parts = [0] * len(works)
    units = rule.max_units if rule.max_units is not None else sum(work.paid_units for work in works)
    saving = [max(0, work.line.unit_minor - rule.value) for work in works]
    for position in sorted(range(len(works)), key=lambda i: (-saving[i], works[i].line.line_id)):
        work = works[position]
        if not saving[position]:
            break
        lowered = min(units, work.paid_units - work.lowered_units)
        parts[position] = lowered * saving[position]
        work.lowered_units += lowered
        units -= lowered
    return parts


def _percent(rule: DiscountRule, works: Sequence[Work]) -> list[int]:
    left = [work.left for work in works]
    return allocate_minor(basis_points(sum(left), rule.value), left) if any(left) else left


def _amount(rule: DiscountRule, works: Sequence[Work]) -> list[int]:
    left = [work.left for work in works]
    return allocate_minor(min(rule.value, sum(left)), left) if any(left) else left


_PARTS = {"free_item": _free_items, "fixed_price": _fixed_price, "percent_bps": _percent, "amount": _amount}
