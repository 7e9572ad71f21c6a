"""Writing contacts: one INSERT, harmless when repeated, and never a reason for a page to fail."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import asdict, replace
from dataclasses import fields as dataclass_fields
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import DatabaseError, connections, router, transaction

from paseo.capabilities.journeys import rules
from paseo.capabilities.journeys.events import ContactKept
from paseo.capabilities.journeys.models import Contact
from paseo.capabilities.journeys.values import KINDS, NewContact
from paseo.kernel.ids import new_id
from paseo.platform.db.inserting import insert_missing
from paseo.platform.db.unit import unit
from paseo.platform.outbox import emit

log = logging.getLogger(__name__)

_FIELDS = tuple(field.name for field in dataclass_fields(NewContact) if field.name != "contact_id")


def _row(contact: NewContact) -> Contact:
    if contact.kind not in KINDS:
        raise ValueError(f"{contact.kind!r} is no kind of contact.")
    fields = {name: getattr(contact, name) for name in _FIELDS}
    fields["id"] = contact.contact_id or new_id()
    fields["extra"] = dict(contact.extra)
    fields["campaign"] = contact.campaign[:80]
    return Contact(**fields)


def write(contacts: Sequence[NewContact]) -> None:
    """One INSERT for all of them; those that are there already are left as they are. Raises ``DatabaseError``."""
    rows = [_row(contact) for contact in contacts]
    alias = router.db_for_write(Contact)
    inside = connections[alias].in_atomic_block
    with transaction.atomic(using=alias) if inside else nullcontext():
        insert_missing(rows, using=alias)


def record_many(contacts: Sequence[NewContact], *, user_agent: str | None = None) -> list[UUID]:
    """Records contacts and returns their ids; an empty list when a program made the request (``user_agent``).

    When the stream database cannot be written, passing kinds (exposure, view, visit, search) are dropped with a
    warning, all others go through the outbox and arrive later. It raises for no reason but a wrong kind.
    """
    if not contacts or (user_agent is not None and rules.is_automatic(user_agent)):
        return []
    named = [contact if contact.contact_id else replace(contact, contact_id=new_id()) for contact in contacts]
    try:
        write(named)
    except DatabaseError:
        log.warning("The stream database could not take %d contacts.", len(named), exc_info=True)
        _keep([contact for contact in named if contact.kind not in rules.PASSING])
    return [contact.contact_id for contact in named if contact.contact_id]


def _keep(contacts: Sequence[NewContact]) -> None:
    if not contacts:
        return
    try:
        with unit(savepoint=True):
            for contact in contacts:
                assert contact.contact_id is not None
                body = {key: value for key, value in asdict(contact).items() if key != "extra"} | {
                    "extra": dict(contact.extra)
                }
                emit(ContactKept(contact.contact_id, contact.at, body))
    except DatabaseError:
        log.exception("%d contacts could not be kept.", len(contacts))


def record(
    kind: str,
    *,
    now: datetime,
    visitor_id: UUID | None = None,
    person_id: UUID | None = None,
    touchpoint_id: UUID | None = None,
    campaign: str = "",
    store_id: UUID | None = None,
    merchant_id: UUID | None = None,
    subject_id: UUID | None = None,
    channel: str = "",
    mode: str = "",
    amount_minor: int = 0,
    currency: str = "",
    extra: Mapping[str, Any] | None = None,
    contact_id: UUID | None = None,
    user_agent: str | None = None,
) -> UUID | None:
    """Records one contact and returns its id, or None for a program (see ``record_many``).

    ``person_id`` only for business facts (an order, a review); browsing belongs to the visitor and reaches a person
    through a link.
    """
    ids = record_many(
        [
            NewContact(
                kind=kind,
                at=now,
                visitor_id=visitor_id,
                person_id=person_id,
                touchpoint_id=touchpoint_id,
                campaign=campaign,
                store_id=store_id,
                merchant_id=merchant_id,
                subject_id=subject_id,
                channel=channel,
                mode=mode,
                amount_minor=amount_minor,
                currency=currency,
                extra=extra or {},
                contact_id=contact_id,
            )
        ],
        user_agent=user_agent,
    )
    return ids[0] if ids else None
