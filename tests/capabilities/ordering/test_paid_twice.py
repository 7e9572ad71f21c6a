"""Money that came once too often goes back, and leaves no trace in what the auditors count."""

from __future__ import annotations

from uuid import UUID

from paseo.capabilities.ordering import operations
from paseo.capabilities.payments import queries as payments
from paseo.capabilities.payments.models import Payment, Refund
from paseo.kernel.clock import VirtualClock
from paseo.kernel.ids import new_id
from paseo.platform.audit.checks import auditors, run_all
from tests.capabilities.cafe import Cafe, order, tell

STAFF = "person:staff"


def silent() -> None:
    assert run_all(name for name in auditors() if name.startswith(("ordering.", "inventory.", "ledger."))) == []


def another_tab(payment_id: UUID) -> UUID:
    row = Payment.objects.get(id=payment_id)
    row.pk = new_id()
    row.save(force_insert=True)
    return row.pk


def all_is_back(payment_id: UUID, clock: VirtualClock) -> None:
    """The gateway says that every refund of the payment is done."""
    told = [
        {"ref": f"r_{refund.id.hex[:8]}", "id": str(refund.id), "amount_minor": refund.amount_minor, "state": "done"}
        for refund in Refund.objects.filter(payment_id=payment_id)
    ]
    clock.advance(minutes=1)
    tell(payment_id, clock.now(), event_id=f"back_{payment_id.hex[:12]}", refunds=told)
    assert Payment.objects.get(id=payment_id).state == "refunded"


def test_what_was_paid_in_a_second_tab_is_back_and_nobody_counts_it(cafe: Cafe, clock: VirtualClock) -> None:
    placed = order(cafe, clock.now())
    other = another_tab(placed.payment.id)
    assert tell(placed.payment.id, clock.now()).outcome == "captured"
    assert tell(other, clock.now()).outcome == "surplus"
    silent()
    all_is_back(other, clock)
    assert payments.money_of([placed.order_id]) == {placed.order_id: (920, 0)}
    silent()


def test_what_was_paid_online_after_the_cash_is_back_and_nobody_counts_it(cafe: Cafe, clock: VirtualClock) -> None:
    """The buyer begins to pay with a card, pays the cashier, gets all of it back, and then the card goes through."""
    placed = order(cafe, clock.now(), method="cash")
    card = operations.pay_again(order_id=placed.order_id, method="sandbox", now=clock.now())
    operations.hand_over(order_id=placed.order_id, actor=STAFF, now=clock.now(), cash_taken=True)
    operations.refund(order_id=placed.order_id, reason="goodwill", actor=STAFF, now=clock.now())
    silent()
    tell(card.id, clock.now())
    assert payments.money_of([placed.order_id]) == {placed.order_id: (920, 920)}
    silent()
    all_is_back(card.id, clock)
    assert payments.money_of([placed.order_id]) == {placed.order_id: (920, 920)}
    silent()
