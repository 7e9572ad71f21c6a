"""Identifiers. Whoever starts something makes its id, so that a repeated request names the same thing."""

from __future__ import annotations

import secrets
import threading
import time
from datetime import datetime
from uuid import UUID, uuid5

_lock = threading.Lock()
_last = 0


def _layout(milliseconds: int, random_74: int) -> UUID:
    value = (milliseconds & ((1 << 48) - 1)) << 80
    value |= 0x7 << 76
    value |= (random_74 >> 62) << 64
    value |= 0b10 << 62
    value |= random_74 & ((1 << 62) - 1)
    return UUID(int=value)


def uuid7(at: datetime | None = None, random_74: int | None = None) -> UUID:
    """A time-ordered identifier (RFC 9562, version 7).

    Without ``at``, ids made in one process rise strictly: the random part is counted up within a millisecond.
    With ``at`` (an aware instant) the time is the caller's and order within a millisecond is random.
    """
    global _last
    if at is not None:
        return _layout(int(at.timestamp() * 1000), secrets.randbits(74) if random_74 is None else random_74)
    with _lock:
        millisecond = time.time_ns() // 1_000_000
        if millisecond > _last >> 74:
            _last = millisecond << 74 | secrets.randbits(73)
        else:
            _last += 1 + secrets.randbits(40)
        value = _last
    return _layout(value >> 74, value & ((1 << 74) - 1))


def new_id() -> UUID:
    """The id of a new row."""
    return uuid7()


_PASEO = UUID("6f1d5b0e-6f0c-5c0a-9d2e-7a0d3c5b9e11")


def stable_id(*parts: object) -> UUID:
    """An id derived from facts: the same parts give the same id on every machine (RFC 9562, version 5)."""
    return uuid5(_PASEO, "\x1f".join(str(part) for part in parts))
