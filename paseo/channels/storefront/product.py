"""One dish or product: what is in it, what can be chosen, what it costs so, and into the order with it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from paseo.capabilities.catalog import queries as catalog
from paseo.capabilities.catalog.refusals import UnknownOffer
from paseo.capabilities.catalog.values import GroupView, OptionView
from paseo.capabilities.directory import queries as directory
from paseo.capabilities.directory.values import StoreCard
from paseo.capabilities.journeys import operations as journeys
from paseo.capabilities.ordering import operations as ordering
from paseo.capabilities.ordering.values import Buyer, WantedLine
from paseo.channels.storefront.context import CHANNEL, ensure_buyer, frame, user_agent
from paseo.channels.storefront.described import product_described
from paseo.channels.storefront.menu import MenuRow, allergen_words, menu_of, rows_of
from paseo.channels.storefront.shops import shown_store
from paseo.channels.storefront.store import store_context
from paseo.kernel import clock
from paseo.kernel.errors import N_, Invalid, Refusal
from paseo.kernel.ids import new_id
from paseo.kernel.money import Money
from paseo.platform.idempotency import replay_or_run
from paseo.platform.identity.web import ensure_visitor, visitor_of
from paseo.platform.ui.answers import is_fragment
from paseo.platform.ui.formatting import localized
from paseo.platform.ui.text import refusal_text

MOST_PIECES = 99
NOTE = 200


@dataclass(frozen=True, slots=True)
class Choice:
    """What the form says. ``seen_minor`` is the price of one, without options, that stood on the page."""

    option_ids: tuple[UUID, ...] = ()
    quantity: int = 1
    note: str = ""
    seen_minor: int | None = None
    key: str = ""

    @classmethod
    def read(cls, form: QueryDict, groups: Sequence[GroupView]) -> Choice:
        chosen: list[UUID] = []
        for group in groups:
            for text in form.getlist(f"group-{group.id}"):
                try:
                    chosen.append(UUID(text))
                except ValueError:
                    continue
        quantity, seen = form.get("quantity", "1"), form.get("seen", "")
        return cls(
            option_ids=tuple(dict.fromkeys(chosen)),
            quantity=int(quantity) if quantity.isdecimal() and len(quantity) < 5 else 0,
            note=form.get("note", "").strip()[:NOTE],
            seen_minor=int(seen) if seen.isdecimal() and len(seen) < 12 else None,
            key=form.get("key", "")[:60],
        )


@dataclass(frozen=True, slots=True)
class SheetOption:
    option: OptionView
    chosen: bool
    delta: Money
    contains: str


@dataclass(frozen=True, slots=True)
class SheetGroup:
    """``single`` is drawn with round keys: exactly one."""

    group: GroupView
    single: bool
    hint: str
    options: tuple[SheetOption, ...]

    @property
    def priced(self) -> bool:
        """Whether any choice changes the price."""
        return any(entry.option.delta_minor for entry in self.options)


@require_http_methods(["GET", "POST"])
def sheet(request: HttpRequest, slug: str, offer_id: UUID) -> HttpResponse:
    """GET shows it (htmx: only the button with its sum), POST puts it into the order."""
    card, now = shown_store(slug), clock.now()
    offer = catalog.offer_views([offer_id]).get(offer_id)
    if offer is None or offer.store_id != card.id or not offer.active:
        raise UnknownOffer
    row = rows_of(card, [offer], now)[0]
    groups = catalog.groups([offer.product_id]).get(offer.product_id, ()) if offer.has_options else ()
    if request.method == "POST":
        return _add(request, card, row, groups, now)
    if is_fragment(request) and "quantity" in request.GET:
        choice = Choice.read(request.GET, groups)
        return render(request, "storefront/product.html#sum", _sum(row, groups, choice))
    journeys.record(
        "view",
        now=now,
        visitor_id=visitor_of(request),
        store_id=card.id,
        merchant_id=card.merchant_id,
        subject_id=offer.product_id,
        channel=CHANNEL,
        user_agent=user_agent(request),
    )
    return _show(request, card, row, groups, _first_choice(groups))


def _first_choice(groups: Sequence[GroupView]) -> Choice:
    """Where exactly one is taken, the shop's first one is chosen already."""
    first = tuple(group.options[0].id for group in groups if _is_single(group) and group.options)
    return Choice(option_ids=first, key=str(new_id()))


def _is_single(group: GroupView) -> bool:
    return group.kind == "choice" and group.min == 1 and group.max == 1


