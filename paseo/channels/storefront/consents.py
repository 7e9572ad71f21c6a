"""What somebody agreed to: each purpose with its text, a yes and a no equally easy, and the history."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_http_methods

from paseo.capabilities.journeys import operations as journeys
from paseo.channels.storefront.context import frame
from paseo.kernel import clock
from paseo.platform.consent import operations as answering
from paseo.platform.consent import queries as consent
from paseo.platform.consent.purposes import PURPOSES, Purpose
from paseo.platform.identity.web import current_person, ensure_visitor, visitor_of


@dataclass(frozen=True, slots=True)
class Asked:
    purpose: Purpose
    name: str
    text: str
    given: bool


@dataclass(frozen=True, slots=True)
class Given:
    name: str
    given: bool
    at: datetime


@require_http_methods(["GET", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    """Of the person, or of this device without an account."""
    if request.method == "POST":
        return _answer(request)
    person, visitor_id = current_person(request), visitor_of(request)
    who = {"person_id": person.id} if person else {"visitor_id": visitor_id}
    known = person is not None or visitor_id is not None
    given = consent.state(**who) if known else {key: not one.asks for key, one in PURPOSES.items()}
    history = consent.history(**who) if known else []
    context = frame(
        "me",
        person=person,
        purposes=[
            Asked(one, gettext(one.name), gettext(one.text), given[key])
            for key, one in PURPOSES.items()
            if person is not None or key in {"essential", "location"}
        ],
        history=[
            Given(gettext(PURPOSES[one.purpose].name), one.given, one.at) for one in history if one.purpose in PURPOSES
        ],
    )
    response = render(request, "storefront/consents.html", context)
    response["Cache-Control"] = "private, no-store"
    return response


def _answer(request: HttpRequest) -> HttpResponse:
    """The same answer again changes nothing. A no to the journey splits devices and account at once."""
    key, yes, now = request.POST.get("purpose", ""), request.POST.get("answer") == "yes", clock.now()
    response = HttpResponseRedirect(reverse("storefront:consents"), status=303)
    purpose = PURPOSES.get(key)
    if purpose is None or not purpose.asks:
        return response
    person = current_person(request)
    locale, source = get_language() or "en", "me"
    act = answering.give if yes else answering.withdraw
    if person is None:
        act(purpose=key, now=now, visitor_id=ensure_visitor(request), source=source, locale=locale)
        ensure_visitor(request, response)
    else:
        act(purpose=key, now=now, person_id=person.id, source=source, locale=locale)
        if key == "journey":
            _journey(request, person.id, yes, now)
    messages.success(request, gettext("Agreed.") if yes else gettext("Withdrawn. It counts from now on."))
    return response


def _journey(request: HttpRequest, person_id: UUID, yes: bool, now: datetime) -> None:
    visitor_id = visitor_of(request)
    if yes and visitor_id is not None:
        journeys.link(visitor_id=visitor_id, person_id=person_id, now=now)
    elif not yes:
        journeys.unlink_person(person_id=person_id, now=now)
