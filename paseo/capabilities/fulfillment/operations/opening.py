"""A confirmed order comes to the shop."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connections

from paseo.capabilities.fulfillment import rules
from paseo.capabilities.fulfillment.models import Handover, PlateCounter
from paseo.capabilities.fulfillment.refusals import PlatesUsedUp
from paseo.capabilities.fulfillment.rules.plates import MOST
from paseo.capabilities.fulfillment.values import HandoverView, SlipLine
from paseo.capabilities.fulfillment.views import handover_view, slip_json
from paseo.kernel.periods import day_of
from paseo.platform.db.unit import add, operation


@operation
def open_handover(
    *,
    order_id: UUID,
    store_id: UUID,
    merchant_id: UUID,
    kind: str,
    zone: str,
    code_id: UUID,
    customer: str,
    slip: tuple[SlipLine, ...],
    note: str,
    promised_at: datetime,
    auto_accept: bool,
    now: datetime,
) -> HandoverView:
    """Gives the order its plate for the store's day of the promise and puts it before the shop. Two statements, the
    second at the end of the unit. The caller makes sure that an order comes once. Refuses ``PlatesUsedUp``."""
    day = day_of(promised_at, zone)
    row = Handover(
        id=order_id,
        store_id=store_id,
        merchant_id=merchant_id,
        kind=kind,
        day=day,
        plate=_next_plate(store_id, day),
        code_id=code_id,
        state="accepted" if auto_accept else "requested",
        customer=customer,
        slip=slip_json(slip),
        note=note,
        opened_at=now,
        promised_at=promised_at,
        first_promised_at=promised_at,
        accepted_at=now if auto_accept else None,
    )
    add(row)
    return handover_view(row)


def _next_plate(store_id: UUID, day: date) -> str:
    """Counts up and reads in one statement, so two orders never see the same number."""
    connection = connections["default"]
    meta = PlateCounter._meta
    kinds: Any = meta.get_field
    values = [kinds(name).get_db_prep_value(value, connection) for name, value in (("store", store_id), ("day", day))]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {meta.db_table} (store_id, day, last) VALUES (%s, %s, 1) "  # noqa: S608 - own table name
            f"ON CONFLICT (store_id, day) DO UPDATE SET last = {meta.db_table}.last + 1 RETURNING last",
            values,
        )
        number = cursor.fetchone()[0]
    if number > MOST:
        raise PlatesUsedUp
    return rules.plate_text(number)
