"""Stock: what is there, what is promised, what is left, and everything that ever moved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext, ngettext, pgettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from paseo.capabilities.catalog import queries as catalog
from paseo.capabilities.catalog.values import OfferView, ProductView, VariantView
from paseo.capabilities.directory.values import StoreCard
from paseo.capabilities.inventory import operations, queries
from paseo.capabilities.inventory.values import MovementView, Reason, StockView
from paseo.capabilities.ordering import queries as ordering
from paseo.channels.console.desk import scope_of, staff, store_of
from paseo.channels.console.goods.forms import DeskForm, number_field
from paseo.channels.console.goods.prices import variant_of
from paseo.channels.console.goods.product import own_product
from paseo.channels.console.goods.sending import once, show, to
from paseo.channels.console.goods.words import full_name, joined
from paseo.kernel import clock
from paseo.kernel.errors import Refusal

LOW = 3
PAGE = 100
TAKING = (Reason.BROKEN, Reason.SPOILED, Reason.STOLEN, Reason.OWN_USE)
GIVING = (Reason.FOUND, Reason.RETURNED)
EITHER = (Reason.CORRECTION, Reason.MISCOUNTED)


@dataclass(frozen=True, slots=True)
class Level:
    """One counted thing of a store."""

    name: str
    href: str
    item: StockView
    offer: OfferView

    @property
    def promised(self) -> int:
        return self.item.allocated + self.item.held

    @property
    def low(self) -> bool:
        return (self.item.available or 0) <= LOW


def _offers(store: StoreCard) -> dict[UUID, OfferView]:
    return {one.variant_id: one for one in catalog.offers_of_store(store.id, with_inactive=True)}


def levels(request: HttpRequest, store: StoreCard, text: str = "") -> tuple[list[Level], list[OfferView]]:
    """What is counted, emptiest first, and what is not counted at all."""
    tenant_id, offers = scope_of(request).tenant_id, _offers(store)
    items: list[StockView] = []
    after: UUID | None = None
    while True:
        page = queries.stock_of_store(store.id, after=after, limit=500)
        items += page
        if len(page) < 500:
            break
        after = page[-1].variant_id
    tracked = {one.variant_id: one for one in items if one.tracked}
    words = text.lower()

    def fits(offer: OfferView) -> bool:
        names = (*offer.names.values(), *offer.variant_names.values(), offer.gtin or "")
        return not words or any(words in one.lower() for one in names)

    counted = [
        Level(
            joined(offer.names, offer.variant_names),
            reverse("console:stock-item", args=[tenant_id, offer.product_id, variant_id]),
            tracked[variant_id],
            offer,
        )
        for variant_id, offer in offers.items()
        if variant_id in tracked and fits(offer)
    ]
    counted.sort(key=lambda one: (one.item.available or 0, one.name.lower()))
    free = [
        one for key, one in offers.items() if key not in tracked and one.active and one.kind == "good" and fits(one)
    ]
    free += [
        one for key, one in offers.items() if key not in tracked and one.active and one.kind != "good" and fits(one)
    ]
    return counted, free


@require_GET
@staff("stock.edit")
def stock(request: HttpRequest, tenant_id: UUID) -> HttpResponse:
    store = store_of(request)
    if store is None:
        return show(request, "no_store", "stock")
    text = request.GET.get("q", "").strip()[:80]
    counted, free = levels(request, store, text)
    start = int(request.GET["from"]) if request.GET.get("from", "").isdecimal() else 0
    context: dict[str, Any] = {
        "levels": counted[start : start + PAGE],
        "low": sum(one.low for one in counted),
        "gone": sum(not one.item.available for one in counted),
        "pieces": sum(one.item.on_hand for one in counted),
        "promised": sum(one.promised for one in counted),
        "things": len(counted),
        "free": [
            (
                joined(one.names, one.variant_names),
                reverse("console:stock-item", args=[tenant_id, one.product_id, one.variant_id]),
            )
            for one in free[:PAGE]
        ],
        "next": start + PAGE if start + PAGE < len(counted) else 0,
        "q": text,
        "tab": "stock",
    }
    return show(request, "stock", "stock", **context)


class ReceiveForm(DeskForm):
    quantity = number_field(_("How many came"), required=True)
    note = forms.CharField(label=_("Note"), required=False, max_length=300)


class CountForm(DeskForm):
    BESIDE = {"delta": "counted"}
    counted = number_field(_("How many are there"), least=0, required=True)
    reason = forms.ChoiceField(label=_("If the number differs, why"))
    note = forms.CharField(label=_("Note"), required=False, max_length=300)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["reason"].choices = _reasons((*EITHER, *TAKING, *GIVING))  # type: ignore[attr-defined]


class AdjustForm(DeskForm):
    quantity = number_field(_("How many"), required=True)
    reason = forms.ChoiceField(label=_("What happened"))
    note = forms.CharField(label=_("Note"), required=False, max_length=300)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["reason"].choices = [  # type: ignore[attr-defined]
            (
                pgettext("stock", "Fewer"),
                [(f"-{value}", words) for value, words in _reasons((*TAKING, Reason.CORRECTION))],
            ),
            (
                pgettext("stock", "More"),
                [(f"+{value}", words) for value, words in _reasons((*GIVING, Reason.CORRECTION))],
            ),
        ]


def _reasons(reasons: tuple[Reason, ...]) -> list[tuple[str, str]]:
    return [(str(one), gettext(one.text)) for one in reasons]


FORMS: Mapping[str, type[DeskForm]] = {"receive": ReceiveForm, "count": CountForm, "adjust": AdjustForm}


@require_http_methods(["GET", "POST"])
@staff("stock.edit")
def item(request: HttpRequest, tenant_id: UUID, product_id: UUID, variant_id: UUID) -> HttpResponse:
    """One thing on the shelf: its numbers, what can be done, and its history with the number after each step."""
    found = own_product(request, product_id, to_change=False)
    variant, store = variant_of(found, variant_id), store_of(request)
    if store is None:
        return show(request, "no_store", "stock")
    if request.method == "GET":
        return _page(request, store, found, variant)
    act = request.POST.get("act", "")
    if act in {"track", "untrack"}:
        return _track(request, store, found, variant, act)
    if act not in FORMS:
        return _page(request, store, found, variant)
    form = FORMS[act](request.POST, prefix=act)
    if not form.is_valid():
        return _page(request, store, found, variant, status=422, forms={act: form})
    try:
        said = once(request, lambda: _move(request, store, variant.id, act, form))
    except Refusal as refusal:
        return _page(request, store, found, variant, status=form.take(refusal), forms={act: form})
    return to(request, "stock-item", product_id, variant_id, said=said)


def _track(request: HttpRequest, store: StoreCard, found: ProductView, variant: VariantView, act: str) -> HttpResponse:
    now = clock.now()
    if act == "track":
        once(request, lambda: operations.track(store_id=store.id, variant_id=variant.id, now=now))
        said = gettext("It is counted from now on. Until something is received it cannot be ordered.")
    else:
        once(request, lambda: operations.untrack(store_id=store.id, variant_id=variant.id, now=now))
        said = gettext("It is no longer counted: it never runs out.")
    return to(request, "stock-item", found.id, variant.id, said=said)


def _move(request: HttpRequest, store: StoreCard, variant_id: UUID, act: str, form: DeskForm) -> str:
    said = form.cleaned_data
    who: dict[str, Any] = {
        "store_id": store.id,
        "variant_id": variant_id,
        "now": clock.now(),
        "actor": scope_of(request).actor,
        "note": said["note"],
    }
    if act == "receive":
        after = operations.receive(quantity=said["quantity"], **who)
        return gettext("Received. %(count)s are there now.") % {"count": after}
    if act == "adjust":
        sign, reason = said["reason"][0], Reason(said["reason"][1:])
        after = operations.adjust(delta=said["quantity"] * (1 if sign == "+" else -1), reason=reason, **who)
        return gettext("Corrected. %(count)s are there now.") % {"count": after}
    difference = operations.count(counted=said["counted"], reason=Reason(said["reason"]), **who)
    if difference == 0:
        return gettext("Counted: the books were right.")
    if difference < 0:
        return ngettext("Counted: %(count)s is missing.", "Counted: %(count)s are missing.", -difference) % {
            "count": -difference
        }
    return ngettext(
        "Counted: %(count)s more than the books said.", "Counted: %(count)s more than the books said.", difference
    ) % {"count": difference}


@dataclass(frozen=True, slots=True)
class MovementRow:
    movement: MovementView
    what: str
    why: str
    order: str
    order_href: str


def _page(
    request: HttpRequest,
    store: StoreCard,
    found: ProductView,
    variant: VariantView,
    *,
    status: int = 200,
    forms: Mapping[str, DeskForm] | None = None,
) -> HttpResponse:
    rows = queries.stock_of_store(store.id, variant_ids=[variant.id])
    level = rows[0] if rows and rows[0].tracked else None
    given = forms or {}
    context: dict[str, Any] = {
        "product": found,
        "variant": variant,
        "name": full_name(found, variant),
        "level": level,
        "promised": level.allocated + level.held if level else 0,
        "low": bool(level and (level.available or 0) <= LOW),
        "forms": {act: given.get(act) or kind(prefix=act) for act, kind in FORMS.items()},
        "act": next(iter(given), "count" if level else "receive"),
        "movements": _movements(request, store, variant.id),
        "tab": "stock",
    }
    return show(request, "stock_item", "stock", status=status, **context)


def _movements(request: HttpRequest, store: StoreCard, variant_id: UUID) -> list[MovementRow]:
    scope = scope_of(request)
    moved = queries.movements(store.id, variant_id=variant_id)
    orders = ordering.summaries([one.subject_id for one in moved if one.subject_id], scope=scope)
    return [
        MovementRow(
            one,
            gettext(one.kind.text),
            gettext(one.reason.text) if one.reason and one.reason.text != one.kind.text else "",
            orders[one.subject_id].number if one.subject_id in orders else "",
            reverse("console:order", args=[scope.tenant_id, one.subject_id]) if one.subject_id in orders else "",
        )
        for one in moved
    ]


class ShelfForm(DeskForm):
    """The reason and note of a whole count."""

    reason = forms.ChoiceField(label=_("If numbers differ, why"))
    note = forms.CharField(label=_("Note"), required=False, max_length=300)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["reason"].choices = _reasons((*EITHER, *TAKING, *GIVING))  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class CountRow:
    level: Level
    name: str
    typed: str
    wrong: str


@require_http_methods(["GET", "POST"])
@staff("stock.edit")
def count(request: HttpRequest, tenant_id: UUID) -> HttpResponse:
    """The whole shelf at once: what is left empty was not counted."""
    store = store_of(request)
    if store is None:
        return show(request, "no_store", "stock")
    counted, _free = levels(request, store)
    form = ShelfForm(request.POST or None)
    typed = {one.item.variant_id: request.POST.get(f"n-{one.item.variant_id}", "").strip() for one in counted}
    wrong = {key: gettext("Write a whole number.") for key, text in typed.items() if text and not _whole(text)}
    status = 200
    if request.method == "POST":
        counts = {key: int(text) for key, text in typed.items() if text and key not in wrong}
        if form.is_valid() and not wrong and counts:
            reason, note = Reason(form.cleaned_data["reason"]), form.cleaned_data["note"]
            try:
                differing = once(
                    request,
                    lambda: sum(
                        one != 0
                        for one in operations.stock_take(
                            store_id=store.id,
                            counts=counts,
                            reason=reason,
                            note=note,
                            now=clock.now(),
                            actor=scope_of(request).actor,
                        ).values()
                    ),
                )
            except Refusal as refusal:
                status = form.take(refusal)
                key = refusal.params.get("variant_id")
                if key in typed:
                    wrong[key] = gettext("Fewer than customers were promised.")
            else:
                words = ngettext("%(count)s number differed.", "%(count)s numbers differed.", differing)
                said = gettext("The shelf is counted.") + " " + words % {"count": differing}
                return to(request, "stock", said=said)
        else:
            status = 422 if wrong or not form.is_valid() else 200
    first = int(request.GET["from"]) if request.GET.get("from", "").isdecimal() else 0
    in_order = sorted(counted, key=lambda one: one.offer.position)
    shelf = [one for one in in_order if typed[one.item.variant_id]] if wrong else in_order[first : first + PAGE]
    more = first + PAGE if not wrong and first + PAGE < len(in_order) else None
    rows = [CountRow(one, one.name, typed[one.item.variant_id], wrong.get(one.item.variant_id, "")) for one in shelf]
    return show(request, "stock_count", "stock", status=status, form=form, rows=rows, next=more, tab="count")


def _whole(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 8
