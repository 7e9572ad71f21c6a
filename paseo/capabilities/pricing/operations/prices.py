"""Setting, planning and ending prices. The list is locked, so that two people cannot plan over each other."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from paseo.capabilities.pricing import queries
from paseo.capabilities.pricing.events import PriceChanged, PricesChanged
from paseo.capabilities.pricing.models import Price, PriceList
from paseo.capabilities.pricing.refusals import NoPrice, NoPriceList, PriceInThePast, PriceOverlap
from paseo.capabilities.pricing.rules import Change, Span, plan_price
from paseo.capabilities.pricing.values import ParityGap, PriceSet, PricesSet
from paseo.kernel.errors import N_, Invalid
from paseo.kernel.ids import new_id
from paseo.platform.db.unit import operation
from paseo.platform.outbox import emit


@operation
def set_price(
    *,
    list_id: UUID,
    variant_id: UUID,
    amount_minor: int,
    now: datetime,
    valid_from: datetime | None = None,
    actor: str = "",
) -> PriceSet:
    """The price from ``valid_from`` (default: now) until the next planned one, in minor units of the list's currency.

    Warns where shelf and web will differ. Refuses ``PriceInThePast``, ``NoPriceList``, ``Invalid``.
    """
    return _set_one(list_id, variant_id, amount_minor, valid_from or now, None, now, actor)


@operation
def schedule_price(
    *,
    list_id: UUID,
    variant_id: UUID,
    amount_minor: int,
    valid_from: datetime,
    valid_until: datetime | None,
    now: datetime,
    actor: str = "",
) -> PriceSet:
    """As ``set_price``; with ``valid_until`` the price before it holds again afterwards. Or ``PriceOverlap``."""
    if valid_until is not None and valid_until <= valid_from:
        raise Invalid(fields={"valid_until": N_("The end is before the beginning.")})
    return _set_one(list_id, variant_id, amount_minor, valid_from, valid_until, now, actor)


@operation
def set_prices(
    *, list_id: UUID, amounts: Mapping[UUID, int], now: datetime, valid_from: datetime | None = None, actor: str = ""
) -> PricesSet:
    """Many prices at once, as an import brings them: variant id to minor units. What is so already stays untouched.

    A handful of statements for any number of variants. Refusals as in ``set_price``; all or none.
    """
    ids, unchanged = _set(_locked(list_id), amounts, valid_from or now, None, now, actor)
    return PricesSet(len(ids), unchanged, _warnings(list_id, list(ids), valid_from or now))


@operation
def end_price(*, price_id: UUID, at: datetime, now: datetime) -> None:
    """The price ends at ``at``; one that has not begun is taken out. Refuses ``PriceInThePast`` and ``NoPrice``."""
    if at < now:
        raise PriceInThePast(fields={"at": PriceInThePast.what})
    row = Price.objects.filter(pk=price_id).first()
    if row is None:
        raise NoPrice()
    _locked(row.list_id)
    open_until = Price.objects.filter(Q(valid_until=None) | Q(valid_until__gt=at), pk=price_id)
    if open_until.filter(valid_from__lt=at).update(valid_until=at):
        return
    if not open_until.filter(valid_from__gte=now).delete()[0]:
        raise PriceInThePast(fields={"at": PriceInThePast.what})


def _set_one(
    list_id: UUID,
    variant_id: UUID,
    amount_minor: int,
    start: datetime,
    until: datetime | None,
    now: datetime,
    actor: str,
) -> PriceSet:
    ids, _ = _set(_locked(list_id), {variant_id: amount_minor}, start, until, now, actor)
    return PriceSet(ids.get(variant_id), _warnings(list_id, [variant_id], start))


def _set(
    row: PriceList, amounts: Mapping[UUID, int], start: datetime, until: datetime | None, now: datetime, actor: str
) -> tuple[dict[UUID, UUID], int]:
    """Writes what changes: variant id to the id of its price; and how many were so already."""
    if start < now:
        raise PriceInThePast(fields={"valid_from": PriceInThePast.what})
    if any(minor < 0 for minor in amounts.values()):
        raise Invalid(fields={"amount": N_("A price is not negative.")})
    spans = _spans(row.pk, list(amounts), start)
    changes = {key: plan_price(spans.get(key, ()), minor, start, until) for key, minor in amounts.items()}
    if overlapping := [key for key, change in changes.items() if change.overlapping]:
        raise PriceOverlap(variant_ids=overlapping)
    changed = {key: change for key, change in changes.items() if not change.unchanged}
    closed = [change.close for change in changed.values() if change.close]
    Price.objects.filter(pk__in=closed).update(valid_until=start)
    ids = {}
    new = []
    for variant_id, change in changed.items():
        if change.replace:
            Price.objects.filter(pk=change.replace).update(amount_minor=amounts[variant_id], actor=actor)
            ids[variant_id] = change.replace
        else:
            fresh = _rows(row.pk, variant_id, amounts[variant_id], start, change, actor)
            ids[variant_id] = fresh[0].pk
            new += fresh
    Price.objects.bulk_create(new, batch_size=500)
    if changed:
        _tell(row, {key: amounts[key] for key in changed}, start)
    return ids, len(amounts) - len(changed)


def _tell(row: PriceList, amounts: Mapping[UUID, int], start: datetime) -> None:
    """One event for one price, one for a whole batch."""
    fact: PriceChanged | PricesChanged
    if len(amounts) == 1:
        ((variant_id, minor),) = amounts.items()
        fact = PriceChanged(row.merchant_id, row.store_id, row.channel, variant_id, minor, row.currency, start)
    else:
        fact = PricesChanged(row.merchant_id, row.store_id, row.channel, len(amounts), start)
    emit(fact, tenant_id=row.merchant_id, place_id=row.store_id)


def _rows(list_id: UUID, variant_id: UUID, minor: int, start: datetime, change: Change, actor: str) -> list[Price]:
    def price(minor: int, begin: datetime, end: datetime | None) -> Price:
        return Price(
            id=new_id(),
            list_id=list_id,
            variant_id=variant_id,
            amount_minor=minor,
            valid_from=begin,
            valid_until=end,
            actor=actor,
        )

    rows = [price(minor, start, change.until)]
    if change.resume is not None and change.resume_from is not None:
        rows.append(price(change.resume, change.resume_from, change.resume_until))
    return rows


def _spans(list_id: UUID, variant_ids: list[UUID], start: datetime) -> dict[UUID, list[Span]]:
    rows = Price.objects.filter(Q(valid_until=None) | Q(valid_until__gt=start), list_id=list_id)
    spans: dict[UUID, list[Span]] = {}
    for first in range(0, len(variant_ids), 500):
        batch = rows.filter(variant_id__in=variant_ids[first : first + 500])
        columns = ("variant_id", "id", "amount_minor", "valid_from", "valid_until")
        for variant_id, *span in batch.values_list(*columns):
            spans.setdefault(variant_id, []).append(Span(*span))
    return spans


def _locked(list_id: UUID) -> PriceList:
    row = PriceList.objects.select_for_update().filter(pk=list_id).first()
    if row is None:
        raise NoPriceList()
    return row


def _warnings(list_id: UUID, variant_ids: list[UUID], at: datetime) -> tuple[ParityGap, ...]:
    if not variant_ids:
        return ()
    merchant_id = PriceList.objects.values_list("merchant_id", flat=True).get(pk=list_id)
    return tuple(queries.parity_exceptions(merchant_id, now=at, variant_ids=variant_ids))
