"""Who works here: hiring by e-mail address, roles in plain words, and the end, which counts at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext, gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from paseo.capabilities.directory import operations as directory
from paseo.capabilities.directory import queries as places
from paseo.capabilities.directory.values import StoreCard
from paseo.channels.console.desk import own_store, scope_of, staff, stores_of
from paseo.channels.console.shop.forms import DeskForm
from paseo.channels.console.shop.store import store_desk
from paseo.kernel import clock
from paseo.kernel.errors import NotFound, Refusal
from paseo.kernel.ids import new_id
from paseo.platform.audit.operations import record
from paseo.platform.db.unit import unit
from paseo.platform.idempotency.replay import replay_or_run
from paseo.platform.identity import operations as identity
from paseo.platform.identity import queries as persons
from paseo.platform.tenancy import queries as tenants
from paseo.platform.tenancy.refusals import SecondFactorNeeded
from paseo.platform.tenancy.roles import ROLES
from paseo.platform.tenancy.values import Scope
from paseo.platform.ui.formatting import localized

OFFERED = ("cashier", "kitchen", "manager", "owner")


@dataclass(frozen=True, slots=True)
class Hand:
    """One person who works here, with everything they hold."""

    person_id: UUID
    name: str
    email: str
    roles: tuple[str, ...]
    since: datetime
    is_me: bool


def _role_words() -> list[tuple[str, str, str]]:
    """(key, name, what it may do) of the roles that a shop gives."""
    does = {
        "cashier": gettext("Sees orders, verifies codes, hands over. Does not see the shop's money."),
        "kitchen": gettext("Sees orders and works on them. Verifies nothing, sees no money."),
        "manager": gettext(
            "Runs the store: menu, prices, stock, tickets, people. Sees the money, cannot give it back."
        ),
        "owner": gettext("May do everything, also give money back and make keys. For all stores."),
    }
    return [(key, gettext(ROLES[key].name), does[key]) for key in OFFERED]


class HireForm(DeskForm):
    email = forms.EmailField(label=gettext_lazy("E-mail address"), max_length=200)
    name = forms.CharField(label=gettext_lazy("Name"), max_length=120, required=False)
    role = forms.ChoiceField(label=gettext_lazy("Role"), widget=forms.RadioSelect)
    place = forms.ChoiceField(label=gettext_lazy("Where"), required=False)

    def __init__(self, *args: Any, stores: list[StoreCard], everywhere: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [(key, name) for key, name, _ in _role_words()]  # type: ignore[attr-defined]
        choices = [(str(card.id), localized(card.name)) for card in stores]
        if everywhere:
            choices.insert(0, ("", gettext("In all stores")))
        self.fields["place"].choices = choices  # type: ignore[attr-defined]


@require_http_methods(["GET", "POST"])
@staff("staff.edit")
def staff_page(request: HttpRequest, tenant_id: UUID) -> HttpResponse:
    scope = scope_of(request)
    given = request.POST if request.method == "POST" else None
    form = HireForm(given, stores=stores_of(request), everywhere=scope.place_ids is None, initial={"role": "cashier"})
    if given is not None and form.is_valid():
        try:
            _hire(request, scope, form.cleaned_data)
        except SecondFactorNeeded:
            raise
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(
                request,
                gettext("%(email)s works here now. A letter is on its way.") % {"email": form.cleaned_data["email"]},
            )
            return HttpResponseRedirect(reverse("console:staff", args=[tenant_id]), status=303)
    form.focus_first_problem()
    context = store_desk(
        request,
        "staff",
        form=form,
        hands=_hands(scope, {card.id: card for card in stores_of(request)}),
        roles=_role_words(),
        form_id=request.POST.get("form_id") or new_id(),
    )
    return render(request, "console/shop/staff.html", context, status=422 if form.errors else 200)


def _hire(request: HttpRequest, scope: Scope, given: dict[str, Any]) -> None:
    """The same form twice hires once and writes one letter."""
    place = own_store(request, UUID(given["place"])).id if given["place"] and given["role"] != "owner" else None

    def hire() -> tuple[int, Any]:
        grant_id = identity.hire(
            email=given["email"],
            tenant_id=scope.tenant_id,
            role=given["role"],
            now=clock.now(),
            by=scope,
            name=given["name"],
            place_id=place,
            locale=get_language() or "en",
        )
        return 200, str(grant_id)

    key = request.POST.get("form_id") or str(new_id())
    said = f"{given['email']}|{given['role']}|{place}".encode()
    replay_or_run(f"console.hire:{scope.tenant_id}", key, said, hire)


def _hands(scope: Scope, stores: dict[UUID, StoreCard]) -> list[Hand]:
    grants = places.staff(scope.tenant_id)
    if scope.place_ids is not None:
        grants = [grant for grant in grants if grant.place_id in scope.place_ids]
    known = persons.people({grant.person_id for grant in grants})
    by_person: dict[UUID, list[Any]] = {}
    for grant in grants:
        by_person.setdefault(grant.person_id, []).append(grant)
    hands = []
    for person_id, held in by_person.items():
        person = known.get(person_id)
        hands.append(
            Hand(
                person_id=person_id,
                name=person.label if person else "",
                email=(person.email or "") if person else "",
                roles=tuple(_where(grant, stores) for grant in held),
                since=min(grant.granted_at for grant in held),
                is_me=person_id == scope.person_id,
            )
        )
    return hands


def _where(grant: Any, stores: dict[UUID, StoreCard]) -> str:
    role = gettext(ROLES[grant.role].name) if grant.role in ROLES else grant.role
    if grant.place_id is None:
        return gettext("%(role)s in all stores") % {"role": role}
    store = stores.get(grant.place_id)
    return gettext("%(role)s in %(store)s") % {"role": role, "store": localized(store.name) if store else "–"}


@require_POST
@staff("staff.edit")
def end(request: HttpRequest, tenant_id: UUID, person_id: UUID) -> HttpResponse:
    """Takes all roles back; the next request of that person, on every device, is refused. Again: nothing.
    Refuses NotFound for somebody who never worked here."""
    scope, now = scope_of(request), clock.now()
    person = persons.people([person_id]).get(person_id)
    if person is None or not any(one.tenant_id == tenant_id for one in tenants.grants_of(person_id, with_revoked=True)):
        raise NotFound
    with unit():
        ended = directory.dismiss_staff(merchant_id=tenant_id, person_id=person_id, now=now, by=scope)
        if ended:
            record(scope.actor, "tenancy.dismissed", f"person:{person_id}", tenant_id=tenant_id, at=now)
    messages.success(request, gettext("%(name)s has no access any more, on no device.") % {"name": person.label})
    return HttpResponseRedirect(reverse("console:staff", args=[tenant_id]), status=303)
