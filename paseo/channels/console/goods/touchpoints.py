"""Posters, labels, links, tags and screens: what each brought, a new one, and the sheet to print."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from paseo.capabilities.catalog import queries as catalog
from paseo.capabilities.directory import operations, queries
from paseo.capabilities.directory.values import StoreCard, TouchpointView
from paseo.capabilities.insight import queries as insight
from paseo.channels.console.desk import own_store, scope_of, staff, store_of, stores_of
from paseo.channels.console.goods.forms import DeskForm
from paseo.channels.console.goods.product_forms import store_words
from paseo.channels.console.goods.sending import id_in, id_or_404, once, show, to
from paseo.channels.console.goods.words import TOUCHPOINT_ICONS, TOUCHPOINT_KINDS, joined
from paseo.kernel import clock
from paseo.kernel.errors import NotFound, Refusal
from paseo.kernel.money import Money
from paseo.kernel.periods import Period, day_of, day_period
from paseo.platform.ui.formatting import localized

DAYS = 30
MOST_PRINTED = 60


class TouchpointForm(DeskForm):
    """Where it hangs, what it is, and what it opens."""

    kind = forms.ChoiceField(label=_("What is it"), widget=forms.RadioSelect)
    name = forms.CharField(label=_("Name"), max_length=120, help_text=_("Where it hangs, for instance."))
    store = forms.ChoiceField(label=_("Store"))
    target = forms.ChoiceField(label=_("What it opens"), required=False)
    campaign = forms.CharField(
        label=_("Campaign"), max_length=80, required=False, help_text=_("Puts several together in the numbers.")
    )

    def __init__(self, cards: list[StoreCard], *args: object, **more: object) -> None:
        super().__init__(*args, **more)
        self.fields["kind"].choices = [(key, gettext(words)) for key, words in TOUCHPOINT_KINDS.items()]  # type: ignore[attr-defined]
        self.fields["store"].choices = [(str(card.id), store_words(card)) for card in cards]  # type: ignore[attr-defined]
        self.fields["target"].choices = [("", gettext("The page of the store")), *_targets(cards)]  # type: ignore[attr-defined]


def _targets(cards: list[StoreCard]) -> list[tuple[str, list[tuple[str, str]]]]:
    """The pages of what each store sells, by store."""
    return [
        (
            localized(card.name),
            [
                (reverse("storefront:product", args=[card.slug, one.id]), joined(one.names, one.variant_names))
                for one in catalog.browse(card.id, limit=200).items
            ],
        )
        for card in cards
    ]


@dataclass(frozen=True, slots=True)
class Row:
    point: TouchpointView
    kind: str
    icon: str
    store: str
    traffic: int
    orders: int
    amount: Money
    orders_href: str


def _cards(request: HttpRequest) -> list[StoreCard]:
    return [card for card in stores_of(request) if card.state != "closed"]


def _own(request: HttpRequest, touchpoint_id: UUID) -> TouchpointView:
    """Refuses UnknownTouchpoint, NotFound for one of a store where one does not work."""
    found = queries.touchpoint_of(scope_of(request).tenant_id, touchpoint_id)
    if found.store_id is not None:
        own_store(request, found.store_id)
    elif scope_of(request).place_ids is not None:
        raise NotFound
    return found


@require_http_methods(["GET", "POST"])
@staff("insight.see")
def touchpoints(request: HttpRequest, tenant_id: UUID) -> HttpResponse:
    """All of them with what they brought in thirty days; POST makes one."""
    if request.method == "POST":
        scope_of(request).require("store.edit")
    cards = _cards(request)
    if not cards:
        return show(request, "no_store", "insight", tab="touchpoints")
    here = store_of(request)
    form = TouchpointForm(
        cards, request.POST or None, initial={"store": str(here.id) if here else "", "kind": "qr_poster"}
    )
    status = 200
    if request.method == "POST":
        if form.is_valid():
            try:
                made = once(request, lambda: str(_make(request, form)))
            except Refusal as refusal:
                status = form.take(refusal)
            else:
                said = gettext("It is made. Print it, or copy its link.")
                return to(request, "touchpoints", query=f"?made={made}#t-{made}", said=said)
        else:
            status = 422
    rows = _rows(request, cards)
    context = {
        "form": form,
        "rows": [row for row in rows if row.point.active],
        "retired": [row for row in rows if not row.point.active],
        "made": id_in(request.GET.get("made")),
        "days": DAYS,
        "may_edit": scope_of(request).holds("store.edit"),
        "base": request.build_absolute_uri("/").rstrip("/"),
        "tab": "touchpoints",
    }
    return show(request, "touchpoints", "insight", status=status, **context)


def _make(request: HttpRequest, form: TouchpointForm) -> UUID:
    said, scope = form.cleaned_data, scope_of(request)
    return operations.add_touchpoint(
        merchant_id=scope.tenant_id,
        kind=said["kind"],
        name=said["name"],
        store_id=own_store(request, id_or_404(said["store"])).id,
        campaign=said["campaign"],
        target=said["target"],
        now=clock.now(),
        actor=scope.actor,
    )


def _rows(request: HttpRequest, cards: list[StoreCard]) -> list[Row]:
    tenant_id, names = scope_of(request).tenant_id, {card.id: card for card in cards}
    zone = cards[0].zone
    today = day_of(clock.now(), zone)
    period = Period(day_period(today - timedelta(days=DAYS - 1), zone).start, day_period(today, zone).end)
    brought: dict[UUID | None, list[int]] = {}
    for one in insight.by_touchpoint(list(names), period):
        sums = brought.setdefault(one.touchpoint_id, [0, 0, 0])
        sums[0] += one["traffic"].count
        sums[1] += one["conversion"].count
        sums[2] += one["conversion"].amount_minor
    first, last = (today - timedelta(days=DAYS - 1)).isoformat(), today.isoformat()
    behind = reverse("console:insight-behind", args=[tenant_id, "conversion"])
    made = []
    for point in queries.touchpoints(tenant_id):
        if point.store_id is not None and point.store_id not in names:
            continue
        traffic, orders, minor = brought.get(point.id, [0, 0, 0])
        made.append(
            Row(
                point,
                gettext(TOUCHPOINT_KINDS[point.kind]),
                TOUCHPOINT_ICONS[point.kind],
                localized(names[point.store_id].name) if point.store_id else "",
                traffic,
                orders,
                Money(minor, cards[0].currency),
                f"{behind}?span=days&from={first}&to={last}&touchpoint={point.id}",
            )
        )
    return made


@require_POST
@staff("insight.see", "store.edit")
def retire(request: HttpRequest, tenant_id: UUID, touchpoint_id: UUID) -> HttpResponse:
    """Takes it down: its code leads nowhere from now on; what it brought stays known."""
    found = _own(request, touchpoint_id)
    once(
        request,
        lambda: operations.retire_touchpoint(
            merchant_id=tenant_id, touchpoint_id=touchpoint_id, now=clock.now(), actor=scope_of(request).actor
        ),
    )
    return to(request, "touchpoints", said=gettext("%(name)s is taken down.") % {"name": found.name})


@dataclass(frozen=True, slots=True)
class Sheet:
    point: TouchpointView
    link: str
    store: StoreCard | None
    small: bool


@require_GET
@staff("insight.see")
def sheet(request: HttpRequest, tenant_id: UUID) -> HttpResponse:
    """Paper to print: one page for a poster or screen, small tickets for labels and tags."""
    cards = {card.id: card for card in stores_of(request)}
    asked = list(dict.fromkeys(id_or_404(text) for text in request.GET.getlist("id")))[:MOST_PRINTED]
    found = [_own(request, one) for one in asked]
    if not found:
        raise NotFound
    sheets = [
        Sheet(
            one,
            request.build_absolute_uri(one.path),
            cards.get(one.store_id) if one.store_id else None,
            one.kind in {"label", "nfc"},
        )
        for one in found
    ]
    context = {
        "pages": [one for one in sheets if not one.small],
        "labels": [one for one in sheets if one.small],
    }
    return render(request, "console/goods/touchpoint_sheet.html", context)
