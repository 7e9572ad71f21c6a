"""What ledger says no to."""

from __future__ import annotations

from paseo.kernel.errors import N_, Invalid, NotFound, Refusal


class TransferReused(Refusal):
    code = "ledger.transfer_reused"
    what = N_("This entry is already in the books, with other amounts.")
    meaning = N_("Nothing was booked a second time.")
    remedy = N_("Look at the entry; if it is wrong, reverse it.")


class NoTransfer(NotFound):
    code = "ledger.no_transfer"
    what = N_("There is no such entry in the books.")
    remedy = N_("Check the number.")


class AlreadyResolved(Refusal):
    code = "ledger.already_resolved"
    what = N_("This announced entry was already settled or taken back.")
    meaning = N_("Nothing was booked.")
    remedy = N_("Look at the entry that did it.")


class BelowFloor(Refusal):
    """A guarded account would go below what it may."""

    code = "ledger.below_floor"
    what = N_("There is not enough left: {available}.")
    meaning = N_("Nothing was booked.")
    remedy = N_("Use less, or pay something in first.")


class NotOwed(Refusal):
    code = "ledger.not_owed"
    what = N_("Only {owed} is owed and not yet on its way.")
    meaning = N_("Nothing was paid out.")
    remedy = N_("Pay out at most that amount.")


class WrongAmounts(Invalid):
    code = "ledger.wrong_amounts"
    what = N_("These amounts do not fit this kind of entry.")
