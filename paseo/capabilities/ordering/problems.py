"""Everything that can stand against a cart, each with what to do about it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from paseo.capabilities.ordering.values import Problem
from paseo.kernel.errors import N_

TEXTS = {
    "empty": (N_("The cart is empty."), N_("Choose something from the shop's page.")),
    "not_offered": (
        N_("The shop does not offer this any more."),
        N_("Take it out of the cart, or choose something like it."),
    ),
    "sold_out": (N_("This is sold out for now."), N_("Take it out of the cart, or choose something like it.")),
    "few_left": (N_("Of this, {available} are left."), N_("Order {available}, or choose something like it.")),
    "no_price": (N_("The shop has not set a price for this."), N_("Take it out of the cart.")),
    "option_missing": (N_("A choice is missing here."), N_("Choose how you want it.")),
    "option_gone": (
        N_("A choice you made is not offered any more."),
        N_("Choose again, or take it out of the cart."),
    ),
    "too_many_options": (N_("More was chosen here than is possible."), N_("Choose again.")),
    "closed": (
        N_("The shop is closed and does not say when it opens."),
        N_("Your cart is kept. Try again later, or look at another shop."),
    ),
    "paused": (
        N_("The shop takes no orders at the moment."),
        N_("Your cart is kept. Try again in a while, or look at another shop."),
    ),
    "not_served": (N_("The shop does not offer this way of ordering."), N_("Choose another way.")),
    "deal_gone": (N_("This deal is sold out."), N_("Take it out of the cart.")),
}


def problem(key: str, line_id: UUID | None = None, **params: Any) -> Problem:
    what, remedy = TEXTS[key]
    return Problem(key=key, what=what, remedy=remedy, line_id=line_id, params=params)
