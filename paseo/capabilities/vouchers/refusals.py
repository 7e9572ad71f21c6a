"""Business noes of vouchers."""

from paseo.kernel.errors import N_, NotFound, Refusal


class UnknownVoucher(NotFound):
    code = "vouchers.unknown"
    what = N_("There is no such ticket in your wallet.")
    meaning = N_("Nothing was changed.")
    remedy = N_("Look at the tickets you have.")


class AllTaken(Refusal):
    code = "vouchers.all_taken"
    what = N_("All {limit} pieces are taken.")
    meaning = N_("You have not received one and nothing was paid.")
    remedy = N_("Look at the other offers of this shop.")


class DealSoldOut(Refusal):
    code = "vouchers.deal_sold_out"
    what = N_("Only {left} of this deal are left.")
    meaning = N_("Nothing was ordered and nothing was paid.")
    remedy = N_("Take fewer, or remove the deal from the cart.")


class PersonLimitReached(Refusal):
    code = "vouchers.person_limit"
    what = N_("You already have all that one person may take ({per_person}).")
    meaning = N_("The tickets you have stay valid.")
    remedy = N_("Use the one in your wallet.")


class NotOffered(Refusal):
    code = "vouchers.not_offered"
    what = N_("This offer cannot be taken now.")
    meaning = N_("You have not received one and nothing was paid.")
    remedy = N_("Look at the other offers of this shop.")


class NotYours(Refusal):
    code = "vouchers.not_free"
    what = N_("A ticket in this cart is no longer free: it was used, has expired, or another order of yours keeps it.")
    meaning = N_("Nothing was ordered and nothing was paid.")
    remedy = N_("Remove it from the cart, or cancel the other order, which gives it back.")


class NothingLeft(Refusal):
    code = "vouchers.nothing_left"
    what = N_("{uses} uses were asked for, but {left} are left on this ticket.")
    meaning = N_("Nothing was used.")
    remedy = N_("Take at most {left}.")


class NotUsable(Refusal):
    """The voucher is in a ``state`` in which it cannot be used; each has its own sentence."""

    code = "vouchers.not_usable"
    what = N_("This ticket cannot be used now.")
    meaning = N_("Nothing was used.")
    remedy = N_("Show the customer the ticket's page, which says why.")
    sentences = {
        "reserved": N_("An order of the customer keeps this ticket."),
        "used": N_("This ticket has been used."),
        "returned": N_("This ticket was given back."),
        "expired": N_("This ticket has expired."),
        "blocked": N_("This ticket is blocked while its refund is decided."),
        "refunded": N_("This ticket was refunded."),
    }

    def __init__(self, *, state: str) -> None:
        super().__init__(state=state)
        self.what = self.sentences.get(state, type(self).what)


class WrongStore(Refusal):
    code = "vouchers.wrong_store"
    what = N_("This ticket is not valid in this shop.")
    meaning = N_("Nothing was used.")
    remedy = N_("Its page lists the shops where it is valid.")


class AlreadyUsedInPart(Refusal):
    code = "vouchers.already_used"
    what = N_("A ticket from this purchase has been used already.")
    meaning = N_("Nothing was refunded.")
    remedy = N_("Undo the use first, or refund only the pieces that are unused.")


class ProgramFixed(Refusal):
    code = "vouchers.program_fixed"
    what = N_("A published offer keeps its conditions, because people hold it.")
    meaning = N_("Nothing was changed.")
    remedy = N_("End it and make a new one. Names and the number of pieces can be changed.")
