"""New things on the menu: a dish with everything about it on one page, a good by its barcode, one after the other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_http_methods

from paseo.capabilities.catalog import operations, queries
from paseo.capabilities.catalog.values import DraftGroup, DraftVariant, Listing
from paseo.capabilities.directory.values import StoreCard
from paseo.capabilities.inventory import operations as inventory
from paseo.capabilities.pricing import operations as pricing
from paseo.channels.console.desk import own_store, scope_of, staff, store_of, stores_of
from paseo.channels.console.goods import options
from paseo.channels.console.goods.headings import Headings, headings_of
from paseo.channels.console.goods.product_forms import NewProductForm, ScanForm, ScannedForm, pack_words
from paseo.channels.console.goods.sending import id_or_404, once, show, to
from paseo.channels.console.goods.words import KINDS
from paseo.kernel import clock
from paseo.kernel.errors import Refusal
from paseo.kernel.ids import new_id
from paseo.platform.media import operations as media
from paseo.platform.ui.formatting import localized


def _headings(store: StoreCard | None) -> Headings:
    offers = queries.offers_of_store(store.id, with_inactive=True) if store else []
    return headings_of(one for one in offers if one.active)


@require_http_methods(["GET", "POST"])
@staff("catalog.edit")
def new(request: HttpRequest, tenant_id: UUID) -> HttpResponse:
    """A product from nothing, as a draft: its page shows it to the shop as customers will see it."""
    store, stores = store_of(request), stores_of(request)
    asked = request.GET.get("kind", "dish")
    kind = asked if asked in KINDS and asked != "deal" else "dish"
    initial = {"kind": kind, "tax_class": "food" if kind == "good" else "reduced"}
    if request.method == "GET":
        form = NewProductForm(store, stores, _headings(store), initial=initial)
        return _page(request, form, [options.blank()])
    form = NewProductForm(store, stores, _headings(store), request.POST, request.FILES)
    groups = options.read(request.POST)
    if options.more_asked(request.POST, groups):
        form.is_valid()
        form.errors.clear()
        return _page(request, form, groups)
    drafts = options.check_all(groups, store.currency if store else "EUR")
    if not form.is_valid() or drafts is None:
        return _page(request, form, groups, status=422)
    try:
        photo = form.cleaned_data["photo"]
        kept = (
            media.store_image(photo, tenant_id=tenant_id, actor=scope_of(request).actor, now=clock.now()).id
            if photo
            else None
        )
        product_id = once(request, lambda: str(_make(request, form, drafts, kept)))
    except Refusal as refusal:
        return _page(request, form, groups, status=form.take(refusal))
    said = gettext("%(name)s is kept as a draft. Look at it as a customer, then put it on sale.")
    return to(request, "product-preview", id_or_404(product_id), said=said % {"name": localized(form.said("names"))})


def _page(
    request: HttpRequest, form: NewProductForm, groups: list[options.GroupRows], status: int = 200
) -> HttpResponse:
    store = store_of(request)
    return show(
        request,
        "product_new",
        "catalog",
        status=status,
        form=form,
        groups=groups,
        options_open=any(group.written or group.is_wrong for group in groups) or len(groups) > 1,
        currency=store.currency if store else "EUR",
        tab="catalog",
    )


def _make(request: HttpRequest, form: NewProductForm, groups: Sequence[DraftGroup], photo: UUID | None) -> UUID:
    """Product, place on the menu, price and stock, all or nothing."""
    scope, now, said = scope_of(request), clock.now(), form.cleaned_data
    variant_id = new_id()
    product_id = operations.add_product(
        merchant_id=scope.tenant_id,
        kind=said["kind"],
        names=form.said("names"),
        descriptions=form.said("descriptions"),
        brand=said["brand"],
        ingredients=said["ingredients"],
        tax_class=said["tax_class"],
        allergens=said["allergens"],
        media_ids=[photo] if photo else [],
        variants=[DraftVariant(gtin=said["gtin"], content=said["content"], id=variant_id)],
        groups=groups,
        now=now,
        actor=scope.actor,
    )
    cards = [own_store(request, UUID(one)) for one in said["stores"]]
    place_in(request, cards, variant_id, form.heading, said["price"], said["pieces"])
    return product_id


def place_in(
    request: HttpRequest,
    cards: Sequence[StoreCard],
    variant_id: UUID,
    heading: dict[str, str],
    price_minor: int | None,
    pieces: int | None,
) -> None:
    """Onto the menus of these stores, at a price, with what lies on the shelf of the first."""
    scope, now = scope_of(request), clock.now()
    who: dict[str, Any] = {"now": now, "actor": scope.actor}
    for card in cards:
        operations.offer_variants(
            merchant_id=scope.tenant_id, store_id=card.id, listings=[Listing(variant_id, heading)], **who
        )
    for list_id in {price_list(request, card) for card in cards} if price_minor is not None else ():
        pricing.set_price(list_id=list_id, variant_id=variant_id, amount_minor=price_minor or 0, **who)
    if pieces and cards:
        inventory.receive(store_id=cards[0].id, variant_id=variant_id, quantity=pieces, **who)
    elif pieces == 0 and cards:
        inventory.track(store_id=cards[0].id, variant_id=variant_id, now=now)


def price_list(request: HttpRequest, card: StoreCard) -> UUID:
    """The list into which prices are written as a rule; for those who work in some stores only, the store's own."""
    scope, now = scope_of(request), clock.now()
    if scope.place_ids is None:
        return pricing.ensure_lists(store_id=card.id, now=now).id
    return pricing.add_list(
        merchant_id=scope.tenant_id, store_id=card.id, channel="any", currency=card.currency, now=now
    ).id


