"""A person's own page: who they are here, what they agreed to, what they can take along or end."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from paseo.channels.storefront.context import frame
from paseo.kernel.errors import Invalid
from paseo.platform.consent import queries as consent
from paseo.platform.consent.purposes import PURPOSES
from paseo.platform.identity import operations as identity
from paseo.platform.identity.web import current_person, current_scopes, person_required, visitor_of
from paseo.platform.notices import queries as notices


class ProfileForm(forms.Form):
    name = forms.CharField(label=pgettext_lazy("a person's", "Name"), max_length=100, required=False)
    phone = forms.CharField(label=_("Phone"), max_length=20, required=False)
    locale = forms.ChoiceField(label=_("Language of your letters and pages"), choices=settings.LANGUAGES)


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """For somebody signed in, their account; for a guest, what can be done without one."""
    person = current_person(request)
    context: dict[str, Any] = frame("me", person=person)
    if person is not None:
        given = consent.state(person_id=person.id)
        context |= {
            "unread": notices.unread(person.id),
            "works_for": bool(current_scopes(request)),
            "agreed": [gettext(PURPOSES[key].name) for key, yes in given.items() if yes and PURPOSES[key].asks],
        }
    else:
        context["known"] = visitor_of(request) is not None
    response = render(request, "storefront/me.html", context)
    response["Cache-Control"] = "private, no-store"
    return response


@person_required
@require_http_methods(["GET", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    person = current_person(request)
    assert person is not None
    if request.method == "GET":
        form = ProfileForm(initial={"name": person.name, "phone": person.phone or "", "locale": person.locale})
        return render(request, "storefront/profile.html", frame("me", form=form, person=person))
    form = ProfileForm(request.POST)
    if form.is_valid():
        try:
            identity.edit_profile(person_id=person.id, **form.cleaned_data)
        except Invalid as refusal:
            for name, words in refusal.fields.items():
                form.add_error(name if name in form.fields else None, gettext(str(words)))
    if form.errors:
        return render(request, "storefront/profile.html", frame("me", form=form, person=person), status=422)
    with translation.override(form.cleaned_data["locale"]):
        messages.success(request, gettext("Saved."))
    response = HttpResponseRedirect(reverse("storefront:me"), status=303)
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        form.cleaned_data["locale"],
        max_age=31_536_000,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return response
