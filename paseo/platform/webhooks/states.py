from paseo.kernel.states import Machine

ENDPOINT = Machine(
    "webhook_endpoint",
    "on",
    [
        ("switch_off", ("on",), "off"),
        ("switch_on", ("off",), "on"),
        ("remove", ("on", "off"), "removed"),
    ],
)
