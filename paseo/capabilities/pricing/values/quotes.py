"""A quote and its explanation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import UUID

from paseo.kernel.errors import N_
from paseo.kernel.money import Money


@dataclass(frozen=True, slots=True)
class PricedLine:
    """One line of a cart with today's price. ``options_minor`` is what the chosen options add to one unit."""

    line_id: str
    variant_id: UUID
    kind: str
    quantity: int
    unit_minor: int
    tax_rate: Decimal
    options_minor: int = 0
    names: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.quantity < 1 or self.unit_minor < 0 or self.unit_minor + self.options_minor < 0 or self.tax_rate < 0:
            raise ValueError("A line has at least one unit, and neither price nor tax is negative.")


@dataclass(frozen=True, slots=True)
class LineDiscount:
    """The part of one discount that falls on one line."""

    source_id: str
    names: Mapping[str, str]
    funder: str
    funder_id: UUID | None
    minor: int


@dataclass(frozen=True, slots=True)
class QuoteLine:
    """gross = quantity x (unit + options); gross - discount = total with tax included, = net without."""

    line_id: str
    variant_id: UUID
    names: Mapping[str, str]
    quantity: int
    unit_minor: int
    options_minor: int
    gross_minor: int
    discount_minor: int
    discounts: tuple[LineDiscount, ...]
    tax_rate: Decimal
    tax_minor: int
    net_minor: int
    total_minor: int


@dataclass(frozen=True, slots=True)
class TaxShare:
    """All lines of one rate."""

    rate: Decimal
    net_minor: int
    tax_minor: int


REASON_TEXTS = {
    "applied": N_("{name} takes {saved} off."),
    "capped": N_("{name} takes {saved} off, which is the most it can."),
    "min_spend": N_("{name} needs {missing} more of what it is for."),
    "no_match": N_("{name} is for other things than those in your cart."),
    "outside_hours": N_("{name} holds from {from} to {until}."),
    "not_combined": N_("{name} cannot be used together with others; what you have now saves more."),
    "replaced": N_("{name} cannot be used together with {better}, which saves more."),
    "nothing_left": N_("{name} changes nothing: what it is for costs no more than that already."),
}


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a discount does what it does. ``text`` is an English template for the edge; ``params`` hold Money, times and
    names by language."""

    code: str
    source_id: str
    params: Mapping[str, Any]

    @property
    def text(self) -> str:
        return REASON_TEXTS[self.code]

    @property
    def applies(self) -> bool:
        return self.code in {"applied", "capped"}

    def as_json(self) -> dict[str, Any]:
        return {
            "code": self.code,
            "source_id": self.source_id,
            "params": {
                key: {"minor": value.minor, "currency": value.currency} if isinstance(value, Money) else _plain(value)
                for key, value in self.params.items()
            },
        }


def _plain(value: Any) -> Any:
    return dict(value) if isinstance(value, Mapping) else value if isinstance(value, (int, str)) else str(value)


@dataclass(frozen=True, slots=True)
class Quote:
    """subtotal - discount = what the lines cost after discounts (tax inside or to be added); total is to be paid."""

    lines: tuple[QuoteLine, ...]
    subtotal_minor: int
    discount_minor: int
    tax_minor: int
    tax_by_rate: tuple[TaxShare, ...]
    total_minor: int
    currency: str
    tax_included: bool
    reasons: tuple[Reason, ...]

    @property
    def net_minor(self) -> int:
        return self.total_minor - self.tax_minor

    @property
    def total(self) -> Money:
        return Money(self.total_minor, self.currency)

    def funded_by(self, funder: str) -> int:
        """How much of the discount this funder pays."""
        return sum(part.minor for line in self.lines for part in line.discounts if part.funder == funder)

    def as_json(self) -> dict[str, Any]:
        """The whole explanation for a JSON column."""
        return {
            "currency": self.currency,
            "tax_included": self.tax_included,
            "subtotal_minor": self.subtotal_minor,
            "discount_minor": self.discount_minor,
            "tax_minor": self.tax_minor,
            "total_minor": self.total_minor,
            "tax_by_rate": [[str(share.rate), share.net_minor, share.tax_minor] for share in self.tax_by_rate],
            "lines": [
                {
                    "line_id": line.line_id,
                    "gross_minor": line.gross_minor,
                    "discount_minor": line.discount_minor,
                    "tax_minor": line.tax_minor,
                    "total_minor": line.total_minor,
                    "discounts": [[part.source_id, part.funder, part.minor] for part in line.discounts],
                }
                for line in self.lines
            ],
            "reasons": [reason.as_json() for reason in self.reasons],
        }
