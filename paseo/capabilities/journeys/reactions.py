"""Contacts that took the way through the outbox arrive here."""

from __future__ import annotations

import dataclasses
from datetime import datetime
from typing import Any
from uuid import UUID

from paseo.capabilities.journeys.events import ContactKept
from paseo.capabilities.journeys.operations.links import unlink_person
from paseo.capabilities.journeys.operations.recording import write
from paseo.capabilities.journeys.values import NewContact
from paseo.platform.consent.events import ConsentWithdrawn
from paseo.platform.outbox import Envelope, reaction


@reaction("journeys.contact_kept", name="journeys.write_kept_contact")
def write_kept_contact(event: ContactKept, envelope: Envelope) -> None:
    fields: dict[str, Any] = {}
    for field in dataclasses.fields(NewContact):
        value = event.body.get(field.name)
        if value is None:
            continue
        if field.name == "at":
            value = datetime.fromisoformat(value)
        elif field.name.endswith("_id"):
            value = UUID(value)
        fields[field.name] = value
    write([NewContact(**fields)])


@reaction("consent.consent_withdrawn", name="journeys.split_person")
def split_person(event: ConsentWithdrawn, envelope: Envelope) -> None:
    """Without the consent the joined paths come apart; what was joined is remembered, not shown."""
    if event.purpose == "journey" and event.person_id is not None:
        unlink_person(person_id=event.person_id, now=event.at)
