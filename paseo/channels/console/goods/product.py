"""One product: its words, photos, sizes, options, where it is sold, and how a customer sees it before it is live."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from paseo.capabilities.catalog import operations, queries
from paseo.capabilities.catalog.values import Listing, OfferView, ProductView, VariantView
from paseo.capabilities.directory.values import StoreCard
from paseo.capabilities.inventory import queries as inventory
from paseo.capabilities.pricing import queries as pricing
from paseo.channels.console.desk import own_store, scope_of, staff, store_of, stores_of
from paseo.channels.console.goods import options
from paseo.channels.console.goods.headings import headings_of
from paseo.channels.console.goods.product_forms import FactsForm, PhotoForm, StoreForm, VariantForm
from paseo.channels.console.goods.sending import id_or_404, once, show, to
from paseo.channels.console.goods.words import STATES, kind_words, variant_words
from paseo.kernel import clock
from paseo.kernel.errors import NotAllowedHere, NotFound, Refusal
from paseo.kernel.money import Money
from paseo.platform.db.unit import unit
from paseo.platform.media import operations as media
from paseo.platform.ui.formatting import localized
from paseo.platform.ui.text import refusal_text

MOST_PHOTOS = 8


@dataclass(frozen=True, slots=True)
class VariantRow:
    variant: VariantView
    words: str
    price: Money | None
    left: int | None
    form: VariantForm
    open: bool


@dataclass(frozen=True, slots=True)
class StoreRow:
    """One store and the product's place in it."""

    card: StoreCard
    offers: tuple[OfferView, ...]
    form: StoreForm
    sold_out: bool

    @property
    def offered(self) -> bool:
        return bool(self.offers)


def own_product(request: HttpRequest, product_id: UUID, *, to_change: bool = True) -> ProductView:
    """A product of this firm. Somebody who works in some stores only may not change what others sell as well.

    Refuses UnknownProduct, NotAllowedHere.
    """
    scope = scope_of(request)
    found = queries.product_of(scope.tenant_id, product_id)
    if to_change and scope.place_ids is not None and set(queries.stores_offering(product_id)) - scope.place_ids:
        raise NotAllowedHere
    return found


@require_http_methods(["GET", "POST"])
@staff("catalog.edit")
def product(request: HttpRequest, tenant_id: UUID, product_id: UUID) -> HttpResponse:
    """Everything about a product; POST saves its words and facts."""
    if request.method == "GET":
        return page(request, own_product(request, product_id, to_change=False))
    found = own_product(request, product_id)
    form = FactsForm(found, store_of(request), request.POST)
    if not form.is_valid():
        return page(request, found, status=422, facts=form)
    return _change(
        request,
        found,
        lambda: operations.edit_product(product_id=product_id, changes=form.changes(found), **_who(request)),
        said=gettext("Saved."),
        failed=lambda refusal: page(request, found, status=form.take(refusal), facts=form),
    )


def _who(request: HttpRequest) -> dict[str, Any]:
    scope = scope_of(request)
    return {"merchant_id": scope.tenant_id, "now": clock.now(), "actor": scope.actor}


def _change(
    request: HttpRequest,
    found: ProductView,
    run: Callable[[], Any],
    *,
    said: str,
    failed: Callable[[Refusal], HttpResponse],
    anchor: str = "",
) -> HttpResponse:
    try:
        once(request, lambda: run() and None)
    except NotFound:
        raise
    except Refusal as refusal:
        return failed(refusal)
    return to(request, "product", found.id, query=anchor, said=said)


def page(
    request: HttpRequest,
    found: ProductView,
    *,
    status: int = 200,
    facts: FactsForm | None = None,
    variants: Mapping[UUID | None, VariantForm] | None = None,
    photos: PhotoForm | None = None,
    groups: Mapping[UUID | None, options.GroupRows] | None = None,
    stores: Mapping[UUID, StoreForm] | None = None,
) -> HttpResponse:
    """The page with the forms that were refused in the place of fresh ones."""
    store, now = store_of(request), clock.now()
    currency = store.currency if store else "EUR"
    store_rows = _stores(request, found, now, stores or {})
    variant_rows = _variants(store, found, now, variants or {})
    given = groups or {}
    context = {
        "product": found,
        "name": localized(found.names),
        "kind": kind_words(found.kind),
        "state": gettext(STATES[found.state]),
        "facts": facts or FactsForm(found, store),
        "variants": variant_rows,
        "variant_form": (variants or {}).get(None) or VariantForm(prefix="new"),
        "photos": photos or PhotoForm(),
        "groups": [(view, given.get(view.id) or options.rows_of(view, currency)) for view in found.groups],
        "new_group": given.get(None) or options.blank(),
        "new_group_open": None in given,
        "open_group": next((key for key in given if key), None),
        "store_rows": store_rows,
        "missing": _missing(variant_rows, store_rows),
        "currency": currency,
        "tab": "catalog",
    }
    return show(request, "product", "catalog", status=status, **context)


