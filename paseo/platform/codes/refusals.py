"""Why a code is not taken. Times and places are parameters; the edge writes them in the reader's language."""

from __future__ import annotations

from datetime import datetime

from paseo.kernel.codes import Mistyped
from paseo.kernel.errors import N_, Refusal, TooMany

__all__ = [
    "AlreadyUsed",
    "Blocked",
    "CodeRefusal",
    "Expired",
    "Mistyped",
    "NotEnoughUses",
    "NotYetValid",
    "ScanAgain",
    "TooManyGuesses",
    "UndoTooLate",
    "UndoTooOften",
    "UnknownCode",
    "WrongShop",
]


class CodeRefusal(Refusal):
    """Base of what can be wrong with a code itself; ``outcome`` is how the scan is remembered."""

    outcome = "refused"
    meaning = N_("Nothing was used.")


class UnknownCode(CodeRefusal):
    code = "codes.unknown"
    outcome = "unknown"
    status = 404
    what = N_("No ticket has this code.")
    remedy = N_("Compare the letters, or ask the guest to show the code again.")


class WrongShop(CodeRefusal):
    """``place`` names where the code belongs, empty when that cannot be told; ``place_ids`` are all such shops."""

    code = "codes.wrong_shop"
    outcome = "wrong_shop"
    status = 403
    what = N_("This ticket belongs to {place}.")
    remedy = N_("Show the guest the way.")

    def __init__(self, *, place: str, place_ids: list[str]) -> None:
        super().__init__(place=place, place_ids=place_ids)
        if not place:
            self.what = N_("This ticket belongs to another shop.")
            self.remedy = N_("Ask the guest for the shop that is named on the ticket.")


class AlreadyUsed(CodeRefusal):
    """``at`` and ``where`` of the last use; ``undo_until`` while it can still be given back."""

    code = "codes.already_used"
    outcome = "used"
    what = N_("This ticket was used {at}, {where}.")
    meaning = N_("Nothing was used now.")
    remedy = N_("Not you? Ask staff to undo it until {undo_until}.")

    def __init__(self, *, at: datetime, where: str, undo_until: datetime | None) -> None:
        super().__init__(at=at, where=where, undo_until=undo_until)
        if not where:
            self.what = N_("This ticket was used {at}.")
        if undo_until is None:
            self.remedy = N_("Not you? Ask the shop to look up who used it.")


class NotEnoughUses(CodeRefusal):
    code = "codes.not_enough_uses"
    outcome = "used"
    what = N_("This ticket has {left} uses left, not {wanted}.")
    remedy = N_("Choose fewer, or add another ticket.")


class Expired(CodeRefusal):
    code = "codes.expired"
    outcome = "expired"
    what = N_("This ticket ended {at}.")
    remedy = N_("Ask the shop that issued it whether it can be renewed.")


class NotYetValid(CodeRefusal):
    code = "codes.not_yet_valid"
    outcome = "early"
    what = N_("This ticket is valid from {valid_from}.")
    remedy = N_("Come back then; the code stays the same.")


class Blocked(CodeRefusal):
    code = "codes.blocked"
    outcome = "blocked"
    what = N_("This ticket is stopped: {reason}.")
    remedy = N_("Ask the shop that issued it.")


class ScanAgain(CodeRefusal):
    """The token of ``prepare`` is too old, was changed, or its redemption has been given back."""

    code = "codes.scan_again"
    outcome = "stale"
    what = N_("Too much has happened since this code was scanned.")
    remedy = N_("Scan it again.")


class UndoTooLate(CodeRefusal):
    code = "codes.undo_too_late"
    outcome = "undo_late"
    what = N_("This could be undone until {until}.")
    meaning = N_("The ticket stays used.")
    remedy = N_("Refund it instead.")


class UndoTooOften(CodeRefusal):
    code = "codes.undo_too_often"
    outcome = "undo_often"
    what = N_("This ticket has been given back {times} times already.")
    meaning = N_("The ticket stays used.")
    remedy = N_("Refund it instead.")


class TooManyGuesses(TooMany):
    code = "codes.too_many_guesses"
    what = N_("Too many wrong codes were tried here.")
    meaning = N_("Nothing was used.")
    remedy = N_("Wait {retry_after} seconds, then scan the guest's code with the camera.")
