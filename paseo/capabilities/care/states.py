"""The life of a review, as data."""

from paseo.kernel.states import Machine

REVIEW = Machine(
    "review",
    "published",
    [
        ("hide", ("published",), "hidden"),
        ("show", ("hidden",), "published"),
        ("withdraw", ("published", "hidden"), "withdrawn"),
    ],
)
