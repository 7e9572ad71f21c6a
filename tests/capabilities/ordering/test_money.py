"""Payments of orders: declined and tried again, doubled, late, wrong, given back. Never stuck, never twice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from paseo.capabilities.inventory import operations as inventory_do
from paseo.capabilities.inventory import queries as inventory
from paseo.capabilities.inventory.values import Demand
from paseo.capabilities.ledger import queries as ledger
from paseo.capabilities.ordering import operations, queries
from paseo.capabilities.ordering.refusals import AlreadyPreparing, OrderOver
from paseo.capabilities.payments import queries as payments
from paseo.capabilities.payments.models import GatewayNotice, Payment, Refund
from paseo.capabilities.payments.refusals import AlreadyPaid, BadSignature
from paseo.kernel.clock import VirtualClock
from paseo.kernel.ids import new_id
from paseo.platform.notices.models import Notice
from tests.capabilities.cafe import Cafe, guest, notice_body, order, paid_order, signed, tell
from tests.capabilities.ordering.test_counter import silent


def state(order_id) -> str:
    return queries.order(order_id, system=True).summary.state


def test_declined_then_paid(cafe: Cafe, now: datetime) -> None:
    placed = order(cafe, now)
    assert tell(placed.payment.id, now, "declined", reason="card_declined").outcome == "declined"
    assert state(placed.order_id) == "placed"
    second = operations.pay_again(order_id=placed.order_id, method="sandbox", now=now)
    assert second.id != placed.payment.id
    assert operations.pay_again(order_id=placed.order_id, method="sandbox", now=now).id == second.id, "a double tap"
    assert tell(second.id, now).order_state == "confirmed"
    with pytest.raises(AlreadyPaid):
        operations.pay_again(order_id=placed.order_id, method="sandbox", now=now)
    silent()


def test_two_tabs_both_pay_and_one_is_given_back(cafe: Cafe, now: datetime) -> None:
    placed = order(cafe, now)
    Payment.objects.filter(id=placed.payment.id).update(amount_minor=920)
    tell(placed.payment.id, now, "pending", event_id="a")
    other = Payment.objects.get(id=placed.payment.id)
    other.pk = new_id()
    other.state = "created"
    other.save(force_insert=True)
    assert tell(placed.payment.id, now).outcome == "captured"
    assert tell(other.pk, now).outcome == "surplus"
    [refund] = payments.refunds_of(placed.order_id)
    assert (refund.payment_id, refund.amount_minor, refund.reason) == (other.pk, 920, "surplus")
    assert queries.order(placed.order_id, system=True).summary.returned_minor == 0
    silent()


def test_doubled_and_shuffled_notices_change_nothing(cafe: Cafe, now: datetime) -> None:
    placed = order(cafe, now)
    assert tell(placed.payment.id, now).outcome == "captured"
    assert tell(placed.payment.id, now).outcome == "duplicate"
    assert tell(placed.payment.id, now, "authorized").outcome == "ignored"
    assert tell(placed.payment.id, now, "declined").outcome == "ignored"
    view = queries.order(placed.order_id, system=True)
    assert (view.summary.state, view.payments[0].state) == ("confirmed", "captured")
    assert len(ledger.transfers_of(placed.order_id)) == 1


def test_forged_and_stale_notices_touch_nothing(cafe: Cafe, now: datetime) -> None:
    placed = order(cafe, now)
    body = notice_body(placed.payment.id)
    for headers in ({}, signed(body, now, "another secret"), signed(body, now - timedelta(minutes=6))):
        with pytest.raises(BadSignature):
            operations.receive_payment_notice(gateway="sandbox", headers=headers, body=body, now=now)
    assert state(placed.order_id) == "placed" and not GatewayNotice.objects.exists()


def test_a_payment_that_is_not_ours_is_kept_and_acknowledged(cafe: Cafe, now: datetime) -> None:
    placed = order(cafe, now)
    body = notice_body(placed.payment.id).replace(str(placed.payment.id).encode(), str(new_id()).encode())
    answer = operations.receive_payment_notice(gateway="sandbox", headers=signed(body, now), body=body, now=now)
    assert (answer.outcome, answer.status) == ("unknown", 202)
    assert GatewayNotice.objects.get().outcome == "unknown"


@pytest.mark.parametrize("wrong", [{"amount_minor": 919}, {"currency": "SEK"}])
def test_money_that_was_not_asked_for_is_parked(cafe: Cafe, now: datetime, wrong: dict) -> None:
    placed = order(cafe, now)
    assert tell(placed.payment.id, now, **wrong).outcome == "parked"
    assert state(placed.order_id) == "placed"
    [parked] = payments.parked()
    assert parked.id == placed.payment.id and parked.trouble
    assert (parked.captured_minor, parked.captured_currency) == (
        wrong.get("amount_minor", 920),
        wrong.get("currency", "EUR"),
    )


def late(cafe: Cafe, clock: VirtualClock):
    placed = order(cafe, clock.now())
    clock.advance(minutes=16)
    assert operations.expire_due(now=clock.now()) == 1
    return placed


def test_late_money_keeps_the_order_when_the_goods_are_there(cafe: Cafe, clock: VirtualClock) -> None:
    placed = late(cafe, clock)
    assert state(placed.order_id) == "expired"
    assert inventory.availability(cafe.store_id, [cafe.variants["cake"]]) == {cafe.variants["cake"]: 10}
    assert tell(placed.payment.id, clock.now()).outcome == "late_confirmed"
    assert state(placed.order_id) == "confirmed"
    assert inventory.availability(cafe.store_id, [cafe.variants["cake"]]) == {cafe.variants["cake"]: 9}
    silent()


@pytest.mark.parametrize("swept", [True, False])
def test_late_money_goes_back_when_the_goods_are_gone(
    cafe: Cafe, clock: VirtualClock, swept: bool, drain_events: Callable[[], int]
) -> None:
    placed = order(cafe, clock.now())
    clock.advance(minutes=16)
    if swept:
        operations.expire_due(now=clock.now())
    inventory_do.hold(
        subject_id=new_id(), owner_key="", store_id=cafe.store_id, demands=[Demand(cafe.variants["cake"], 10)],
        expires_at=clock.now() + timedelta(minutes=10), now=clock.now(),
    )  # fmt: skip
    assert tell(placed.payment.id, clock.now()).outcome == "late_refunded"
    assert state(placed.order_id) == "expired"
    [refund] = payments.refunds_of(placed.order_id)
    assert (refund.amount_minor, refund.reason, refund.state) == (920, "late", "requested")
    drain_events()
    [letter] = Notice.objects.filter(kind="ordering.paid_too_late")
    assert letter.subject == f"order:{placed.order_id}"
    silent()


def test_late_money_for_a_cancelled_order_goes_back(cafe: Cafe, now: datetime) -> None:
    placed = order(cafe, now)
    assert operations.cancel(order_id=placed.order_id, by="buyer", actor="visitor:x", now=now) is None
    assert tell(placed.payment.id, now).outcome == "late_refunded"
    assert payments.refunds_of(placed.order_id)[0].reason == "order_over"
    silent()


def test_cancelled_before_preparation_the_money_goes_back_with_its_date(cafe: Cafe, now: datetime) -> None:
    placed = paid_order(cafe, now)
    refund = operations.cancel(order_id=placed.order_id, by="buyer", actor="visitor:x", now=now)
    assert (refund.amount_minor, refund.state) == (920, "requested")
    assert refund.expected_by == now + timedelta(days=5), "three bank days from a Wednesday are a Monday"
    assert inventory.availability(cafe.store_id, [cafe.variants["coffee"]]) == {cafe.variants["coffee"]: 10}
    assert ledger.balance(cafe.merchant_id, "merchant_payable", "EUR").posted.minor == 0
    with pytest.raises(OrderOver):
        operations.pay_again(order_id=new_order(cafe, now), method="sandbox", now=now)
    silent()


def new_order(cafe: Cafe, now: datetime):
    placed = order(cafe, now)
    operations.cancel(order_id=placed.order_id, by="buyer", actor="visitor:x", now=now)
    return placed.order_id


def test_a_buyer_cannot_cancel_what_is_being_prepared(cafe: Cafe, now: datetime) -> None:
    placed = paid_order(cafe, now)
    operations.start(order_id=placed.order_id, actor="person:staff", now=now)
    with pytest.raises(AlreadyPreparing):
        operations.cancel(order_id=placed.order_id, by="buyer", actor="visitor:x", now=now)
    operations.cancel(order_id=placed.order_id, by="shop", actor="person:staff", now=now, reason="no milk")
    assert state(placed.order_id) == "refused"
    silent()


def test_refunds_in_parts_add_up(cafe: Cafe, now: datetime) -> None:
    placed = paid_order(cafe, now)
    for minor in (1, 333, 586):
        operations.refund(order_id=placed.order_id, amount_minor=minor, reason="goodwill", actor="person:boss", now=now)
    assert ledger.balance(cafe.merchant_id, "merchant_payable", "EUR").posted.minor == 0
    assert Refund.objects.count() == 3
    silent()


def test_a_refund_made_at_the_gateway_is_followed(cafe: Cafe, now: datetime) -> None:
    placed = paid_order(cafe, now)
    refunds = [{"ref": "sbr_1", "id": str(new_id()), "amount_minor": 120, "state": "done"}]
    assert tell(placed.payment.id, now, event_id="evt_back", refunds=refunds).outcome == "refund"
    view = queries.order(placed.order_id, system=True)
    assert (view.summary.returned_minor, view.payments[0].state) == (120, "partly_refunded")
    tell(placed.payment.id, now, event_id="evt_back_2", refunds=refunds)
    assert queries.order(placed.order_id, system=True).summary.returned_minor == 120
    silent()


def test_one_buyer_sees_only_their_own(cafe: Cafe, now: datetime) -> None:
    from paseo.capabilities.ordering.refusals import NoOrder

    me = guest()
    placed = order(cafe, now, buyer=me)
    assert queries.order(placed.order_id, buyer=me).id == placed.order_id
    assert queries.order(placed.order_id, key=placed.access_token).id == placed.order_id
    for stranger in ({"buyer": guest()}, {"key": "wrong"}, {}):
        with pytest.raises(NoOrder):
            queries.order(placed.order_id, **stranger)
