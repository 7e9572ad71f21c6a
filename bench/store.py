"""Orders as they would lie there after months: the rows of a recorded order again and again, in few transactions."""

from __future__ import annotations

import re
from datetime import date, timedelta
from secrets import token_hex
from typing import Any
from uuid import UUID, uuid4

from django.db import connection, transaction

from bench.world import Shop, World
from paseo.capabilities.fulfillment.rules.plates import plate_text

AT_ONCE = 500
RETURNING = re.compile(r"\sRETURNING\s.*$", re.DOTALL)


def store_orders(world: World, shops: list[Shop], count: int) -> None:
    """Only what an order inserts; what it updates is in the state of the recorded rows or does not matter here. They
    are spread over all shops and, going back from yesterday, over days."""
    steps = [step for statements in world.flow for step in statements if step.sql.lstrip()[:6].upper() == "INSERT"]
    steps = [step for step in steps if "platecounter" not in step.sql]
    for begin in range(0, count, AT_ONCE):
        orders = [
            _values(number, shops, world.spare_vouchers[number]) for number in range(begin, min(begin + AT_ONCE, count))
        ]
        with transaction.atomic(), connection.cursor() as cursor:
            for step in steps:
                cursor.executemany(
                    RETURNING.sub("", step.sql), [[value(*param) for param in step.params] for value in orders]
                )
            _finish(cursor)


def _finish(cursor: Any) -> None:
    """The states that later statements of an order would have left."""
    for table, state in (
        ("ordering_cart", "ordered"),
        ("ordering_order", "completed"),
        ("payments_payment", "captured"),
    ):
        cursor.execute(f"UPDATE {table} SET state = %s WHERE state IN ('open', 'placed', 'created')", [state])
    cursor.execute("UPDATE inventory_hold SET state = 'issued', slot = NULL WHERE state = 'active'")
    cursor.execute("UPDATE fulfillment_handover SET state = 'handed_over' WHERE state IN ('requested', 'accepted')")
    cursor.execute("UPDATE outbox_event SET dispatched_at = at WHERE dispatched_at IS NULL")


def _values(number: int, shops: list[Shop], voucher: UUID) -> Any:
    shop = shops[number % len(shops)]
    nth = number // len(shops)
    fresh: dict[str, Any] = {}
    native = connection.features.has_native_uuid_field

    def id(value: UUID) -> Any:
        return value if native else value.hex

    def value(kind: str, what: Any) -> Any:
        if kind in {"same", "owner"}:
            return what
        if kind == "id":
            return fresh.setdefault(what, id(uuid4()))
        if kind == "shop":
            return id(shop.id)
        if kind == "good":
            return id(getattr(shop.goods[(nth + 7 * what[0]) % len(shop.goods)], what[1]))
        if kind == "voucher":
            return id(voucher)
        if kind == "plate":
            return plate_text(nth % 200 + 1)
        if kind == "day":
            day = date.fromisoformat(str(what)) - timedelta(days=1 + nth // 200)
            return day if isinstance(what, date) else day.isoformat()
        return fresh.setdefault(what, token_hex((len(what) + 1) // 2)[: len(what)])

    return value
