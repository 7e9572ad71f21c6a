"""The few statements on which everything rests, in SQL that SQLite and PostgreSQL share.

On PostgreSQL the rows are locked in the order of their ids before they are changed, so that two orders with the same
items in reversed order wait for each other instead of dying in a deadlock, and the condition is judged on the locked,
newest version of each row. SQLite has one writer at a time.
"""

# ruff: noqa: S608 - names of tables and constants of this module are put together, values are parameters

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from paseo.capabilities.inventory.models import Hold, HoldLine, StockItem
from paseo.capabilities.inventory.states import ACTIVE, CONVERTED

ITEM, HOLD_TABLE, LINE = StockItem._meta.db_table, Hold._meta.db_table, HoldLine._meta.db_table

# The guard. Race tests switch it off to show that they would notice.
ENOUGH = f"{ITEM}.on_hand - {ITEM}.allocated - {ITEM}.held - {ITEM}.safety >= want.n"

TAKE = "held = held + want.n"
CONVERT = "held = held - want.n, allocated = allocated + want.n"
GIVE_BACK_HELD = "held = held - want.n"
GIVE_BACK_ALLOCATED = "allocated = allocated - want.n"
ISSUE = "allocated = allocated - want.n, on_hand = on_hand - want.n"
UNISSUE = "allocated = allocated + want.n, on_hand = on_hand + want.n"


def _id(value: UUID) -> Any:
    return value if connection.features.has_native_uuid_field else value.hex


def _instant(value: datetime) -> Any:
    return connection.ops.adapt_datetimefield_value(value)


def _uuid(value: Any) -> UUID:
    return value if isinstance(value, UUID) else UUID(value)


def _lock() -> str:
    return " FOR UPDATE OF i" if connection.features.has_select_for_update else ""


def take(store_id: UUID, demands: Mapping[UUID, int]) -> dict[UUID, UUID]:
    """Holds every demanded variant of which enough is there: variant id to item id of what was taken.

    One statement. What is missing in the answer is either short, or not tracked.
    """
    rows = ", ".join(["(%s, %s)"] * len(demands))
    params = [part for variant_id, n in demands.items() for part in (_id(variant_id), n)]
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH demand (variant_id, n) AS (VALUES {rows}) UPDATE {ITEM} SET {TAKE} FROM ("
            f"SELECT i.id, demand.n FROM {ITEM} i JOIN demand ON demand.variant_id = i.variant_id "
            f"WHERE i.store_id = %s AND i.tracked ORDER BY i.id{_lock()}"
            f") AS want WHERE {ITEM}.id = want.id AND {ENOUGH} RETURNING {ITEM}.variant_id, {ITEM}.id",
            [*params, _id(store_id)],
        )
        return {_uuid(variant_id): _uuid(item_id) for variant_id, item_id in cursor.fetchall()}


def convert(subject_id: UUID, now: datetime) -> bool:
    """The living hold of this order becomes a promise."""
    instant = _instant(now)
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {HOLD_TABLE} SET state = '{CONVERTED}', slot = NULL, changed_at = %s "
            f"WHERE subject_id = %s AND state = '{ACTIVE}' AND expires_at > %s",
            [instant, _id(subject_id), instant],
        )
        return cursor.rowcount == 1


def move_whole(subject_id: UUID, state: str, change: str) -> None:
    """Applies ``change`` to the items of the hold of this order that is in ``state``, by what is outstanding."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {ITEM} SET {change} FROM ("
            f"SELECT i.id, l.quantity - l.released - l.issued AS n FROM {HOLD_TABLE} h "
            f"JOIN {LINE} l ON l.hold_id = h.id JOIN {ITEM} i ON i.id = l.item_id "
            f"WHERE h.subject_id = %s AND h.state = %s ORDER BY i.id{_lock()}"
            f") AS want WHERE {ITEM}.id = want.id",
            [_id(subject_id), state],
        )


def move(quantities: Mapping[UUID, int], change: str) -> int:
    """Applies ``change`` to items by the given quantities; the number of items changed."""
    rows = ", ".join(["(%s, %s)"] * len(quantities))
    params = [part for item_id, n in quantities.items() for part in (_id(item_id), n)]
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH demand (item_id, n) AS (VALUES {rows}) UPDATE {ITEM} SET {change} FROM ("
            f"SELECT i.id, demand.n FROM {ITEM} i JOIN demand ON demand.item_id = i.id ORDER BY i.id{_lock()}"
            f") AS want WHERE {ITEM}.id = want.id",
            params,
        )
        return cursor.rowcount


def free(hold_ids: Sequence[UUID], item_ids: Iterable[UUID] | None = None) -> None:
    """Gives back what these holds still keep; with ``item_ids`` only of those items. The holds must be locked."""
    only = list(item_ids) if item_ids is not None else []
    marks = ", ".join(["%s"] * len(hold_ids))
    condition = f"l.hold_id IN ({marks})" + (f" AND l.item_id IN ({', '.join(['%s'] * len(only))})" if only else "")
    params = [_id(value) for value in [*hold_ids, *only]]
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {ITEM} SET {GIVE_BACK_HELD} FROM (SELECT i.id, kept.n FROM {ITEM} i JOIN ("
            f"SELECT l.item_id, SUM(l.quantity - l.released - l.issued) AS n FROM {LINE} l WHERE {condition} "
            f"GROUP BY l.item_id) AS kept ON kept.item_id = i.id ORDER BY i.id{_lock()}"
            f") AS want WHERE {ITEM}.id = want.id",
            params,
        )
        cursor.execute(
            f"UPDATE {LINE} AS l SET released = quantity - issued WHERE {condition}",
            params,
        )


def open_hold(hold: Hold, limit: int) -> bool:
    """Writes the hold in the buyer's lowest free slot. False when all are taken, or the order has a living hold.

    ``limit`` 0 means no limit. Two tabs of one buyer compute the same slot; the second finds it taken.
    """
    columns = "id, subject_id, owner_key, store_id, state, expires_at, created_at, changed_at, slot"
    values = [
        _id(hold.id),
        _id(hold.subject_id),
        hold.owner_key,
        _id(hold.store_id),
        hold.state,
        _instant(hold.expires_at),
        _instant(hold.created_at),
        _instant(hold.changed_at),
    ]
    marks = ", ".join(["%s"] * len(values))
    if limit:
        source = (
            f"SELECT {marks}, free.n FROM (SELECT numbers.column1 AS n FROM "
            f"(VALUES {', '.join(f'({n})' for n in range(1, limit + 1))}) AS numbers WHERE NOT EXISTS "
            f"(SELECT 1 FROM {HOLD_TABLE} h WHERE h.owner_key = %s AND h.state = 'active' "
            "AND h.slot = numbers.column1) "
            "ORDER BY 1 LIMIT 1) AS free WHERE true"
        )
        params = [*values, hold.owner_key]
    else:
        source, params = f"VALUES ({marks}, NULL)", values
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {HOLD_TABLE} ({columns}) {source} ON CONFLICT DO NOTHING", params)
        return cursor.rowcount == 1
