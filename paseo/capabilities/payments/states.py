"""The lives of a payment and of a refund."""

from paseo.kernel.states import Machine

BEFORE_MONEY = ("created", "pending", "authorized")
WITHOUT_MONEY = ("declined", "cancelled", "expired")

PAYMENT = Machine(
    "payment",
    "created",
    [
        ("open", ("created",), "pending"),
        ("authorize", ("created", "pending"), "authorized"),
        ("capture", (*BEFORE_MONEY, *WITHOUT_MONEY), "captured"),
        ("capture_again", (*BEFORE_MONEY, *WITHOUT_MONEY), "surplus"),
        ("park", (*BEFORE_MONEY, *WITHOUT_MONEY), "parked"),
        ("decline", BEFORE_MONEY, "declined"),
        ("cancel", BEFORE_MONEY, "cancelled"),
        ("expire", BEFORE_MONEY, "expired"),
        ("refund_part", ("captured", "partly_refunded"), "partly_refunded"),
        ("refund_all", ("captured", "partly_refunded", "surplus", "parked"), "refunded"),
    ],
)

REFUND = Machine(
    "refund",
    "requested",
    [
        ("send", ("requested",), "sent"),
        ("finish", ("requested", "sent", "failed"), "done"),
        ("fail", ("requested", "sent"), "failed"),
        ("try_again", ("failed",), "requested"),
        ("settle_elsewhere", ("failed",), "done"),
    ],
)

RANKS = {
    "created": 0,
    "pending": 1,
    "authorized": 2,
    "declined": 3,
    "cancelled": 3,
    "expired": 3,
    "parked": 4,
    "surplus": 4,
    "captured": 4,
    "partly_refunded": 5,
    "refunded": 6,
}
"""How far a payment has come. A notice about an earlier point is acknowledged and changes nothing."""
