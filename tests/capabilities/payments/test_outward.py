"""Refunds and questions to a gateway that is sometimes away, and its statement against ours."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from django.db import ProgrammingError

from paseo.capabilities.ordering import operations as ordering
from paseo.capabilities.ordering import queries as orders
from paseo.capabilities.payments import operations, ports, queries
from paseo.capabilities.payments.models import Payment, Refund
from paseo.capabilities.payments.refusals import GatewayRefused, GatewayTrouble
from paseo.capabilities.payments.rules import back_by, next_try, step
from paseo.capabilities.payments.values import GatewayState, RefundState, StatementRow
from paseo.kernel.clock import VirtualClock
from paseo.platform.db.unit import unit
from tests.capabilities.cafe import Cafe, order, paid_order


class Scripted:
    """A gateway that answers what the test says."""

    name = "sandbox"

    def __init__(self) -> None:
        self.refunds: list[UUID] = []
        self.answer: object = "done"
        self.states: dict[UUID, GatewayState] = {}
        self.captured: list[UUID] = []

    def start(self, **_: object) -> str:
        return "http://pay.example/"

    def refund(self, *, payment_id: UUID, refund_id: UUID, amount_minor: int, currency: str) -> RefundState:
        self.refunds.append(refund_id)
        if isinstance(self.answer, Exception):
            raise self.answer
        return RefundState(f"sbr_{len(self.refunds)}", refund_id, amount_minor, str(self.answer))

    def fetch(self, payment_id: UUID) -> GatewayState:
        return self.states.get(payment_id, GatewayState(payment_id, "", "unknown"))

    def capture(self, payment_id: UUID) -> GatewayState:
        self.captured.append(payment_id)
        return GatewayState(payment_id, "sbx_1", "captured", 920, "EUR", 920)

    def cancel(self, payment_id: UUID) -> GatewayState:
        return GatewayState(payment_id, "sbx_1", "cancelled", 920, "EUR", 0)


@pytest.fixture
def gateway(monkeypatch) -> Scripted:
    scripted = Scripted()
    monkeypatch.setitem(ports._gateways, "sandbox", scripted)
    return scripted


def cancelled(cafe: Cafe, now: datetime) -> Refund:
    placed = paid_order(cafe, now)
    ordering.cancel(order_id=placed.order_id, by="buyer", actor="visitor:x", now=now)
    return Refund.objects.get(subject_id=placed.order_id)


@pytest.fixture
def due(cafe: Cafe, now: datetime, gateway: Scripted, monkeypatch) -> Refund:
    monkeypatch.undo()
    refund = cancelled(cafe, now)
    monkeypatch.setitem(ports._gateways, "sandbox", gateway)
    return refund


def test_a_refund_is_sent_once(due: Refund, gateway: Scripted, now: datetime) -> None:
    assert operations.send_refunds(now=now) == 1
    assert operations.send_refunds(now=now) == 0
    due.refresh_from_db()
    assert (due.state, due.done_at, gateway.refunds) == ("done", now, [due.id])
    assert Payment.objects.get(id=due.payment_id).state == "refunded"


def test_without_an_answer_it_is_sent_again_with_the_same_id(
    due: Refund, gateway: Scripted, clock: VirtualClock
) -> None:
    gateway.answer = GatewayTrouble("away")
    assert operations.send_refunds(now=clock.now()) == 1
    assert operations.send_refunds(now=clock.now()) == 0, "not before its time"
    clock.advance(seconds=5)
    assert operations.send_refunds(now=clock.now()) == 1
    clock.advance(seconds=10)
    gateway.answer = "done"
    assert operations.send_refunds(now=clock.now()) == 1
    assert gateway.refunds == [due.id] * 3
    due.refresh_from_db()
    assert (due.state, due.attempts) == ("done", 3)


def test_what_is_only_accepted_is_asked_about_until_it_is_done(
    due: Refund, gateway: Scripted, clock: VirtualClock
) -> None:
    gateway.answer = "pending"
    operations.send_refunds(now=clock.now())
    due.refresh_from_db()
    assert due.state == "sent"
    clock.advance(seconds=5)
    gateway.answer = "done"
    operations.send_refunds(now=clock.now())
    due.refresh_from_db()
    assert due.state == "done"


def test_a_final_no_is_seen_by_people_and_can_be_tried_again(due: Refund, gateway: Scripted, now: datetime) -> None:
    gateway.answer = GatewayRefused("closed account")
    operations.send_refunds(now=now)
    [trouble] = queries.troubled_refunds(now=now)
    assert (trouble.id, trouble.state, trouble.trouble) == (due.id, "failed", "closed account")
    assert queries.payment(due.payment_id).refundable_minor == 0, "it is still owed: nobody gives it back twice"
    gateway.answer = "done"
    operations.retry_refund(refund_id=due.id, actor="person:operator", now=now)
    operations.send_refunds(now=now)
    assert (queries.payment(due.payment_id).state, queries.troubled_refunds(now=now)) == ("refunded", [])


def test_nothing_goes_out_inside_a_unit(due: Refund, now: datetime) -> None:
    with unit(), pytest.raises(ProgrammingError):
        operations.send_refunds(now=now)


def test_a_payment_nobody_told_us_about_is_found(cafe: Cafe, gateway: Scripted, clock: VirtualClock) -> None:
    """The buyer lost the network after paying, and the gateway cannot reach us."""
    placed = order(cafe, clock.now())
    gateway.states[placed.payment.id] = GatewayState(placed.payment.id, "sbx_1", "captured", 920, "EUR", 920)
    assert ordering.finish_stuck(now=clock.now()) == 0, "it is given a moment"
    clock.advance(minutes=3)
    assert ordering.finish_stuck(now=clock.now()) == 1
    assert orders.order(placed.order_id, system=True).summary.state == "confirmed"
    assert ordering.finish_stuck(now=clock.now()) == 0


@pytest.mark.parametrize("wait, state", [(3, "confirmed"), (20, "confirmed")])
def test_reserved_money_is_taken_for_a_living_order(
    cafe: Cafe, gateway: Scripted, clock: VirtualClock, wait: int, state: str
) -> None:
    placed = order(cafe, clock.now())
    gateway.states[placed.payment.id] = GatewayState(placed.payment.id, "sbx_1", "authorized", 920, "EUR", 0)
    clock.advance(minutes=wait)
    ordering.sweep(now=clock.now())
    ordering.finish_stuck(now=clock.now())
    assert gateway.captured == [placed.payment.id]
    assert orders.order(placed.order_id, system=True).summary.state == state


def test_reserved_money_of_a_cancelled_order_is_let_go(cafe: Cafe, gateway: Scripted, clock: VirtualClock) -> None:
    placed = order(cafe, clock.now())
    Payment.objects.filter(id=placed.payment.id).update(state="authorized")
    from paseo.capabilities.ordering.models import Order

    Order.objects.filter(id=placed.order_id).update(state="cancelled")
    gateway.states[placed.payment.id] = GatewayState(placed.payment.id, "sbx_1", "authorized", 920, "EUR", 0)
    clock.advance(minutes=3)
    ordering.finish_stuck(now=clock.now())
    assert (gateway.captured, queries.payment(placed.payment.id).state) == ([], "cancelled")


def test_the_statement_is_compared_line_by_line(cafe: Cafe, now: datetime) -> None:
    first, second = paid_order(cafe, now), paid_order(cafe, now)
    mine = {row.id: row.gateway_ref for row in Payment.objects.all()}

    def theirs(payment_id: UUID, minor: int = 920) -> StatementRow:
        return StatementRow(mine[payment_id], "capture", payment_id, minor, "EUR", now)

    both = [theirs(first.payment.id), theirs(second.payment.id)]
    right = queries.compare_statement("sandbox", now.date(), both)
    assert (right.agrees, right.rows, right.ours_minor, right.theirs_minor) == (True, 2, 1840, 1840)
    stranger = StatementRow("sbx_x", "capture", None, 5, "EUR", now)
    wrong = queries.compare_statement("sandbox", now.date(), [theirs(first.payment.id, 900), stranger])
    assert [(one.problem, one.ours_minor, one.theirs_minor) for one in wrong.differences] == [
        ("other_amount", 920, 900),
        ("missing_here", None, 5),
        ("missing_there", 920, None),
    ]


def test_pauses_grow_to_an_hour(now: datetime) -> None:
    assert [int((next_try(n, now) - now).total_seconds()) for n in (1, 2, 3, 10, 11, 50)] == [
        5,
        10,
        20,
        2560,
        3600,
        3600,
    ]


@pytest.mark.parametrize("day, days", [(13, 5), (14, 5), (15, 5), (16, 4), (11, 3)])
def test_bank_days(day: int, days: int, now: datetime) -> None:
    assert back_by(now.replace(day=day)) == now.replace(day=day) + timedelta(days=days)


@pytest.mark.parametrize(
    "state, seen, verb",
    [
        ("created", "captured", "capture"),
        ("expired", "captured", "capture"),
        ("declined", "captured", "capture"),
        ("captured", "authorized", "none"),
        ("captured", "declined", "none"),
        ("refunded", "captured", "none"),
        ("authorized", "pending", "none"),
        ("created", "unknown", "none"),
    ],
)
def test_a_payment_never_goes_back(state: str, seen: str, verb: str) -> None:
    told = GatewayState(None, "r", seen, 920, "EUR", 920 if seen == "captured" else 0)
    assert step(state, 920, "EUR", told)[0] == verb
