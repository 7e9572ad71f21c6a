"""What every page of the storefront has around its contents, and who is reading it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext

from paseo.capabilities.ordering.values import Buyer
from paseo.platform.identity.web import current_person, ensure_visitor, visitor_of
from paseo.platform.ui.values import Tab

CHANNEL = "storefront"
"""How contacts and orders of this channel are named."""


def tabs(current: str = "") -> list[Tab]:
    """The four places of the bottom bar; ``current`` is near, tickets, orders or me."""
    rows = (
        ("near", gettext("Near"), "/", "store"),
        ("tickets", gettext("Tickets"), "/tickets/", "ticket"),
        ("orders", gettext("Orders"), "/orders/", "receipt"),
        ("me", gettext("Me"), "/me/", "person"),
    )
    return [Tab(words, href, icon, key == current) for key, words, href, icon in rows]


def frame(current: str = "", **more: Any) -> dict[str, Any]:
    """The context of a page: ``render(request, "storefront/….html", frame("near", …))``."""
    return {"tabs": tabs(current), **more}


def buyer_of(request: HttpRequest) -> Buyer | None:
    """Who buys here, or None for somebody of whom nothing is remembered. No statement without a session."""
    person, visitor_id = current_person(request), visitor_of(request)
    if person is None and visitor_id is None:
        return None
    return Buyer(person_id=person.id if person else None, visitor_id=visitor_id)


def ensure_buyer(request: HttpRequest) -> Buyer:
    """Who buys here; from now on there is something to remember. Call ``ensure_visitor(request, response)`` afterwards,
    which puts the cookie into the response."""
    person = current_person(request)
    return Buyer(person_id=person.id if person else None, visitor_id=ensure_visitor(request))


def user_agent(request: HttpRequest) -> str:
    return request.META.get("HTTP_USER_AGENT", "")
