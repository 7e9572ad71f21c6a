"""``hit`` spends one try, ``forgive`` gives all back."""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime

from django.conf import settings
from django.db import connection

from paseo.kernel.errors import TooMany
from paseo.platform.limits.models import Meter

MICRO = 1_000_000

_SPEND = """
INSERT INTO limits_meter (key, full_at) VALUES (%(key)s, %(now)s + %(cost)s)
ON CONFLICT (key) DO UPDATE
   SET full_at = CASE WHEN limits_meter.full_at > %(now)s THEN limits_meter.full_at ELSE %(now)s END + %(cost)s
 WHERE limits_meter.full_at + %(cost)s <= %(now)s + %(span)s
RETURNING full_at
"""


def hit(bucket: str, key: str, *, limit: int, seconds: int, now: datetime) -> None:
    """Spends one of ``limit`` tries per ``seconds`` for this key; refuses TooMany with the seconds to wait.

    Call it before the unit of work, not inside: a refusal rolls the unit back, and the try must stay counted.
    A refused try costs nothing. One statement, two when refused. ``key`` is stored as a keyed hash only.
    """
    if limit < 1 or seconds < 1:
        raise ValueError("A limit allows at least one try in at least one second.")
    instant = _micros(now)
    span = seconds * MICRO
    cost = span // limit
    hashed = meter_key(bucket, key)
    with connection.cursor() as cursor:
        cursor.execute(_SPEND, {"key": hashed, "now": instant, "cost": cost, "span": span})
        if cursor.fetchall():
            return
    full_at = Meter.objects.filter(key=hashed).values_list("full_at", flat=True).first() or 0
    wait = full_at + cost - span - instant
    raise TooMany(retry_after=max(1, -(-wait // MICRO)))


def forgive(bucket: str, key: str) -> None:
    """Gives every try back, for instance after the right password."""
    Meter.objects.filter(key=meter_key(bucket, key)).delete()


def clear_full(now: datetime) -> int:
    """Removes meters that are full again, and returns how many: they say no more than a missing one."""
    removed, _ = Meter.objects.filter(full_at__lte=_micros(now)).delete()
    return removed


def meter_key(bucket: str, key: str) -> str:
    return hmac.new(settings.SECRET_KEY.encode(), f"limits\x1f{bucket}\x1f{key}".encode(), hashlib.sha256).hexdigest()


def _micros(now: datetime) -> int:
    return int(now.timestamp() * MICRO)