def _missing(variants: Sequence[VariantRow], stores: Sequence[StoreRow]) -> list[tuple[str, str]]:
    """What keeps customers from ordering it, with the part of the page that mends it."""
    found = []
    if any(row.price is None for row in variants if row.variant.active):
        found.append((gettext("It has no price yet."), "#variants"))
    if not any(row.offered for row in stores):
        found.append((gettext("No store has it on its menu yet."), "#stores"))
    return found


def _variants(
    store: StoreCard | None, found: ProductView, now: datetime, given: Mapping[UUID | None, VariantForm]
) -> list[VariantRow]:
    ids = [variant.id for variant in found.variants]
    prices = pricing.prices(store.id, ids, now=now) if store else {}
    left = inventory.availability(store.id, ids) if store else {}
    return [
        VariantRow(
            variant,
            variant_words(variant) or localized(found.names),
            Money(prices[variant.id].amount_minor, prices[variant.id].currency) if variant.id in prices else None,
            left.get(variant.id),
            given.get(variant.id) or VariantForm.of(variant),
            variant.id in given,
        )
        for variant in found.variants
    ]


def _stores(request: HttpRequest, found: ProductView, now: datetime, given: Mapping[UUID, StoreForm]) -> list[StoreRow]:
    rows = []
    for card in stores_of(request):
        if card.state == "closed":
            continue
        everything = queries.offers_of_store(card.id, with_inactive=True)
        mine = tuple(one for one in everything if one.product_id == found.id and one.active)
        headings = headings_of(one for one in everything if one.active)
        form = given.get(card.id) or StoreForm(headings, mine[0].section if mine else {}, prefix=f"s{card.id.hex[:8]}")
        rows.append(StoreRow(card, mine, form, any(one.sold_out(now) for one in mine)))
    return rows


@require_POST
@staff("catalog.edit")
def state(request: HttpRequest, tenant_id: UUID, product_id: UUID, act: str) -> HttpResponse:
    """Puts it on sale, takes it off, or retires it."""
    found = own_product(request, product_id)
    name = {"name": localized(found.names)}
    steps: dict[str, tuple[Callable[..., Any], str]] = {
        "activate": (operations.activate_product, gettext("%(name)s is on sale.") % name),
        "withdraw": (operations.withdraw_product, gettext("%(name)s is off sale: customers do not see it.") % name),
        "retire": (operations.retire_product, gettext("%(name)s is retired. Old orders keep it.") % name),
    }
    if act not in steps:
        raise NotFound
    operation, said = steps[act]
    once(request, lambda: operation(product_id=product_id, **_who(request)))
    return to(request, "product", product_id, said=said)


@require_POST
@staff("catalog.edit")
def photos(request: HttpRequest, tenant_id: UUID, product_id: UUID) -> HttpResponse:
    """Adds a photo, takes one away, or puts one first."""
    found = own_product(request, product_id)
    ids = list(found.media_ids)
    form = PhotoForm(request.POST, request.FILES)
    act = request.POST.get("act", "add")
    if act == "add":
        if not form.is_valid():
            return page(request, found, status=422, photos=form)
        try:
            # Drawing takes a while: before the unit. The same photo again is the same media.
            added = media.store_image(
                form.cleaned_data["photo"], tenant_id=tenant_id, actor=scope_of(request).actor, now=clock.now()
            )
        except Refusal as refusal:
            return page(request, found, status=form.take(refusal), photos=form)
        ids = [*(one for one in ids if one != added.id), added.id][:MOST_PHOTOS]
    else:
        chosen = id_or_404(request.POST.get("photo"))
        if chosen not in ids:
            raise NotFound
        ids.remove(chosen)
        ids = [chosen, *ids] if act == "first" else ids
    return _change(
        request,
        found,
        lambda: operations.edit_product(product_id=product_id, changes={"media_ids": ids}, **_who(request)),
        said=gettext("The photos are saved."),
        failed=lambda refusal: page(request, found, status=form.take(refusal), photos=form),
        anchor="#photos",
    )


