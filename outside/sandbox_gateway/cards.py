"""The test cards, and what each of them does to a payment."""

from __future__ import annotations

import time
from dataclasses import dataclass

from outside.sandbox_gateway.store import Store

CARDS = ("success", "declined", "late", "after_hold", "twice", "shuffled", "lost", "stubborn")
LATE_S = 20.0
AFTER_HOLD_S = 5.0
DROPPED = 3


@dataclass(frozen=True)
class Result:
    """``comes_back`` is false when the buyer's network is lost on the way back to the shop."""

    state: str
    comes_back: bool = True


def use(store: Store, payment_id: str, card: str, until: int | None, late_s: float = LATE_S) -> Result:
    """Pays with a test card. A payment that is decided already stays as it is."""
    with store.unit():
        row = store.payment(payment_id)
        assert row is not None
        if row["state"] != "created":
            return Result(row["state"])
        if card == "declined":
            store.move(payment_id, ("created",), "declined", reason="card_declined")
            store.announce(payment_id, "payment.declined")
            return Result("declined")
        if card in {"late", "after_hold"}:
            now = time.time()
            due = now + late_s if card == "late" else max(now, until or now) + AFTER_HOLD_S
            store.move(payment_id, ("created",), "pending", capture_due_at=due)
            store.announce(payment_id, "payment.pending")
            return Result("pending")
        capture(store, payment_id, announce=False)
        if card == "shuffled":
            store.announce(payment_id, "payment.captured")
            store.announce(payment_id, "payment.authorized", after=1.0, state="authorized", captured_minor=0)
        elif card == "twice":
            store.announce(payment_id, "payment.captured", times=2)
        elif card == "stubborn":
            store.announce(payment_id, "payment.captured", drop_first=DROPPED)
        else:
            store.announce(payment_id, "payment.captured")
        return Result("captured", comes_back=card != "lost")


def cancel(store: Store, payment_id: str) -> str:
    """The buyer or the shop gives it up. What has been captured stays so."""
    with store.unit():
        if store.move(payment_id, ("created", "pending", "authorized"), "cancelled", capture_due_at=None):
            store.announce(payment_id, "payment.cancelled")
        row = store.payment(payment_id)
        assert row is not None
        return str(row["state"])


def capture(store: Store, payment_id: str, *, announce: bool = True) -> str:
    """Takes the money. Again: no effect."""
    with store.unit():
        row = store.payment(payment_id)
        assert row is not None
        done = store.move(
            payment_id,
            ("created", "pending", "authorized"),
            "captured",
            captured_minor=row["amount_minor"],
            captured_at=time.time(),
            capture_due_at=None,
        )
        if done and announce:
            store.announce(payment_id, "payment.captured")
        return "captured" if done else str(row["state"])
