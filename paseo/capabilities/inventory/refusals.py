"""What inventory says no to."""

from __future__ import annotations

from typing import Any

from paseo.capabilities.inventory.values import Shortage
from paseo.kernel.errors import N_, Invalid, NotFound, Refusal


class LastOneGone(Refusal):
    """Less is available than wanted. ``shortages`` names every variant; the parameters name the first."""

    code = "inventory.last_one_gone"
    what = N_("Somebody was faster. Still available: {available}.")
    meaning = N_("Nothing was ordered and nothing was charged.")
    remedy = N_("Take fewer, or something else.")
    _gone = N_("Somebody was faster: the last one is gone.")
    _instead = N_("Take something else.")

    def __init__(self, *, shortages: tuple[Shortage, ...], **params: Any) -> None:
        first = shortages[0]
        super().__init__(variant_id=first.variant_id, wanted=first.wanted, available=first.available, **params)
        self.shortages = shortages
        if first.available == 0:
            self.what, self.remedy = self._gone, self._instead


class TooManyHolds(Refusal):
    code = "inventory.too_many_holds"
    status = 429
    what = N_("You have {limit} unpaid orders open.")
    meaning = N_("More goods are not kept for you until one of them is paid or given up.")
    remedy = N_("Pay or cancel one of them, or wait until it lapses.")


class HoldExpired(Refusal):
    code = "inventory.hold_expired"
    what = N_("The time in which the goods were kept for this order is over.")
    meaning = N_("They may have been sold to somebody else.")
    remedy = N_("Try again: if they are still there, they are yours.")


class HoldExists(Refusal):
    code = "inventory.hold_exists"
    what = N_("Goods are already kept for this order.")
    meaning = N_("Nothing was changed.")
    remedy = N_("Go on with the order, or cancel it first.")


class NoHold(NotFound):
    code = "inventory.no_hold"
    what = N_("No goods are kept for this order.")
    remedy = N_("Start the order again.")


class NotSoMany(Refusal):
    code = "inventory.not_so_many"
    what = N_("This order has no more than {outstanding} of it open.")
    meaning = N_("Nothing was changed.")
    remedy = N_("Check the number.")


class Promised(Refusal):
    """The count would fall below what customers were promised."""

    code = "inventory.promised"
    what = N_("{promised} are promised to customers, so the stock cannot become {counted}.")
    meaning = N_("The count was not saved.")
    remedy = N_("Refuse or cancel those orders first, then count again.")


class ReasonDoesNotFit(Invalid):
    code = "inventory.reason_does_not_fit"
    what = N_("This reason does not fit a change of {delta}.")
    remedy = N_("Choose another reason, or check the number.")
