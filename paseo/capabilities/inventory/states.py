"""The life of a hold."""

from paseo.kernel.states import Machine

ACTIVE, CONVERTED, ISSUED, RELEASED, EXPIRED = "active", "converted", "issued", "released", "expired"

HOLD = Machine(
    "inventory.hold",
    ACTIVE,
    [
        ("convert", (ACTIVE,), CONVERTED),
        ("release", (ACTIVE, CONVERTED), RELEASED),
        ("expire", (ACTIVE,), EXPIRED),
        ("issue", (CONVERTED,), ISSUED),
        ("take_back", (ISSUED,), CONVERTED),
    ],
)
LIVING = (ACTIVE, CONVERTED)
