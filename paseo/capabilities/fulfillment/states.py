"""The life of a handover."""

from paseo.kernel.states import Machine

WAITING = ("requested", "accepted", "preparing")
OPEN = (*WAITING, "ready")

HANDOVER = Machine(
    "handover",
    "requested",
    [
        ("accept", ("requested",), "accepted"),
        ("start", ("accepted",), "preparing"),
        ("ready", ("accepted", "preparing"), "ready"),
        ("hand_over", ("requested", "accepted", "preparing", "ready"), "handed_over"),
        ("undo", ("handed_over",), "ready"),
        ("refuse", ("requested", "accepted"), "refused"),
        ("cancel", ("requested", "accepted", "preparing", "ready"), "cancelled"),
        ("not_collected", ("ready",), "not_collected"),
    ],
)
