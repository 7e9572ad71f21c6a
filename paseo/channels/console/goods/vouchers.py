"""Tickets of a shop: coupons to keep and deals to buy, from the first draft to what came of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from paseo.capabilities.catalog import operations as catalog
from paseo.capabilities.catalog import queries as goods
from paseo.capabilities.catalog.values import SECTIONS, DraftVariant, Listing
from paseo.capabilities.directory.values import StoreCard
from paseo.capabilities.pricing import operations as pricing
from paseo.capabilities.vouchers import operations, queries
from paseo.capabilities.vouchers.values import ProgramView
from paseo.channels.console.desk import is_part, scope_of, staff, store_of, stores_of
from paseo.channels.console.goods.new_product import price_list
from paseo.channels.console.goods.sending import id_or_404, once, show, to
from paseo.channels.console.goods.voucher_forms import (
    MOST_THINGS,
    CouponForm,
    DealForm,
    ProgramForm,
    WordsForm,
    blank_data,
    described,
    initial_data,
)
from paseo.channels.console.goods.voucher_words import STATE_WORDS, conditions, ticket_of
from paseo.channels.console.goods.words import joined, names_of
from paseo.kernel import clock
from paseo.kernel.errors import NotAllowedHere, NotFound, Refusal
from paseo.kernel.ids import new_id
from paseo.platform.db.unit import unit
from paseo.platform.ui.formatting import localized
from paseo.platform.ui.values import Ticket


@dataclass(frozen=True, slots=True)
class Row:
    """One program with what came of it."""

    program: ProgramView
    href: str
    ticket: Ticket
    used: int
    held: int
    mine: bool


def _whole(request: HttpRequest) -> bool:
    return scope_of(request).place_ids is None


def _is_mine(request: HttpRequest, program: ProgramView) -> bool:
    """Whether one may change it: it must not hold in a store where one does not work."""
    places = scope_of(request).place_ids
    return places is None or (program.store_ids is not None and set(program.store_ids) <= places)


def _own(request: HttpRequest, program_id: UUID, *, to_change: bool = False) -> ProgramView:
    """Refuses NotFound, NotAllowedHere."""
    scope = scope_of(request)
    found = queries.program(program_id, merchant_id=scope.tenant_id)
    if found is None or not _is_seen(request, found):
        raise NotFound
    if to_change and not _is_mine(request, found):
        raise NotAllowedHere
    return found


def _is_seen(request: HttpRequest, program: ProgramView) -> bool:
    places = scope_of(request).place_ids
    return places is None or program.store_ids is None or bool(set(program.store_ids) & places)


@require_GET
@staff("vouchers.edit")
def vouchers(request: HttpRequest, tenant_id: UUID) -> HttpResponse:
    """What runs, what is a draft, what is over, each with what was kept and used."""
    numbers = queries.program_numbers(tenant_id)
    rows = [
        Row(
            one,
            reverse("console:voucher", args=[tenant_id, one.id]),
            ticket_of(one),
            numbers.get(one.id, {}).get("used", 0),
            numbers.get(one.id, {}).get("claimed", 0) + numbers.get(one.id, {}).get("reserved", 0),
            _is_mine(request, one),
        )
        for one in queries.programs(tenant_id)
        if _is_seen(request, one)
    ]
    by_state = {state: [row for row in rows if row.program.state == state] for state in ("published", "draft", "ended")}
    return show(
        request, "vouchers", "vouchers", running=by_state["published"], drafts=by_state["draft"], over=by_state["ended"]
    )


def _form(
    request: HttpRequest,
    kind: str,
    store: StoreCard,
    data: QueryDict | None,
    program: ProgramView | None,
    now: datetime,
) -> ProgramForm:
    cards = stores_of(request)
    given: dict[str, Any] = {"now": now}
    form_of: type[CouponForm] | type[DealForm] = CouponForm if kind == "coupon" else DealForm
    given["initial"] = form_of.of(program, cards) if program else initial_data(kind, store, cards, now)
    if kind == "coupon":
        return CouponForm(store, cards, _things(cards), data, **given)
    return DealForm(store, cards, data, **given)


def _bare(kind: str, store: StoreCard, now: datetime) -> ProgramForm:
    """An empty form, only to draw the ticket that it stands for."""
    data = blank_data(kind)
    return CouponForm(store, [], [], data, now=now) if kind == "coupon" else DealForm(store, [], data, now=now)


def _things(cards: Sequence[StoreCard]) -> list[tuple[str, str]]:
    """The goods that a coupon can be limited to: the beginning of each menu."""
    found: dict[str, str] = {}
    for card in cards:
        for one in goods.browse(card.id, limit=MOST_THINGS).items:
            if one.kind != "deal":
                found.setdefault(str(one.variant_id), joined(one.names, one.variant_names))
    return list(found.items())


@require_http_methods(["GET", "POST"])
@staff("vouchers.edit")
def new(request: HttpRequest, tenant_id: UUID, kind: str) -> HttpResponse:
    """A draft of a coupon or deal, with the ticket beside the form as it grows."""
    if kind not in {"coupon", "deal"}:
        raise NotFound
    return _edit(request, kind, None)


@require_http_methods(["GET", "POST"])
@staff("vouchers.edit")
def edit(request: HttpRequest, tenant_id: UUID, program_id: UUID) -> HttpResponse:
    """Changes a draft; of what people hold already only the words and the number of pieces."""
    found = _own(request, program_id, to_change=True)
    if found.state == "draft":
        return _edit(request, found.kind, found)
    form = WordsForm(found, request.POST or None)
    status = 200
    if request.method == "POST":
        if form.is_valid():
            changes = {
                "names": form.said("names", found.names),
                "terms": form.said("terms", found.terms),
                "limit": form.cleaned_data["limit"],
            }
            try:
                once(request, lambda: operations.edit_program(program_id=program_id, changes=changes, **_who(request)))
            except Refusal as refusal:
                status = form.take(refusal)
            else:
                return to(request, "voucher", program_id, said=gettext("Saved."))
        else:
            status = 422
    return show(request, "voucher_words", "vouchers", status=status, program=found, form=form, ticket=ticket_of(found))


def _who(request: HttpRequest) -> dict[str, Any]:
    scope = scope_of(request)
    return {"merchant_id": scope.tenant_id, "now": clock.now(), "actor": scope.actor}


def _edit(request: HttpRequest, kind: str, program: ProgramView | None) -> HttpResponse:
    store, now = store_of(request), clock.now()
    if store is None:
        return show(request, "no_store", "vouchers")
    form = _form(request, kind, store, request.POST or None, program, now)
    if request.method == "GET":
        blank = program or described(_bare(kind, store, now), scope_of(request).tenant_id)
        return _draft_page(request, form, kind, program, blank)
    drawn = described(form, scope_of(request).tenant_id)
    if "preview" in request.POST:
        if is_part(request):
            return render(request, "console/goods/voucher_draft.html#picture", _picture(drawn))
        form.errors.clear()
        return _draft_page(request, form, kind, program, drawn)
    if not form.is_valid():
        return _draft_page(request, form, kind, program, drawn, status=422)
    try:
        saved = once(request, lambda: str(_save(request, store, form, program)))
    except Refusal as refusal:
        return _draft_page(request, form, kind, program, drawn, status=form.take(refusal))
    said = gettext("Kept as a draft. Look at it once more, then publish it.")
    return to(request, "voucher", id_or_404(saved), said=said)


def _picture(program: ProgramView) -> dict[str, Any]:
    things = program.effect.variant_ids if program.effect and program.effect.variant_ids else ()
    return {"ticket": ticket_of(program), "conditions": conditions(program, names_of(things) if things else {})}


def _draft_page(
    request: HttpRequest,
    form: ProgramForm,
    kind: str,
    program: ProgramView | None,
    drawn: ProgramView,
    *,
    status: int = 200,
) -> HttpResponse:
    return show(
        request, "voucher_draft", "vouchers", status=status, form=form, kind=kind, program=program, **_picture(drawn)
    )


def _save(request: HttpRequest, store: StoreCard, form: ProgramForm, program: ProgramView | None) -> UUID:
    values = form.values(program, _whole(request))
    if isinstance(form, CouponForm):
        values |= {"effect": form.as_effect(), "counter": bool(form.cleaned_data["counter"])}
        if program is not None:
            operations.edit_program(program_id=program.id, changes=values, **_who(request))
            return program.id
        return operations.create_program(kind="coupon", currency=store.currency, **values, **_who(request))
    assert isinstance(form, DealForm)
    values |= {"contents": form.contents, "price_minor": form.cleaned_data["price"]}
    with unit():
        return _save_deal(request, store, form, values, program)


def _save_deal(
    request: HttpRequest, store: StoreCard, form: DealForm, values: dict[str, Any], program: ProgramView | None
) -> UUID:
    """A deal is sold like a product: it has one, with its price and its place on the menus."""
    who = _who(request)
    if program is not None and program.variant_id is not None:
        variant_id = program.variant_id
        product_id = _product_of(request, variant_id)
        if product_id is not None:
            changes: Any = {"names": values["names"], "descriptions": values["terms"]}
            catalog.edit_product(product_id=product_id, changes=changes, **who)
    else:
        variant_id = new_id()
        catalog.add_product(
            kind="deal",
            names=values["names"],
            descriptions=values["terms"],
            tax_class="reduced",
            variants=[DraftVariant(id=variant_id)],
            **who,
        )
    chosen = set(form.cleaned_data["stores"])
    for card in stores_of(request):
        if str(card.id) in chosen:
            catalog.offer_variants(store_id=card.id, listings=[Listing(variant_id, SECTIONS["deals"])], **who)
        elif program is not None:
            catalog.withdraw_offers(store_id=card.id, variant_ids=[variant_id], **who)
    priced = {key: who[key] for key in ("now", "actor")}
    for list_id in {price_list(request, card) for card in stores_of(request) if str(card.id) in chosen}:
        pricing.set_price(list_id=list_id, variant_id=variant_id, amount_minor=values["price_minor"], **priced)
    if program is not None:
        operations.edit_program(program_id=program.id, changes={**values, "variant_id": variant_id}, **who)
        return program.id
    return operations.create_program(kind="deal", currency=store.currency, variant_id=variant_id, **values, **who)


def _product_of(request: HttpRequest, variant_id: UUID) -> UUID | None:
    for card in stores_of(request):
        for one in goods.offers_of_store(card.id, with_inactive=True):
            if one.variant_id == variant_id:
                return one.product_id
    return None


@require_GET
@staff("vouchers.edit")
def voucher(request: HttpRequest, tenant_id: UUID, program_id: UUID) -> HttpResponse:
    """A ticket as customers see it, what it says, and what came of it."""
    found = _own(request, program_id)
    numbers = queries.program_numbers(tenant_id).get(program_id, {})
    cards = {card.id: card for card in stores_of(request)}
    context = {
        "program": found,
        "name": localized(found.names),
        **_picture(found),
        "figures": _figures(found, numbers),
        "others": [
            (STATE_WORDS[state](), count)
            for state, count in sorted(numbers.items())
            if state in STATE_WORDS and state not in {"claimed", "reserved", "used"}
        ],
        "where": [localized(cards[one].name) for one in found.store_ids or () if one in cards],
        "mine": _is_mine(request, found),
    }
    return show(request, "voucher", "vouchers", **context)


def _figures(program: ProgramView, numbers: Mapping[str, int]) -> list[tuple[str, int | None, str]]:
    held = numbers.get("claimed", 0) + numbers.get("reserved", 0)
    taken = gettext("Sold") if program.kind == "deal" else gettext("Kept by customers")
    of = gettext("of %(limit)s") % {"limit": program.limit} if program.limit is not None else gettext("no limit")
    return [
        (taken, program.issued, of),
        (gettext("Used"), numbers.get("used", 0), ""),
        (gettext("Still to be used"), held, ""),
        (gettext("Left"), program.left, gettext("as many as wanted") if program.left is None else ""),
    ]


@require_POST
@staff("vouchers.edit")
def act(request: HttpRequest, tenant_id: UUID, program_id: UUID, verb: str) -> HttpResponse:
    """Publishes a draft, or ends what runs. People keep what they hold."""
    found = _own(request, program_id, to_change=True)
    name = {"name": localized(found.names)}
    if verb == "publish":
        once(request, lambda: _publish(request, found))
        return to(request, "voucher", program_id, said=gettext("%(name)s is published.") % name)
    if verb != "end":
        raise NotFound
    once(request, lambda: _end(request, found, request.POST.get("why", "")[:300]))
    return to(
        request, "voucher", program_id, said=gettext("%(name)s has ended. Who holds one can still use it.") % name
    )


def _publish(request: HttpRequest, program: ProgramView) -> None:
    """A deal's product goes on sale with it."""
    if program.kind == "deal" and program.variant_id is not None:
        product_id = _product_of(request, program.variant_id)
        if product_id is not None:
            catalog.activate_product(product_id=product_id, **_who(request))
    operations.publish(program_id=program.id, **_who(request))


def _end(request: HttpRequest, program: ProgramView, why: str) -> None:
    if program.kind == "deal" and program.variant_id is not None:
        product_id = _product_of(request, program.variant_id)
        if product_id is not None and goods.product_of(program.merchant_id, product_id).state == "active":
            catalog.withdraw_product(product_id=product_id, **_who(request))
    operations.end(program_id=program.id, why=why, **_who(request))
