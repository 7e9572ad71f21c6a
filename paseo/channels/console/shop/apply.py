"""The way in for a new merchant: who they are and their first shop, on one page that a phone fills in."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from paseo.capabilities.directory import operations as directory
from paseo.channels.console.shop.forms import NewStoreForm
from paseo.channels.console.shop.store import add_first
from paseo.kernel import clock
from paseo.kernel.errors import Refusal
from paseo.kernel.ids import new_id, stable_id
from paseo.platform.db.unit import unit
from paseo.platform.identity.web import current_scopes, person_required


class ApplyForm(NewStoreForm):
    """``business_id`` is the number in the register of companies."""

    legal_name = forms.CharField(label=gettext_lazy("Name of the business, as registered"), max_length=200)
    business_id = forms.CharField(label=gettext_lazy("Business number"), max_length=60)
    email = forms.EmailField(label=gettext_lazy("E-mail for business letters"), max_length=200)
    phone = forms.CharField(label=gettext_lazy("Telephone"), max_length=40, required=False)


@require_http_methods(["GET", "POST"])
@person_required
def apply(request: HttpRequest) -> HttpResponse:
    """Makes the merchant with its first store, or neither. The same form twice is one application."""
    person = request.person  # type: ignore[attr-defined]
    initial = {"email": person.email or "", "phone": person.phone, "country": "FI"}
    form = ApplyForm(request.POST or None, initial=initial)
    form_id = request.POST.get("form_id") or str(new_id())
    if request.method == "POST" and form.is_valid():
        # The ids belong to this person and this form, so that a second press, and nobody else, meets them again.
        merchant_id, store_id = (
            stable_id("application", person.id, form_id),
            stable_id("first store", person.id, form_id),
        )
        try:
            _apply(person.id, merchant_id, store_id, form.cleaned_data, clock.now())
        except IntegrityError:
            if not any(scope.tenant_id == merchant_id for scope in current_scopes(request)):
                raise
        except Refusal as refusal:
            form.refuse(refusal)
        if not form.errors:
            return HttpResponseRedirect(reverse("console:ready", args=[merchant_id]), status=303)
    form.focus_first_problem()
    firms = [scope for scope in current_scopes(request) if scope.kind == "merchant"]
    context = {"form": form, "form_id": form_id, "firms": firms}
    return render(request, "console/shop/apply.html", context, status=422 if form.errors else 200)


def _apply(person_id: UUID, merchant_id: UUID, store_id: UUID, given: dict[str, Any], now: datetime) -> None:
    actor = f"person:{person_id}"
    with unit():
        directory.apply_merchant(
            merchant_id=merchant_id,
            legal_name=given["legal_name"],
            business_id=given["business_id"],
            country=given["country"],
            email=given["email"],
            phone=given["phone"],
            applicant_id=person_id,
            now=now,
            actor=actor,
        )
        add_first(actor, merchant_id, store_id, given, now)
