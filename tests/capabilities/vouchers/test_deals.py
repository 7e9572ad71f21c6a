"""Deals: sold as order lines, issued with codes, used in parts, blocked and taken back at a refund."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from paseo.capabilities.vouchers import operations as vouchers
from paseo.capabilities.vouchers import queries, refusals
from paseo.capabilities.vouchers.models import Program, Voucher
from paseo.capabilities.vouchers.values import DealLine
from paseo.kernel.codes import check_code
from paseo.kernel.ids import new_id
from paseo.platform.codes.operations import prepare
from paseo.platform.codes.refusals import Blocked
from paseo.platform.db.unit import unit
from tests.capabilities.vouchers.conftest import MERCHANT, STORE
from tests.capabilities.vouchers.test_claims import ANNA, silent

Deal = Callable[..., tuple[UUID, UUID]]


def buy(variant_id: UUID, quantity: int, now: datetime) -> tuple[UUID, DealLine]:
    order_id, line = new_id(), DealLine(new_id(), variant_id, quantity)
    with unit(savepoint=True):
        vouchers.hold_for_sale(order_id=order_id, owner=ANNA, lines=[line], now=now)
    return order_id, line


def test_fifty_pieces_are_fifty(deal: Deal, now: datetime) -> None:
    program_id, variant_id = deal(limit=3)
    order_id, _ = buy(variant_id, 2, now)
    with pytest.raises(refusals.DealSoldOut) as refused:
        buy(variant_id, 2, now)
    assert refused.value.params == {"left": 1}
    vouchers.release_for_order(order_id=order_id, now=now)
    assert Program.objects.get(id=program_id).issued == 0
    buy(variant_id, 3, now)
    silent()


def test_confirmed_pieces_get_codes_once(deal: Deal, now: datetime) -> None:
    _, variant_id = deal(limit=3, valid_days=30)
    order_id, line = buy(variant_id, 2, now)
    issued = vouchers.issue_for_sale(order_id=order_id, now=now)
    again = vouchers.issue_for_sale(order_id=order_id, now=now)
    assert [piece.voucher_id for piece in issued] == [piece.voucher_id for piece in again]
    assert [piece.code for piece in issued] == [piece.code for piece in again]
    assert len({check_code(piece.code) for piece in issued}) == 2
    assert {piece.line_id for piece in issued} == {line.line_id}
    assert {piece.valid_until for piece in issued} == {now + timedelta(days=30)}
    assert {view.code for view in queries.wallet(ANNA, now=now)} == {piece.code for piece in issued}
    silent()


def test_a_line_that_was_never_held_is_held_at_confirmation(deal: Deal, now: datetime) -> None:
    _, variant_id = deal(limit=1)
    line = DealLine(new_id(), variant_id, 1)
    issued = vouchers.issue_for_sale(
        order_id=new_id(), owner=ANNA, lines=[line, DealLine(new_id(), new_id(), 1)], now=now
    )
    assert len(issued) == 1
    silent()


def test_partial_use_at_the_counter_and_undo(deal: Deal, now: datetime) -> None:
    _, variant_id = deal(uses=5)
    order_id, _ = buy(variant_id, 1, now)
    (piece,) = vouchers.issue_for_sale(order_id=order_id, now=now)
    redemption = new_id()
    assert vouchers.redeem(voucher_id=piece.voucher_id, redemption_id=redemption, uses=2, store_id=STORE, now=now) == 3
    assert vouchers.redeem(voucher_id=piece.voucher_id, redemption_id=redemption, uses=2, store_id=STORE, now=now) == 3
    with pytest.raises(refusals.NothingLeft) as refused:
        vouchers.redeem(voucher_id=piece.voucher_id, redemption_id=new_id(), uses=4, store_id=STORE, now=now)
    assert refused.value.params == {"uses": 4, "left": 3}
    assert vouchers.redeem(voucher_id=piece.voucher_id, redemption_id=new_id(), uses=3, store_id=STORE, now=now) == 0
    assert queries.voucher(piece.voucher_id).state == "used"
    assert vouchers.unredeem(redemption_id=redemption, now=now) == 2
    assert vouchers.unredeem(redemption_id=redemption, now=now) == 0
    voucher = queries.voucher(piece.voucher_id)
    assert (voucher.uses_left, voucher.state) == (2, "claimed")
    silent()


def test_wrong_shop_and_wrong_time(deal: Deal, now: datetime) -> None:
    _, variant_id = deal(store_ids=[new_id()], valid_days=1)
    order_id, _ = buy(variant_id, 1, now)
    (piece,) = vouchers.issue_for_sale(order_id=order_id, now=now)
    with pytest.raises(refusals.WrongStore):
        vouchers.redeem(voucher_id=piece.voucher_id, redemption_id=new_id(), store_id=STORE, now=now)
    with pytest.raises(refusals.NotUsable) as refused:
        vouchers.redeem(voucher_id=piece.voucher_id, redemption_id=new_id(), now=now + timedelta(days=1))
    assert refused.value.params == {"state": "expired"}


def test_a_refund_blocks_the_code_then_takes_the_deal_back(deal: Deal, now: datetime) -> None:
    program_id, variant_id = deal(limit=1)
    order_id, _ = buy(variant_id, 1, now)
    (piece,) = vouchers.issue_for_sale(order_id=order_id, now=now)
    assert vouchers.block_sale(order_id=order_id, now=now, reason="A refund is open.") == 1
    with pytest.raises(Blocked):
        prepare(piece.code, place_id=STORE, tenant_id=MERCHANT, actor="person:x", terminal="till", now=now)
    with pytest.raises(refusals.NotUsable):
        vouchers.redeem(voucher_id=piece.voucher_id, redemption_id=new_id(), now=now)
    assert vouchers.unblock_sale(order_id=order_id, now=now) == 1
    assert prepare(piece.code, place_id=STORE, tenant_id=MERCHANT, actor="person:x", terminal="till", now=now)
    assert vouchers.refund_sale(order_id=order_id, now=now) == 1
    assert vouchers.refund_sale(order_id=order_id, now=now) == 0
    assert Voucher.objects.get().state == "refunded" and Program.objects.get(id=program_id).issued == 0
    silent()


def test_what_was_used_is_not_refunded(deal: Deal, now: datetime) -> None:
    _, variant_id = deal()
    order_id, _ = buy(variant_id, 1, now)
    (piece,) = vouchers.issue_for_sale(order_id=order_id, now=now)
    vouchers.redeem(voucher_id=piece.voucher_id, redemption_id=new_id(), now=now)
    for act in (vouchers.refund_sale, vouchers.release_for_order):
        with pytest.raises(refusals.AlreadyUsedInPart), unit(savepoint=True):
            act(order_id=order_id, now=now)
    with pytest.raises(refusals.AlreadyUsedInPart):
        vouchers.block_sale(order_id=order_id, now=now, reason="A refund is open.")
    silent()
