"""Whether a store is lit."""

from __future__ import annotations

from datetime import datetime, timedelta

from paseo.capabilities.directory.rules.hours import stretch
from paseo.capabilities.directory.values.cards import Lamp

HALF_LIT = timedelta(minutes=30)


def lamp_of(
    *,
    hours: str,
    zone: str,
    country: str,
    last_order_minutes: int,
    state: str,
    listed: bool,
    pause_until: datetime | None,
    now: datetime,
) -> Lamp:
    """Lit while open, half lit from 30 minutes before the last order until closing, else dark.

    The last order is ``last_order_minutes`` before closing, but never before opening. Without known hours a store is
    dark with the reason "unknown": nobody should walk there on a guess.
    """
    if state == "closed":
        return Lamp("dark", "for_good")
    if not listed:
        return Lamp("dark", "suspended")
    if state == "preparing":
        return Lamp("dark", "not_open")
    if state == "paused" and (pause_until is None or now < pause_until):
        return _paused(hours, zone, country, pause_until)
    found = stretch(hours, zone, country, now)
    if found.kind == "unknown":
        return Lamp("dark", "unknown", opens_at=found.opens_at, note=found.note)
    if found.kind != "open":
        return Lamp("dark", "closed", opens_at=found.opens_at, note=found.note)
    if found.until is None:
        return Lamp("lit", "open", note=found.note)
    last = found.until - timedelta(minutes=last_order_minutes)
    if now >= last - HALF_LIT:
        return Lamp("half", "last_orders", until=found.until, last_orders_at=last, note=found.note)
    return Lamp("lit", "open", until=found.until, last_orders_at=last, note=found.note)


def _paused(hours: str, zone: str, country: str, pause_until: datetime | None) -> Lamp:
    if pause_until is None:
        return Lamp("dark", "paused")
    after = stretch(hours, zone, country, pause_until)
    return Lamp("dark", "paused", opens_at=after.opens_at if after.kind == "closed" else pause_until)
