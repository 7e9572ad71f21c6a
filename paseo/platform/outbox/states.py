from paseo.kernel.states import Machine

FAILURE = Machine(
    "outbox_failure",
    "waiting",
    [
        ("resolve", ("waiting",), "resolved"),
        ("bury", ("waiting",), "dead"),
        ("retry", ("dead",), "waiting"),
        ("dismiss", ("waiting", "dead"), "dismissed"),
    ],
)
