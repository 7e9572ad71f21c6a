"""Ways people came: each declared mode as a line of stations, with the orders that came by it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext, gettext_noop

from paseo.capabilities.insight.values import JourneyShare
from paseo.capabilities.journeys.values import MODE_KEYS, Mode, mode_of
from paseo.kernel.money import Money
from paseo.platform.ui.formatting import percent
from paseo.platform.ui.values import Station

WHERE = {"online": gettext_noop("Online"), "offline": gettext_noop("At the place")}
_SHAPES = {"online": "step", "offline": "end"}
"""Online is round, at the place is square."""


@dataclass(frozen=True, slots=True)
class WayRow:
    name: str
    stations: tuple[Station, ...]
    orders: int
    amount: Money
    share: str
    href: str


def way_words(journey: str) -> str:
    """The name of a declared mode; empty for what is not one."""
    return gettext(mode_of(journey).words) if journey in MODE_KEYS else ""


def ways(shares: Sequence[JourneyShare], currency: str, address: str) -> list[WayRow]:
    """``address`` ends where the key of a mode follows. Shares are of all orders, and empty when there are none."""
    whole = sum(one.orders for one in shares)
    return [
        WayRow(
            way_words(one.journey),
            _stations(mode_of(one.journey)),
            one.orders,
            Money(one.amount_minor, currency),
            percent(one.orders / whole, 0) if whole else "",
            f"{address}{one.journey}",
        )
        for one in shares
    ]


def _stations(mode: Mode) -> tuple[Station, ...]:
    return tuple(
        Station(gettext(step.words), "done", _SHAPES[step.where], detail=gettext(WHERE[step.where]))  # type: ignore[arg-type]
        for step in mode.steps
    )
