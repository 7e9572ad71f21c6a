"""The quote: a pure function of lines and discounts. docs/algorithms/quote.md tells it in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import time
from decimal import Decimal

from paseo.capabilities.pricing.rules.discounting import Work, apply_rules
from paseo.capabilities.pricing.values import DiscountRule, LineDiscount, PricedLine, Quote, QuoteLine, Reason, TaxShare
from paseo.kernel.money import Money, tax_inside, tax_on


def quote(
    lines: Sequence[PricedLine],
    discounts: Iterable[DiscountRule],
    tax_included: bool,
    currency: str,
    *,
    at: time | None = None,
) -> Quote:
    """What the lines cost with the discounts, and why.

    Amounts are minor units of ``currency``; ``at`` is the time of day at the store, for discounts that have hours.
    Neither the order of lines nor that of discounts changes any number. ValueError when two lines or two discounts
    share an id.
    """
    rules = sorted(discounts, key=lambda rule: rule.source_id)
    if len({line.line_id for line in lines}) < len(lines) or len({rule.source_id for rule in rules}) < len(rules):
        raise ValueError("Each line and each discount appears once.")
    chosen, reasons = _best_combination(lines, rules, currency, at)
    quoted = tuple(_line(chosen.works[line.line_id], tax_included) for line in lines)
    by_rate: dict[Decimal, tuple[int, int]] = {}
    for line in quoted:
        net, tax = by_rate.get(line.tax_rate, (0, 0))
        by_rate[line.tax_rate] = (net + line.net_minor, tax + line.tax_minor)
    return Quote(
        lines=quoted,
        subtotal_minor=sum(line.gross_minor for line in quoted),
        discount_minor=sum(line.discount_minor for line in quoted),
        tax_minor=sum(line.tax_minor for line in quoted),
        tax_by_rate=tuple(TaxShare(rate, *by_rate[rate]) for rate in sorted(by_rate)),
        total_minor=sum(line.total_minor for line in quoted),
        currency=currency,
        tax_included=tax_included,
        reasons=reasons,
    )


class _Outcome:
    def __init__(
        self, lines: Sequence[PricedLine], rules: Sequence[DiscountRule], currency: str, at: time | None
    ) -> None:
        self.works = {line.line_id: Work(line) for line in sorted(lines, key=lambda line: line.line_id)}
        self.reasons = apply_rules(list(self.works.values()), rules, currency, at)
        self.saved = sum(work.discount for work in self.works.values())


def _best_combination(
    lines: Sequence[PricedLine], rules: Sequence[DiscountRule], currency: str, at: time | None
) -> tuple[_Outcome, tuple[Reason, ...]]:
    """All that can be combined, or a single one that cannot, whichever saves most; the former when it is as good."""
    together = [rule for rule in rules if rule.stackable]
    alone = [rule for rule in rules if not rule.stackable]
    base = _Outcome(lines, together, currency, at)
    best, winner = base, None
    singles = {}
    for rule in alone:
        outcome = singles[rule.source_id] = _Outcome(lines, [rule], currency, at)
        if outcome.saved > best.saved:
            best, winner = outcome, rule
    reasons = []
    for rule in rules:
        if rule.stackable:
            reason = base.reasons[rule.source_id]
            if winner is not None and reason.applies:
                reason = Reason("replaced", rule.source_id, {"name": rule.names, "better": winner.names})
        else:
            reason = singles[rule.source_id].reasons[rule.source_id]
            if rule is not winner and reason.applies:
                saving = Money(singles[rule.source_id].saved, currency)
                if winner is not None:
                    reason = Reason("replaced", rule.source_id, {"name": rule.names, "better": winner.names})
                else:
                    reason = Reason("not_combined", rule.source_id, {"name": rule.names, "saved": saving})
        reasons.append(reason)
    return best, tuple(reasons)


def _line(work: Work, tax_included: bool) -> QuoteLine:
    line, paid = work.line, work.left
    if tax_included:
        tax = tax_inside(paid, line.tax_rate)
        net, total = paid - tax, paid
    else:
        tax = tax_on(paid, line.tax_rate)
        net, total = paid, paid + tax
    assert 0 <= paid <= work.gross
    return QuoteLine(
        line_id=line.line_id,
        variant_id=line.variant_id,
        names=line.names,
        quantity=line.quantity,
        unit_minor=line.unit_minor,
        options_minor=line.options_minor,
        gross_minor=work.gross,
        discount_minor=work.discount,
        discounts=tuple(
            LineDiscount(rule.source_id, rule.names, rule.funder, rule.funder_id, minor) for rule, minor in work.taken
        ),
        tax_rate=line.tax_rate,
        tax_minor=tax,
        net_minor=net,
        total_minor=total,
    )
