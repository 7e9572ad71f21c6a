"""Coupons in an order: reserved when it is placed, used when it is confirmed, given back when it is not to be."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connections
from django.db.models import Case, F, Q, Value, When

from paseo.capabilities.pricing.values import DiscountRule
from paseo.capabilities.vouchers import refusals
from paseo.capabilities.vouchers.models import Voucher, VoucherUse
from paseo.capabilities.vouchers.operations.sales import release_sale
from paseo.capabilities.vouchers.terms import terms_of
from paseo.capabilities.vouchers.values import CouponContext
from paseo.kernel.ids import new_id
from paseo.platform.db.unit import add, guarded, operation


def _adapt(id: UUID, connection: Any) -> Any:
    return Voucher._meta.pk.get_db_prep_value(id, connection)


def _uuid(value: Any) -> UUID:
    return value if isinstance(value, UUID) else UUID(value)


@operation
def reserve_for_order(
    *, voucher_ids: Sequence[UUID], order_id: UUID, now: datetime, owners: Sequence[str] | None = None
) -> None:
    """Keeps the vouchers for this order alone: one guarded UPDATE for all of them, none without vouchers.

    ``owners`` are the wallets they must be in. The same order may ask again. Refuses ``NotYours`` when one of them is
    used, expired, kept by another order or somebody else's.
    """
    wanted = set(voucher_ids)
    if not wanted:
        return
    free = Voucher.objects.filter(
        Q(state="claimed") | Q(state="reserved", order_id=order_id),
        Q(valid_until__isnull=True) | Q(valid_until__gt=now),
        id__in=wanted,
        uses_left__gte=1,
    )
    if owners is not None:
        free = free.filter(owner__in=list(owners))
    if not guarded(free, expect=len(wanted), state="reserved", order_id=order_id):
        raise refusals.NotYours


@operation
def keep_for_order(
    *,
    voucher_ids: Sequence[UUID],
    order_id: UUID,
    context: CouponContext,
    merchant_id: UUID,
    owners: Sequence[str],
    now: datetime,
) -> list[DiscountRule]:
    """Keeps those of the vouchers that are free and apply to the cart for this order alone, and says what they do.

    One guarded UPDATE that reads as well, once the programs are known; one more if some of them do not apply. What the
    quote then does not use goes back by ``let_go``.
    """
    wanted = list(dict.fromkeys(voucher_ids))
    if not wanted or not owners:
        return []
    connection = connections["default"]
    ids = [_adapt(voucher, connection) for voucher in wanted]
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {Voucher._meta.db_table} SET state = 'reserved', order_id = %s "  # noqa: S608 - own table name
            f"WHERE id IN ({', '.join(['%s'] * len(ids))}) AND merchant_id = %s AND state = 'claimed' "
            f"AND owner IN ({', '.join(['%s'] * len(owners))}) AND uses_left >= 1 "
            "AND (valid_until IS NULL OR valid_until > %s) RETURNING id, program_id",
            [
                _adapt(order_id, connection),
                *ids,
                _adapt(merchant_id, connection),
                *owners,
                connection.ops.adapt_datetimefield_value(now),
            ],
        )
        kept = {_uuid(row[0]): _uuid(row[1]) for row in cursor.fetchall()}
    programs = terms_of(set(kept.values()))
    discounts, useless = [], []
    for voucher_id in wanted:
        if voucher_id not in kept:
            continue
        terms = programs[kept[voucher_id]]
        if terms.reasons_against(context, now, state="claimed", valid_until=None):
            useless.append(voucher_id)
        else:
            discounts.append(terms.rule(voucher_id))
    let_go(voucher_ids=useless, order_id=order_id)
    return discounts


@operation
def let_go(*, voucher_ids: Sequence[UUID], order_id: UUID) -> None:
    """What was kept for the order and does not help it is free again. No statement without vouchers."""
    if voucher_ids:
        Voucher.objects.filter(id__in=list(voucher_ids), order_id=order_id, state="reserved").update(
            state="claimed", order_id=None
        )


@operation
def use_for_order(*, order_id: UUID, now: datetime, store_id: UUID | None = None) -> int:
    """Counts one use of every voucher that is reserved for the order; once, however often it is called. Two statements.

    Returns how many were used.
    """
    table = Voucher._meta.db_table
    connection = connections["default"]
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} SET uses_left = uses_left - 1, "  # noqa: S608 - own table name
            "state = CASE WHEN uses_left = 1 THEN 'used' ELSE 'claimed' END "
            "WHERE order_id = %s AND state = 'reserved' RETURNING id",
            [_adapt(order_id, connection)],
        )
        used = [_uuid(row[0]) for row in cursor.fetchall()]
    add(
        *(
            VoucherUse(id=new_id(), voucher_id=voucher, key=f"order:{order_id}", store_id=store_id, at=now)
            for voucher in used
        )
    )
    return len(used)


@operation
def release_for_order(*, order_id: UUID, now: datetime, actor: str = "") -> int:
    """The order will not be: what it reserved is free, what it used comes back, its deals are taken back.

    Repeating it changes nothing. A piece whose time is over comes back as it is and expires with the next sweep.
    Refuses ``AlreadyUsedInPart`` when a bought deal has been used. Returns how many coupons came back.
    """
    released = Voucher.objects.filter(order_id=order_id, state="reserved").update(state="claimed", order_id=None)
    uses = list(VoucherUse.objects.filter(key=f"order:{order_id}", undone_at__isnull=True))
    for use in uses:
        if guarded(VoucherUse.objects.filter(id=use.id, undone_at__isnull=True), undone_at=now):
            Voucher.objects.filter(id=use.voucher_id).update(
                uses_left=F("uses_left") + use.uses,
                state=Case(When(state="used", then=Value("claimed")), default=F("state")),
                order_id=Case(When(order_id=order_id, then=Value(None)), default=F("order_id")),
            )
            released += 1
    release_sale(order_id=order_id, now=now, actor=actor)
    return released
