"""Writes of fulfillment."""

from paseo.capabilities.fulfillment.operations.ending import (
    cancel,
    forget_customer,
    hand_over,
    not_collected,
    refuse,
    undo_hand_over,
)
from paseo.capabilities.fulfillment.operations.opening import open_handover
from paseo.capabilities.fulfillment.operations.steps import accept, arrive, delay, ready, refuse_line, start

__all__ = [
    "accept",
    "arrive",
    "cancel",
    "delay",
    "forget_customer",
    "hand_over",
    "not_collected",
    "open_handover",
    "ready",
    "refuse",
    "refuse_line",
    "start",
    "undo_hand_over",
]
