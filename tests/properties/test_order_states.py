"""Orders under everything that buyers, shops, gateways and time do to them, in any order.

Whatever happens: a refusal changes nothing, an order moves only along its machine, its money and its goods are
where its state says, and the auditors are silent.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
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
from tests.capabilities.cafe import Cafe, fill, forget_all, guest, make_cafe, notice_body, signed
from tests.conftest import NOON
from tests.properties.depth import DEEP, count, examples

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
STOCK = 12
STAFF = "person:staff"
PRICES = {"coffee": 420, "cake": 500, "soup": 950}
done: Counter[str] = Counter()
ends: Counter[str] = Counter()
cafe: list[Cafe] = []
picks = st.integers(min_value=0, max_value=1_000)


@dataclass(frozen=True)
class OrderNow:
    state: str
    number: str
    total_minor: int
    returned_minor: int
    paid_at: datetime | None
    confirmed_at: datetime | None
    promised_at: datetime


@dataclass(frozen=True)
class Seen:
    """``lines``: order, id, variant, quantity, state. ``payments``: id, order, method, state, captured, refunding;
    the oldest first. ``stock``: variant, on hand, allocated."""

    orders: dict[UUID, OrderNow]
    lines: list[Any]
    payments: list[Any]
    stock: list[Any]


class Orders(RuleBasedStateMachine):
    """One café for all walks: each of them happens in a transaction that is taken back."""

    @initialize()
    def open(self) -> None:
        self.whole = transaction.atomic()
        self.whole.__enter__()
        self.clock = VirtualClock(NOON)
        self.clock_in_use = use_clock(self.clock, everywhere=True)
        self.clock_in_use.__enter__()
        forget_all()
        self.cafe = cafe[0]
        self.look()
        self.orders: list[UUID] = []
        self.redemptions: list[UUID] = []
        self.seen: dict[UUID, str] = {}
        self.events = 0

    @property
    def now(self) -> Any:
        return self.clock.now()

    def call(self, operation: Any, **arguments: Any) -> Any:
        """The operation in a unit that may fail alone. After a refusal everything that is looked at is as it was."""
        done[operation.__name__] += 1
        before, refusal = self.seen_now, None
        try:
            with unit(savepoint=True):
                answer = operation(now=self.now, **arguments)
        except Refusal as refused:
            refusal = answer = type(refused)
        self.look()
        if refusal:
            assert self.seen_now == before, f"{operation.__name__} refused with {refusal.code} and changed something"
        return answer

    def look(self) -> None:
        """What the rules and the invariants read, in one statement per table."""
        self.seen_now = Seen(
            {
                row[0]: OrderNow(*row[1:])
                for row in Order.objects.order_by("id").values_list(
                    "id", "state", "number", "total_minor", "returned_minor", "paid_at", "confirmed_at", "promised_at"
                )
            },
            list(
                OrderLine.objects.order_by("order_id", "position").values_list(
                    "order_id", "id", "variant_id", "quantity", "state"
                )
            ),
            list(
                Payment.objects.order_by("created_at", "id").values_list(
                    "id", "subject_id", "method", "state", "captured_minor", "refunding_minor"
                )
            ),
            list(StockItem.objects.order_by("id").values_list("variant_id", "on_hand", "allocated")),
        )

    @property
    def asked_of_gateways(self) -> list[Any]:
        return [row for row in self.seen_now.payments if row[2] != "cash"]

    def pick(self, number: int) -> UUID:
        return self.orders[number % len(self.orders)]

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

    @precondition(lambda self: self.asked_of_gateways)
    @rule(
        number=picks,
        state=st.sampled_from(["captured", "captured", "captured", "authorized", "pending", "declined", "cancelled"]),
        fresh=st.booleans(),
    )
    def notice(self, number: int, state: str, fresh: bool) -> None:
        payment_id = self.asked_of_gateways[number % len(self.asked_of_gateways)][0]
        self.events += 1
        event_id = f"evt_{self.events}" if fresh else f"evt_{state}_{payment_id.hex[:12]}"
        body = notice_body(payment_id, state, event_id=event_id)
        self.call(operations.receive_payment_notice, gateway="sandbox", headers=signed(body, self.now), body=body)

    @precondition(lambda self: any(row[3] == "created" for row in self.asked_of_gateways))
    @rule()
    def newest_is_paid(self) -> None:
        body = notice_body([row[0] for row in self.asked_of_gateways if row[3] == "created"][-1])
        self.call(operations.receive_payment_notice, gateway="sandbox", headers=signed(body, self.now), body=body)

    @precondition(lambda self: any(row[5] for row in self.asked_of_gateways))
    @rule(number=picks)
    def money_is_back(self, number: int) -> None:
        rows = Refund.objects.filter(state="requested").exclude(payment__method="cash").order_by("requested_at", "id")
        count = rows.count()
        if not count:
            return
        refund = rows[number % count]
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
        if self.seen_now.orders[self.pick(number)].confirmed_at is not None:
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
        lines = [line_id for order_id, line_id, *_ in self.seen_now.lines if order_id == self.pick(number)]
        self.call(
            operations.propose_sold_out, order_id=self.pick(number), line_id=lines[which % len(lines)], actor=STAFF
        )

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
        for order_id, order in self.seen_now.orders.items():
            before = self.seen.get(order_id, "placed")
            assert order.state == before or order.state in _reachable(before), f"{before} became {order.state}"
            self.seen[order_id] = order.state

    @invariant()
    def goods_are_where_the_states_say(self) -> None:
        if not hasattr(self, "cafe"):
            return
        names = {variant_id: name for name, variant_id in self.cafe.variants.items()}
        promised: Counter[str] = Counter()
        gone: Counter[str] = Counter()
        for order_id, _, variant_id, quantity, line_state in self.seen_now.lines:
            state = self.seen_now.orders[order_id].state
            if line_state == "ok" and state == "confirmed":
                promised[names[variant_id]] += quantity
            elif line_state == "ok" and state == "completed":
                gone[names[variant_id]] += quantity
        for variant_id, on_hand, allocated in self.seen_now.stock:
            name = names[variant_id]
            assert (allocated, on_hand) == (promised[name], STOCK - gone[name]), name

    @invariant()
    def money_is_where_the_states_say(self) -> None:
        if not hasattr(self, "cafe"):
            return
        kept: Counter[UUID] = Counter()
        for _, subject_id, _, _, captured_minor, refunding_minor in self.seen_now.payments:
            kept[subject_id] += captured_minor - refunding_minor
        for order_id, order in self.seen_now.orders.items():
            due = order.total_minor - order.returned_minor
            if order.paid_at is not None and order.state in {"confirmed", "completed", "not_collected"}:
                assert kept[order_id] == due, f"{order.state} {order.number}: {kept[order_id]} instead of {due}"
            else:
                assert kept[order_id] == 0, f"{order.state} {order.number} still keeps {kept[order_id]}"

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


@cache
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
    cafe[:] = [make_cafe(NOON, stock=STOCK)]
    run_state_machine_as_test(
        Orders,
        settings=settings(
            max_examples=examples(300, 14),
            stateful_step_count=60,
            deadline=None,
            derandomize=True,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
    count(done, usual=400)
    if DEEP:
        assert set(ends) >= set(ORDER.states) - {"placed"}, ends
