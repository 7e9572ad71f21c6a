"""Ending sessions on other devices. The next request of an ended session is anonymous."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from paseo.kernel.errors import NotFound
from paseo.platform.db.unit import operation
from paseo.platform.identity.models import Session
from paseo.platform.identity.session_store import stored_key


@operation
def end_session(*, person_id: UUID, handle: UUID) -> None:
    """Signs one device out. Refuses NotFound for an unknown handle and for another person's."""
    removed, _ = Session.objects.filter(person_id=person_id, handle=handle).delete()
    if not removed:
        raise NotFound


@operation
def end_all_sessions(*, person_id: UUID, keep_key: str | None = None) -> int:
    """Signs every device out, except the one whose session key is ``keep_key``; returns how many."""
    sessions = Session.objects.filter(person_id=person_id)
    if keep_key:
        sessions = sessions.exclude(session_key=stored_key(keep_key))
    removed, _ = sessions.delete()
    return removed


def clear_expired_sessions(now: datetime) -> int:
    removed, _ = Session.objects.filter(expire_date__lt=now).delete()
    return removed
