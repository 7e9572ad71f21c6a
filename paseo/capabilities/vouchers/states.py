"""The lives of programs and vouchers, as data."""

from paseo.kernel.states import Machine

PROGRAM = Machine(
    "voucher_program",
    "draft",
    [
        ("publish", ("draft",), "published"),
        ("end", ("draft", "published"), "ended"),
    ],
)

VOUCHER = Machine(
    "voucher",
    "claimed",
    [
        ("reserve", ("claimed",), "reserved"),
        ("release", ("reserved",), "claimed"),
        ("use", ("claimed", "reserved"), "used"),
        ("restore", ("used",), "claimed"),
        ("return", ("claimed",), "returned"),
        ("expire", ("claimed",), "expired"),
        ("block", ("claimed",), "blocked"),
        ("unblock", ("blocked",), "claimed"),
        ("refund", ("claimed", "blocked"), "refunded"),
    ],
)
