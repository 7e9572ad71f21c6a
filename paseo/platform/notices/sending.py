"""Taking what is due to its channel. Safe with several senders: each delivery is taken by a guarded update."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import F
from django.template import TemplateDoesNotExist

from paseo.kernel import clock
from paseo.platform.db.unit import forbid_inside_unit, guarded
from paseo.platform.identity import queries as identity
from paseo.platform.notices.kinds import kind as kind_named
from paseo.platform.notices.models import Delivery, Notice
from paseo.platform.notices.ports import channel
from paseo.platform.notices.rendering import words

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=2)
"""A sender that dies holds what it took no longer than this."""


def send_due(now: datetime | None = None, *, limit: int = 100) -> int:
    """Sends what is due and returns how many were carried. After a crash one may arrive twice."""
    forbid_inside_unit("Sending notices")
    at = now or clock.now()
    open_states = [Delivery.State.QUEUED, Delivery.State.SENDING]
    due = Delivery.objects.filter(state__in=open_states, due_at__lte=at).select_related("notice").order_by("due_at")
    return sum(_send(delivery, at) for delivery in due[:limit])


def _send(delivery: Delivery, now: datetime) -> bool:
    mine = Delivery.objects.filter(id=delivery.id, attempts=delivery.attempts, state=delivery.state)
    if not guarded(mine, state=Delivery.State.SENDING, attempts=F("attempts") + 1, due_at=now + LEASE):
        return False
    notice = delivery.notice
    attempts = delivery.attempts + 1
    row = Delivery.objects.filter(id=delivery.id)
    try:
        person = identity.people([notice.person_id]).get(notice.person_id) if notice.person_id else None
        if notice.person_id and (person is None or person.erased_at):
            row.update(state=Delivery.State.SKIPPED)
            return False
        text = words(notice.kind, notice.params, delivery.locale, name=person.name if person else "")
        channel(delivery.channel)(address=delivery.address, words=text, kind=notice.kind)
    except Exception as error:
        log.exception("notice %s on %s could not be sent", notice.kind, delivery.channel)
        hopeless = isinstance(error, TemplateDoesNotExist) or attempts >= settings.PASEO["EVENT_ATTEMPTS"]
        row.update(
            state=Delivery.State.FAILED if hopeless else Delivery.State.QUEUED,
            due_at=now + timedelta(seconds=min(3600, 5 * 2**attempts)),
            error=f"{type(error).__name__}: {error}"[:500],
        )
        return False
    row.update(state=Delivery.State.SENT, sent_at=now, error="")
    if kind_named(notice.kind).secret:
        Notice.objects.filter(id=notice.id).update(params={})
    return True
