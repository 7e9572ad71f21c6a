"""The shop proposes, the buyer answers, or the default happens."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from paseo.capabilities.inventory import queries as inventory
from paseo.capabilities.ledger import queries as ledger
from paseo.capabilities.ordering import operations, queries
from paseo.capabilities.ordering.refusals import ChangeAnswered, ChangeOpen
from paseo.kernel.clock import VirtualClock
from paseo.platform.notices.models import Notice
from tests.capabilities.cafe import Cafe, order, paid_order
from tests.capabilities.ordering.test_counter import silent

STAFF = "person:staff"
BUYER = "visitor:x"


def line(order_id, name: str):
    return next(one for one in queries.order(order_id, system=True).lines if one.names["en"] == name)


def test_later_is_agreed_and_moves_the_promise(cafe: Cafe, now: datetime) -> None:
    placed = paid_order(cafe, now)
    change = operations.propose_later(order_id=placed.order_id, minutes=10, actor=STAFF, now=now)
    assert change.promised_at == placed.promised_at + timedelta(minutes=10)
    assert queries.order(placed.order_id, system=True).summary.promised_at == placed.promised_at, "asked, not imposed"
    with pytest.raises(ChangeOpen):
        operations.propose_later(order_id=placed.order_id, minutes=5, actor=STAFF, now=now)
    operations.answer_change(change_id=change.id, agree=True, actor=BUYER, now=now)
    operations.answer_change(change_id=change.id, agree=True, actor=BUYER, now=now)
    with pytest.raises(ChangeAnswered):
        operations.answer_change(change_id=change.id, agree=False, actor=BUYER, now=now)
    view = queries.order(placed.order_id, system=True)
    assert view.summary.promised_at == view.handover.promised_at == change.promised_at
    assert view.handover.first_promised_at == placed.promised_at


def test_later_is_declined_and_everything_goes_back(cafe: Cafe, now: datetime) -> None:
    placed = paid_order(cafe, now)
    operations.start(order_id=placed.order_id, actor=STAFF, now=now)
    change = operations.propose_later(order_id=placed.order_id, minutes=30, actor=STAFF, now=now)
    operations.answer_change(change_id=change.id, agree=False, actor=BUYER, now=now)
    view = queries.order(placed.order_id, system=True)
    assert (view.summary.state, view.refunds[0].amount_minor) == ("cancelled", 920)
    silent()


def test_a_sold_out_line_goes_back_alone(cafe: Cafe, now: datetime) -> None:
    placed = paid_order(cafe, now)
    change = operations.propose_sold_out(
        order_id=placed.order_id, line_id=line(placed.order_id, "Cake").id, actor=STAFF, now=now
    )
    operations.answer_change(change_id=change.id, agree=True, actor=BUYER, now=now)
    view = queries.order(placed.order_id, system=True)
    assert (view.summary.state, view.summary.returned_minor) == ("confirmed", 500)
    assert [(one.names["en"], one.state) for one in view.lines] == [("Coffee", "ok"), ("Cake", "refused")]
    assert [one.state for one in view.handover.slip] == ["ok", "refused"]
    assert [(one.amount_minor, one.reason) for one in view.refunds] == [(500, "sold_out")]
    assert inventory.availability(cafe.store_id, [cafe.variants["cake"]]) == {cafe.variants["cake"]: 10}
    # Of 9.20 at 8 % with 25.5 % tax on the fee: 74 + 19 kept; for 5.00 of it 40 + 10 come back.
    assert ledger.balance(cafe.merchant_id, "merchant_payable", "EUR").posted.minor == 920 - 93 - 500 + 50
    silent()


def test_a_line_struck_before_the_cash_is_taken_is_never_asked_for(cafe: Cafe, now: datetime) -> None:
    placed = order(cafe, now, method="cash")
    change = operations.propose_sold_out(
        order_id=placed.order_id, line_id=line(placed.order_id, "Cake").id, actor=STAFF, now=now
    )
    operations.answer_change(change_id=change.id, agree=True, actor=BUYER, now=now)
    assert operations.take_cash(order_id=placed.order_id, actor=STAFF, now=now).captured_minor == 420
    operations.hand_over(order_id=placed.order_id, actor=STAFF, now=now)
    silent()


def test_the_last_line_takes_the_order_with_it(cafe: Cafe, now: datetime) -> None:
    placed = paid_order(cafe, now, total=500, pieces={"cake": 1})
    change = operations.propose_sold_out(
        order_id=placed.order_id, line_id=line(placed.order_id, "Cake").id, actor=STAFF, now=now
    )
    operations.answer_change(change_id=change.id, agree=True, actor=BUYER, now=now)
    assert queries.order(placed.order_id, system=True).summary.state == "refused"
    silent()


def test_without_an_answer_the_default_happens_and_is_told(
    cafe: Cafe, clock: VirtualClock, drain_events: Callable[[], int]
) -> None:
    placed = paid_order(cafe, clock.now())
    change = operations.propose_later(order_id=placed.order_id, minutes=10, actor=STAFF, now=clock.now())
    clock.advance(minutes=9)
    assert operations.lapse_due(now=clock.now()) == 0
    clock.advance(minutes=1)
    assert operations.lapse_due(now=clock.now()) == 1
    [stored] = queries.order(placed.order_id, system=True).changes
    assert (stored.id, stored.state) == (change.id, "lapsed")
    assert queries.order(placed.order_id, system=True).summary.promised_at == change.promised_at
    drain_events()
    assert Notice.objects.filter(kind="ordering.changed").count() == 1


def test_the_shop_takes_its_proposal_back(cafe: Cafe, now: datetime) -> None:
    placed = paid_order(cafe, now)
    change = operations.propose_later(order_id=placed.order_id, minutes=10, actor=STAFF, now=now)
    assert operations.withdraw_change(change_id=change.id, actor=STAFF, now=now).state == "withdrawn"
    with pytest.raises(ChangeAnswered):
        operations.answer_change(change_id=change.id, agree=True, actor=BUYER, now=now)


def test_the_history_tells_who_did_what(cafe: Cafe, clock: VirtualClock) -> None:
    placed = paid_order(cafe, clock.now())
    clock.advance(minutes=1)
    operations.ready(order_id=placed.order_id, actor=STAFF, now=clock.now())
    clock.advance(minutes=1)
    operations.hand_over(order_id=placed.order_id, actor=STAFF, now=clock.now())
    steps = [(one.machine, one.verb, one.actor) for one in queries.history(placed.order_id)]
    visitor = f"visitor:{queries.order(placed.order_id, system=True).visitor_id}"
    assert steps == [
        ("order", "place", visitor),
        ("payment", "capture", "gateway:sandbox"),
        ("order", "confirm", "gateway:sandbox"),
        ("handover", "accept", STAFF),
        ("handover", "ready", STAFF),
        ("handover", "hand_over", STAFF),
        ("order", "complete", STAFF),
    ]
