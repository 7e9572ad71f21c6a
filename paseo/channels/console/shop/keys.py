"""Keys for other programs: made with some of one's own rights, shown once, taken back at once."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from paseo.capabilities.directory.values import StoreCard
from paseo.channels.console.desk import own_store, scope_of, staff, stores_of
from paseo.channels.console.shop.forms import DeskForm
from paseo.channels.console.shop.store import store_desk
from paseo.kernel import clock
from paseo.kernel.errors import Refusal
from paseo.kernel.ids import new_id
from paseo.platform.audit.operations import record
from paseo.platform.db.unit import unit
from paseo.platform.idempotency.replay import replay_or_run
from paseo.platform.tenancy import operations as tenancy
from paseo.platform.tenancy import queries as tenants
from paseo.platform.tenancy.refusals import SecondFactorNeeded
from paseo.platform.ui.formatting import localized

NAMED = {
    "orders.see": gettext_lazy("Read orders"),
    "orders.act": gettext_lazy("Accept, prepare and hand over orders"),
    "codes.verify": gettext_lazy("Verify codes"),
    "catalog.edit": gettext_lazy("Change the menu"),
    "prices.edit": gettext_lazy("Change prices"),
    "stock.edit": gettext_lazy("Change stock"),
    "vouchers.edit": gettext_lazy("Change tickets"),
    "store.edit": gettext_lazy("Change the store"),
    "insight.see": gettext_lazy("Read numbers"),
    "money.see": gettext_lazy("Read the money"),
    "money.act": gettext_lazy("Give money back"),
}
"""What a key may be made for; never for people or for other keys."""


class KeyForm(DeskForm):
    name = forms.CharField(
        label=gettext_lazy("What is it for"), max_length=80, help_text=gettext_lazy("The program that will use it.")
    )
    rights = forms.MultipleChoiceField(label=gettext_lazy("It may"), widget=forms.CheckboxSelectMultiple)
    place = forms.ChoiceField(label=gettext_lazy("Where"), required=False)

    def __init__(
        self, *args: Any, stores: list[StoreCard], rights: frozenset[str], everywhere: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["rights"].choices = [(key, words) for key, words in NAMED.items() if key in rights]  # type: ignore[attr-defined]
        choices = [(str(card.id), localized(card.name)) for card in stores]
        if everywhere:
            choices.insert(0, ("", gettext("In all stores")))
        self.fields["place"].choices = choices  # type: ignore[attr-defined]


@require_http_methods(["GET", "POST"])
@staff("keys.edit")
def keys(request: HttpRequest, tenant_id: UUID) -> HttpResponse:
    """The answer to the form shows the key itself, this once; the same form again does not make a second one."""
    scope = scope_of(request)
    given = request.POST if request.method == "POST" else None
    held = frozenset(right for right in NAMED if scope.holds(right))
    form = KeyForm(given, stores=stores_of(request), rights=held, everywhere=scope.place_ids is None)
    issued: str = ""
    if given is not None and form.is_valid():
        try:
            issued = _issue(request, form.cleaned_data)
        except SecondFactorNeeded:
            raise
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            if not issued:
                messages.success(request, gettext("This key was made already. It is shown only once."))
                return HttpResponseRedirect(reverse("console:keys", args=[tenant_id]), status=303)
            form = KeyForm(stores=stores_of(request), rights=held, everywhere=scope.place_ids is None)
    form.focus_first_problem()
    context = store_desk(
        request,
        "keys",
        form=form,
        issued=issued,
        keys=[(key, [NAMED.get(right, right) for right in key.rights]) for key in tenants.keys_of(tenant_id)],
        form_id=new_id() if issued else request.POST.get("form_id") or new_id(),
    )
    return render(request, "console/shop/keys.html", context, status=422 if form.errors else 200)


def _issue(request: HttpRequest, given: dict[str, Any]) -> str:
    """The text of a new key, empty when this form has made one before. What is kept does not hold the text."""
    scope, now = scope_of(request), clock.now()
    place = own_store(request, UUID(given["place"])).id if given["place"] else None
    shown: list[str] = []

    def issue() -> tuple[int, Any]:
        key = tenancy.issue_key(
            by=scope,
            name=given["name"],
            rights=frozenset(given["rights"]),
            now=now,
            place_ids=frozenset({place}) if place else None,
        )
        after = {"name": given["name"], "rights": sorted(given["rights"])}
        record(scope.actor, "tenancy.key_issued", f"key:{key.id}", tenant_id=scope.tenant_id, after=after, at=now)
        shown.append(key.text)
        return 200, str(key.id)

    form_id = request.POST.get("form_id") or str(new_id())
    said = f"{given['name']}|{sorted(given['rights'])}|{place}".encode()
    replay_or_run(f"console.key:{scope.tenant_id}", form_id, said, issue)
    return shown[0] if shown else ""


@require_POST
@staff("keys.edit")
def revoke(request: HttpRequest, tenant_id: UUID, key_id: UUID) -> HttpResponse:
    """Ends a key at once. Again: nothing. Refuses NotFound for another firm's."""
    scope, now = scope_of(request), clock.now()
    with unit():
        tenancy.revoke_key(by=scope, key_id=key_id, now=now)
        record(scope.actor, "tenancy.key_revoked", f"key:{key_id}", tenant_id=tenant_id, at=now)
    messages.success(request, gettext("The key opens nothing any more."))
    return HttpResponseRedirect(reverse("console:keys", args=[tenant_id]), status=303)
