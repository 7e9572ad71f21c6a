"""An event as other programs read it: a CloudEvent 1.0, without what would open somebody else's door."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from django.conf import settings

from paseo.platform.outbox.values import EventView
from paseo.platform.webhooks.secrets import pseudonym

CONTENT_TYPE = "application/cloudevents+json; charset=utf-8"
WITHHELD = ("person_id", "visitor_id", "owner")
"""Who bought is told as ``customer``: the ids themselves would join what a person does at different merchants."""


def cloud_event(event: EventView, *, reader: UUID) -> dict[str, Any]:
    """``reader`` is the firm that reads it: the buyer's pseudonym is made for it."""
    told = {name: value for name, value in event.body.items() if name not in WITHHELD}
    if someone := _someone(event.body):
        told["customer"] = pseudonym(reader, someone)
    envelope: dict[str, Any] = {
        "specversion": "1.0",
        "id": str(event.id),
        "source": f"{settings.PUBLIC_URL}/api/v1",
        "type": event.type,
        "subject": event.subject,
        "time": event.at.isoformat(),
        "datacontenttype": "application/json",
        "dataschema": f"{settings.PUBLIC_URL}/api/v1/event-types/{event.type}/{event.version}",
        "sequence": f"{event.seq:020d}",
    }
    if event.tenant_id:
        envelope["merchant"] = str(event.tenant_id)
    if event.place_id:
        envelope["store"] = str(event.place_id)
    return {**envelope, "data": told}


def encoded(event: EventView, *, reader: UUID) -> bytes:
    """The same bytes every time, so that a repetition is one."""
    return json.dumps(cloud_event(event, reader=reader), ensure_ascii=False, separators=(",", ":")).encode()


def _someone(body: dict[str, Any]) -> str:
    if body.get("person_id"):
        return f"person:{body['person_id']}"
    if body.get("visitor_id"):
        return f"visitor:{body['visitor_id']}"
    return str(body.get("owner") or "")
