"""Who is asking, and may they."""

from __future__ import annotations

import functools
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from paseo.kernel import clock
from paseo.kernel.errors import NotAllowedHere, NotFound
from paseo.platform.identity.models import Person, Session
from paseo.platform.identity.web.session import SECOND_FACTOR
from paseo.platform.tenancy.queries import scopes_of
from paseo.platform.tenancy.refusals import SecondFactorNeeded
from paseo.platform.tenancy.values import Scope

View = Callable[..., HttpResponse]
CONFIRMED_FOR = timedelta(hours=12)
SEEN_EVERY = timedelta(hours=1)
TENANT = "tenant"


def current_person(request: HttpRequest) -> Person | None:
    """The signed-in person. Without a session cookie: None, and no statement; with one: two statements, once."""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES and request.session.session_key is None:
        return None
    user = request.user
    if not user.is_authenticated:
        return None
    _note_use(request)
    return user  # type: ignore[return-value]


def is_confirmed(request: HttpRequest, now: datetime | None = None) -> bool:
    """Whether this session has passed the second factor within twelve hours."""
    at = request.session.get(SECOND_FACTOR)
    return at is not None and datetime.fromisoformat(at) + CONFIRMED_FOR > (now or clock.now())


def current_scopes(request: HttpRequest) -> list[Scope]:
    """What the person may do, tenant by tenant; read once per request, so that a revoked role ends with the next."""
    known: list[Scope] | None = getattr(request, "_paseo_scopes", None)
    if known is None:
        person = current_person(request)
        known = scopes_of(person.id, confirmed=is_confirmed(request)) if person else []
        request._paseo_scopes = known  # type: ignore[attr-defined]
    return known


def choose_tenant(request: HttpRequest, tenant_id: UUID) -> None:
    """Remembers, for somebody with roles in several firms, in which one they work now. Refuses NotFound."""
    if not any(scope.tenant_id == tenant_id for scope in current_scopes(request)):
        raise NotFound
    request.session[TENANT] = str(tenant_id)


def scope_for(request: HttpRequest, *rights: str, tenant_id: UUID | None = None) -> Scope:
    """The scope in which all ``rights`` are held, reduced to the places where they are.

    ``tenant_id`` from the address wins, then the firm chosen in this session, then the first that fits. Refuses
    NotFound (not theirs), NotAllowedHere (theirs, without the right), SecondFactorNeeded.
    """
    scopes = current_scopes(request)
    if tenant_id is not None:
        scopes = [scope for scope in scopes if scope.tenant_id == tenant_id]
        if not scopes:
            raise NotFound
    chosen = request.session.get(TENANT) if scopes else None
    fitting = [scope for scope in scopes if all(scope.holds(right) for right in rights)]
    if not fitting:
        raise NotAllowedHere
    scope = min(fitting, key=lambda candidate: str(candidate.tenant_id) != chosen)
    for right in rights:
        scope = scope.at(right)
    return scope


def person_required(view: View) -> View:
    """Lets only signed-in people through; others sign in first and come back. ``request.person`` is set.

    When the view refuses SecondFactorNeeded, they confirm first and come back.
    """

    @functools.wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        person = current_person(request)
        if person is None:
            return _first_to(request, "identity:sign-in")
        request.person = person  # type: ignore[attr-defined]
        try:
            return _private(view(request, *args, **kwargs))
        except SecondFactorNeeded:
            return _first_to(request, "identity:second-factor")

    return guarded


def scope_required(*rights: str) -> Callable[[View], View]:
    """Lets only people through who hold all ``rights`` in one firm; sets ``request.person`` and ``request.scope``.

    A ``tenant_id`` in the route picks the firm. Somebody whose right waits for the second factor gives it first.
    """

    def decorate(view: View) -> View:
        @functools.wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            request.scope = scope_for(request, *rights, tenant_id=kwargs.get("tenant_id"))  # type: ignore[attr-defined]
            return view(request, *args, **kwargs)

        return person_required(guarded)

    return decorate


def safe_next(request: HttpRequest, default: str = "/") -> str:
    """Where to go afterwards: ``next`` when it is a path of this installation, else ``default``."""
    target = request.POST.get("next") or request.GET.get("next") or ""
    inside = target.startswith("/") and url_has_allowed_host_and_scheme(target, allowed_hosts=None)
    return target if inside else default


def sign_in_page(request: HttpRequest, name: str = "identity:sign-in") -> str:
    """The address of the sign-in page that leads back here."""
    here = request.get_full_path() if request.method in {"GET", "HEAD"} else _referring_path(request)
    return f"{reverse(name)}?{urlencode({'next': here})}"


def _referring_path(request: HttpRequest) -> str:
    """After signing in one returns to the page with the form, not to the address that the form was sent to."""
    referer = request.META.get("HTTP_REFERER", "")
    own = f"{request.scheme}://{request.get_host()}"
    return referer[len(own) :] if referer.startswith(own + "/") else "/"


def _first_to(request: HttpRequest, name: str) -> HttpResponse:
    if request.headers.get("HX-Request"):
        current = request.headers.get("HX-Current-URL", "")
        own = f"{request.scheme}://{request.get_host()}"
        here = current[len(own) :] if current.startswith(own + "/") else "/"
        response = HttpResponse(status=200)
        response["HX-Redirect"] = f"{reverse(name)}?{urlencode({'next': here})}"
        return response
    return HttpResponseRedirect(sign_in_page(request, name))


def _private(response: HttpResponse) -> HttpResponse:
    """Pages of a person are nobody else's, also not a shared cache's or the next user's of this browser."""
    response.headers.setdefault("Cache-Control", "private, no-store")
    return response


def _note_use(request: HttpRequest) -> None:
    """Keeps "last used" of the device right to the hour."""
    row = getattr(request.session, "row", None)
    now = clock.now()
    if row is not None and row.seen_at is not None and now - row.seen_at >= SEEN_EVERY:
        row.seen_at = now
        Session.objects.filter(session_key=row.session_key).update(seen_at=now)
