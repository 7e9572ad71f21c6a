"""What payments refuses."""

from __future__ import annotations

from paseo.kernel.errors import N_, Refusal


class BadSignature(Refusal):
    code = "payments.bad_signature"
    status = 401
    what = N_("The signature of this message is wrong or too old.")
    meaning = N_("Nothing was changed.")
    remedy = N_("Check the shared secret and the clock of the sender.")


class UnknownMethod(Refusal):
    code = "payments.unknown_method"
    status = 422
    what = N_("This way of paying is not offered here.")
    meaning = N_("Nothing has been paid.")
    remedy = N_("Choose another way to pay.")


class AlreadyPaid(Refusal):
    code = "payments.already_paid"
    what = N_("This is paid already.")
    meaning = N_("Nothing was taken a second time.")
    remedy = N_("Open your order to see it.")


class NothingToTake(Refusal):
    code = "payments.nothing_to_take"
    what = N_("There is no cash to take for this order.")
    meaning = N_("Nothing was changed.")
    remedy = N_("Look at the order: it may be paid or cancelled.")


class RefundTooLarge(Refusal):
    code = "payments.refund_too_large"
    status = 422
    what = N_("Only {left} of this payment can still be given back.")
    meaning = N_("No money was moved.")
    remedy = N_("Choose a smaller amount.")


class NothingPaid(Refusal):
    code = "payments.nothing_paid"
    what = N_("Nothing was paid for this, so nothing can be given back.")
    meaning = N_("No money was moved.")
    remedy = N_("Look at the order's payments.")


class GatewayTrouble(Exception):
    """The gateway did not answer, or not in time: the result is unknown and the call is repeated later."""


class GatewayRefused(Exception):
    """The gateway answered no, finally. ``args[0]`` is its reason."""
