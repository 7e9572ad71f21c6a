"""Signing in: an address, then a code or a password."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from paseo.kernel import clock
from paseo.kernel.errors import NotFound, Refusal
from paseo.platform.identity import ready_made as ready
from paseo.platform.identity.addresses import network_of
from paseo.platform.identity.models import Person
from paseo.platform.identity.operations import finish_email_code, sign_in_with_password, start_email_code
from paseo.platform.identity.web import pending
from paseo.platform.identity.web.access import current_person, safe_next
from paseo.platform.identity.web.forms import CodeForm, EmailForm, PasswordForm
from paseo.platform.identity.web.session import note_second_factor, sign_in, sign_out
from paseo.platform.ui.text import refusal_text


@never_cache
@require_http_methods(["GET", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """Asks for the address and sends a code. The answer is the same for every address."""
    if current_person(request) is not None:
        return HttpResponseRedirect(safe_next(request))
    form = EmailForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            attempt = start_email_code(
                form.cleaned_data["email"], clock.now(), locale=_locale(), network=network_of(request)
            )
        except Refusal as refusal:
            return _page(request, "sign_in", form, refusal)
        response = redirect("identity:code")
        pending.keep(
            response,
            pending.Pending(
                email=form.cleaned_data["email"].strip().lower(),
                attempt=str(attempt),
                next=safe_next(request),
                joins_journey=form.cleaned_data["joins_journey"],
            ),
        )
        return response
    return _page(request, "sign_in", form)


@never_cache
@require_http_methods(["GET", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """Takes the six digits."""
    started = pending.read(request)
    if started is None:
        return redirect("identity:sign-in")
    form = CodeForm(request.POST or None)
    extra: dict[str, Any] = {"email": started.email, "next": started.next}
    if request.method == "POST" and form.is_valid():
        try:
            person = finish_email_code(
                started.email,
                form.cleaned_data["code"],
                now := clock.now(),
                attempt=started.attempt_id,
                locale=_locale(),
                network=network_of(request),
            )
        except Refusal as refusal:
            return _page(request, "code", form, refusal, **extra)
        sign_in(request, person, now=now, joins_journey=started.joins_journey)
        response = HttpResponseRedirect(started.next)
        pending.drop(response)
        return response
    return _page(request, "code", form, **extra)


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    if current_person(request) is not None:
        return HttpResponseRedirect(safe_next(request))
    form = PasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            person = sign_in_with_password(
                given["email"], given["password"], now := clock.now(), network=network_of(request)
            )
        except Refusal as refusal:
            return _page(request, "password", form, refusal)
        sign_in(request, person, now=now, joins_journey=given["joins_journey"])
        return HttpResponseRedirect(safe_next(request))
    return _page(request, "password", form)


@never_cache
@require_POST
def ready_made(request: HttpRequest) -> HttpResponse:
    """One press in a demo. Only addresses that the demo itself offers, and only while it is a demo."""
    email = request.POST.get("email", "")
    chosen = next((offer for offer in ready.offered() if offer.email == email), None)
    person = Person.objects.filter(email=chosen.email, is_active=True).first() if chosen else None
    if chosen is None or person is None:
        raise NotFound
    now = clock.now()
    sign_in(request, person, now=now)
    note_second_factor(request, now)
    return HttpResponseRedirect(safe_next(request, default=chosen.next))


@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    sign_out(request)
    return HttpResponseRedirect(safe_next(request))


def _locale() -> str:
    return get_language() or "en"


def _page(request: HttpRequest, name: str, form: Any, refusal: Refusal | None = None, **extra: Any) -> HttpResponse:
    context = {
        "form": form,
        "refusal": refusal and refusal_text(refusal),
        "next": safe_next(request),
        "ready_made": ready.offered(),
        **extra,
    }
    status = refusal.status if refusal else 422 if form.is_bound and form.errors else 200
    return render(request, f"identity/{name}.html", context, status=status)
