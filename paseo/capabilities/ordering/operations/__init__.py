"""Writes of ordering. Each is one unit; times are instants; actors are "person:<id>", "visitor:<id>" or "system"."""

from paseo.capabilities.ordering.operations.cancelling import cancel, end_orders, expire_due, not_collected
from paseo.capabilities.ordering.operations.carts import (
    accept_prices,
    add_voucher,
    adopt_carts,
    change_line,
    empty_cart,
    forget_old,
    put_and_quote,
    put_cart,
    put_line,
    remove_voucher,
    set_mode,
)
from paseo.capabilities.ordering.operations.changes import (
    answer_change,
    lapse_due,
    propose_later,
    propose_sold_out,
    withdraw_change,
)
from paseo.capabilities.ordering.operations.counter import redeem_code, undo_redemption, verify_code
from paseo.capabilities.ordering.operations.paying import apply_notice, pay_again, receive_payment_notice, take_cash
from paseo.capabilities.ordering.operations.placing import place
from paseo.capabilities.ordering.operations.returning import refund
from paseo.capabilities.ordering.operations.shop import accept, arrive, hand_over, ready, start, undo_hand_over
from paseo.capabilities.ordering.operations.sweeping import finish_stuck, refuse_unanswered, sweep

__all__ = [
    "accept",
    "accept_prices",
    "add_voucher",
    "adopt_carts",
    "answer_change",
    "apply_notice",
    "arrive",
    "cancel",
    "change_line",
    "empty_cart",
    "end_orders",
    "expire_due",
    "finish_stuck",
    "forget_old",
    "hand_over",
    "lapse_due",
    "not_collected",
    "pay_again",
    "place",
    "propose_later",
    "propose_sold_out",
    "put_and_quote",
    "put_cart",
    "put_line",
    "ready",
    "receive_payment_notice",
    "redeem_code",
    "refund",
    "refuse_unanswered",
    "remove_voucher",
    "set_mode",
    "start",
    "sweep",
    "take_cash",
    "undo_hand_over",
    "undo_redemption",
    "verify_code",
    "withdraw_change",
]
