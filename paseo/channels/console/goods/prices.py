"""Prices: what holds, what comes, where web and shelf differ, and the warning before they would."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from paseo.capabilities.catalog import queries as catalog
from paseo.capabilities.catalog.values import OfferView, ProductView, VariantView
from paseo.capabilities.directory.values import StoreCard
from paseo.capabilities.pricing import operations, queries
from paseo.capabilities.pricing.values import ParityGap, PriceListView, ScheduledPrice
from paseo.channels.console.desk import scope_of, staff, store_of, stores_of
from paseo.channels.console.goods.forms import AmountField, DeskForm, MomentField
from paseo.channels.console.goods.product import own_product
from paseo.channels.console.goods.sending import once, show, to
from paseo.channels.console.goods.words import full_name, joined, names_of
from paseo.kernel import clock
from paseo.kernel.errors import NotFound, Refusal
from paseo.kernel.money import Money
from paseo.kernel.periods import day_of, day_period
from paseo.platform.db.unit import unit
from paseo.platform.ui.formatting import localized

CHANNELS = ("any", "online", "counter")
PAGE = 100


@dataclass(frozen=True, slots=True)
class PriceRow:
    name: str
    heading: str
    href: str
    online: Money | None
    counter: Money | None
    coming: ScheduledPrice | None
    differs: bool
    shelf: Money | None


@dataclass(frozen=True, slots=True)
class Gap:
    """Web and counter, or web and shelf, in words; with the page that settles it."""

    name: str
    store: str
    gap: ParityGap
    href: str

    @property
    def online(self) -> Money:
        return Money(self.gap.online_minor, self.gap.currency)

    @property
    def counter(self) -> Money:
        return Money(self.gap.counter_minor, self.gap.currency)


@dataclass(frozen=True, slots=True)
class Coming:
    price: ScheduledPrice
    name: str
    where: str
    mine: bool

    @property
    def amount(self) -> Money:
        return Money(self.price.amount_minor, self.price.currency)


@require_GET
@staff("prices.edit")
def prices(request: HttpRequest, tenant_id: UUID) -> HttpResponse:
    """Every price of a store, what comes, and where web and counter differ."""
    store, now = store_of(request), clock.now()
    if store is None:
        return show(request, "no_store", "catalog", tab="prices")
    text = request.GET.get("q", "").strip()[:80]
    offers = catalog.offers_of_store(store.id, with_inactive=True)
    shown = [one for one in offers if one.active and _matches(one, text)]
    start = int(request.GET["from"]) if request.GET.get("from", "").isdecimal() else 0
    variants = [one.variant_id for one in shown]
    online = queries.prices(store.id, variants, "online", now=now) if variants else {}
    # What cannot be ordered stands first, however long the menu is.
    shown.sort(key=lambda one: one.variant_id in online)
    on_page = [one.variant_id for one in shown[start : start + PAGE]]
    counter = queries.prices(store.id, on_page, "counter", now=now) if on_page else {}
    upcoming = queries.upcoming(store.id, now=now)
    first_coming: dict[UUID, ScheduledPrice] = {}
    for one in upcoming:
        first_coming.setdefault(one.variant_id, one)
    gaps = gaps_of(request, now)
    different = {one.gap.variant_id: one for one in gaps}

    def row(offer: OfferView) -> PriceRow:
        web, till = online.get(offer.variant_id), counter.get(offer.variant_id)
        return PriceRow(
            joined(offer.names, offer.variant_names),
            localized(offer.section),
            reverse("console:price", args=[tenant_id, offer.product_id, offer.variant_id]),
            Money(web.amount_minor, web.currency) if web else None,
            Money(till.amount_minor, till.currency) if till else None,
            first_coming.get(offer.variant_id),
            offer.variant_id in different,
            _shelf(different.get(offer.variant_id)),
        )

    rows = [row(one) for one in shown[start : start + PAGE]]
    context: dict[str, Any] = {
        "rows": rows,
        "gaps": gaps,
        "coming": _coming(request, upcoming),
        "without": sum(one not in online for one in variants),
        "q": text,
        "next": start + PAGE if start + PAGE < len(shown) else 0,
        "tab": "prices",
    }
    return show(request, "prices", "catalog", **context)


def _shelf(gap: Gap | None) -> Money | None:
    return gap.counter if gap is not None and gap.gap.source == "shelf" else None


def _matches(offer: OfferView, text: str) -> bool:
    words = text.lower()
    names = (*offer.names.values(), *offer.variant_names.values(), offer.brand, offer.gtin or "")
    return not words or any(words in one.lower() for one in names)


def gaps_of(request: HttpRequest, now: datetime) -> list[Gap]:
    """The parity report of the stores one works in."""
    scope, cards = scope_of(request), {card.id: card for card in stores_of(request)}
    found = [
        one
        for one in queries.parity_exceptions(scope.tenant_id, now=now)
        if one.store_id is None or one.store_id in cards
    ]
    return _in_words(scope.tenant_id, found, cards)


def _in_words(tenant_id: UUID, gaps: Sequence[ParityGap], cards: dict[UUID, StoreCard]) -> list[Gap]:
    names = names_of([one.variant_id for one in gaps])
    where = (
        {
            one.variant_id: one.product_id
            for card in cards.values()
            for one in catalog.offers_of_store(card.id, with_inactive=True)
        }
        if gaps
        else {}
    )
    made = []
    for one in gaps:
        product_id = where.get(one.variant_id)
        made.append(
            Gap(
                names.get(one.variant_id, ""),
                localized(cards[one.store_id].name) if one.store_id in cards and len(cards) > 1 else "",
                one,
                reverse("console:price", args=[tenant_id, product_id, one.variant_id]) if product_id else "",
            )
        )
    return made


def _coming(request: HttpRequest, upcoming: Sequence[ScheduledPrice]) -> list[Coming]:
    names = names_of([one.variant_id for one in upcoming]) if upcoming else {}
    lists = {one.id for one in _lists(request)}
    return [
        Coming(one, names.get(one.variant_id, ""), channel_words(one.channel), one.list_id in lists) for one in upcoming
    ]


def _lists(request: HttpRequest) -> list[PriceListView]:
    """The lists one may write into: all of the firm, or those of the stores one works in."""
    scope = scope_of(request)
    own = {card.id for card in stores_of(request)}
    return [
        one
        for one in queries.lists_of_merchant(scope.tenant_id)
        if one.store_id in own or (one.store_id is None and scope.place_ids is None)
    ]


def channel_words(channel: str) -> str:
    return {
        "any": gettext("Web and counter"),
        "online": gettext("Only on the web"),
        "counter": gettext("Only at the counter"),
    }[channel]


class PriceForm(DeskForm):
    """An amount, where it holds, and from when."""

    BESIDE = {"amount": "amount", "at": "from_at", "valid_from": "from_at", "valid_until": "until"}
    channel = forms.ChoiceField(label=pgettext_lazy("price", "Where"), widget=forms.RadioSelect)
    stores = forms.ChoiceField(label=_("Stores"), widget=forms.RadioSelect)
    when = forms.ChoiceField(label=_("From when"), widget=forms.RadioSelect)
    from_at = MomentField(label=_("Day and time"), required=False)
    until = MomentField(label=_("Until"), required=False)
    agreed = forms.CharField(required=False, max_length=80)

    def __init__(
        self, store: StoreCard, *args: Any, whole_firm: bool, several: bool, tomorrow: datetime, **more: Any
    ) -> None:
        super().__init__(*args, **more)
        self.fields["amount"] = AmountField(store.currency, label=_("Price"))
        self.fields["channel"].choices = [(one, channel_words(one)) for one in CHANNELS]  # type: ignore[attr-defined]
        places = [("this", gettext("Only in %(store)s") % {"store": localized(store.name)})]
        if whole_firm:
            places.insert(0, ("all", gettext("In all stores")))
        self.fields["stores"].choices = places  # type: ignore[attr-defined]
        self.fields["when"].choices = [("now", gettext("Now")), ("later", gettext("Later"))]  # type: ignore[attr-defined]
        self.several = several and whole_firm
        self.initial = {
            "channel": "any",
            "stores": places[0][0],
            "when": "now",
            "from_at": tomorrow,
            **self.initial,
        }

    def clean(self) -> dict[str, Any]:
        found = super().clean()
        if found.get("when") == "later" and not found.get("from_at") and "from_at" not in self.errors:
            self.add_error("from_at", gettext("Choose a day and a time."))
        if (
            found.get("until")
            and found.get("when") == "later"
            and found.get("from_at")
            and found["until"] <= found["from_at"]
        ):
            self.add_error("until", gettext("The end is before the beginning."))
        return found

    def start(self, now: datetime) -> datetime:
        at = self.cleaned_data.get("from_at")
        return at if self.cleaned_data["when"] == "later" and at else now


class ShelfForm(DeskForm):
    def __init__(self, currency: str, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["shelf"] = AmountField(currency, label=_("The shelf says"))


class _TakeBack(Exception):
    """Ends a trial: what was written in it is undone."""


def variant_of(product: ProductView, variant_id: UUID) -> VariantView:
    """Refuses NotFound for a variant of another product."""
    for one in product.variants:
        if one.id == variant_id:
            return one
    raise NotFound


@require_http_methods(["GET", "POST"])
@staff("prices.edit")
def price(request: HttpRequest, tenant_id: UUID, product_id: UUID, variant_id: UUID) -> HttpResponse:
    """One price: what it is, what comes, and a new one, with a warning before web and shelf would differ."""
    found = own_product(request, product_id, to_change=False)
    variant, store, now = variant_of(found, variant_id), store_of(request), clock.now()
    if store is None:
        return show(request, "no_store", "catalog", tab="prices")
    if request.method == "GET":
        return _page(request, store, found, variant, _form(request, store, now))
    form = _form(request, store, now, request.POST)
    if not form.is_valid():
        return _page(request, store, found, variant, form, status=422)
    try:
        gaps = _would_differ(request, store, variant_id, form, now)
        if gaps and form.cleaned_data["agreed"] != _agreement(form):
            cards = {card.id: card for card in stores_of(request)}
            return _page(
                request,
                store,
                found,
                variant,
                form,
                status=409,
                warned=_in_words(tenant_id, gaps, cards),
                agreement=_agreement(form),
            )
        once(request, lambda: _write(request, store, variant_id, form, now) and None)
    except Refusal as refusal:
        return _page(request, store, found, variant, form, status=form.take(refusal))
    said = gettext("The price is planned.") if form.cleaned_data["when"] == "later" else gettext("The price holds now.")
    return to(request, "price", product_id, variant_id, said=said)


def _form(request: HttpRequest, store: StoreCard, now: datetime, data: Any = None) -> PriceForm:
    scope = scope_of(request)
    tomorrow = day_period(day_of(now, store.zone) + timedelta(days=1), store.zone).start
    return PriceForm(
        store,
        data,
        whole_firm=scope.place_ids is None,
        several=len(stores_of(request)) > 1,
        tomorrow=tomorrow,
    )


def _agreement(form: PriceForm) -> str:
    """What one agrees to: this amount, there, from then on."""
    said = form.cleaned_data
    moment = said["from_at"].isoformat() if said["when"] == "later" else "now"
    return f"{said['amount']}:{said['channel']}:{said['stores']}:{moment}"


def _write(request: HttpRequest, store: StoreCard, variant_id: UUID, form: PriceForm, now: datetime) -> Any:
    said, scope = form.cleaned_data, scope_of(request)
    if said["channel"] == "any" and said["stores"] == "all":
        list_id = operations.ensure_lists(store_id=store.id, now=now).id
    else:
        list_id = operations.add_list(
            merchant_id=scope.tenant_id,
            store_id=store.id if said["stores"] == "this" else None,
            channel=said["channel"],
            currency=store.currency,
            now=now,
        ).id
    given: dict[str, Any] = {
        "list_id": list_id,
        "variant_id": variant_id,
        "amount_minor": said["amount"],
        "now": now,
        "actor": scope.actor,
    }
    if said["until"]:
        return operations.schedule_price(valid_from=form.start(now), valid_until=said["until"], **given)
    return operations.set_price(valid_from=form.start(now), **given)


def _would_differ(
    request: HttpRequest, store: StoreCard, variant_id: UUID, form: PriceForm, now: datetime
) -> tuple[ParityGap, ...]:
    """Where web and counter would differ with this price. It is tried and taken back: nothing stays written."""
    found: tuple[ParityGap, ...] = ()
    try:
        with unit(savepoint=True):
            found = _write(request, store, variant_id, form, now).warnings
            raise _TakeBack
    except _TakeBack:
        return found


def _page(
    request: HttpRequest,
    store: StoreCard,
    found: ProductView,
    variant: VariantView,
    form: PriceForm,
    *,
    status: int = 200,
    shelf: ShelfForm | None = None,
    warned: Sequence[Gap] = (),
    agreement: str = "",
) -> HttpResponse:
    now = clock.now()
    held = {one: queries.prices(store.id, [variant.id], one, now=now).get(variant.id) for one in ("online", "counter")}
    online, counter = (Money(one.amount_minor, one.currency) if one else None for one in held.values())
    coming = [one for one in queries.upcoming(store.id, now=now) if one.variant_id == variant.id]
    context: dict[str, Any] = {
        "product": found,
        "variant": variant,
        "name": full_name(found, variant),
        "form": form,
        "shelf": shelf or ShelfForm(store.currency),
        "online": online,
        "counter": counter,
        "by_list": _by_list(request, store, variant, now),
        "coming": _coming(request, coming),
        "gaps": [one for one in gaps_of(request, now) if one.gap.variant_id == variant.id],
        "warned": warned,
        "agreement": agreement,
        "start": form.start(now) if warned else None,
        "tab": "prices",
    }
    return show(request, "price", "catalog", status=status, **context)


def _by_list(
    request: HttpRequest, store: StoreCard, variant: VariantView, now: datetime
) -> list[tuple[str, str, Money]]:
    """What each list says about it now: channel, stores, amount."""
    made = []
    for one in queries.lists_of_store(store.id):
        minor = queries.list_prices(one.id, now=now, variant_ids=[variant.id]).get(variant.id)
        if minor is not None:
            stores = localized(store.name) if one.store_id else gettext("All stores")
            made.append((channel_words(one.channel), stores, Money(minor, one.currency)))
    return made


@require_POST
@staff("prices.edit")
def shelf(request: HttpRequest, tenant_id: UUID, product_id: UUID, variant_id: UUID) -> HttpResponse:
    """Somebody read this price on the shelf."""
    found = own_product(request, product_id, to_change=False)
    variant, store, now = variant_of(found, variant_id), store_of(request), clock.now()
    if store is None:
        raise NotFound
    form = ShelfForm(store.currency, request.POST)
    if not form.is_valid():
        return _page(request, store, found, variant, _form(request, store, now), status=422, shelf=form)
    amount = Money(form.cleaned_data["shelf"], store.currency)
    once(
        request,
        lambda: operations.observe_price(
            store_id=store.id, variant_id=variant_id, amount=amount, now=now, actor=scope_of(request).actor
        ),
    )
    return to(request, "price", product_id, variant_id, said=gettext("Noted what the shelf says."))


@require_POST
@staff("prices.edit")
def take_out(request: HttpRequest, tenant_id: UUID, price_id: UUID) -> HttpResponse:
    """Takes a planned price out before it begins. Refuses NotFound for another firm's, or one that holds already."""
    store, now = store_of(request), clock.now()
    lists = {one.id for one in _lists(request)}
    planned = queries.upcoming(store.id, now=now) if store else []
    if not any(one.id == price_id and one.list_id in lists for one in planned):
        raise NotFound
    once(request, lambda: operations.end_price(price_id=price_id, at=now, now=now))
    return to(request, "prices", said=gettext("The planned price is out."))
