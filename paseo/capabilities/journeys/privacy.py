"""What a person may take away, and what is erased."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from paseo.capabilities.journeys.operations import anonymize_before, forget_person
from paseo.capabilities.journeys.queries import links, path
from paseo.kernel.errors import N_
from paseo.platform.consent.registry import eraser, exporter, retention
from paseo.platform.consent.values import Erased


@exporter("journeys")
def export(person_id: UUID) -> dict[str, Any]:
    """Every contact on the person's path, and when devices were joined or split."""
    return {
        "contacts": [
            {
                "at": contact.at.isoformat(),
                "kind": contact.kind,
                "store": str(contact.store_id) if contact.store_id else None,
                "touchpoint": str(contact.touchpoint_id) if contact.touchpoint_id else None,
                "campaign": contact.campaign,
                "subject": str(contact.subject_id) if contact.subject_id else None,
                "channel": contact.channel,
            }
            for contact in path(person_id=person_id, limit=100_000)
        ],
        "devices": [
            {
                "visitor": str(link.visitor_id),
                "joined_at": link.at.isoformat(),
                "split_at": link.undone_at.isoformat() if link.undone_at else None,
            }
            for link in links(person_id=person_id)
        ],
    }


@eraser("journeys", order=50)
def erase(person_id: UUID, now: datetime) -> Erased:
    return Erased(removed=forget_person(person_id=person_id))


@retention(
    "journeys",
    days=400,
    why=N_(
        "Visits are counted for a little over a year, so that a month can be compared with the same one a year before."
    ),
)
def forget(before: datetime) -> int:
    forgotten = 0
    while portion := anonymize_before(before=before):
        forgotten += portion
    return forgotten
