"""The times that a shop can really keep: as soon as it is ready, or later while it is open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from paseo.capabilities.directory.values import StoreCard
from paseo.capabilities.fulfillment import queries as fulfillment
from paseo.capabilities.fulfillment.values import Promise
from paseo.kernel.errors import Refusal

STEP = timedelta(minutes=15)
MOST = 12


@dataclass(frozen=True, slots=True)
class PickupTime:
    at: datetime

    @property
    def value(self) -> str:
        return self.at.isoformat()


def times_of(card: StoreCard, mode: str, soonest: Promise | None, now: datetime) -> tuple[PickupTime, ...]:
    """Quarters of an hour after the soonest time, as far as the shop keeps them."""
    if soonest is None:
        return ()
    start = soonest.at + timedelta(minutes=1)
    rest = (start - datetime.min.replace(tzinfo=start.tzinfo)) % STEP
    at = start - rest + STEP if rest else start
    found = []
    for _ in range(MOST):
        try:
            fulfillment.promise(card, now, mode=mode, wanted_at=at)
        except Refusal:
            break
        found.append(PickupTime(at))
        at += STEP
    return tuple(found)
