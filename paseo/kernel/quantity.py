"""Quantities are whole numbers of a base unit: pieces, grams, millilitres."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

_UNITS = {
    "piece": ("piece", 1),
    "pc": ("piece", 1),
    "g": ("g", 1),
    "kg": ("g", 1000),
    "ml": ("ml", 1),
    "l": ("ml", 1000),
}


@dataclass(frozen=True, slots=True)
class Quantity:
    amount: int
    unit: str = "piece"

    def __post_init__(self) -> None:
        if type(self.amount) is not int:
            raise TypeError("A quantity counts whole base units.")
        if self.unit not in {"piece", "g", "ml"}:
            raise ValueError(f"{self.unit!r} is not a base unit.")

    @classmethod
    def parse(cls, text: str) -> Quantity:
        """``"3"``, ``"250 g"``, ``"1.5 kg"``, ``"0,33 l"``. ValueError when it is none or not a whole base unit."""
        plain = text.strip().lower().replace(",", ".")
        number = plain.rstrip("abcdefghijklmnopqrstuvwxyz").strip()
        unit, factor = _UNITS.get(plain[len(number) :].strip() or "piece", (None, 0))
        try:
            amount = Decimal(number) * factor
        except InvalidOperation:
            raise ValueError(f"{text!r} is not a quantity.") from None
        if unit is None or not amount.is_finite() or amount != amount.to_integral_value():
            raise ValueError(f"{text!r} is not a quantity.")
        return cls(int(amount), unit)

    def _same(self, other: Quantity) -> None:
        if self.unit != other.unit:
            raise ValueError(f"{self.unit} and {other.unit} do not add up.")

    def __add__(self, other: Quantity) -> Quantity:
        self._same(other)
        return Quantity(self.amount + other.amount, self.unit)

    def __sub__(self, other: Quantity) -> Quantity:
        self._same(other)
        return Quantity(self.amount - other.amount, self.unit)

    def __str__(self) -> str:
        if self.unit == "piece":
            return str(self.amount)
        large = {"g": "kg", "ml": "l"}[self.unit]
        if abs(self.amount) >= 1000:
            return f"{Decimal(self.amount) / 1000:f} {large}"
        return f"{self.amount} {self.unit}"
