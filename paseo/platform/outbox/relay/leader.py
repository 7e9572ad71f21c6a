"""One relay leads at a time. Two would be safe, since deliveries are unique, but would do the work twice."""

from __future__ import annotations

import os
import secrets
from datetime import datetime, timedelta

from django.db.models import F, Q

from paseo.platform.outbox.models import Relay

NAME = "events"
LEASE = timedelta(seconds=15)


class Leader:
    def __init__(self, holder: str = "") -> None:
        self.holder = holder or f"{os.getpid()}-{secrets.token_hex(6)}"
        self.until: datetime | None = None

    def lead(self, now: datetime) -> tuple[bool, bool]:
        """Whether this relay leads, and whether it took over from one that died without saying so."""
        if self.until is not None and now < self.until - LEASE / 2:
            return True, False
        before = Relay.objects.filter(name=NAME).first()
        if before is None:
            Relay.objects.bulk_create([Relay(name=NAME)], ignore_conflicts=True)
            before = Relay(name=NAME)
        won = (
            Relay.objects.filter(name=NAME)
            .filter(Q(holder__in=["", self.holder]) | Q(until__isnull=True) | Q(until__lte=now))
            .update(holder=self.holder, until=now + LEASE)
        )
        if not won:
            self.until = None
            return False, False
        self.until = now + LEASE
        return True, before.holder not in ("", self.holder)

    def count(self, delivered: int, skipped: int, failed: int) -> None:
        Relay.objects.filter(name=NAME).update(
            delivered=F("delivered") + delivered, skipped=F("skipped") + skipped, failed=F("failed") + failed
        )

    def release(self) -> None:
        """Lets another relay lead at once."""
        Relay.objects.filter(name=NAME, holder=self.holder).update(holder="", until=None)
        self.until = None
