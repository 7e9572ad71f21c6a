"""Webhooks of a shop, under its keys: where programs are told what happens, and what became of each message.

The operator's page is the same one in another frame, see ``city.webhooks``.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST

from paseo.channels.console.desk import scope_of, staff
from paseo.channels.console.shop.forms import DeskForm
from paseo.channels.console.shop.store import store_desk
from paseo.kernel import clock
from paseo.kernel.errors import NotFound, Refusal
from paseo.kernel.ids import new_id
from paseo.platform.idempotency.replay import replay_or_run
from paseo.platform.tenancy.refusals import SecondFactorNeeded
from paseo.platform.tenancy.values import Scope
from paseo.platform.webhooks import operations, queries
from paseo.platform.webhooks.audience import offered, right_for
from paseo.platform.webhooks.values import MessageView

SHOWN = 50
KINDS = {
    "ordering": gettext_lazy("Orders"),
    "fulfillment": gettext_lazy("Hand-over"),
    "payments": gettext_lazy("Payments"),
    "vouchers": gettext_lazy("Tickets"),
    "catalog": gettext_lazy("Menu"),
    "pricing": gettext_lazy("Prices"),
    "inventory": gettext_lazy("Stock"),
    "care": gettext_lazy("Reviews"),
    "directory": gettext_lazy("The store itself"),
}


@dataclass(frozen=True)
class Room:
    """In whose frame the page stands: ``desk`` makes the context, ``prefix`` begins the names of its routes."""

    base: str
    prefix: str
    desk: Callable[..., dict[str, Any]]
    args: tuple[Any, ...] = ()

    def url(self, name: str, *args: Any) -> str:
        return reverse(f"console:{self.prefix}{name}", args=[*self.args, *args])

    def show(self, request: HttpRequest, template: str, *, status: int = 200, **context: Any) -> HttpResponse:
        shown = self.desk(request, "keys", base=self.base, room_home=self.url("webhooks"), **context)
        return render(request, f"console/webhooks/{template}.html", shown, status=status)


def shop_room(tenant_id: UUID) -> Room:
    return Room("console/shop.html", "", store_desk, (tenant_id,))


class EndpointForm(DeskForm):
    name = forms.CharField(
        label=gettext_lazy("What is it for"), max_length=80, help_text=gettext_lazy("The program that listens there.")
    )
    url = forms.CharField(
        label=gettext_lazy("Address"),
        max_length=500,
        help_text=gettext_lazy("Where events are posted to. It begins with https:// and is public."),
        widget=forms.TextInput(attrs={"inputmode": "url", "spellcheck": "false", "autocapitalize": "off"}),
    )
    types = forms.MultipleChoiceField(label=gettext_lazy("It is told about"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, scope: Scope, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.groups = [
            (f"{word}.*", KINDS[word], types)
            for word, types in offered().items()
            if scope.holds(right_for(types[0]) or "")
        ]
        self.fields["types"].choices = [  # type: ignore[attr-defined]
            (value, value) for whole, _, types in self.groups for value in (whole, *types)
        ]

    def chosen(self) -> list[tuple[str, Any, bool, list[tuple[str, bool]]]]:
        """Per kind: what stands for all of it, its words, whether that is chosen, and each type with its mark."""
        marked = set(self["types"].value() or ())
        return [
            (whole, words, whole in marked, [(name, name in marked) for name in types])
            for whole, words, types in self.groups
        ]


def listing_page(request: HttpRequest, room: Room) -> HttpResponse:
    """The answer to the form shows the secret, this once; the same form again makes no second endpoint."""
    scope, now = scope_of(request), clock.now()
    given = request.POST if request.method == "POST" else None
    form = EndpointForm(given, scope=scope, initial={"types": ["ordering.*"]})
    secret = ""
    if given is not None and form.is_valid():
        try:
            secret = _add(request, scope, form.cleaned_data)
        except SecondFactorNeeded:
            raise
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            if not secret:
                messages.success(request, gettext("This webhook was added already. Its secret is shown only once."))
                return HttpResponseRedirect(room.url("webhooks"), status=303)
            form = EndpointForm(scope=scope, initial={"types": ["ordering.*"]})
    form.focus_first_problem()
    return room.show(
        request,
        "webhooks",
        form=form,
        secret=secret,
        lines=[(one, room.url("webhook", one.id)) for one in queries.endpoints(scope=scope, now=now)],
        form_id=new_id() if secret else request.POST.get("form_id") or new_id(),
        status=422 if form.errors else 200,
    )


def _add(request: HttpRequest, scope: Scope, given: dict[str, Any]) -> str:
    """The secret of a new endpoint, empty when this form has made one before. What is kept does not hold it."""
    shown: list[str] = []

    def add() -> tuple[int, Any]:
        issued = operations.add_endpoint(
            by=scope, url=given["url"], types=given["types"], name=given["name"], now=clock.now()
        )
        shown.append(issued.secret)
        return 200, str(issued.id)

    form_id = request.POST.get("form_id") or str(new_id())
    said = f"{given['name']}|{given['url']}|{sorted(given['types'])}".encode()
    replay_or_run(f"console.webhook:{scope.tenant_id}", form_id[:200], said, add)
    return shown[0] if shown else ""


def endpoint_page(request: HttpRequest, room: Room, endpoint_id: UUID, *, secret: str = "") -> HttpResponse:
    """What was sent to one endpoint, how it was answered, and what can be done. POST changes the endpoint."""
    scope, now = scope_of(request), clock.now()
    endpoint = queries.endpoint(endpoint_id, scope=scope, now=now)
    given = request.POST if request.method == "POST" and not secret else None
    initial = {"name": endpoint.name, "url": endpoint.url, "types": list(endpoint.types)}
    form = EndpointForm(given, scope=scope, initial=initial)
    if given is not None and form.is_valid():
        try:
            operations.edit_endpoint(by=scope, endpoint_id=endpoint_id, now=now, **form.cleaned_data)
        except SecondFactorNeeded:
            raise
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, gettext("Saved. It applies from the next message on."))
            return HttpResponseRedirect(room.url("webhook", endpoint_id), status=303)
    form.focus_first_problem()
    state = request.GET.get("state", "")
    if state not in {"", "waiting", "delivered", "dead"}:
        raise NotFound
    before = request.GET.get("before", "")
    sent = queries.messages(
        endpoint_id,
        scope=scope,
        now=now,
        state=state,
        before=int(before) if before.isascii() and before.isdigit() and len(before) < 19 else None,
        limit=SHOWN,
    )
    return room.show(
        request,
        "webhook",
        form=form,
        endpoint=endpoint,
        secret=secret,
        here=room.url("webhook", endpoint_id),
        acts={act: room.url("webhook-act", endpoint_id, act) for act in _ACTS},
        messages_sent=[_told(one, room.url("webhook-again", endpoint_id, one.id)) for one in sent],
        state=state,
        more=f"?state={state}&before={sent[-1].seq}" if len(sent) == SHOWN else "",
        status=422 if form.errors else 200,
    )


def _told(message: MessageView, again: str) -> dict[str, Any]:
    body = json.dumps(json.loads(message.body), indent=2, ensure_ascii=False) if message.body else ""
    return {"message": message, "body": body, "again": again}


def _ping(scope: Scope, endpoint_id: UUID) -> str:
    operations.ping(by=scope, endpoint_id=endpoint_id, now=clock.now())
    return gettext("A test event is on its way. Its answer stands here within seconds.")


def _on(scope: Scope, endpoint_id: UUID) -> str:
    operations.switch_on(by=scope, endpoint_id=endpoint_id, now=clock.now())
    return gettext("Switched on. What waited goes out in its order.")


def _off(scope: Scope, endpoint_id: UUID) -> str:
    operations.switch_off(by=scope, endpoint_id=endpoint_id, now=clock.now())
    return gettext("Switched off. Nothing more is sent, and what waits stays.")


def _again(scope: Scope, endpoint_id: UUID) -> str:
    count = operations.send_again(by=scope, endpoint_id=endpoint_id, now=clock.now())
    said = ngettext("%(count)s message is sent again.", "%(count)s messages are sent again.", count)
    return said % {"count": count}


_ACTS: dict[str, Callable[[Scope, UUID], str] | None] = {
    "ping": _ping,
    "on": _on,
    "off": _off,
    "again": _again,
    "rotate": None,
    "remove": None,
}


def act_page(request: HttpRequest, room: Room, endpoint_id: UUID, act: str) -> HttpResponse:
    """One press on one endpoint. Refuses NotFound for an act that there is not."""
    if act not in _ACTS:
        raise NotFound
    scope = scope_of(request)
    if act == "rotate":
        secret = operations.rotate_secret(by=scope, endpoint_id=endpoint_id, now=clock.now())
        return endpoint_page(request, room, endpoint_id, secret=secret)
    if act == "remove":
        operations.remove_endpoint(by=scope, endpoint_id=endpoint_id, now=clock.now())
        messages.success(request, gettext("The webhook is removed. Nothing more is sent there."))
        return HttpResponseRedirect(room.url("webhooks"), status=303)
    run = _ACTS[act]
    assert run is not None
    messages.success(request, run(scope, endpoint_id))
    return HttpResponseRedirect(room.url("webhook", endpoint_id), status=303)


def again_page(request: HttpRequest, room: Room, endpoint_id: UUID, message_id: UUID) -> HttpResponse:
    """Sends one message once more, with the same id."""
    operations.send_again(by=scope_of(request), endpoint_id=endpoint_id, message_id=message_id, now=clock.now())
    messages.success(request, gettext("The message is sent again, with the same id."))
    return HttpResponseRedirect(room.url("webhook", endpoint_id), status=303)


@require_http_methods(["GET", "POST"])
@staff("keys.edit")
def webhooks(request: HttpRequest, tenant_id: UUID) -> HttpResponse:
    return listing_page(request, shop_room(tenant_id))


@require_http_methods(["GET", "POST"])
@staff("keys.edit")
def webhook(request: HttpRequest, tenant_id: UUID, endpoint_id: UUID) -> HttpResponse:
    return endpoint_page(request, shop_room(tenant_id), endpoint_id)


@require_POST
@staff("keys.edit")
def act(request: HttpRequest, tenant_id: UUID, endpoint_id: UUID, act: str) -> HttpResponse:
    return act_page(request, shop_room(tenant_id), endpoint_id, act)


@require_POST
@staff("keys.edit")
def again(request: HttpRequest, tenant_id: UUID, endpoint_id: UUID, message_id: UUID) -> HttpResponse:
    return again_page(request, shop_room(tenant_id), endpoint_id, message_id)
