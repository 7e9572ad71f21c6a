"""Coupons in orders: kept by one order, used once, returned when the order will not be."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from paseo.capabilities.vouchers import operations as vouchers
from paseo.capabilities.vouchers import queries, refusals
from paseo.capabilities.vouchers.models import VoucherUse
from paseo.capabilities.vouchers.values import CartItem, CouponContext, Effect
from paseo.kernel.ids import new_id
from paseo.platform.db.unit import sql_count, unit
from tests.capabilities.vouchers.conftest import MERCHANT, STORE
from tests.capabilities.vouchers.test_claims import ANNA, BEN, silent


def test_reserved_for_one_order_only(coupon: Callable[..., UUID], now: datetime) -> None:
    voucher_id = vouchers.claim(program_id=coupon(), owner=ANNA, now=now)
    first, second = new_id(), new_id()
    vouchers.reserve_for_order(voucher_ids=[voucher_id], order_id=first, owners=[ANNA], now=now)
    vouchers.reserve_for_order(voucher_ids=[voucher_id], order_id=first, owners=[ANNA], now=now)
    with pytest.raises(refusals.NotYours):
        vouchers.reserve_for_order(voucher_ids=[voucher_id], order_id=second, owners=[ANNA], now=now)
    assert queries.voucher(voucher_id).order_id == first


def test_one_that_is_not_free_takes_none(coupon: Callable[..., UUID], now: datetime) -> None:
    mine = vouchers.claim(program_id=coupon(), owner=ANNA, now=now)
    hers = vouchers.claim(program_id=coupon(), owner=BEN, now=now)
    with pytest.raises(refusals.NotYours), unit(savepoint=True):
        vouchers.reserve_for_order(voucher_ids=[mine, hers], order_id=new_id(), owners=[ANNA], now=now)
    assert queries.voucher(mine).state == "claimed"


def test_used_once_however_often_it_is_confirmed(coupon: Callable[..., UUID], now: datetime) -> None:
    voucher_id, order_id = vouchers.claim(program_id=coupon(uses=3), owner=ANNA, now=now), new_id()
    vouchers.reserve_for_order(voucher_ids=[voucher_id], order_id=order_id, now=now)
    assert [vouchers.use_for_order(order_id=order_id, now=now) for _ in range(3)] == [1, 0, 0]
    voucher = queries.voucher(voucher_id)
    assert (voucher.uses_left, voucher.state) == (2, "claimed")
    silent()


@pytest.mark.parametrize("uses, state", [(1, "used"), (2, "claimed")])
@pytest.mark.parametrize("used", [False, True])
def test_a_cancelled_order_gives_everything_back_once(
    coupon: Callable[..., UUID], now: datetime, uses: int, state: str, used: bool
) -> None:
    voucher_id, order_id = vouchers.claim(program_id=coupon(uses=uses), owner=ANNA, now=now), new_id()
    vouchers.reserve_for_order(voucher_ids=[voucher_id], order_id=order_id, now=now)
    if used:
        vouchers.use_for_order(order_id=order_id, now=now)
        assert queries.voucher(voucher_id).state == state
    assert [vouchers.release_for_order(order_id=order_id, now=now) for _ in range(2)] == [1, 0]
    voucher = queries.voucher(voucher_id)
    assert (voucher.uses_left, voucher.state, voucher.order_id) == (uses, "claimed", None)
    silent()


def test_a_multiple_voucher_kept_by_another_order_stays_kept(coupon: Callable[..., UUID], now: datetime) -> None:
    voucher_id, first, second = vouchers.claim(program_id=coupon(uses=2), owner=ANNA, now=now), new_id(), new_id()
    vouchers.reserve_for_order(voucher_ids=[voucher_id], order_id=first, now=now)
    vouchers.use_for_order(order_id=first, now=now)
    vouchers.reserve_for_order(voucher_ids=[voucher_id], order_id=second, now=now)
    vouchers.release_for_order(order_id=first, now=now)
    voucher = queries.voucher(voucher_id)
    assert (voucher.uses_left, voucher.state, voucher.order_id) == (2, "reserved", second)
    vouchers.use_for_order(order_id=second, now=now)
    silent()


def test_expired_between_cart_and_order(coupon: Callable[..., UUID], now: datetime) -> None:
    voucher_id = vouchers.claim(program_id=coupon(valid_days=1), owner=ANNA, now=now)
    with pytest.raises(refusals.NotYours):
        vouchers.reserve_for_order(voucher_ids=[voucher_id], order_id=new_id(), now=now + timedelta(days=1))


def test_reserve_and_use_are_three_statements(coupon: Callable[..., UUID], now: datetime) -> None:
    ids = [vouchers.claim(program_id=coupon(), owner=ANNA, now=now) for _ in range(2)]
    order_id = new_id()
    with unit(), sql_count() as reserve:
        vouchers.reserve_for_order(voucher_ids=ids, order_id=order_id, owners=[ANNA], now=now)
    assert reserve.count == 1, reserve.all
    with sql_count() as use, unit():
        vouchers.use_for_order(order_id=order_id, now=now)
    statements = [
        sql for sql in use.all if "SAVEPOINT" not in sql and sql not in {"BEGIN", "COMMIT", "BEGIN IMMEDIATE"}
    ]
    assert len(statements) == 2, statements
    assert VoucherUse.objects.count() == 2
    with sql_count() as nothing:
        vouchers.reserve_for_order(voucher_ids=[], order_id=new_id(), now=now)
        queries.effects([], STORE, now)
    assert [sql for sql in nothing.all if "SAVEPOINT" not in sql] == []


def cart(gross: int, mode: str = "pickup") -> CouponContext:
    return CouponContext(STORE, mode, "Europe/Helsinki", "EUR", (CartItem(new_id(), "dish", 1, gross),))


def test_what_applies_and_why_the_rest_does_not(coupon: Callable[..., UUID], now: datetime) -> None:
    good = vouchers.claim(program_id=coupon(), owner=ANNA, now=now)
    short = vouchers.claim(program_id=coupon(effect=Effect("amount", 200, min_spend_minor=1000)), owner=ANNA, now=now)
    hers = vouchers.claim(program_id=coupon(), owner=BEN, now=now)
    with sql_count() as sql:
        discounts, explanations = queries.applied(
            [good, short, hers], cart(680), now=now, merchant_id=MERCHANT, owners=[ANNA]
        )
    assert sql.count == 2  # vouchers, and programs that this process does not know yet
    assert [(rule.source_id, rule.kind, rule.value) for rule in discounts] == [(str(good), "percent_bps", 1000)]
    assert [[reason.key for reason in explanation.reasons] for explanation in explanations] == [
        [],
        ["min_spend"],
        ["unknown"],
    ]
    assert queries.explain(short, cart(1000), now=now, merchant_id=MERCHANT, owners=[ANNA]).applies


def test_effects_leave_out_what_is_for_another_way_or_hour(coupon: Callable[..., UUID], now: datetime) -> None:
    voucher_id = vouchers.claim(
        program_id=coupon(effect=Effect("amount", 200, modes=("pickup",), hours=("14:00", "15:00"))),
        owner=ANNA,
        now=now,
    )
    two = now + timedelta(hours=2)
    assert len(queries.effects([voucher_id], STORE, two, mode="pickup", zone="Europe/Helsinki")) == 1
    assert queries.effects([voucher_id], STORE, two, mode="here", zone="Europe/Helsinki") == []
    assert queries.effects([voucher_id], STORE, now, mode="pickup", zone="Europe/Helsinki") == []
