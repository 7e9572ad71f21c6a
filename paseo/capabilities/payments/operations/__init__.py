"""Writes of payments. ``receive_notice`` and what follows from it is composed by the owner of the subject."""

from paseo.capabilities.payments.operations.cash import give_cash_back, lower_cash, take_cash
from paseo.capabilities.payments.operations.notices import read_notice, receive_notice
from paseo.capabilities.payments.operations.outward import fetch_state, send_refund, send_refunds, take_or_leave
from paseo.capabilities.payments.operations.refunds import (
    refund_parked,
    request_refund,
    retry_refund,
    settle_elsewhere,
)
from paseo.capabilities.payments.operations.starting import cancel_open, expire_due, start_payment

__all__ = [
    "cancel_open",
    "expire_due",
    "fetch_state",
    "give_cash_back",
    "lower_cash",
    "read_notice",
    "receive_notice",
    "refund_parked",
    "request_refund",
    "retry_refund",
    "send_refund",
    "send_refunds",
    "settle_elsewhere",
    "start_payment",
    "take_cash",
    "take_or_leave",
]
