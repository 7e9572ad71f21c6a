"""Webhooks of the operator: events of all its merchants, on the page that shops have for theirs."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods, require_POST

from paseo.channels.console.city.frame import operators, zone
from paseo.channels.console.desk import city
from paseo.channels.console.shop import webhooks as pages


def _desk(request: HttpRequest, page: str, **context: Any) -> dict[str, Any]:
    return city(request, "events", zone=zone(), **context)


ROOM = pages.Room("console/city.html", "city-", _desk)


@require_http_methods(["GET", "POST"])
@operators("keys.edit")
def webhooks(request: HttpRequest) -> HttpResponse:
    return pages.listing_page(request, ROOM)


@require_http_methods(["GET", "POST"])
@operators("keys.edit")
def webhook(request: HttpRequest, endpoint_id: UUID) -> HttpResponse:
    return pages.endpoint_page(request, ROOM, endpoint_id)


@require_POST
@operators("keys.edit")
def act(request: HttpRequest, endpoint_id: UUID, act: str) -> HttpResponse:
    return pages.act_page(request, ROOM, endpoint_id, act)


@require_POST
@operators("keys.edit")
def again(request: HttpRequest, endpoint_id: UUID, message_id: UUID) -> HttpResponse:
    return pages.again_page(request, ROOM, endpoint_id, message_id)
