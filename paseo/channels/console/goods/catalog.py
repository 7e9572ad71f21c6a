"""The menu of a shop as it works on it: what there is, under which heading, at what price, and what has run out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from paseo.capabilities.catalog import operations, queries
from paseo.capabilities.catalog.values import Listing, OfferView, ProductView
from paseo.capabilities.directory.values import StoreCard
from paseo.capabilities.inventory import queries as inventory
from paseo.capabilities.pricing import queries as pricing
from paseo.channels.console.desk import own_store, scope_of, staff, store_of
from paseo.channels.console.goods.forms import DeskForm, MomentField
from paseo.channels.console.goods.headings import NEW, Headings, headings_of
from paseo.channels.console.goods.sending import id_in, once, show, to
from paseo.channels.console.goods.words import STATES, kind_words, variant_words
from paseo.kernel import clock
from paseo.kernel.errors import NotFound, Refusal
from paseo.kernel.money import Money
from paseo.platform.ui.formatting import localized

PAGE = 50
PLACES = 150
"""So many lines of a menu are put in order on one page; the others keep their places."""
AT_ONCE = 200
"""Up to this many products are shown as the menu that they make; more are a list."""


@dataclass(frozen=True, slots=True)
class Row:
    """One product in the list, with what the chosen store says about it. ``lines`` are its variants there."""

    product: ProductView
    kind: str
    href: str
    lines: tuple[Line, ...]
    group: str = ""

    @property
    def photo(self) -> UUID | None:
        return self.product.media_ids[0] if self.product.media_ids else None


@dataclass(frozen=True, slots=True)
class Line:
    """A variant of a product in the store. Without ``offer`` the store does not have it."""

    variant_id: UUID
    words: str
    offer: OfferView | None
    price: Money | None
    left: int | None
    sold_out: bool
    price_href: str


@require_GET
@staff("catalog.edit")
def catalog(request: HttpRequest, tenant_id: UUID) -> HttpResponse:
    """Products, newest first, or what was searched for; each with its place in the chosen store."""
    store, now = store_of(request), clock.now()
    text, state = request.GET.get("q", "").strip()[:80], request.GET.get("state", "")
    state = state if state in STATES else ""
    after = id_in(request.GET.get("after"))
    whole = not (text or state or after)
    page = queries.products_of(tenant_id, text=text, state=state, limit=AT_ONCE if whole else PAGE, after=after)
    menu = bool(whole and store and not page.after)
    items = page.items if menu else page.items[:PAGE]
    next_after = str(items[-1].id) if len(items) < len(page.items) else page.after
    rows = _rows(tenant_id, store, items, now)
    context: dict[str, Any] = {
        "rows": _as_menu(rows) if menu else rows,
        "next": _query(q=text, state=state, after=next_after) if next_after else "",
        "q": text,
        "state": state,
        "states": [
            ("", gettext("All"), _query(q=text)),
            *((k, gettext(v), _query(q=text, state=k)) for k, v in STATES.items()),
        ],
        "first": whole,
        "menu": menu,
        "tab": "catalog",
    }
    return show(request, "catalog", "catalog", **context)


def _as_menu(rows: Sequence[Row]) -> list[Row]:
    """In the order of the store's menu under its headings; what it does not have comes last, drafts before the rest."""
    placed = []
    for row in rows:
        offers = [line.offer for line in row.lines if line.offer is not None]
        if offers and row.product.state == "active":
            first = min(offers, key=lambda one: one.position)
            placed.append(
                (0, first.position, replace(row, group=localized(first.section) or gettext("Without a heading")))
            )
        else:
            words, last = {
                "draft": (gettext("Drafts, seen by nobody"), 1),
                "active": (gettext("Not on the menu of this store"), 2),
                "retired": (gettext("Retired"), 3),
            }[row.product.state]
            placed.append((last, 0, replace(row, group=words)))
    order: dict[str, int] = {}
    for _rank, _position, row in sorted(placed, key=lambda one: one[:2]):
        order.setdefault(row.group, len(order))
    return [row for _, _, row in sorted(placed, key=lambda one: (one[0], order[one[2].group], one[1]))]


def _query(**parts: str) -> str:
    from urllib.parse import urlencode

    return "?" + urlencode({key: value for key, value in parts.items() if value})


def _rows(tenant_id: UUID, store: StoreCard | None, products: Sequence[ProductView], now: datetime) -> list[Row]:
    variants = [variant.id for product in products for variant in product.variants]
    offers = offers_by_variant(store) if store else {}
    prices = pricing.prices(store.id, variants, now=now) if store and variants else {}
    left = inventory.availability(store.id, variants) if store and variants else {}

    def line(product: ProductView, at: int) -> Line:
        variant = product.variants[at]
        price, offer = prices.get(variant.id), offers.get(variant.id)
        return Line(
            variant_id=variant.id,
            words=variant_words(variant) if len(product.variants) > 1 or variant.names else "",
            offer=offer if offer and offer.active else None,
            price=Money(price.amount_minor, price.currency) if price else None,
            left=left.get(variant.id),
            sold_out=offer.sold_out(now) if offer else False,
            price_href=reverse("console:price", args=[tenant_id, product.id, variant.id]),
        )

    return [
        Row(
            product,
            kind_words(product.kind),
            reverse("console:product", args=[tenant_id, product.id]),
            tuple(line(product, at) for at, variant in enumerate(product.variants) if variant.active),
        )
        for product in products
    ]


