"""What the lines of a cart cost at this moment, and what stands against each. Reads in as few statements as there are
kinds of facts; decides in plain Python."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from paseo.capabilities.catalog import queries as catalog
from paseo.capabilities.catalog.values import GroupView, OfferLine, OptionView
from paseo.capabilities.directory.values import StoreCard
from paseo.capabilities.ordering.choices import groups_of
from paseo.capabilities.ordering.problems import problem
from paseo.capabilities.ordering.values import CartLineView, Problem
from paseo.capabilities.pricing import queries as pricing
from paseo.capabilities.pricing.values import DiscountRule, PricedLine, PriceView, Quote
from paseo.capabilities.vouchers.values import CartItem, CouponContext
from paseo.kernel.periods import zone


@dataclass(slots=True)
class ReckonedLine:
    """A cart line with the facts that belong to it. ``unit_minor`` is one piece without options."""

    line: CartLineView
    offer: OfferLine | None = None
    price: PriceView | None = None
    options: tuple[OptionView, ...] = ()
    problems: list[Problem] = field(default_factory=list)

    @property
    def unit_minor(self) -> int:
        return self.price.amount_minor if self.price else 0

    @property
    def options_minor(self) -> int:
        return sum(option.delta_minor for option in self.options)

    @property
    def piece_minor(self) -> int:
        return max(0, self.unit_minor + self.options_minor)

    def option_facts(self) -> list[dict[str, Any]]:
        return [
            {"id": str(option.id), "names": dict(option.names), "delta_minor": option.delta_minor, "kind": option.kind}
            for option in self.options
        ]


@dataclass(slots=True)
class Reckoning:
    lines: list[ReckonedLine]
    rates: Mapping[str, Decimal]
    currency: str
    tax_included: bool

    @property
    def problems(self) -> list[Problem]:
        return [problem for line in self.lines for problem in line.problems]

    @property
    def sound(self) -> list[ReckonedLine]:
        return [line for line in self.lines if not line.problems]

    def quote(self, discounts: Sequence[DiscountRule], now: datetime, zone_name: str) -> Quote:
        """The quote of the lines that nothing stands against."""
        priced = [
            PricedLine(
                line_id=str(one.line.id),
                variant_id=one.offer.variant_id,
                kind=one.offer.kind,
                quantity=one.line.quantity,
                unit_minor=one.unit_minor,
                tax_rate=self.rates[one.offer.tax_class],
                options_minor=max(one.options_minor, -one.unit_minor),
                names=one.offer.names,
            )
            for one in self.sound
            if one.offer is not None
        ]
        return pricing.quote(
            priced, discounts, self.tax_included, self.currency, at=now.astimezone(zone(zone_name)).time()
        )

    def context(self, card: StoreCard, mode: str) -> CouponContext:
        """The cart as a coupon sees it."""
        return CouponContext(
            store_id=card.id,
            mode=mode,
            zone=card.zone,
            currency=self.currency,
            items=tuple(
                CartItem(one.offer.variant_id, one.offer.kind, one.line.quantity, one.piece_minor * one.line.quantity)
                for one in self.sound
                if one.offer is not None
            ),
        )


def reckon(card: StoreCard, lines: Sequence[CartLineView], now: datetime, channel: str = "online") -> Reckoning:
    """Two statements once the choices of these products are at hand."""
    offers = catalog.offers({line.offer_id for line in lines}) if lines else {}
    mine = {id: offer for id, offer in offers.items() if offer.store_id == card.id}
    prices = pricing.prices(card.id, {offer.variant_id for offer in mine.values()}, channel, now=now) if mine else {}
    groups = groups_of({offer.product_id for offer in mine.values()})
    reckoned = [_line(line, mine.get(line.offer_id), prices, groups, now) for line in lines]
    first = next((line.price for line in reckoned if line.price is not None), None)
    currency = first.currency if first else card.currency
    for one in reckoned:
        if (
            one.price is not None
            and first is not None
            and (one.price.currency, one.price.tax_included)
            != (
                currency,
                first.tax_included,
            )
        ):
            one.problems.append(problem("no_price", one.line.id))
    return Reckoning(
        lines=reckoned,
        rates=pricing.rates(card.region, now),
        currency=currency,
        tax_included=first.tax_included if first else True,
    )


def _line(
    line: CartLineView,
    offer: OfferLine | None,
    prices: Mapping[UUID, PriceView],
    groups: Mapping[UUID, Sequence[GroupView]],
    now: datetime,
) -> ReckonedLine:
    if offer is None:
        return ReckonedLine(line, problems=[problem("not_offered", line.id)])
    known = {option.id: option for group in groups[offer.product_id] for option in group.options}
    chosen = tuple(known[option] for option in line.option_ids if option in known)
    result = ReckonedLine(line, offer, prices.get(offer.variant_id), chosen)
    if not offer.active:
        result.problems.append(problem("not_offered", line.id))
    elif not offer.can_be_ordered(now):
        result.problems.append(problem("sold_out", line.id, until=offer.sold_out_until))
    elif result.price is None:
        result.problems.append(problem("no_price", line.id))
    if len(chosen) < len(line.option_ids):
        result.problems.append(problem("option_gone", line.id))
    for group in groups[offer.product_id]:
        picked = sum(option.group_id == group.id for option in chosen)
        if picked < group.min:
            result.problems.append(problem("option_missing", line.id, group=dict(group.names), group_id=str(group.id)))
        elif picked > group.max:
            result.problems.append(
                problem("too_many_options", line.id, group=dict(group.names), group_id=str(group.id))
            )
    return result
