"""The lives of a merchant and of a store."""

from paseo.kernel.states import Machine

MERCHANT = Machine(
    "merchant",
    "applied",
    [
        ("start_review", ("applied",), "in_review"),
        ("approve", ("in_review",), "approved"),
        ("refuse", ("applied", "in_review"), "refused"),
        ("apply_again", ("refused",), "applied"),
        ("go_live", ("approved",), "live"),
        ("suspend", ("live",), "suspended"),
        ("resume", ("suspended",), "live"),
        ("close", ("approved", "live", "suspended"), "closed"),
    ],
)

STORE = Machine(
    "store",
    "preparing",
    [
        ("open", ("preparing", "paused"), "open"),
        ("pause", ("open", "paused"), "paused"),
        ("close", ("preparing", "open", "paused"), "closed"),
    ],
)
