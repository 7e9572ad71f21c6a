"""What happened, to be fetched: how a program catches up after it was away, with or without webhooks."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Field, Query, Router, Schema

from paseo.channels.openapi.answers import page, reply
from paseo.channels.openapi.callers import key, scope_of
from paseo.channels.openapi.shapes import Page
from paseo.kernel import clock
from paseo.kernel.errors import NotFound
from paseo.platform.outbox import catalogue
from paseo.platform.webhooks import queries
from paseo.platform.webhooks.audience import offered, right_for

router = Router(tags=["events"])


class CloudEventShape(Schema):
    """A CloudEvent 1.0. The same thing is what webhooks post."""

    specversion: str
    id: str = Field(description="The same for every repetition of this event, and the webhook-id")
    source: str
    type: str
    subject: str = Field(description="What it is about, such as order:<id>")
    time: str
    datacontenttype: str
    dataschema: str = Field(description="Where the JSON Schema of `data` is")
    sequence: str = Field(description="Rises with every event; send it as `after` to read on from here")
    merchant: str | None = None
    store: str | None = None
    data: dict[str, Any]


class EventPageShape(Schema):
    items: list[CloudEventShape]
    next: str = Field(
        description="Keep it, and send it as `after`: at once while `more`, else whenever you look again."
    )
    more: bool


@router.get(
    "/shop/events",
    response=EventPageShape,
    auth=key,
    summary="What happened since a cursor, oldest first",
    description="Only events of the key's own merchant, of the kinds that its rights show, at the places it is for.",
    operation_id="events",
)
def events(
    request: HttpRequest,
    after: str = Query("", max_length=40, description="`next` of the answer before; empty begins at the oldest."),
    type: list[str] = Query([], max_length=50, description="Only these types; `ordering.*` is all of one kind."),
    limit: int = Query(100, ge=1, le=500),
) -> HttpResponse:
    found = queries.events(scope=scope_of(request), after=after, types=type, limit=limit, now=clock.now())
    return reply({"items": found.items, "next": str(found.cursor), "more": found.more})


class EventTypeShape(Schema):
    type: str
    version: int
    description: str
    right: str = Field(description="What a key must hold to see it")
    schema_of_data: dict[str, Any] = Field(alias="schema", description="JSON Schema of `data`")


def _told(entry: dict[str, Any]) -> dict[str, Any]:
    """As it is published: without the ids of people, with the pseudonym that stands for them."""
    return {
        "type": entry["type"],
        "version": entry["version"],
        "description": entry["description"],
        "right": right_for(entry["type"]),
        "schema": queries.published_schema(entry["schema"]),
    }


@router.get(
    "/event-types",
    response=Page[EventTypeShape],
    by_alias=True,
    summary="The kinds of events there are",
    operation_id="eventTypes",
)
def event_types(request: HttpRequest) -> HttpResponse:
    known = {name for names in offered().values() for name in names}
    return page([_told(entry) for entry in catalogue.catalogue() if entry["type"] in known], None)


@router.get(
    "/event-types/{type}/{version}",
    response=dict[str, Any],
    summary="The JSON Schema of one kind of event",
    operation_id="eventType",
)
def event_type(request: HttpRequest, type: str, version: int) -> HttpResponse:
    for entry in catalogue.catalogue():
        if (entry["type"], entry["version"]) == (type, version) and right_for(type):
            return reply(_told(entry)["schema"])
    raise NotFound