def offers_by_variant(store: StoreCard) -> dict[UUID, OfferView]:
    """Everything that the store offers or offered, in the order of its menu."""
    return {offer.variant_id: offer for offer in queries.offers_of_store(store.id, with_inactive=True)}


class OutForm(DeskForm):
    """Until when something is sold out; empty: for today."""

    until = MomentField(label=_("Until"), required=False)


@require_POST
@staff("catalog.edit")
def offer(request: HttpRequest, tenant_id: UUID, offer_id: UUID, act: str) -> HttpResponse:
    """Sold out (for today or until a moment), back again, or out of the store. Refuses NotFound."""
    found = queries.offer_views([offer_id]).get(offer_id)
    if found is None:
        raise NotFound
    store, now, scope = own_store(request, found.store_id), clock.now(), scope_of(request)
    who: dict[str, Any] = {"merchant_id": tenant_id, "now": now, "actor": scope.actor}
    name = {"name": localized(found.names)}
    if act == "out":
        form = OutForm(request.POST)
        until = form.cleaned_data["until"] if form.is_valid() else None
        once(request, lambda: str(operations.mark_sold_out(offer_id=offer_id, until=until, **who)))
        said = gettext("%(name)s is shown as sold out.") % name
    elif act == "back":
        once(request, lambda: operations.back_in_stock(offer_id=offer_id, **who))
        said = gettext("%(name)s is back.") % name
    elif act == "withdraw":
        once(request, lambda: operations.withdraw_offers(store_id=store.id, variant_ids=[found.variant_id], **who))
        said = gettext("%(name)s is no longer on the menu of this store.") % name
    else:
        raise NotFound
    if request.POST.get("back") == "product":
        return to(request, "product", found.product_id, query="#stores", said=said)
    return to(request, "assortment" if request.POST.get("back") == "assortment" else "catalog", said=said)


# The order of the menu


class HeadingForm(DeskForm):
    """Texts of the headings a store has, and one more."""

    def __init__(self, headings: Headings, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        for at, texts in enumerate(headings.own):
            self.add_texts(f"own{at}", localized(texts), most=80)
            self.initial = {**self.initial, **self.initial_texts(f"own{at}", texts)}
        self.add_texts(NEW, gettext("A new heading"), most=80)


@dataclass(frozen=True, slots=True)
class Place:
    offer: OfferView
    at: int
    words: str
    heading: str


@require_http_methods(["GET", "POST"])
@staff("catalog.edit")
def assortment(request: HttpRequest, tenant_id: UUID) -> HttpResponse:
    """The menu of one store in its order: headings, places, and what is taken out."""
    store, now = store_of(request), clock.now()
    if store is None:
        return show(request, "no_store", "catalog", tab="assortment")
    offers = [one for one in queries.offers_of_store(store.id, with_inactive=True) if one.active]
    headings = headings_of(offers)
    form = HeadingForm(headings, request.POST or None)
    status = 200
    if request.method == "POST" and form.is_valid():
        listings = _listed(request.POST, offers, headings, form)
        try:
            once(
                request,
                lambda: len(
                    operations.set_assortment(
                        merchant_id=tenant_id,
                        store_id=store.id,
                        listings=listings,
                        now=now,
                        actor=scope_of(request).actor,
                    )
                ),
            )
        except Refusal as refusal:
            status = form.take(refusal)
        else:
            return to(request, "assortment", said=gettext("The menu is saved in this order."))
    first = int(request.GET["from"]) if request.GET.get("from", "").isdecimal() else 0
    places = [
        Place(one, at, localized(one.variant_names), headings.key(one.section))
        for at, one in enumerate(offers[first : first + PLACES], first + 1)
    ]
    context: dict[str, Any] = {
        "form": form,
        "places": places,
        "headings": headings,
        "choices": headings.choices,
        "before": max(0, first - PLACES) if first else None,
        "next": first + PLACES if first + PLACES < len(offers) else None,
        "tab": "assortment",
    }
    return show(request, "assortment", "catalog", status=status, **context)


def _listed(
    said: Mapping[str, str], offers: Sequence[OfferView], headings: Headings, form: HeadingForm
) -> list[Listing]:
    """The lines in their new order. A heading stays together: its first line says where it stands."""
    renamed = Headings(tuple(form.said(f"own{at}", texts) or dict(texts) for at, texts in enumerate(headings.own)))
    new = form.said(NEW)
    kept = [
        (_position(said.get(f"at-{one.id}", ""), at), at, one)
        for at, one in enumerate(offers)
        if f"out-{one.id}" not in said
    ]
    groups: dict[str, list[Listing]] = {}
    for _at, _before, one in sorted(kept, key=lambda place: place[:2]):
        texts = renamed.texts(said.get(f"under-{one.id}", headings.key(one.section)), new)
        groups.setdefault(str(sorted(texts.items())), []).append(Listing(one.variant_id, texts))
    return [listing for group in groups.values() for listing in group]


def _position(text: str, otherwise: int) -> float:
    return float(text) if text.isdecimal() and len(text) < 7 else otherwise + 1
