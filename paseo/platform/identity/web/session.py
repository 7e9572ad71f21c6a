"""Putting a person into the session, and taking them out."""

from __future__ import annotations

from datetime import datetime

from django.contrib import auth
from django.http import HttpRequest

from paseo.platform.identity import hooks
from paseo.platform.identity.devices import device_name
from paseo.platform.identity.models import Person
from paseo.platform.identity.session_store import DEVICE, STARTED
from paseo.platform.identity.values import SignedIn
from paseo.platform.identity.web.visitor import visitor_of

SECOND_FACTOR = "second_factor_at"


def sign_in(request: HttpRequest, person: Person, *, now: datetime, joins_journey: bool = False) -> None:
    """Starts a session under a new key and tells the hooks. The caller has checked the code or the password."""
    request.session.flush()
    request.session[DEVICE] = device_name(request.META.get("HTTP_USER_AGENT", ""))
    request.session[STARTED] = now.isoformat()
    auth.login(request, person, backend="paseo.platform.identity.backends.PersonBackend")
    hooks.tell(
        SignedIn(
            person_id=person.id,
            visitor_id=visitor_of(request),
            joins_journey=joins_journey,
            is_new=person.created_at == now,
            locale=person.locale,
            at=now,
        )
    )


def sign_out(request: HttpRequest) -> None:
    """Ends the session here; its row is removed."""
    auth.logout(request)


def note_second_factor(request: HttpRequest, now: datetime) -> None:
    """The session has passed the second factor; its key changes with its power."""
    request.session[SECOND_FACTOR] = now.isoformat()
    request.session.cycle_key()
