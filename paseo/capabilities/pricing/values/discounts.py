"""Discount rules: what a coupon, a deal or a campaign does to a cart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time
from typing import Any
from uuid import UUID

DISCOUNT_KINDS = ("free_item", "fixed_price", "percent_bps", "amount")
FUNDERS = ("merchant", "operator", "brand")


@dataclass(frozen=True, slots=True)
class DiscountRule:
    """One discount.

    ``kind`` and ``value``: "free_item" so many of the cheapest matching units cost nothing · "fixed_price" a matching
    unit costs at most ``value`` (options are paid as usual) · "percent_bps" hundredths of a percent off what matching
    lines still cost · "amount" so many minor units off.

    ``min_spend_minor`` is compared with what matching lines cost before any discount. ``variant_ids`` and ``kinds``
    (product kinds) narrow what matches; None is everything. ``max_minor`` caps the discount, ``max_units`` the units
    that "fixed_price" lowers. ``stackable`` False: never together with another one. ``hours_from``/``hours_until``:
    half-open hours of the store's day; past midnight when from is later than until.
    """

    source_id: str
    names: Mapping[str, str]
    kind: str
    value: int
    min_spend_minor: int = 0
    variant_ids: frozenset[UUID] | None = None
    kinds: frozenset[str] | None = None
    max_minor: int | None = None
    max_units: int | None = None
    funder: str = "merchant"
    funder_id: UUID | None = None
    stackable: bool = True
    hours_from: time | None = None
    hours_until: time | None = None
    terms: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.kind not in DISCOUNT_KINDS:
            raise ValueError(f"There is no discount {self.kind!r}.")
        if self.funder not in FUNDERS:
            raise ValueError(f"Nobody called {self.funder!r} funds discounts.")
        caps = [cap for cap in (self.max_minor, self.max_units) if cap is not None]
        if min(self.value, self.min_spend_minor, *caps) < 0:
            raise ValueError("A discount takes away, it never adds.")
        if self.kind == "percent_bps" and self.value > 10_000:
            raise ValueError("More than everything cannot be taken off.")
        if (self.hours_from is None) != (self.hours_until is None):
            raise ValueError("Hours have a beginning and an end.")

    def holds_at(self, at: time | None) -> bool:
        """Whether it is within its hours; without hours, or without a time to judge, it always is."""
        if self.hours_from is None or self.hours_until is None or at is None:
            return True
        if self.hours_from <= self.hours_until:
            return self.hours_from <= at < self.hours_until
        return at >= self.hours_from or at < self.hours_until

    def as_json(self) -> dict[str, Any]:
        """For a JSON column; ``from_json`` gives the same rule again."""
        return {
            "source_id": self.source_id,
            "names": dict(self.names),
            "kind": self.kind,
            "value": self.value,
            "min_spend_minor": self.min_spend_minor,
            "variant_ids": None if self.variant_ids is None else sorted(str(id) for id in self.variant_ids),
            "kinds": None if self.kinds is None else sorted(self.kinds),
            "max_minor": self.max_minor,
            "max_units": self.max_units,
            "funder": self.funder,
            "funder_id": str(self.funder_id) if self.funder_id else None,
            "stackable": self.stackable,
            "hours_from": self.hours_from.isoformat() if self.hours_from else None,
            "hours_until": self.hours_until.isoformat() if self.hours_until else None,
            "terms": dict(self.terms),
        }

    @classmethod
    def from_json(cls, body: Mapping[str, Any]) -> DiscountRule:
        """ValueError or KeyError when it is not a rule."""
        return cls(
            source_id=str(body["source_id"]),
            names=dict(body["names"]),
            kind=body["kind"],
            value=int(body["value"]),
            min_spend_minor=int(body.get("min_spend_minor") or 0),
            variant_ids=_ids(body.get("variant_ids")),
            kinds=None if body.get("kinds") is None else frozenset(body["kinds"]),
            max_minor=body.get("max_minor"),
            max_units=body.get("max_units"),
            funder=body.get("funder") or "merchant",
            funder_id=UUID(body["funder_id"]) if body.get("funder_id") else None,
            stackable=body.get("stackable", True),
            hours_from=_time(body.get("hours_from")),
            hours_until=_time(body.get("hours_until")),
            terms=dict(body.get("terms") or {}),
        )


def _ids(values: list[str] | None) -> frozenset[UUID] | None:
    return None if values is None else frozenset(UUID(value) for value in values)


def _time(value: str | None) -> time | None:
    return time.fromisoformat(value) if value else None
