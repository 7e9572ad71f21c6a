"""The life of a product."""

from paseo.kernel.states import Machine

PRODUCT = Machine(
    "product",
    "draft",
    [
        ("activate", ("draft", "retired"), "active"),
        ("withdraw", ("active",), "draft"),
        ("retire", ("draft", "active"), "retired"),
    ],
)
