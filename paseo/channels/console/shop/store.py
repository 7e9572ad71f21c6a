"""The store itself: what people read about it, how it works, whether it takes orders now."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext, gettext_noop
from django.views.decorators.http import require_http_methods, require_POST

from paseo.capabilities.directory import operations as directory
from paseo.capabilities.directory import queries as places
from paseo.capabilities.directory.values import Address, StoreCard
from paseo.channels.console.desk import desk, scope_of, staff, store_of
from paseo.channels.console.shop.forms import NewStoreForm, StoreForm, language_names
from paseo.kernel import clock
from paseo.kernel.errors import N_, Invalid, NotFound, Refusal
from paseo.kernel.ids import new_id
from paseo.platform.identity.web import safe_next
from paseo.platform.tenancy.values import Scope
from paseo.platform.ui.values import Tab

PAUSES = (15, 30, 60, 120)
_TABS = (
    ("store", gettext_noop("About"), "store.edit"),
    ("store-hours", gettext_noop("Hours"), "store.edit"),
    ("store-look", gettext_noop("Front"), "store.edit"),
    ("staff", gettext_noop("People"), "staff.edit"),
    ("keys", gettext_noop("Keys"), "keys.edit"),
    ("ready", gettext_noop("Readiness"), "store.edit"),
)


def tabs(scope: Scope, current: str, *, live: bool = True) -> list[Tab]:
    """The pages about the store that this person may open; what is still missing comes first until the shop is live."""
    order = _TABS if live else sorted(_TABS, key=lambda tab: tab[0] != "ready")
    return [
        Tab(gettext(words), reverse(f"console:{name}", args=[scope.tenant_id]), current=name == current)
        for name, words, right in order
        if scope.holds(right)
    ]


def store_desk(request: HttpRequest, page: str, **context: Any) -> dict[str, Any]:
    store = store_of(request)
    live = store is not None and store.merchant_state == "live"
    return desk(request, "store", tabs=tabs(scope_of(request), page, live=live), **context)


@require_http_methods(["GET", "POST"])
@staff("store.edit")
def edit(request: HttpRequest, tenant_id: UUID) -> HttpResponse:
    store = store_of(request)
    if store is None:
        return HttpResponseRedirect(reverse("console:store-new", args=[tenant_id]))
    form = StoreForm(request.POST or None, initial=StoreForm.of(store))
    if request.method == "POST" and form.is_valid():
        try:
            _save(scope_of(request), store, form.cleaned_data)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, gettext("Saved. Customers see it now."))
            return HttpResponseRedirect(reverse("console:store", args=[tenant_id]), status=303)
    form.focus_first_problem()
    status = 422 if form.errors else 200
    return render(request, "console/shop/store.html", store_desk(request, "store", form=form), status=status)


def _save(scope: Scope, store: StoreCard, given: dict[str, Any]) -> None:
    address = Address(
        given["street"],
        given["house_number"],
        given["postal_code"],
        given["city"],
        given["country"],
        given["level"],
    )
    own = next((language for language in store.name if language not in language_names()), given["country"].lower())
    directory.edit_store(
        merchant_id=scope.tenant_id,
        store_id=store.id,
        changes={
            "name": {**_texts(store.name, given, "name"), **({own: given["name_own"]} if given["name_own"] else {})},
            "description": _texts(store.description, given, "description"),
            "category": given["category"],
            "address": address,
            "region": given["country"]
            if not store.region or given["country"] != store.address.country
            else store.region,
            "point": given["position"],
            "phone": given["phone"],
            "website": given["website"],
            "services": given["services"],
            "prep_minutes": given["prep_minutes"],
            "auto_accept": given["auto_accept"],
        },
        now=clock.now(),
        actor=scope.actor,
    )


def _texts(before: dict[str, str], given: dict[str, Any], field: str) -> dict[str, str]:
    """The three languages of the form. Others stay as they are, except the place's own name, which has a field."""
    languages = {"en": f"{field}_en", "zh-hans": f"{field}_zh_hans", "es": f"{field}_es"}
    others = [language for language in before if language not in languages]
    kept = {language: before[language] for language in (others[1:] if field == "name" else others)}
    return {**kept, **{language: given[name] for language, name in languages.items() if given[name]}}


@require_http_methods(["GET", "POST"])
@staff("store.edit")
def new(request: HttpRequest, tenant_id: UUID) -> HttpResponse:
    """Another store. The same form twice is one store."""
    scope = scope_of(request)
    if scope.place_ids is not None:
        raise NotFound
    merchant = places.merchant(tenant_id)
    form = NewStoreForm(request.POST or None, initial={"country": merchant.country or "FI"})
    if request.method == "POST" and form.is_valid():
        try:
            store_id = add_first(
                scope.actor, tenant_id, _id(request.POST.get("store_id", "")), form.cleaned_data, clock.now()
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, gettext("The store is there. Fill in its week next."))
            return HttpResponseRedirect(
                f"{reverse('console:store-hours', args=[tenant_id])}?store={store_id}", status=303
            )
    form.focus_first_problem()
    context = store_desk(request, "store", form=form, new_id=request.POST.get("store_id") or new_id())
    return render(request, "console/shop/store_new.html", context, status=422 if form.errors else 200)


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return new_id()


def add_first(actor: str, merchant_id: UUID, store_id: UUID, given: dict[str, Any], now: datetime) -> UUID:
    """A store from the short form; one that is there already under this id is left as it is. Refuses NotFound for an id
    of somebody else's store."""
    known = places.stores([store_id]).get(store_id)
    if known is not None:
        if known.merchant_id != merchant_id:
            raise NotFound
        return store_id
    return directory.add_store(
        merchant_id=merchant_id,
        store_id=store_id,
        name={get_language() or "en": given["name"]},
        category=given["category"],
        point=given["position"],
        address=Address(
            given["street"],
            given["house_number"],
            given["postal_code"],
            given["city"],
            given["country"],
            given["level"],
        ),
        hours=given["hours"],
        now=now,
        actor=actor,
    )


@require_POST
@staff("store.edit")
def pause(request: HttpRequest, tenant_id: UUID) -> HttpResponse:
    """Takes no orders for some minutes, or until somebody opens again."""
    store, now = store_of(request), clock.now()
    if store is None:
        raise NotFound
    minutes = request.POST.get("minutes", "")
    if minutes and (not minutes.isdecimal() or int(minutes) not in PAUSES):
        raise Invalid(fields={"minutes": N_("Choose how long the pause lasts.")})
    directory.pause_store(
        merchant_id=tenant_id,
        store_id=store.id,
        now=now,
        actor=scope_of(request).actor,
        until=now + timedelta(minutes=int(minutes)) if minutes else None,
        reason=request.POST.get("reason", "").strip(),
    )
    messages.success(request, gettext("Paused. Orders in hand go on, new ones are not taken."))
    return _return(request, tenant_id)


@require_POST
@staff("store.edit")
def open_again(request: HttpRequest, tenant_id: UUID) -> HttpResponse:
    store = store_of(request)
    if store is None:
        raise NotFound
    directory.open_store(merchant_id=tenant_id, store_id=store.id, now=clock.now(), actor=scope_of(request).actor)
    messages.success(request, gettext("Open. Your lights are on within your hours."))
    return _return(request, tenant_id)


def _return(request: HttpRequest, tenant_id: UUID) -> HttpResponse:
    return HttpResponseRedirect(safe_next(request, reverse("console:today", args=[tenant_id])), status=303)
