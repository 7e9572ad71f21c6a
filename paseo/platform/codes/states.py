from paseo.kernel.states import Machine

CODE = Machine(
    "code",
    "active",
    [
        ("use_up", ("active",), "spent"),
        ("give_back", ("spent",), "active"),
        ("block", ("active", "spent"), "blocked"),
        ("unblock", ("blocked",), "active"),
    ],
)
REDEMPTION = Machine("redemption", "done", [("undo", ("done",), "undone")])
