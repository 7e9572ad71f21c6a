"""What keeps an account safe: password, devices, second factor."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from paseo.kernel import clock
from paseo.kernel.errors import Refusal
from paseo.platform.identity import queries
from paseo.platform.identity.models import Person
from paseo.platform.identity.operations import (
    check_second_factor,
    confirm_second_factor,
    end_all_sessions,
    end_session,
    new_recovery_codes,
    set_password,
    start_second_factor,
    turn_off_second_factor,
)
from paseo.platform.identity.web.access import is_confirmed, person_required, safe_next
from paseo.platform.identity.web.forms import FactorForm, NewPasswordForm
from paseo.platform.identity.web.session import SECOND_FACTOR, note_second_factor
from paseo.platform.ui.text import refusal_text


@person_required
@require_GET
def overview(request: HttpRequest) -> HttpResponse:
    return _overview(request, NewPasswordForm())


@person_required
@sensitive_post_parameters("password")
@require_POST
def change_password(request: HttpRequest) -> HttpResponse:
    """Sets the password; every other device is signed out. With a second factor it must have been given."""
    if _factor_is_missing(request):
        return _to_factor("identity:security")
    form = NewPasswordForm(request.POST)
    if not form.is_valid():
        return _overview(request, form)
    person = _person(request)
    try:
        set_password(person_id=person.id, password=form.cleaned_data["password"])
    except Refusal as refusal:
        return _overview(request, form, refusal)
    person.refresh_from_db()
    update_session_auth_hash(request, person)
    end_all_sessions(person_id=person.id, keep_key=request.session.session_key)
    messages.success(request, _("Your password is set. Other devices were signed out."))
    return redirect("identity:security")


@person_required
@require_POST
def end_one(request: HttpRequest, handle: UUID) -> HttpResponse:
    end_session(person_id=_person(request).id, handle=handle)
    messages.success(request, _("That device is signed out."))
    return redirect("identity:security")


@person_required
@require_POST
def end_others(request: HttpRequest) -> HttpResponse:
    end_all_sessions(person_id=_person(request).id, keep_key=request.session.session_key)
    messages.success(request, _("All other devices are signed out."))
    return redirect("identity:security")


@person_required
@require_http_methods(["GET", "POST"])
def second_factor(request: HttpRequest) -> HttpResponse:
    """Asks for a code before something strong; leads to setting one up when there is none yet."""
    person = _person(request)
    target = safe_next(request, default=reverse("identity:security"))
    if not queries.has_second_factor(person.id):
        return HttpResponseRedirect(f"{reverse('identity:set-up')}?{urlencode({'next': target})}")
    form = FactorForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        now = clock.now()
        try:
            check_second_factor(person_id=person.id, code=form.cleaned_data["code"], now=now)
        except Refusal as refusal:
            return _page(request, "second_factor", form, refusal, next=target)
        note_second_factor(request, now)
        return HttpResponseRedirect(target)
    return _page(request, "second_factor", form, next=target)


@person_required
@require_http_methods(["GET", "POST"])
def set_up(request: HttpRequest) -> HttpResponse:
    """Shows the QR code, takes the first code, shows the recovery codes once."""
    person = _person(request)
    target = safe_next(request, default=reverse("identity:security"))
    if queries.has_second_factor(person.id):
        return redirect("identity:security")
    now = clock.now()
    form = FactorForm(request.POST or None)
    refusal = None
    if request.method == "POST" and form.is_valid():
        try:
            codes = confirm_second_factor(person_id=person.id, code=form.cleaned_data["code"], now=now)
        except Refusal as caught:
            refusal = caught
        else:
            note_second_factor(request, now)
            end_all_sessions(person_id=person.id, keep_key=request.session.session_key)
            return _page(request, "recovery_codes", FactorForm(), codes=codes, next=target)
    setup = start_second_factor(person_id=person.id, now=now)
    import segno

    picture = segno.make(setup.uri, error="m").svg_inline(scale=5, border=2, dark="#000", light="#fff")
    secret = " ".join(setup.secret[at : at + 4] for at in range(0, len(setup.secret), 4))
    return _page(request, "set_up", form, refusal, picture=picture, secret=secret, next=target)


@person_required
@require_POST
def recovery_codes(request: HttpRequest) -> HttpResponse:
    return _with_code(request, "recovery_codes")


@person_required
@require_POST
def turn_off(request: HttpRequest) -> HttpResponse:
    return _with_code(request, "turn_off")


def _with_code(request: HttpRequest, act: str) -> HttpResponse:
    form = FactorForm(request.POST)
    person = _person(request)
    if not form.is_valid():
        return _overview(request, NewPasswordForm())
    now = clock.now()
    code = form.cleaned_data["code"]
    try:
        if act == "recovery_codes":
            codes = new_recovery_codes(person_id=person.id, code=code, now=now)
            return _page(request, "recovery_codes", form, codes=codes, next=reverse("identity:security"))
        turn_off_second_factor(person_id=person.id, code=code, now=now)
    except Refusal as refusal:
        return _overview(request, NewPasswordForm(), refusal)
    request.session.pop(SECOND_FACTOR, None)
    messages.success(request, _("The second factor is off."))
    return redirect("identity:security")


def _person(request: HttpRequest) -> Person:
    return request.person  # type: ignore[attr-defined,no-any-return]


def _factor_is_missing(request: HttpRequest) -> bool:
    return queries.has_second_factor(_person(request).id) and not is_confirmed(request)


def _to_factor(name: str) -> HttpResponse:
    return HttpResponseRedirect(f"{reverse('identity:second-factor')}?{urlencode({'next': reverse(name)})}")


def _overview(request: HttpRequest, form: NewPasswordForm, refusal: Refusal | None = None) -> HttpResponse:
    person = _person(request)
    factor_form = FactorForm(auto_id="factor_%s")
    factor_form.fields["code"].widget.attrs.pop("autofocus")
    return _page(
        request,
        "security",
        form,
        refusal,
        person=person,
        security=queries.security(person.id),
        sessions=queries.sessions(person.id, current_key=request.session.session_key),
        factor_form=factor_form,
    )


def _page(request: HttpRequest, name: str, form: Any, refusal: Refusal | None = None, **extra: Any) -> HttpResponse:
    status = refusal.status if refusal else 422 if form.is_bound and form.errors else 200
    context = {"form": form, "refusal": refusal and refusal_text(refusal), **extra}
    return render(request, f"identity/{name}.html", context, status=status)
