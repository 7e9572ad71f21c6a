"""Writing events."""

from __future__ import annotations

import threading
from datetime import datetime
from typing import Any
from uuid import UUID

from paseo.kernel import clock
from paseo.kernel.events import encode
from paseo.platform.db.unit import add, after_commit

news = threading.Event()
"""Set after a commit that brought events; a relay in the same process waits on it."""


def emit(
    event: Any, *, tenant_id: UUID | None = None, place_id: UUID | None = None, at: datetime | None = None
) -> None:
    """Publishes a fact with the open unit: it becomes true, and known, when the unit commits.

    ``tenant_id`` is the merchant and ``place_id`` the store whose pages and webhooks may see it.
    """
    from paseo.platform.outbox.models import Event

    add(
        Event(
            type=event.event_type,
            version=event.event_version,
            subject=str(event.subject),
            tenant_id=tenant_id,
            place_id=place_id,
            at=at or clock.now(),
            body=encode(event),
        )
    )
    after_commit(news.set)
