"""Orders under everything that buyers, shops, gateways and time do to them, in any order.

Whatever happens: a refusal changes nothing, an order moves only along its machine, its money and its goods are
where its state says, and the auditors are silent.
"""

from __future__ import annotations

from collections import Counter
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from paseo.capabilities.inventory.models import StockItem
from paseo.capabilities.ordering import operations
from paseo.capabilities.ordering.models import Order, OrderChange, OrderLine
from paseo.capabilities.ordering.states import ORDER
from paseo.capabilities.payments.models import Payment, Refund
from paseo.kernel.clock import VirtualClock, use_clock
from paseo.kernel.errors import Refusal
from paseo.kernel.ids import new_id
from paseo.platform.audit.checks import auditors, run_all
from paseo.platform.db.unit import unit
from tests.capabilities.cafe import fill, forget_all, guest, make_cafe, notice_body, signed
from tests.conftest import NOON
from tests.properties.depth import DEEP, examples, least

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
STOCK = 12
STAFF = "person:staff"
PRICES = {"coffee": 420, "cake": 500, "soup": 950}
done: Counter[str] = Counter()
ends: Counter[str] = Counter()
picks = st.integers(min_value=0, max_value=1_000)


class Orders(RuleBasedStateMachine):
    @initialize()
    def open(self) -> None:
        self.whole = transaction.atomic()
        self.whole.__enter__()
        self.clock = VirtualClock(NOON)
        self.clock_in_use = use_clock(self.clock, everywhere=True)
        self.clock_in_use.__enter__()
        self.cafe = make_cafe(NOON, stock=STOCK)
        self.orders: list[UUID] = []
        self.redemptions: list[UUID] = []
        self.seen: dict[UUID, str] = {}
        self.events = 0

    @property
    def now(self) -> Any:
        return self.clock.now()

    def call(self, operation: Any, **arguments: Any) -> Any:
        """The operation in a unit that may fail alone. After a refusal every order is as it was."""
        done[operation.__name__] += 1
        before = self.picture()
        try:
            with unit(savepoint=True):
                return operation(now=self.now, **arguments)
        except Refusal as refused:
            refusal = type(refused)
        assert self.picture() == before, f"{operation.__name__} refused with {refusal.code} and changed something"
        return refusal

    def picture(self) -> list[tuple[Any, ...]]:
        return list(Order.objects.order_by("id").values_list("id", "state", "paid_at", "returned_minor", "promised_at"))

    def pick(self, number: int) -> UUID:
        return self.orders[number % len(self.orders)]

    def payment(self, number: int) -> Payment:
        rows = Payment.objects.exclude(method="cash").order_by("created_at", "id")
        return rows[number % rows.count()]

    # Buyers

    @rule(names=st.sets(st.sampled_from(sorted(PRICES)), min_size=1), count=st.integers(1, 3), cash=st.booleans())
    def order(self, names: set[str], count: int, cash: bool) -> None:
        buyer = guest()
        cart_id = fill(self.cafe, buyer, self.now, **dict.fromkeys(sorted(names), count))
        total = sum(PRICES[name] * count for name in names)
        wish = {
            "cart_id": cart_id, "buyer": buyer, "agreed_total_minor": total, "email": "a@example.org",
            "method": "cash" if cash else "sandbox",
        }  # fmt: skip
        placed = self.call(operations.place, **wish)
        if isinstance(placed, type):
            assert placed.__name__ == "LastOneGone"
            return
        self.orders.append(placed.order_id)
        again = self.call(operations.place, **wish)
        assert (again.order_id, again.replayed) == (placed.order_id, True)

    @precondition(lambda self: self.orders)
    @rule(number=picks)
    def cancel_as_buyer(self, number: int) -> None:
        self.call(operations.cancel, order_id=self.pick(number), by="buyer", actor="visitor:x")

    @precondition(lambda self: self.orders)
    @rule(number=picks, cash=st.booleans())
    def pay_again(self, number: int, cash: bool) -> None:
        self.call(operations.pay_again, order_id=self.pick(number), method="cash" if cash else "sandbox")

    @precondition(lambda self: self.orders)
    @rule(number=picks, agree=st.booleans())
    def answer(self, number: int, agree: bool) -> None:
        changes = OrderChange.objects.order_by("proposed_at", "id")
        if changes.exists():
            change = changes[number % changes.count()]
            self.call(operations.answer_change, change_id=change.id, agree=agree, actor="visitor:x")

    # The gateway

    @precondition(lambda self: Payment.objects.exclude(method="cash").exists())
    @rule(
        number=picks,
        state=st.sampled_from(["captured", "captured", "captured", "authorized", "pending", "declined", "cancelled"]),
        fresh=st.booleans(),
    )
    def notice(self, number: int, state: str, fresh: bool) -> None:
        payment = self.payment(number)
        self.events += 1
        event_id = f"evt_{self.events}" if fresh else f"evt_{state}_{payment.id.hex[:12]}"
        body = notice_body(payment.id, state, event_id=event_id)
        self.call(operations.receive_payment_notice, gateway="sandbox", headers=signed(body, self.now), body=body)

    @precondition(lambda self: Payment.objects.filter(state="created").exclude(method="cash").exists())
    @rule()
    def newest_is_paid(self) -> None:
        payment = Payment.objects.filter(state="created").exclude(method="cash").latest("created_at", "id")
        body = notice_body(payment.id)
        self.call(operations.receive_payment_notice, gateway="sandbox", headers=signed(body, self.now), body=body)

    @precondition(lambda self: Refund.objects.filter(state="requested").exclude(payment__method="cash").exists())
    @rule(number=picks)
    def money_is_back(self, number: int) -> None:
        rows = Refund.objects.filter(state="requested").exclude(payment__method="cash").order_by("requested_at", "id")
        refund = rows[number % rows.count()]
        told = [
            {
                "ref": f"sbr_{refund.id.hex[:10]}",
                "id": str(refund.id),
                "amount_minor": refund.amount_minor,
                "state": "done",
            }
        ]
        self.events += 1
        body = notice_body(refund.payment_id, "captured", event_id=f"evt_{self.events}", refunds=told)
        self.call(operations.receive_payment_notice, gateway="sandbox", headers=signed(body, self.now), body=body)
        assert Refund.objects.get(id=refund.id).state == "done"

    # The shop

    @precondition(lambda self: self.orders)
    @rule(number=picks, verb=st.sampled_from(["accept", "start", "ready"]))
    def work(self, number: int, verb: str) -> None:
        if Order.objects.get(id=self.pick(number)).confirmed_at is not None:
            self.call(getattr(operations, verb), order_id=self.pick(number), actor=STAFF)

    @precondition(lambda self: self.orders)
    @rule(number=picks, cash_taken=st.booleans())
    def hand_over(self, number: int, cash_taken: bool) -> None:
        self.call(operations.hand_over, order_id=self.pick(number), actor=STAFF, cash_taken=cash_taken)

    @precondition(lambda self: self.orders)
    @rule(number=picks)
    def take_it_back(self, number: int) -> None:
        self.call(operations.undo_hand_over, order_id=self.pick(number), actor=STAFF)

    @precondition(lambda self: self.orders)
    @rule(number=picks)
    def take_cash(self, number: int) -> None:
        self.call(operations.take_cash, order_id=self.pick(number), actor=STAFF)

    @precondition(lambda self: self.orders)
    @rule(number=picks)
    def refuse(self, number: int) -> None:
        self.call(operations.cancel, order_id=self.pick(number), by="shop", actor=STAFF, reason="no milk")

    @precondition(lambda self: self.orders)
    @rule(number=picks, minutes=st.integers(1, 30))
    def propose_later(self, number: int, minutes: int) -> None:
        self.call(operations.propose_later, order_id=self.pick(number), minutes=minutes, actor=STAFF)

    @precondition(lambda self: self.orders)
    @rule(number=picks, which=picks)
    def propose_sold_out(self, number: int, which: int) -> None:
        lines = list(OrderLine.objects.filter(order_id=self.pick(number)).order_by("position"))
        line = lines[which % len(lines)]
        self.call(operations.propose_sold_out, order_id=self.pick(number), line_id=line.id, actor=STAFF)

    @precondition(lambda self: self.orders)
    @rule(number=picks, part=st.integers(1, 500))
    def goodwill(self, number: int, part: int) -> None:
        order_id, refund_id = self.pick(number), new_id()
        wish = {
            "order_id": order_id,
            "amount_minor": part,
            "reason": "goodwill",
            "actor": STAFF,
            "refund_id": refund_id,
        }
        first = self.call(operations.refund, **wish)
        if not isinstance(first, type):
            assert self.call(operations.refund, **wish) == first

    @precondition(lambda self: self.orders)
    @rule(number=picks, back=st.booleans())
    def nobody_came(self, number: int, back: bool) -> None:
        self.call(operations.not_collected, order_id=self.pick(number), actor=STAFF, give_money_back=back)

    # Time

    @rule(minutes=st.sampled_from([1, 5, 11, 16]), swept=st.booleans())
    def wait(self, minutes: int, swept: bool) -> None:
        self.clock.advance(minutes=minutes)
        if swept:
            self.call(operations.sweep)

    # What is always true

    @invariant()
    def states_follow_the_machine(self) -> None:
        if not hasattr(self, "seen"):
            return
        for order_id, state in Order.objects.values_list("id", "state"):
            before = self.seen.get(order_id, "placed")
            assert state == before or state in _reachable(before), f"{before} became {state}"
            self.seen[order_id] = state

    @invariant()
    def goods_are_where_the_states_say(self) -> None:
        if not hasattr(self, "cafe"):
            return
        names = {variant_id: name for name, variant_id in self.cafe.variants.items()}
        promised: Counter[str] = Counter()
        gone: Counter[str] = Counter()
        for line in OrderLine.objects.select_related("order").filter(state="ok"):
            if line.order.state == "confirmed":
                promised[names[line.variant_id]] += line.quantity
            elif line.order.state == "completed":
                gone[names[line.variant_id]] += line.quantity
        for item in StockItem.objects.filter(store_id=self.cafe.store_id):
            name = names[item.variant_id]
            assert (item.allocated, item.on_hand) == (promised[name], STOCK - gone[name]), name

    @invariant()
    def money_is_where_the_states_say(self) -> None:
        if not hasattr(self, "cafe"):
            return
        kept: Counter[UUID] = Counter()
        for row in Payment.objects.filter(captured_minor__gt=0):
            kept[row.subject_id] += row.captured_minor - row.refunding_minor
        for order in Order.objects.all():
            due = order.total_minor - order.returned_minor
            if order.paid_at is not None and order.state in {"confirmed", "completed", "not_collected"}:
                assert kept[order.id] == due, f"{order.state} {order.number}: {kept[order.id]} instead of {due}"
            else:
                assert kept[order.id] == 0, f"{order.state} {order.number} still keeps {kept[order.id]}"

    def teardown(self) -> None:
        found = []
        if hasattr(self, "cafe"):
            self.clock.advance(hours=3)
            operations.sweep(now=self.now)
            found = run_all(name for name in auditors() if name.startswith(("ordering.", "inventory.", "ledger.")))
            ends.update(Order.objects.values_list("state", flat=True))
        if hasattr(self, "whole"):
            self.clock_in_use.__exit__(None, None, None)
            transaction.set_rollback(True)
            self.whole.__exit__(None, None, None)
            forget_all()
        assert found == []


def _reachable(state: str) -> set[str]:
    """Where one call may bring an order: a notice may confirm what a sweep has expired, a sweep does several things."""
    found, frontier = set(), {state}
    while frontier:
        frontier = {
            target for one in frontier for verb in ORDER.verbs(one) for target in [ORDER.next(one, verb)]
        } - found
        found |= frontier
    return found


def test_orders_keep_their_promises_whatever_happens() -> None:
    done.clear()
    ends.clear()
    run_state_machine_as_test(
        Orders,
        settings=settings(
            max_examples=examples(280, 14),
            stateful_step_count=60,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert sum(done.values()) > least(10_000, 400), done
    if DEEP:
        assert set(ends) >= set(ORDER.states) - {"placed"}, ends
