"""Value added tax rates to start with. What the operator enters for a region comes before them.

Standard, reduced (dining, books) and food rates as published by the tax authorities of the countries; a country has
more special rates than these four classes, which are entered per region where they matter.
"""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

_EVER = datetime(2000, 1, 1, tzinfo=UTC)
_FINLAND_2026 = datetime(2025, 12, 31, 22, tzinfo=UTC)

# country -> (from, standard, reduced, food)
_TABLE = {
    "CN": [(_EVER, "0.13", "0.06", "0.09")],
    "DE": [(_EVER, "0.19", "0.07", "0.07")],
    "ES": [(_EVER, "0.21", "0.10", "0.10")],
    "FI": [(_EVER, "0.255", "0.14", "0.14"), (_FINLAND_2026, "0.255", "0.135", "0.135")],
    "FR": [(_EVER, "0.20", "0.10", "0.055")],
}


def known_rates(region: str, now: datetime) -> dict[str, Decimal]:
    """By tax class; empty when the country is not known. A region is a country, or one of its parts ("FI-18")."""
    found: dict[str, Decimal] = {}
    for start, standard, reduced, food in _TABLE.get(region.partition("-")[0], []):
        if start <= now:
            found = {"standard": Decimal(standard), "reduced": Decimal(reduced), "food": Decimal(food)}
    return found
