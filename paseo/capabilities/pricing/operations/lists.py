"""Price lists come into being with a store, or because a merchant wants other prices somewhere."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from paseo.capabilities.directory import queries as directory
from paseo.capabilities.pricing import queries
from paseo.capabilities.pricing.models import PriceList
from paseo.capabilities.pricing.refusals import OtherCurrency
from paseo.capabilities.pricing.values import CHANNELS, PriceListView
from paseo.platform.db.unit import after_commit, operation


@operation
def ensure_lists(*, store_id: UUID, now: datetime, tax_included: bool = True) -> PriceListView:
    """The list into which prices of this store are written as a rule: the merchant's, for all stores and channels.

    A store in another currency than that list gets one of its own. Again: the same list.
    """
    store = directory.store(store_id)
    shared = _list(store.merchant_id, None, "any", store.currency, tax_included, now)
    if shared.currency == store.currency:
        return shared
    return _list(store.merchant_id, store_id, "any", store.currency, tax_included, now)


@operation
def add_list(
    *,
    merchant_id: UUID,
    store_id: UUID | None,
    channel: str,
    currency: str,
    now: datetime,
    tax_included: bool = True,
) -> PriceListView:
    """A list for one store or all (None), one channel or "any". The one that is there already is returned.

    Refuses ``OtherCurrency`` when it, or another list of the same store, has another currency or kind of tax: a cart
    has one currency, and its prices either include tax or do not.
    """
    if channel not in CHANNELS:
        raise ValueError(f"There is no channel {channel!r}.")
    if store_id is not None and directory.store(store_id).merchant_id != merchant_id:
        raise ValueError("The store belongs to another merchant.")
    for known in queries.lists_of_merchant(merchant_id):
        alike = (known.currency, known.tax_included) == (currency, tax_included)
        if known.store_id == store_id and not alike:
            raise OtherCurrency(currency=known.currency)
    return _list(merchant_id, store_id, channel, currency, tax_included, now)


def _list(
    merchant_id: UUID, store_id: UUID | None, channel: str, currency: str, tax_included: bool, now: datetime
) -> PriceListView:
    wanted = {"merchant_id": merchant_id, "store_id": store_id, "channel": channel}
    row = PriceList.objects.filter(**wanted).first()
    if row is None:
        new = PriceList(**wanted, currency=currency, tax_included=tax_included, created_at=now)
        PriceList.objects.bulk_create([new], ignore_conflicts=True)
        row = PriceList.objects.get(**wanted)
        after_commit(queries.forget)
    return PriceListView(row.pk, row.merchant_id, row.store_id, row.channel, row.currency, row.tax_included)
