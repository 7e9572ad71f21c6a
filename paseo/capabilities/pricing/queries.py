"""Reading prices and rates. ``quote`` is the pure rule, reachable through this door."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db.models import F, Q, QuerySet, Window
from django.db.models.functions import RowNumber

from paseo.capabilities.directory import queries as directory
from paseo.capabilities.pricing.known_rates import known_rates
from paseo.capabilities.pricing.models import Price, PriceList, PriceObservation, TaxRate
from paseo.capabilities.pricing.refusals import NoPriceList, TaxRateMissing
from paseo.capabilities.pricing.remembered import Remembered
from paseo.capabilities.pricing.rules import best, parity_gaps, quote
from paseo.capabilities.pricing.values import ParityGap, PriceListView, PriceView, ScheduledPrice
from paseo.platform.db.prepared import Prepared

__all__ = [
    "list_prices",
    "lists_of_merchant",
    "lists_of_store",
    "parity_exceptions",
    "parity_if",
    "prices",
    "prices_at",
    "quote",
    "rates",
    "upcoming",
]

_lists: Remembered[UUID, list[PriceListView]] = Remembered(5)
_rates: Remembered[str, list[tuple[str, Decimal, datetime]]] = Remembered(60)


def forget() -> None:
    """Lists and rates are read again."""
    _lists.forget()
    _rates.forget()


def prices(
    store_id: UUID, variant_ids: Iterable[UUID], channel: str = "online", *, now: datetime
) -> dict[UUID, PriceView]:
    """The price that holds for each variant in a store and channel; those without one are missing. One statement."""
    order = best(lists_of_store(store_id), store_id, channel)
    found: dict[UUID, PriceView] = {}
    if not order:
        return found
    rank = {one.id: position for position, one in enumerate(order)}
    taken: dict[UUID, int] = {}
    for variant_id, list_id, minor in _amounts(list(rank), list(variant_ids), now):
        place = rank[list_id]
        if place < taken.get(variant_id, len(order)):
            one, taken[variant_id] = order[place], place
            found[variant_id] = PriceView(minor, one.currency, one.tax_included, list_id)
    return found


def prices_at(
    pairs: Iterable[tuple[UUID, UUID]], channel: str = "online", *, now: datetime
) -> dict[tuple[UUID, UUID], PriceView]:
    """``prices`` for goods of several stores: (store id, variant id) to the price. Two statements
    once the stores are known.
    """
    wanted = list(dict.fromkeys(pairs))
    lists = _lists_of_stores({store_id for store_id, _ in wanted})
    order = {store_id: best(known, store_id, channel) for store_id, known in lists.items()}
    ids = {one.id for known in order.values() for one in known}
    rows = Price.objects.filter(list_id__in=ids, variant_id__in={variant_id for _, variant_id in wanted})
    amounts = {
        (list_id, variant_id): minor
        for list_id, variant_id, minor in _holding(rows, now).values_list("list_id", "variant_id", "amount_minor")
    }
    found = {}
    for store_id, variant_id in wanted:
        for one in order.get(store_id, ()):
            if (minor := amounts.get((one.id, variant_id))) is not None:
                found[store_id, variant_id] = PriceView(minor, one.currency, one.tax_included, one.id)
                break
    return found


def lists_of_store(store_id: UUID) -> list[PriceListView]:
    """The lists that have a say in this store: its own and those of its merchant."""
    return _lists.get(store_id, _load_lists)


def lists_of_merchant(merchant_id: UUID) -> list[PriceListView]:
    """All lists of a merchant, those for all stores first."""
    rows = _list_views(PriceList.objects.filter(merchant_id=merchant_id))
    return sorted(rows, key=lambda one: (one.store_id is not None, str(one.store_id), one.channel))


def list_prices(list_id: UUID, *, now: datetime, variant_ids: Iterable[UUID] | None = None) -> dict[UUID, int]:
    """What one list says now: variant id to minor units."""
    rows = Price.objects.filter(list_id=list_id)
    if variant_ids is not None:
        rows = rows.filter(variant_id__in=list(variant_ids))
    return dict(_holding(rows, now).values_list("variant_id", "amount_minor"))


def rates(region: str, now: datetime) -> dict[str, Decimal]:
    """The tax rate of every class in a region at an instant; "zero" is zero. Refuses ``TaxRateMissing``.

    The operator's rates come before those that Paseo knows; a class that has none is taxed as "standard".
    """
    found = known_rates(region, now)
    for part in dict.fromkeys((region.partition("-")[0], region)):
        for tax_class, rate, start in _rates.get(part, _load_rates):
            if start <= now:
                found[tax_class] = rate
    if "standard" not in found:
        raise TaxRateMissing(region=region)
    standard = found["standard"]
    return {"reduced": standard, "food": standard, **found, "zero": Decimal(0)}


def upcoming(store_id: UUID, *, now: datetime, limit: int = 200) -> list[ScheduledPrice]:
    """Prices that begin later in the lists of this store, the next first."""
    lists = {one.id: one for one in lists_of_store(store_id)}
    rows = Price.objects.filter(list_id__in=list(lists), valid_from__gt=now).order_by("valid_from", "id")[:limit]
    return [
        ScheduledPrice(
            row.pk,
            row.list_id,
            lists[row.list_id].channel,
            lists[row.list_id].store_id,
            row.variant_id,
            row.amount_minor,
            lists[row.list_id].currency,
            row.valid_from,
            row.valid_until,
        )
        for row in rows
    ]


def parity_if(list_id: UUID, variant_id: UUID, amount_minor: int, *, at: datetime) -> list[ParityGap]:
    """Where the web and the counter would differ from ``at`` on if this price were set. Nothing is written."""
    merchant_id = PriceList.objects.values_list("merchant_id", flat=True).filter(pk=list_id).first()
    if merchant_id is None:
        raise NoPriceList()
    return _gaps(merchant_id, at, [variant_id], {(list_id, variant_id): amount_minor})


def parity_exceptions(
    merchant_id: UUID, *, now: datetime, variant_ids: Iterable[UUID] | None = None
) -> list[ParityGap]:
    """Where the web and the counter of a merchant differ at an instant: by price lists, or by what shelves say."""
    return _gaps(merchant_id, now, None if variant_ids is None else list(variant_ids), {})


def _gaps(
    merchant_id: UUID, now: datetime, wanted: list[UUID] | None, supposed: Mapping[tuple[UUID, UUID], int]
) -> list[ParityGap]:
    lists = lists_of_merchant(merchant_id)
    by_id = {one.id: one for one in lists}
    rows = Price.objects.filter(list_id__in=list(by_id))
    if wanted is not None:
        rows = rows.filter(variant_id__in=wanted)
    amounts = {
        (list_id, variant_id): minor
        for list_id, variant_id, minor in _holding(rows, now).values_list("list_id", "variant_id", "amount_minor")
    } | dict(supposed)
    gaps = []
    if any(one.channel != "any" for one in lists):
        scopes: list[UUID | None] = [None, *dict.fromkeys(one.store_id for one in lists if one.store_id)]
        gaps = parity_gaps(lists, amounts, scopes)
    for seen in _newest_observations(merchant_id, now, wanted):
        for one in best(lists, seen.store_id, "online"):
            if (one.id, seen.variant_id) in amounts:
                web = amounts[one.id, seen.variant_id]
                if web != seen.amount_minor and one.currency == seen.currency:
                    gaps.append(
                        ParityGap(
                            seen.store_id, seen.variant_id, web, seen.amount_minor, one.currency, "shelf", seen.seen_at
                        )
                    )
                break
    return gaps


def _newest_observations(merchant_id: UUID, now: datetime, variant_ids: list[UUID] | None) -> list[PriceObservation]:
    rows = PriceObservation.objects.filter(store__merchant_id=merchant_id, seen_at__lte=now)
    if variant_ids is not None:
        rows = rows.filter(variant_id__in=variant_ids)
    newest = Window(
        RowNumber(), partition_by=["store_id", "variant_id"], order_by=[F("seen_at").desc(), F("id").desc()]
    )
    return list(rows.annotate(age=newest).filter(age=1))


def _holding(rows: QuerySet[Price], now: datetime) -> QuerySet[Price]:
    return rows.filter(Q(valid_until=None) | Q(valid_until__gt=now), valid_from__lte=now)


def _lists_of_stores(store_ids: set[UUID]) -> dict[UUID, list[PriceListView]]:
    """The lists of many stores, in one statement; stores that do not exist are missing."""
    merchants = {card.id: card.merchant_id for card in directory.stores(store_ids).values()}
    by_merchant: dict[UUID, list[PriceListView]] = {}
    for one in _list_views(PriceList.objects.filter(merchant_id__in=set(merchants.values()))):
        by_merchant.setdefault(one.merchant_id, []).append(one)
    return {store_id: by_merchant.get(merchant_id, []) for store_id, merchant_id in merchants.items()}


_amounts = Prepared(
    lambda list_ids, variant_ids, now: _holding(
        Price.objects.filter(list_id__in=list_ids, variant_id__in=variant_ids), now
    ).values_list("variant_id", "list_id", "amount_minor")
)


def _load_lists(store_id: UUID) -> list[PriceListView]:
    merchant_id = directory.store(store_id).merchant_id
    return _list_views(PriceList.objects.filter(Q(store_id=None) | Q(store_id=store_id), merchant_id=merchant_id))


def _list_views(rows: QuerySet[PriceList]) -> list[PriceListView]:
    columns = ("id", "merchant_id", "store_id", "channel", "currency", "tax_included")
    return [PriceListView(*row) for row in rows.values_list(*columns)]


def _load_rates(region: str) -> list[tuple[str, Decimal, datetime]]:
    rows = TaxRate.objects.filter(region=region).order_by("valid_from")
    return list(rows.values_list("tax_class", "rate", "valid_from"))