@require_POST
@staff("catalog.edit")
def variant(request: HttpRequest, tenant_id: UUID, product_id: UUID, variant_id: UUID | None = None) -> HttpResponse:
    """Adds a size or kind, changes one, or takes it out of sale."""
    found = own_product(request, product_id)
    if variant_id is not None and variant_id not in {one.id for one in found.variants}:
        raise NotFound
    who, act = _who(request), request.POST.get("act", "save")
    form = VariantForm(request.POST, prefix="new" if variant_id is None else f"v{variant_id.hex[:8]}")

    def failed(refusal: Refusal | None) -> HttpResponse:
        status = form.take(refusal) if refusal else 422
        return page(request, found, status=status, variants={variant_id: form})

    if act in {"off", "on"} and variant_id is not None:
        words = gettext("This size is on sale again.") if act == "on" else gettext("This size is no longer sold.")
        return _change(
            request,
            found,
            lambda: operations.edit_variant(variant_id=variant_id, active=act == "on", **who),
            said=words,
            failed=failed,
            anchor="#variants",
        )
    if not form.is_valid():
        return failed(None)
    draft = form.draft(next((one for one in found.variants if one.id == variant_id), None))

    def run() -> None:
        if variant_id is None:
            operations.add_variant(product_id=product_id, variant=draft, **who)
        else:
            operations.edit_variant(variant_id=variant_id, variant=draft, **who)

    return _change(request, found, run, said=gettext("Saved."), failed=failed, anchor="#variants")


@require_POST
@staff("catalog.edit")
def option_group(request: HttpRequest, tenant_id: UUID, product_id: UUID, group_id: UUID | None = None) -> HttpResponse:
    """Adds a group of options, changes it, or takes it off the menu."""
    found, store = own_product(request, product_id), store_of(request)
    currency = store.currency if store else "EUR"
    view = next((one for one in found.groups if one.id == group_id), None)
    if group_id is not None and view is None:
        raise NotFound
    who = _who(request)

    if request.POST.get("act") == "remove" and view is not None:
        once(request, lambda: operations.remove_group(group_id=view.id, **who))
        return to(request, "product", product_id, query="#options", said=gettext("The group is off the menu."))
    groups = options.read(request.POST)
    rows = groups[0]
    rows.id = group_id
    if options.more_asked(request.POST, groups):
        return page(request, found, groups={group_id: rows})
    draft = rows.check(currency)
    if draft is None:
        return page(request, found, status=422, groups={group_id: rows})

    def run() -> None:
        changes = None if view is None else options.changes_of(rows, draft, view, currency)
        if changes is None:
            with unit():
                if view is not None:
                    operations.remove_group(group_id=view.id, **who)
                operations.add_options(product_id=product_id, groups=[draft], **who)
            return
        for change in changes:
            operations.edit_option(option_id=change.option_id, **change.changes, **who)

    def failed(refusal: Refusal) -> HttpResponse:
        text = refusal_text(refusal)
        rows.wrong = " ".join(text.fields.values()) or str(text)
        return page(request, found, status=refusal.status, groups={group_id: rows})

    return _change(request, found, run, said=gettext("The options are saved."), failed=failed, anchor="#options")


@require_POST
@staff("catalog.edit")
def in_store(request: HttpRequest, tenant_id: UUID, product_id: UUID, store_id: UUID) -> HttpResponse:
    """Puts it on the menu of one store under a heading, or takes it off."""
    found, card = own_product(request, product_id, to_change=False), own_store(request, store_id)
    ids = [one.id for one in found.variants if one.active]
    if request.POST.get("act") == "withdraw":
        once(
            request,
            lambda: operations.withdraw_offers(
                store_id=card.id, variant_ids=[one.id for one in found.variants], **_who(request)
            ),
        )
        said = gettext("%(name)s is no longer on the menu of this store.") % {"name": localized(found.names)}
        return to(request, "product", product_id, query="#stores", said=said)
    headings = headings_of(one for one in queries.offers_of_store(card.id, with_inactive=True) if one.active)
    form = StoreForm(headings, {}, request.POST, prefix=f"s{card.id.hex[:8]}")
    if not form.is_valid():
        return page(request, found, status=422, stores={card.id: form})
    listings = [Listing(one, form.heading) for one in ids]
    return _change(
        request,
        found,
        lambda: operations.offer_variants(store_id=card.id, listings=listings, **_who(request)),
        said=gettext("It is on the menu of %(store)s.") % {"store": localized(card.name)},
        failed=lambda refusal: page(request, found, status=form.take(refusal), stores={card.id: form}),
        anchor="#stores",
    )
