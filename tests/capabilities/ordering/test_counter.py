"""Codes, cash and the way back at the counter."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest

from paseo.capabilities.inventory import operations as stock
from paseo.capabilities.inventory import queries as inventory
from paseo.capabilities.ledger import queries as ledger
from paseo.capabilities.ordering import operations, queries
from paseo.capabilities.ordering.refusals import CashDue, UndoTooLate
from paseo.kernel.clock import VirtualClock
from paseo.kernel.codes import Mistyped
from paseo.kernel.ids import new_id
from paseo.kernel.periods import Period
from paseo.kernel.states import NotAllowed
from paseo.platform.audit.checks import run_all
from paseo.platform.codes.refusals import AlreadyUsed, WrongShop
from tests.capabilities.cafe import Cafe, make_cafe, order, paid_order

STAFF = "person:staff"


def code_of(order_id) -> str:
    return queries.order(order_id, system=True).code


def verify(cafe: Cafe, text: str, now: datetime):
    return operations.verify_code(
        text=text, place_id=cafe.store_id, tenant_id=cafe.merchant_id, actor=STAFF, terminal="till-1", now=now
    )


def silent() -> None:
    assert [finding for finding in run_all() if finding.check.startswith(("ordering", "inventory", "ledger"))] == []


def test_a_code_hands_over_once_and_can_be_taken_back(cafe: Cafe, clock: VirtualClock) -> None:
    now = clock.now()
    placed = paid_order(cafe, now)
    text = code_of(placed.order_id)
    ticket = verify(cafe, text, now)
    assert (ticket.kind, ticket.order.number, ticket.cash_due_minor) == ("order", placed.number, 0)
    assert ticket.warnings == ("This order is not marked as ready yet.",)
    used = operations.redeem_code(token=ticket.token, actor=STAFF, now=now)
    assert operations.redeem_code(token=ticket.token, actor=STAFF, now=now) == used
    view = queries.order(placed.order_id, system=True)
    assert (view.summary.state, view.handover.state, view.code) == ("completed", "handed_over", "")
    assert [one.on_hand for one in inventory.stock_of_store(cafe.store_id)] == [9, 9]
    with pytest.raises(AlreadyUsed):
        verify(cafe, text, now)

    clock.advance(minutes=5)
    operations.undo_redemption(redemption_id=used.redemption_id, actor=STAFF, now=clock.now())
    operations.undo_redemption(redemption_id=used.redemption_id, actor=STAFF, now=clock.now())
    view = queries.order(placed.order_id, system=True)
    assert (view.summary.state, view.handover.state, view.code) == ("confirmed", "ready", text)
    assert [(one.on_hand, one.allocated) for one in inventory.stock_of_store(cafe.store_id)] == [(10, 1), (10, 1)]
    again = verify(cafe, text, clock.now())
    operations.redeem_code(token=again.token, actor=STAFF, now=clock.now())
    assert [(one.on_hand, one.allocated) for one in inventory.stock_of_store(cafe.store_id)] == [(9, 0), (9, 0)]
    silent()


def test_wrong_codes_use_nothing(cafe: Cafe, now: datetime) -> None:
    placed = paid_order(cafe, now)
    text = code_of(placed.order_id)
    other = make_cafe(now)
    with pytest.raises(WrongShop):
        operations.verify_code(
            text=text, place_id=other.store_id, tenant_id=cafe.merchant_id, actor=STAFF, terminal="t", now=now
        )
    with pytest.raises(WrongShop):
        operations.verify_code(
            text=text, place_id=other.store_id, tenant_id=other.merchant_id, actor=STAFF, terminal="t", now=now
        )
    with pytest.raises(Mistyped):
        verify(cafe, text[:-1] + ("2" if text[-1] != "2" else "3"), now)
    assert queries.order(placed.order_id, system=True).summary.state == "confirmed"


def test_staff_hand_over_by_plate_and_undo_in_time(cafe: Cafe, clock: VirtualClock) -> None:
    placed = paid_order(cafe, clock.now())
    operations.ready(order_id=placed.order_id, actor=STAFF, now=clock.now())
    operations.hand_over(order_id=placed.order_id, actor=STAFF, now=clock.now())
    with pytest.raises(NotAllowed):
        operations.hand_over(order_id=placed.order_id, actor=STAFF, now=clock.now())
    clock.advance(minutes=2)
    operations.undo_hand_over(order_id=placed.order_id, actor=STAFF, now=clock.now())
    text = code_of(placed.order_id)
    ticket = verify(cafe, text, clock.now())
    operations.redeem_code(token=ticket.token, actor=STAFF, now=clock.now())
    clock.advance(minutes=11)
    with pytest.raises(UndoTooLate):
        operations.undo_hand_over(order_id=placed.order_id, actor=STAFF, now=clock.now())
    silent()


def test_the_last_cake_can_be_taken_back_although_the_shop_keeps_one_for_itself(
    cafe: Cafe, clock: VirtualClock
) -> None:
    """Taking a hand-over back sells nothing anew: no stock that is kept back, and no other hold, stands against it."""
    placed = paid_order(cafe, clock.now())
    operations.hand_over(order_id=placed.order_id, actor=STAFF, now=clock.now())
    for variant_id in (cafe.variants["coffee"], cafe.variants["cake"]):
        stock.set_safety(store_id=cafe.store_id, variant_id=variant_id, safety=10, now=clock.now())
    stock.untrack(store_id=cafe.store_id, variant_id=cafe.variants["cake"], now=clock.now())
    operations.undo_hand_over(order_id=placed.order_id, actor=STAFF, now=clock.now())
    assert [(one.on_hand, one.allocated) for one in inventory.stock_of_store(cafe.store_id)] == [(10, 1), (10, 1)]
    operations.hand_over(order_id=placed.order_id, actor=STAFF, now=clock.now())
    assert [(one.on_hand, one.allocated) for one in inventory.stock_of_store(cafe.store_id)] == [(9, 0), (9, 0)]
    silent()


def test_cash_is_confirmed_at_once_and_paid_at_the_counter(
    cafe: Cafe, now: datetime, drain_events: Callable[[], int]
) -> None:
    placed = order(cafe, now, method="cash")
    assert (placed.state, placed.payment.state, placed.payment.redirect_url) == ("confirmed", "created", "")
    assert ledger.transfers_of(placed.order_id) == []
    ticket = verify(cafe, code_of(placed.order_id), now)
    assert ticket.cash_due_minor == 920
    with pytest.raises(CashDue) as refused:
        operations.redeem_code(token=ticket.token, actor=STAFF, now=now)
    assert str(refused.value).startswith("9.20 EUR are still to be paid")
    operations.redeem_code(token=ticket.token, actor=STAFF, now=now, cash_taken=True)
    view = queries.order(placed.order_id, system=True)
    assert (view.summary.state, view.summary.paid_at, view.payments[0].state) == ("completed", now, "captured")
    money = ledger.merchant_money(cafe.merchant_id, Period(now.replace(hour=0)), "EUR")
    assert (money.taken_cash.minor, money.fees.minor, money.fee_tax.minor) == (920, 74, 19)
    drain_events()
    silent()


def test_nobody_comes(cafe: Cafe, now: datetime) -> None:
    placed = paid_order(cafe, now)
    operations.ready(order_id=placed.order_id, actor=STAFF, now=now)
    refund = operations.not_collected(order_id=placed.order_id, actor=STAFF, now=now, give_money_back=True)
    assert refund.amount_minor == 920
    assert queries.order(placed.order_id, system=True).summary.state == "not_collected"
    assert [(one.on_hand, one.allocated) for one in inventory.stock_of_store(cafe.store_id)] == [(10, 0), (10, 0)]
    silent()


def test_arriving_is_not_handing_over(cafe: Cafe, now: datetime) -> None:
    placed = paid_order(cafe, now)
    view = operations.arrive(order_id=placed.order_id, now=now)
    assert (view.arrived_at, view.state) == (now, "requested")
    assert new_id() != placed.order_id
