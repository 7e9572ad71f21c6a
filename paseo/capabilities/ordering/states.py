"""The lives of an order and of a change that the shop proposes."""

from paseo.kernel.states import Machine

ORDER = Machine(
    "order",
    "placed",
    [
        ("confirm", ("placed",), "confirmed"),
        ("expire", ("placed",), "expired"),
        ("confirm_late", ("expired",), "confirmed"),
        ("cancel", ("placed", "confirmed"), "cancelled"),
        ("refuse", ("confirmed",), "refused"),
        ("complete", ("confirmed",), "completed"),
        ("reopen", ("completed",), "confirmed"),
        ("not_collected", ("confirmed",), "not_collected"),
    ],
)

CHANGE = Machine(
    "order_change",
    "proposed",
    [
        ("agree", ("proposed",), "agreed"),
        ("decline", ("proposed",), "declined"),
        ("lapse", ("proposed",), "lapsed"),
        ("withdraw", ("proposed",), "withdrawn"),
    ],
)

CART = Machine(
    "cart",
    "open",
    [
        ("order", ("open",), "ordered"),
        ("abandon", ("open",), "abandoned"),
    ],
)
