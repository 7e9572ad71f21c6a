"""Money is a whole number of minor units and a currency. Splits never lose a unit; rates are rounded once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

MAX_MINOR = 2**63 - 1

# ISO 4217: currencies whose minor unit is not a hundredth.
_EXPONENTS = {
    **dict.fromkeys(
        (
            "BIF",
            "CLP",
            "DJF",
            "GNF",
            "ISK",
            "JPY",
            "KMF",
            "KRW",
            "PYG",
            "RWF",
            "UGX",
            "UYI",
            "VND",
            "VUV",
            "XAF",
            "XOF",
            "XPF",
        ),
        0,
    ),
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
}


class CurrencyMismatch(ValueError):
    """Two currencies met in one sum: a mistake of the program."""


def exponent(currency: str) -> int:
    """Decimal places of the currency's minor unit (ISO 4217)."""
    return _EXPONENTS.get(currency, 2)


@dataclass(frozen=True, slots=True)
class Money:
    minor: int
    currency: str

    def __post_init__(self) -> None:
        if type(self.minor) is not int:
            raise TypeError("Money counts whole minor units.")
        if len(self.currency) != 3 or not self.currency.isascii() or not self.currency.isupper():
            raise ValueError(f"{self.currency!r} is not an ISO 4217 code.")
        if abs(self.minor) > MAX_MINOR:
            raise OverflowError("This amount does not fit 64 bits.")

    @classmethod
    def parse(cls, text: str, currency: str) -> Money:
        """``"4.20"`` or ``"4,20"``. ValueError for anything else, or for more places than the currency has."""
        plain = text.strip().replace("\u00a0", "").replace(" ", "")
        if "," in plain and "." not in plain:
            plain = plain.replace(",", ".")
        try:
            scaled = Decimal(plain).scaleb(exponent(currency))
        except InvalidOperation:
            raise ValueError(f"{text!r} is not an amount.") from None
        if not scaled.is_finite() or scaled != scaled.to_integral_value():
            raise ValueError(f"{text!r} has more places than {currency} has.")
        return cls(int(scaled), currency)

    @property
    def decimal(self) -> Decimal:
        return Decimal(self.minor).scaleb(-exponent(self.currency))

    def _same(self, other: Money) -> None:
        if self.currency != other.currency:
            raise CurrencyMismatch(f"{self.currency} and {other.currency}")

    def __add__(self, other: Money) -> Money:
        self._same(other)
        return Money(self.minor + other.minor, self.currency)

    def __sub__(self, other: Money) -> Money:
        self._same(other)
        return Money(self.minor - other.minor, self.currency)

    def __mul__(self, times: int) -> Money:
        if type(times) is not int:
            raise TypeError("Money is multiplied by whole numbers; use apply_rate for rates.")
        return Money(self.minor * times, self.currency)

    __rmul__ = __mul__

    def __neg__(self) -> Money:
        return Money(-self.minor, self.currency)

    def __abs__(self) -> Money:
        return Money(abs(self.minor), self.currency)

    def __bool__(self) -> bool:
        return self.minor != 0

    def __lt__(self, other: Money) -> bool:
        self._same(other)
        return self.minor < other.minor

    def __le__(self, other: Money) -> bool:
        self._same(other)
        return self.minor <= other.minor

    def __gt__(self, other: Money) -> bool:
        return other < self

    def __ge__(self, other: Money) -> bool:
        return other <= self

    def split(self, parts: int) -> list[Money]:
        """``parts`` amounts that differ by at most one unit and add up to this one."""
        return self.allocate([1] * parts)

    def allocate(self, weights: Sequence[int]) -> list[Money]:
        """Amounts in proportion to ``weights`` that add up to this one. See ``allocate_minor``."""
        return [Money(minor, self.currency) for minor in allocate_minor(self.minor, weights)]

    def __str__(self) -> str:
        return f"{self.decimal:.{exponent(self.currency)}f} {self.currency}"


def allocate_minor(amount: int, weights: Sequence[int]) -> list[int]:
    """Split ``amount`` in proportion to non-negative ``weights`` by the largest remainder (Hamilton); ties go to the first.

    The parts add up to ``amount`` exactly. All weights zero: equal parts. ValueError without weights or for negative ones.
    """
    if not weights or any(weight < 0 for weight in weights):
        raise ValueError("Weights must be given and must not be negative.")
    total = sum(weights)
    if total == 0:
        weights, total = [1] * len(weights), len(weights)
    sign, size = (-1, -amount) if amount < 0 else (1, amount)
    parts = [size * weight // total for weight in weights]
    rest = size - sum(parts)
    by_remainder = sorted(range(len(weights)), key=lambda i: (-(size * weights[i] % total), i))
    for position in by_remainder[:rest]:
        parts[position] += 1
    return [sign * part for part in parts]


def apply_rate(minor: int, rate: Decimal) -> int:
    """``minor`` times ``rate``, rounded half away from zero: the one rounding of the house."""
    return int((Decimal(minor) * rate).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def tax_inside(gross: int, rate: Decimal) -> int:
    """The tax contained in a gross amount: gross x rate / (1 + rate), rounded once."""
    return int((Decimal(gross) * rate / (1 + rate)).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def tax_on(net: int, rate: Decimal) -> int:
    """The tax to be added to a net amount, rounded once."""
    return apply_rate(net, rate)


def basis_points(minor: int, points: int) -> int:
    """``points`` hundredths of a percent of ``minor``, rounded once."""
    return apply_rate(minor, Decimal(points) / 10_000)
