"""Writes: telling, reading, and trying again."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from paseo.kernel import clock
from paseo.kernel.errors import NotFound
from paseo.kernel.ids import new_id
from paseo.platform.db.unit import add, guarded, operation, unit
from paseo.platform.identity import queries as identity
from paseo.platform.identity.values import PersonView
from paseo.platform.jobs import enqueue_once
from paseo.platform.notices.kinds import kind as kind_named
from paseo.platform.notices.models import Delivery, Letter, Notice
from paseo.platform.notices.params import to_json
from paseo.platform.notices.ports import is_wanted
from paseo.platform.notices.tasks import send_waiting


def notify(
    to: UUID | str,
    kind: str,
    params: dict[str, Any],
    *,
    tenant_id: UUID | None = None,
    channels: Iterable[str] | None = None,
    locale: str | None = None,
    about: str = "",
    now: datetime | None = None,
) -> UUID | None:
    """Tells a person (id) or an address something, with the open unit or in one of its own; sent after the commit.

    Returns the notice's id, or None when nobody is to be told: erased, without consent to this purpose, or without
    an address on any of the channels. ``params`` may hold Money, instants and ids; ``about`` is "order:<id>" and the
    like, for a link. ``locale`` is the language of a letter to a bare address; a person is written to in their own.
    """
    sort = kind_named(kind)
    at = now or clock.now()
    person = identity.people([to]).get(to) if isinstance(to, UUID) else None
    if isinstance(to, UUID) and (person is None or person.erased_at is not None):
        return None
    if not is_wanted(person.id if person else None, sort.purpose):
        return None
    wanted = tuple(sort.channels if channels is None else channels)
    in_inbox = "inbox" in wanted and person is not None and not sort.secret
    addresses = _addresses(to, person, wanted)
    if not in_inbox and not addresses:
        return None
    notice = Notice(
        id=new_id(),
        kind=kind,
        params=to_json(params),
        person_id=person.id if person else None,
        tenant_id=tenant_id,
        subject=about,
        in_inbox=in_inbox,
        created_at=at,
    )
    language = person.locale if person else locale or "en"
    with unit():
        add(notice)
        for channel, address in addresses.items():
            add(Delivery(notice=notice, channel=channel, address=address, locale=language, due_at=at))
        if addresses:
            enqueue_once(send_waiting)
    return notice.id


def _addresses(to: UUID | str, person: PersonView | None, wanted: tuple[str, ...]) -> dict[str, str]:
    if person is None:
        return {"email": str(to)} if "email" in wanted else {}
    known = {"email": person.email or "", "sms": person.phone, "push": str(person.id)}
    return {channel: known[channel] for channel in wanted if known.get(channel)}


@operation
def mark_read(*, person_id: UUID, now: datetime, notice_ids: Iterable[UUID] | None = None) -> int:
    """Marks the person's notices as read, all of them without ``notice_ids``; returns how many were unread."""
    rows = Notice.objects.filter(person_id=person_id, in_inbox=True, read_at__isnull=True)
    if notice_ids is not None:
        rows = rows.filter(id__in=list(notice_ids))
    return rows.update(read_at=now)


@operation
def retry(*, delivery_id: UUID, now: datetime) -> None:
    """Gives a failed delivery another round of tries. Refuses NotFound."""
    failed = Delivery.objects.filter(id=delivery_id, state=Delivery.State.FAILED)
    if not guarded(failed, state=Delivery.State.QUEUED, attempts=0, due_at=now, error=""):
        raise NotFound
    enqueue_once(send_waiting)


@operation
def forget_person(*, person_id: UUID, email: str | None) -> int:
    """Removes what a person was told, and letters kept for their address; returns how many notices."""
    removed = Notice.objects.filter(person_id=person_id).count()
    Notice.objects.filter(person_id=person_id).delete()
    if email:
        Notice.objects.filter(id__in=Delivery.objects.filter(address=email).values("notice_id")).delete()
        Letter.objects.filter(to=email).delete()
    return removed
