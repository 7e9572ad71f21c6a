"""Writing into the book."""

from __future__ import annotations

from datetime import datetime
from time import perf_counter
from typing import Any
from uuid import UUID

from paseo.kernel import clock
from paseo.platform.audit import checks
from paseo.platform.audit.models import Entry, Look
from paseo.platform.db.unit import add, unit


def record(
    actor: str,
    action: str,
    subject: str,
    *,
    tenant_id: UUID | None = None,
    why: str = "",
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    at: datetime | None = None,
) -> None:
    """Notes that ``actor`` did ``action`` to ``subject``; part of the open unit, or one of its own.

    ``actor`` is "person:<id>", "key:<id>" or "system" (``scope.actor``), ``subject`` "order:<id>" and the like.
    ``before`` and ``after`` hold what changed (plain values, ids and instants). Entries stay when a person is erased:
    put ids in them, not names.
    """
    entry = Entry(
        at=at or clock.now(),
        actor=actor,
        action=action,
        subject=subject,
        tenant_id=tenant_id,
        why=why[:500],
        before=before,
        after=after,
    )
    with unit():
        add(entry)


KEPT_LOOKS, KEPT_FINDINGS = 30, 200


def look(*, actor: str, now: datetime) -> int:
    """Runs every check, outside of any unit, and keeps what they said; returns the number of findings."""
    began = perf_counter()
    found = checks.run_all()
    milliseconds = int((perf_counter() - began) * 1000)
    kept = [one.as_dict() for one in found[:KEPT_FINDINGS]]
    with unit():
        add(
            Look(
                at=now,
                actor=actor,
                milliseconds=milliseconds,
                checks=len(checks.auditors()),
                count=len(found),
                findings=kept,
            )
        )
    old = Look.objects.order_by("-id").values_list("id", flat=True)[KEPT_LOOKS:]
    Look.objects.filter(id__in=list(old)).delete()
    return len(found)
