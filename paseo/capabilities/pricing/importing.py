"""The price column of an import of goods."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.conf import settings

from paseo.capabilities.directory import queries as directory
from paseo.capabilities.pricing import operations
from paseo.kernel.errors import N_
from paseo.kernel.money import Money
from paseo.platform.importing.registry import extend_kind
from paseo.platform.importing.values import Applied, Context, Extension, Field, Issue, Parsed, Pending, Row

FIELDS = (
    Field(
        "price",
        N_("Price"),
        aliases=(
            "price",
            "unit price",
            "unitprice",
            "amount",
            "hinta",
            "myyntihinta",
            "价格",
            "单价",
            "售价",
            "precio",
        ),
    ),
)
_NOT_A_PRICE = N_("{text} is not a price in {currency}. The good was taken over without a price.")


def register() -> None:
    extend_kind("goods", Extension("pricing", FIELDS, _parse, _apply))


def _stores(context: Context) -> list[UUID]:
    """Those that were chosen, or all of the merchant."""
    chosen = [UUID(str(id)) for id in context.options.get("store_ids") or ()]
    if chosen or context.tenant_id is None:
        return chosen
    return [store.id for store in directory.stores_of_merchant(context.tenant_id) if store.state != "closed"]


def _currency(context: Context) -> str:
    stores = _stores(context)
    return directory.store(stores[0]).currency if stores else settings.PASEO["DEFAULT_CURRENCY"]


def _parse(row: Row, parsed: Parsed, context: Context) -> tuple[int | None, tuple[Issue, ...]]:
    text = (row.get("price") or "").strip()
    if not text:
        return None, ()
    currency = _currency(context)
    try:
        minor = Money.parse(text.strip("€$¥£ ").removesuffix(currency), currency).minor
    except (ValueError, OverflowError):
        minor = -1
    if minor < 0:
        return None, (Issue("goods.price", _NOT_A_PRICE, "price", {"text": text, "currency": currency}),)
    return minor, ()


def _apply(rows: Sequence[tuple[Pending, Applied, Any]], context: Context) -> None:
    amounts = {applied.subject_id: minor for _, applied, minor in rows if applied.subject_id is not None}
    if context.tenant_id is None or not amounts:
        return
    lists = [operations.ensure_lists(store_id=store_id, now=context.now) for store_id in _stores(context)] or [
        operations.add_list(
            merchant_id=context.tenant_id, store_id=None, channel="any", currency=_currency(context), now=context.now
        )
    ]
    for list_id in dict.fromkeys(one.id for one in lists if one.currency == _currency(context)):
        operations.set_prices(list_id=list_id, amounts=amounts, now=context.now, actor=context.actor)
