"""Why a shop says no, and why money goes back, in the words that customers read."""

from paseo.kernel.errors import N_

REFUSE = (
    ("sold_out", N_("Something in it is sold out.")),
    ("too_busy", N_("The kitchen cannot take more just now.")),
    ("closing", N_("The shop closes earlier today.")),
    ("trouble", N_("Something in the shop is broken.")),
    ("unclear", N_("The order could not be understood.")),
)

RETURN = (
    ("quality", N_("It was not as it should be.")),
    ("missing", N_("Something was missing.")),
    ("late", N_("It came too late.")),
    ("wrong", N_("It was the wrong thing.")),
    ("goodwill", N_("A gesture of the shop.")),
)

ENDED = {
    "suspended": N_("The operator has suspended the shop."),
    "not answered by the shop": N_("The shop did not answer in time."),
}
"""Reasons with which the house ends an order by itself."""

RETURNED = {
    "cancelled": N_("The order was cancelled."),
    "refused": N_("The shop refused the order."),
    "sold_out": N_("A line was sold out."),
    "not_collected": N_("It was not collected."),
    "gateway": N_("Given back at the payment service."),
    "order_over": N_("The order was over already."),
    **dict(RETURN),
}
"""Every reason with which money goes back."""
