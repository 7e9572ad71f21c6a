"""The stock column of an import of goods: how many there are when a store begins to count."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from paseo.capabilities.directory import queries as directory
from paseo.capabilities.inventory import operations
from paseo.kernel.errors import N_
from paseo.platform.importing.registry import extend_kind
from paseo.platform.importing.values import Applied, Context, Extension, Field, Issue, Parsed, Pending, Row

FIELDS = (
    Field(
        "stock",
        N_("Stock"),
        aliases=("stock", "quantity", "on hand", "qty", "inventory", "saldo", "varasto", "库存", "数量", "existencias"),
    ),
)
_NOT_A_COUNT = N_("{text} is not a whole number of pieces. The good was taken over without stock.")
_MOST = 10**9


def register() -> None:
    extend_kind("goods", Extension("inventory", FIELDS, _parse, _apply))


def _parse(row: Row, parsed: Parsed, context: Context) -> tuple[int | None, tuple[Issue, ...]]:
    text = (row.get("stock") or "").strip()
    if not text:
        return None, ()
    whole = text.removesuffix(".0")
    if not (whole.isascii() and whole.isdigit()) or int(whole) > _MOST:
        return None, (Issue("goods.stock", _NOT_A_COUNT, "stock", {"text": text}),)
    return int(whole), ()


def _apply(rows: Sequence[tuple[Pending, Applied, Any]], context: Context) -> None:
    """In one store only: a number of pieces cannot be in two places."""
    stores = [UUID(str(id)) for id in context.options.get("store_ids") or ()]
    if not stores and context.tenant_id is not None:
        stores = [store.id for store in directory.stores_of_merchant(context.tenant_id) if store.state != "closed"]
    counts = {applied.subject_id: n for _, applied, n in rows if applied.subject_id is not None}
    if len(stores) == 1 and counts:
        operations.open_stock(store_id=stores[0], counts=counts, now=context.now, actor=context.actor)
