"""The operator's share of a sale, with the tax on it, and how much of it goes back with a refund."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from paseo.kernel.money import apply_rate, basis_points


@dataclass(frozen=True, slots=True)
class Commission:
    """Minor units: the fee without tax, and the tax on it."""

    fee_minor: int
    tax_minor: int

    @property
    def total_minor(self) -> int:
        return self.fee_minor + self.tax_minor


def commission(base_minor: int, bps: int, tax_rate: Decimal) -> Commission:
    """The fee on ``base_minor`` at the rate that was frozen with the order, in hundredths of a percent, and its tax.

    Each is rounded once, half away from zero; the fee is never more than the base.
    """
    if base_minor < 0 or not 0 <= bps <= 10_000:
        raise ValueError("A commission is taken of a sale, and at most all of it.")
    fee = basis_points(base_minor, bps)
    return Commission(fee, apply_rate(fee, tax_rate))


def share_back(whole_minor: int, gross_minor: int, refunded_before: int, refund_minor: int) -> int:
    """How much of ``whole_minor`` (a fee, a tax, a funded discount) goes back with one refund of many.

    Computed on the running total of refunds, so that the parts of a sale that is refunded piece by piece add up to the
    whole exactly. ValueError when more is refunded than was paid.
    """
    after = refunded_before + refund_minor
    if min(whole_minor, refunded_before, refund_minor) < 0 or after > gross_minor:
        raise ValueError("Refunds are positive and together at most what was paid.")
    if gross_minor == 0:
        return 0
    return whole_minor * after // gross_minor - whole_minor * refunded_before // gross_minor