@require_http_methods(["GET", "POST"])
@staff("catalog.edit")
def barcode(request: HttpRequest, tenant_id: UUID) -> HttpResponse:
    """First the number, then what is still to be said about it, then the next one."""
    store = store_of(request)
    if store is None:
        return show(request, "no_store", "catalog", tab="catalog")
    if request.method == "POST":
        return _take(request, store)
    if "gtin" not in request.GET:
        return _scan(request, store, ScanForm())
    scan = ScanForm(request.GET)
    if not scan.is_valid():
        return _scan(request, store, scan, status=422)
    gtin = scan.cleaned_data["gtin"]
    own = queries.variant_by_barcode(tenant_id, gtin)
    if own is not None:
        said = gettext("You sell this already.")
        return to(request, "product", own[0], said=said)
    known = queries.shared_by_barcode(gtin)
    form = ScannedForm(store, _headings(store), known=known, initial={"gtin": gtin})
    return _scan(request, store, scan, form=form, known=known)


def _scan(request: HttpRequest, store: StoreCard, scan: ScanForm, *, status: int = 200, **more: Any) -> HttpResponse:
    found = queries.read_barcode(scan.data.get("gtin", "")) if scan.is_bound else None
    known = more.get("known")
    return show(
        request,
        "barcode",
        "catalog",
        status=status,
        scan=scan,
        in_store=bool(found and not isinstance(found, str) and found.in_store),
        pack=pack_words(known) if known else "",
        tab="catalog",
        **more,
    )


def _take(request: HttpRequest, store: StoreCard) -> HttpResponse:
    known = queries.shared_by_barcode(request.POST.get("gtin", ""))
    form = ScannedForm(store, _headings(store), request.POST, known=known)
    scan = ScanForm({"gtin": request.POST.get("gtin", "")})
    if not form.is_valid() or not scan.is_valid():
        return _scan(request, store, scan, status=422, form=form, known=known)
    try:
        product_id = once(request, lambda: str(_make_scanned(request, store, form)))
    except Refusal as refusal:
        return _scan(request, store, scan, status=form.take(refusal), form=form, known=known)
    href = reverse("console:product", args=[scope_of(request).tenant_id, product_id])
    said = gettext("%(name)s is on sale. Scan the next one.") % {"name": form.cleaned_data["name"]}
    return to(request, "product-barcode", query=f"?last={href.rstrip('/').rsplit('/', 1)[-1]}", said=said)


def _make_scanned(request: HttpRequest, store: StoreCard, form: ScannedForm) -> UUID:
    scope, now, said = scope_of(request), clock.now(), form.cleaned_data
    product_id = operations.add_by_barcode(
        merchant_id=scope.tenant_id,
        gtin=said["gtin"],
        name=form.name_if_other,
        language=(get_language() or "en").lower(),
        now=now,
        actor=scope.actor,
    )
    variant = queries.product_of(scope.tenant_id, product_id).variants[0]
    place_in(request, [store], variant.id, form.headings.texts(said["under"]), said["price"], said["pieces"])
    return product_id
