"""What fulfillment refuses."""

from __future__ import annotations

from paseo.kernel.errors import N_, NotFound, Refusal


class StoreClosed(Refusal):
    code = "fulfillment.store_closed"
    what = N_("The shop is closed and does not say when it opens.")
    meaning = N_("Nothing has been paid. Your cart is kept.")
    remedy = N_("Try again later, or look at another shop.")


class StorePaused(Refusal):
    code = "fulfillment.store_paused"
    what = N_("The shop takes no orders at the moment.")
    meaning = N_("Nothing has been paid. Your cart is kept.")
    remedy = N_("Try again in a while, or look at another shop.")


class NotServed(Refusal):
    code = "fulfillment.not_served"
    status = 422
    what = N_("This shop does not offer this way of ordering.")
    meaning = N_("Nothing has been paid.")
    remedy = N_("Choose another way: pickup or eating here.")


class TooSoon(Refusal):
    """``earliest`` is when it can be ready."""

    code = "fulfillment.too_soon"
    status = 422
    what = N_("The shop cannot have it ready by then. The earliest is {earliest}.")
    meaning = N_("Nothing has been paid. Your cart is kept.")
    remedy = N_("Choose a later time.")


class ClosedThen(Refusal):
    code = "fulfillment.closed_then"
    status = 422
    what = N_("The shop is closed at {wanted}.")
    meaning = N_("Nothing has been paid. Your cart is kept.")
    remedy = N_("Choose a time within the opening hours.")


class NoHandover(NotFound):
    code = "fulfillment.no_handover"
    what = N_("There is no such order in this shop.")


class PlatesUsedUp(Refusal):
    code = "fulfillment.plates_used_up"
    what = N_("This shop has no order numbers left for this day.")
    meaning = N_("Nothing has been paid.")
    remedy = N_("Choose another day.")
