"""Changing the address by which one signs in: the new one, then the code that was sent there."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from paseo.kernel import clock
from paseo.kernel.errors import Refusal
from paseo.platform.identity import queries
from paseo.platform.identity.addresses import network_of
from paseo.platform.identity.models import Person
from paseo.platform.identity.operations import finish_email_change, start_email_change
from paseo.platform.identity.web.access import is_confirmed, person_required
from paseo.platform.identity.web.forms import CodeForm, NewAddressForm
from paseo.platform.ui.text import refusal_text

STARTED = "identity.new_address"
"""In the session: the address that is to be, and the attempt whose code is awaited."""


@person_required
@require_http_methods(["GET", "POST"])
def new_address(request: HttpRequest) -> HttpResponse:
    """Asks for the new address and sends a code there. With a second factor it must have been given."""
    person: Person = request.person  # type: ignore[attr-defined]
    if queries.has_second_factor(person.id) and not is_confirmed(request):
        back = urlencode({"next": reverse("identity:new-address")})
        return HttpResponseRedirect(f"{reverse('identity:second-factor')}?{back}")
    form = NewAddressForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        email = form.cleaned_data["email"]
        try:
            attempt = start_email_change(
                person_id=person.id,
                email=email,
                now=clock.now(),
                locale=get_language() or "en",
                network=network_of(request),
            )
        except Refusal as refusal:
            return _page(request, "new_address", form, refusal, person=person)
        request.session[STARTED] = {"email": email.strip().lower(), "attempt": str(attempt)}
        return redirect("identity:new-address-code")
    return _page(request, "new_address", form, person=person)


@person_required
@require_http_methods(["GET", "POST"])
def confirm(request: HttpRequest) -> HttpResponse:
    """Takes the six digits; from then on the new address is the one."""
    started = request.session.get(STARTED)
    if started is None:
        return redirect("identity:new-address")
    person: Person = request.person  # type: ignore[attr-defined]
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            email = finish_email_change(
                person_id=person.id,
                attempt=UUID(started["attempt"]),
                code=form.cleaned_data["code"],
                now=clock.now(),
            )
        except Refusal as refusal:
            return _page(request, "new_address_code", form, refusal, email=started["email"])
        del request.session[STARTED]
        messages.success(request, _("From now on you sign in with %(email)s.") % {"email": email})
        return redirect("identity:security")
    return _page(request, "new_address_code", form, email=started["email"])


def _page(request: HttpRequest, name: str, form: Any, refusal: Refusal | None = None, **extra: Any) -> HttpResponse:
    status = refusal.status if refusal else 422 if form.is_bound and form.errors else 200
    context = {"form": form, "refusal": refusal and refusal_text(refusal), **extra}
    return render(request, f"identity/{name}.html", context, status=status)
