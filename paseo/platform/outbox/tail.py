"""Following the log by number without missing what becomes visible late."""

from __future__ import annotations

import time

from paseo.platform.outbox import queries
from paseo.platform.outbox.values import EventView

PATIENCE = 10.0
"""Seconds after which a missing number is taken for a transaction that was rolled back."""


class Tail:
    """Calls of ``poll`` return every event after the start exactly once, in nearly rising order.

    A number that is skipped may belong to a transaction that has not committed yet, so the tail reads again from below
    the gap until the number shows up or its patience ends.
    """

    def __init__(self, start: int | None = None) -> None:
        self.floor = queries.last_seq() if start is None else start
        self._seen: dict[int, float] = {}

    def poll(self, limit: int = 500) -> list[EventView]:
        moment = time.monotonic()
        found = queries.events_after(self.floor, limit=limit + len(self._seen))
        fresh = [event for event in found if event.seq not in self._seen]
        for event in fresh:
            self._seen[event.seq] = moment
        self._raise_floor(moment)
        return fresh

    def _raise_floor(self, moment: float) -> None:
        for seq in sorted(self._seen):
            if seq != self.floor + 1 and moment - self._seen[seq] < PATIENCE:
                return
            self.floor = seq
            del self._seen[seq]
