"""Decisions that need no database: what a gateway's state means for a payment, when to try again, when money is
back."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

from paseo.capabilities.payments.states import RANKS
from paseo.capabilities.payments.values import GatewayState

Step = Literal["open", "authorize", "capture", "park", "decline", "cancel", "none"]

_STEPS: dict[str, tuple[Step, str]] = {
    "pending": ("open", "pending"),
    "authorized": ("authorize", "authorized"),
    "captured": ("capture", "captured"),
    "declined": ("decline", "declined"),
    "cancelled": ("cancel", "cancelled"),
}


def step(state: str, amount_minor: int, currency: str, seen: GatewayState) -> tuple[Step, str]:
    """The verb that brings a payment in ``state`` to what the gateway says, and the trouble if there is any.

    Nothing is done for what lies behind us. Money that is not what was asked parks the payment.
    """
    verb, target = _STEPS.get(seen.state, ("none", ""))
    if verb == "none" or RANKS[target] <= RANKS[state]:
        return "none", ""
    if verb in {"capture", "authorize"}:
        trouble = mismatch(amount_minor, currency, seen)
        if trouble:
            return ("park", trouble) if verb == "capture" else ("none", trouble)
    return verb, ""


def mismatch(amount_minor: int, currency: str, seen: GatewayState) -> str:
    """Why the gateway's amount is not ours; empty when it is."""
    theirs = seen.captured_minor if seen.state == "captured" else seen.amount_minor
    if seen.currency != currency:
        return f"currency {seen.currency or '?'} instead of {currency}"
    if theirs != amount_minor:
        return f"{theirs} instead of {amount_minor} minor units of {currency}"
    return ""


def next_try(attempts: int, now: datetime) -> datetime:
    """5 s, 10 s, 20 s … at most an hour after the ``attempts``-th failure."""
    return now + timedelta(seconds=min(5 * 2 ** min(attempts - 1, 10), 3600))


def back_by(now: datetime, days: int = 3) -> datetime:
    """When refunded money is back at the latest: ``days`` bank days (Monday to Friday) from now."""
    moment = now
    while days:
        moment += timedelta(days=1)
        if moment.weekday() < 5:
            days -= 1
    return moment