def _show(
    request: HttpRequest,
    card: StoreCard,
    row: MenuRow,
    groups: Sequence[GroupView],
    choice: Choice,
    refusal: Refusal | None = None,
) -> HttpResponse:
    now = row.now
    context = frame(
        "near",
        store=card,
        lamp=directory.lamp(card, now),
        groups=[_group(group, choice, card.currency) for group in groups],
        choice=choice,
        most=min(MOST_PIECES, row.left) if row.left else MOST_PIECES,
        note_length=NOTE,
        refusal=refusal_text(refusal) if refusal else None,
        described=product_described(row, reverse("storefront:store", args=[card.slug])),
        **_sum(row, groups, choice),
    )
    return render(request, "storefront/product.html", context, status=refusal.status if refusal else 200)


def _group(group: GroupView, choice: Choice, currency: str) -> SheetGroup:
    options = tuple(
        SheetOption(
            option,
            option.id in choice.option_ids,
            Money(option.delta_minor, currency),
            allergen_words(option.allergens),
        )
        for option in group.options
    )
    return SheetGroup(group, _is_single(group), _group_hint(group), options)


def _group_hint(group: GroupView) -> str:
    if group.kind == "without":
        return ""
    if _is_single(group):
        return gettext("choose one")
    if group.min and group.min == group.max:
        return gettext("choose %(count)s") % {"count": group.min}
    if group.min:
        return gettext("choose %(least)s to %(most)s") % {"least": group.min, "most": group.max}
    if group.max < len(group.options):
        return gettext("at most %(count)s") % {"count": group.max}
    return ""


def _sum(row: MenuRow, groups: Sequence[GroupView], choice: Choice) -> dict[str, Any]:
    each = _each(row, groups, choice.option_ids)
    quantity = min(max(1, choice.quantity), MOST_PIECES)
    return {"total": each * quantity if each else None, "row": row}


def _each(row: MenuRow, groups: Sequence[GroupView], option_ids: Sequence[UUID]) -> Money | None:
    if row.price is None:
        return None
    deltas = {option.id: option.delta_minor for group in groups for option in group.options}
    return Money(row.price.minor + sum(deltas.get(option_id, 0) for option_id in option_ids), row.price.currency)


def _add(
    request: HttpRequest, card: StoreCard, row: MenuRow, groups: Sequence[GroupView], now: datetime
) -> HttpResponse:
    choice = Choice.read(request.POST, groups)
    try:
        if not 1 <= choice.quantity <= MOST_PIECES:
            raise Invalid(fields={"quantity": N_("Choose a number between 1 and 99.")})
        catalog.check_options(groups, choice.option_ids)
        buyer = ensure_buyer(request)
        _put(card, row, choice, buyer, now, groups)
    except Refusal as refusal:
        if is_fragment(request):
            raise
        return _show(request, card, row, groups, replace(choice, key=str(new_id())), refusal)
    name = localized(row.offer.names)
    if is_fragment(request):
        context = store_context(request, card, menu_of(card, now), now)
        said = gettext("%(name)s is in your order.") % {"name": name}
        response = render(request, "storefront/store.html#order", {**context, "said": said})
    else:
        messages.success(request, gettext("%(name)s is in your order.") % {"name": name})
        response = HttpResponseRedirect(reverse("storefront:store", args=[card.slug]), status=303)
    ensure_visitor(request, response)
    return response


def _put(
    card: StoreCard, row: MenuRow, choice: Choice, buyer: Buyer, now: datetime, groups: Sequence[GroupView]
) -> None:
    """Once for each form, however often it is sent."""
    deltas = _deltas(groups, choice.option_ids)
    line = WantedLine(
        offer_id=row.offer.id,
        quantity=choice.quantity,
        option_ids=choice.option_ids,
        note=choice.note,
        seen_minor=None if choice.seen_minor is None else choice.seen_minor + deltas,
    )

    def put() -> tuple[int, Mapping[str, str]]:
        cart = ordering.put_line(store_id=card.id, buyer=buyer, line=line, now=now)
        return 200, {"cart": str(cart.id)}

    body = json.dumps([str(row.offer.id), choice.quantity, sorted(map(str, choice.option_ids)), choice.note]).encode()
    for last in (False, True):
        try:
            replay_or_run(f"storefront.add:{buyer.key}", choice.key or str(new_id()), body, put)
            return
        except DatabaseError:
            # Two windows began a cart at the same moment; now there is one to add to.
            if last:
                raise


def _deltas(groups: Sequence[GroupView], option_ids: Sequence[UUID]) -> int:
    return sum(option.delta_minor for group in groups for option in group.options if option.id in option_ids)
