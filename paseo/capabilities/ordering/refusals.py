"""What ordering refuses: what happened, what it means for money and goods, what can be done."""

from __future__ import annotations

from typing import Any

from paseo.capabilities.ordering.values import Problem
from paseo.kernel.errors import N_, NotFound, Refusal
from paseo.kernel.money import Money


class NoCart(NotFound):
    code = "ordering.no_cart"
    what = N_("This cart is not there any more.")
    meaning = N_("Nothing has been paid.")
    remedy = N_("Start again from the shop's page.")


class NoOrder(NotFound):
    code = "ordering.no_order"
    what = N_("There is no such order for you.")
    remedy = N_("Open it from the link in your mail, or sign in.")


class CartOrdered(Refusal):
    """``order_id`` and ``number`` name the order that was made of the cart."""

    code = "ordering.cart_ordered"
    what = N_("This cart was ordered already, as {number}.")
    meaning = N_("Nothing was ordered or charged a second time.")
    remedy = N_("Open the order, or begin a new cart.")


class CartChanged(Refusal):
    code = "ordering.cart_changed"
    what = N_("The cart was changed in another window.")
    meaning = N_("This change was not saved. Nothing has been paid.")
    remedy = N_("Look at the cart and change it again.")


class CartTooLarge(Refusal):
    code = "ordering.cart_too_large"
    status = 422
    what = N_("A cart takes at most {lines} lines of at most {quantity} pieces.")
    meaning = N_("The cart was left as it is.")
    remedy = N_("Make two orders of it, or ask the shop.")


class CannotOrder(Refusal):
    """``problems`` tells what stands against each line; the sentence is that of the first one."""

    code = "ordering.cannot_order"
    what = N_("The cart cannot be ordered as it is.")
    meaning = N_("Nothing has been paid. Your cart is kept.")
    remedy = N_("Look at the marked lines.")

    def __init__(self, *, problems: tuple[Problem, ...], **params: Any) -> None:
        super().__init__(**{**dict(problems[0].params), **params})
        self.problems = problems
        self.what, self.remedy = problems[0].what, problems[0].remedy
        self.code = f"ordering.{problems[0].key}"


class PriceMoved(Refusal):
    """``total`` is what it costs now; ordering again with it agrees."""

    code = "ordering.price_moved"
    what = N_("The total moved by {difference}: it is {total} now.")
    meaning = N_("Nothing has been paid and nothing was ordered. Your cart is kept.")
    remedy = N_("Agree to {total}, or change the cart.")

    def __init__(self, *, total: Money, agreed: Money) -> None:
        super().__init__(total=total, agreed=agreed, difference=total - agreed)


class NotEnoughToPay(Refusal):
    code = "ordering.contact_missing"
    status = 422
    what = N_("An e-mail address is needed to send you the order and its code.")
    meaning = N_("Nothing has been paid.")
    remedy = N_("Type your e-mail address.")


class OrderOver(Refusal):
    code = "ordering.order_over"
    what = N_("This order is over, so it cannot be paid.")
    meaning = N_("Nothing has been taken.")
    remedy = N_("Put the things into a new cart.")


class AlreadyPreparing(Refusal):
    code = "ordering.already_preparing"
    what = N_("The shop is preparing your order already.")
    meaning = N_("The order stays as it is, and so does the payment.")
    remedy = N_("Call the shop: it can still cancel it.")


class CashDue(Refusal):
    code = "ordering.cash_due"
    what = N_("{amount} are still to be paid at the counter.")
    meaning = N_("Nothing was handed over and the code was not used.")
    remedy = N_("Take the money, confirm it, and hand over.")


class NoChange(NotFound):
    code = "ordering.no_change"
    what = N_("There is no such proposal for this order.")


class ChangeAnswered(Refusal):
    code = "ordering.change_answered"
    what = N_("This proposal was answered already or has lapsed.")
    meaning = N_("Nothing was changed.")
    remedy = N_("Look at the order: it shows what counts now.")


class ChangeOpen(Refusal):
    code = "ordering.change_open"
    what = N_("The same was proposed already and waits for the customer's answer.")
    meaning = N_("Nothing was changed.")
    remedy = N_("Wait for the answer, or call the customer.")


class UndoTooLate(Refusal):
    code = "ordering.undo_too_late"
    what = N_("The time to take this back ended at {until}.")
    meaning = N_("The order stays handed over.")
    remedy = N_("Give money back if the customer got nothing.")


class NothingToGiveBack(Refusal):
    code = "ordering.nothing_to_give_back"
    status = 422
    what = N_("Of this order {left} can still be given back.")
    meaning = N_("No money was moved.")
    remedy = N_("Choose an amount up to that.")
