"""Stock as a state machine beside a plain model: every answer and every count must be the model's."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
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

from paseo.capabilities.inventory import operations
from paseo.capabilities.inventory.models import StockItem
from paseo.capabilities.inventory.refusals import HoldExpired, LastOneGone, NotSoMany, Promised, TooManyHolds
from paseo.capabilities.inventory.values import Demand, Reason
from paseo.kernel.errors import Refusal
from paseo.kernel.ids import new_id
from paseo.platform.audit.checks import auditors, run_all
from tests.capabilities.shops import make_shop
from tests.conftest import NOON
from tests.properties.depth import count, examples, least

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
LIMIT = 3
MINUTES = timedelta(minutes=15)
done: Counter[str] = Counter()


@dataclass
class Item:
    on_hand: int = 0
    safety: int = 0
    tracked: bool = True


@dataclass
class Kept:
    """A hold in the model; ``lines`` is position to [quantity, released, issued]."""

    subject_id: UUID
    owner: str
    expires_at: datetime
    lines: dict[int, list[int]]
    state: str = "active"
    slot: bool = True
    replaced: bool = False

    def outstanding(self, position: int) -> int:
        quantity, released, issued = self.lines.get(position, [0, 0, 0])
        return quantity - released - issued

    def give_back(self, positions: Any = None) -> None:
        for position, line in self.lines.items():
            if positions is None or position in positions:
                line[1] = line[0] - line[2]


class Stock(RuleBasedStateMachine):
    @initialize()
    def open_shop(self) -> None:
        self.whole = transaction.atomic()
        self.whole.__enter__()
        self.now = NOON
        self.shop = make_shop(NOON, variants=4)
        self.items: dict[int, Item] = {}
        self.holds: list[Kept] = []
        for position in range(3):
            self.receive(position, 6)

    # The model

    def kept(self, position: int, *states: str) -> int:
        return sum(hold.outstanding(position) for hold in self.holds if hold.state in states)

    def promised(self, position: int) -> int:
        return self.kept(position, "active", "expired", "converted")

    def available(self, position: int) -> int:
        item = self.items[position]
        return item.on_hand - self.promised(position) - item.safety

    def lapsed(self, hold: Kept) -> bool:
        return hold.state == "active" and hold.expires_at <= self.now

    def expire(self, hold: Kept) -> None:
        hold.state, hold.slot = "expired", False

    def snapshot(self) -> list[tuple[Kept, str, bool, dict[int, list[int]]]]:
        return [
            (hold, hold.state, hold.slot, {key: [*line] for key, line in hold.lines.items()}) for hold in self.holds
        ]

    def restore(self, snapshot: list[tuple[Kept, str, bool, dict[int, list[int]]]]) -> None:
        for hold, state, slot, lines in snapshot:
            hold.state, hold.slot, hold.lines = state, slot, lines

    def take(self, wanted: dict[int, int]) -> dict[int, int] | None:
        """What is taken of which item after freeing what lapsed; None when something is short."""
        taken = {
            p: n for p, n in wanted.items() if p in self.items and self.items[p].tracked and self.available(p) >= n
        }
        short = {p: n for p, n in wanted.items() if p not in taken and p in self.items and self.items[p].tracked}
        if short:
            for hold in self.holds:
                # What was taken a moment ago belongs to no hold of the model yet: only short items are looked at.
                if (self.lapsed(hold) or hold.state == "expired") and any(hold.outstanding(p) for p in short):
                    self.expire(hold)
                    hold.give_back(short)
            if any(self.available(p) < n for p, n in short.items()):
                return None
        return taken | short

    # What the shop and its customers do

    def call(self, operation: Any, **arguments: Any) -> Any:
        done[operation.__name__] += 1
        try:
            return operation(now=self.now, **arguments)
        except Refusal as refusal:
            return type(refusal)

    def at(self, position: int) -> dict[str, UUID]:
        return {"store_id": self.shop.store_id, "variant_id": self.shop.variants[position]}

    positions = st.integers(0, 3)
    demands = st.dictionaries(st.integers(0, 3), st.integers(1, 4), min_size=1, max_size=4)
    pick = st.integers(0, 1000)

    def chosen(self, pick: int) -> Kept:
        # Mostly the newest, since the oldest are over.
        newest = [hold for hold in self.holds if not hold.replaced]
        return newest[-1 - (pick % min(6, len(newest)))]

    @rule(minutes=st.sampled_from([0, 1, 5, 15, 20]), sweeper_comes=st.booleans())
    def time_passes(self, minutes: int, sweeper_comes: bool) -> None:
        self.now += timedelta(minutes=minutes, microseconds=1)
        if sweeper_comes:
            self.sweep()

    @rule(position=positions, quantity=st.integers(1, 8))
    def receive(self, position: int, quantity: int) -> None:
        item = self.items.setdefault(position, Item())
        item.on_hand += quantity
        assert self.call(operations.receive, quantity=quantity, **self.at(position)) == item.on_hand

    @rule(position=positions, delta=st.integers(-4, 4).filter(bool))
    def adjust(self, position: int, delta: int) -> None:
        item = self.items.get(position, Item())
        answer = self.call(operations.adjust, delta=delta, reason=Reason.CORRECTION, **self.at(position))
        if item.on_hand + delta < self.promised(position):
            assert answer is Promised
            return
        item.on_hand += delta
        self.items[position] = item
        assert answer == item.on_hand

    @rule(position=positions, counted=st.integers(0, 12))
    def count(self, position: int, counted: int) -> None:
        item = self.items.get(position, Item())
        answer = self.call(operations.count, counted=counted, **self.at(position))
        if counted < self.promised(position):
            assert answer is Promised
            return
        assert answer == counted - item.on_hand
        item.on_hand = counted
        self.items[position] = item

    @rule(position=positions, safety=st.integers(0, 2), tracked=st.sampled_from([True, True, True, False]))
    def decide(self, position: int, safety: int, tracked: bool) -> None:
        if tracked:
            self.call(operations.track, safety=safety, **self.at(position))
            self.items.setdefault(position, Item()).tracked = True
            self.items[position].safety = safety
        elif position in self.items:
            self.call(operations.untrack, **self.at(position))
            self.items[position].tracked = False

    @rule(wanted=demands, owner=st.sampled_from(["", "a", "b"]), paid=st.booleans())
    def hold(self, wanted: dict[int, int], owner: str, paid: bool) -> None:
        before = self.snapshot()
        subject_id = new_id()
        answer = self.call(
            operations.hold,
            subject_id=subject_id,
            owner_key=owner,
            store_id=self.shop.store_id,
            # Each demand in two lines where it can be: the sum counts.
            demands=[
                Demand(self.shop.variants[p], part) for p, n in wanted.items() for part in (n // 2, n - n // 2) if part
            ],
            expires_at=self.now + MINUTES,
            limit=LIMIT,
        )
        mine = [hold for hold in self.holds if owner and hold.owner == owner and hold.slot]
        if len(mine) >= LIMIT:
            over = [hold for hold in self.holds if hold.owner == owner and self.lapsed(hold)]
            for hold in over:
                self.expire(hold)
                hold.give_back()
            if not any(hold in over for hold in mine):
                self.restore(before)
                assert answer is TooManyHolds
                return
        taken = self.take(wanted)
        if taken is None:
            self.restore(before)
            assert answer is LastOneGone
            return
        lines = {p: [n, 0, 0] for p, n in sorted(taken.items())}
        assert [(line.variant_id, line.quantity) for line in answer.lines] == [
            (self.shop.variants[p], line[0]) for p, line in lines.items()
        ]
        self.holds.append(Kept(subject_id, owner, self.now + MINUTES, lines, slot=bool(owner)))
        if paid:
            self.convert(0)

    @precondition(lambda self: self.holds)
    @rule(pick=pick)
    def convert(self, pick: int) -> None:
        hold = self.chosen(pick)
        answer = self.call(operations.convert, subject_id=hold.subject_id)
        if hold.state in ("converted", "issued"):
            assert answer is None
        elif hold.state == "active" and hold.expires_at > self.now:
            assert answer is None
            hold.state, hold.slot = "converted", False
        else:
            assert answer is HoldExpired

    @precondition(lambda self: self.holds)
    @rule(pick=pick)
    def release(self, pick: int) -> None:
        hold = self.chosen(pick)
        assert self.call(operations.release, subject_id=hold.subject_id) is (hold.state == "active")
        if hold.state == "active":
            hold.give_back()
            hold.state, hold.slot = "released", False

    @precondition(lambda self: self.holds)
    @rule(pick=pick)
    def deallocate(self, pick: int) -> None:
        hold = self.chosen(pick)
        assert self.call(operations.deallocate, subject_id=hold.subject_id) is (hold.state == "converted")
        if hold.state == "converted":
            hold.give_back()
            hold.state = "issued" if any(line[2] for line in hold.lines.values()) else "released"

    @precondition(lambda self: any(hold.state in ("active", "converted") for hold in self.holds))
    @rule(pick=pick, position=positions, n=st.integers(1, 3))
    def refuse_a_line(self, pick: int, position: int, n: int) -> None:
        living = [hold for hold in self.holds if hold.state in ("active", "converted")]
        hold = living[pick % len(living)]
        demands = [Demand(self.shop.variants[position], n)]
        answer = self.call(operations.release_lines, subject_id=hold.subject_id, demands=demands)
        left = hold.outstanding(position)
        if not left:
            assert answer == {}
        elif n > left:
            assert answer is NotSoMany
            return
        else:
            assert answer == {self.shop.variants[position]: n}
            hold.lines[position][1] += n
            if hold.state == "converted" and not any(map(hold.outstanding, hold.lines)):
                hold.state = "issued" if any(line[2] for line in hold.lines.values()) else "released"

    @precondition(lambda self: any(hold.state == "converted" for hold in self.holds))
    @rule(pick=pick, part=st.booleans(), position=positions, n=st.integers(1, 3))
    def hand_over(self, pick: int, part: bool, position: int, n: int) -> None:
        converted = [hold for hold in self.holds if hold.state == "converted"]
        hold = converted[pick % len(converted)]
        lines = [Demand(self.shop.variants[position], n)] if part else None
        answer = self.call(operations.issue_out, subject_id=hold.subject_id, lines=lines)
        going = {p: hold.outstanding(p) for p in hold.lines if hold.outstanding(p)}
        if part and position in going and n > going[position]:
            assert answer is NotSoMany
            return
        if part:
            going = {position: n} if position in going else {}
        assert answer == {self.shop.variants[p]: quantity for p, quantity in going.items()}
        for p, quantity in going.items():
            hold.lines[p][2] += quantity
            self.items[p].on_hand -= quantity
        if not any(map(hold.outstanding, hold.lines)):
            hold.state = "issued"

    @precondition(lambda self: any(hold.state in ("converted", "issued") for hold in self.holds))
    @rule(pick=pick)
    def undo_hand_over(self, pick: int) -> None:
        paid = [hold for hold in self.holds if hold.state in ("converted", "issued")]
        hold = paid[pick % len(paid)]
        back = {p: line[2] for p, line in hold.lines.items() if line[2]}
        answer = self.call(operations.unissue, subject_id=hold.subject_id)
        assert answer == {self.shop.variants[p]: n for p, n in back.items()}
        if back:
            hold.state = "converted"
        for p, n in back.items():
            hold.lines[p][2] = 0
            self.items[p].on_hand += n

    @precondition(lambda self: self.holds)
    @rule(pick=pick)
    def pay_late(self, pick: int) -> None:
        hold = self.chosen(pick)
        if hold.state not in ("active", "expired"):
            return
        before = self.snapshot()
        until = self.now + MINUTES
        answer = self.call(operations.reacquire, subject_id=hold.subject_id, expires_at=until)
        if hold.state == "active":
            assert answer is not LastOneGone
            hold.expires_at = max(hold.expires_at, until)
            return
        taken = self.take({p: line[0] for p, line in hold.lines.items()})
        if taken is None:
            self.restore(before)
            assert answer is LastOneGone
            return
        # The old hold keeps what was not freed yet; the order's newest hold is the one that counts from here.
        again = Kept(hold.subject_id, hold.owner, until, {p: [n, 0, 0] for p, n in sorted(taken.items())}, slot=False)
        hold.replaced = True
        self.holds.append(again)

    def due(self) -> list[Kept]:
        return [
            hold
            for hold in self.holds
            if self.lapsed(hold) or (hold.state == "expired" and any(map(hold.outstanding, hold.lines)))
        ]

    def sweep(self) -> None:
        due = self.due()
        assert self.call(operations.expire_due) == len(due)
        for hold in due:
            self.expire(hold)
            hold.give_back()

    @invariant()
    def counts_agree(self) -> None:
        if not hasattr(self, "shop"):
            return
        rows = StockItem.objects.filter(store_id=self.shop.store_id)
        found = {row.variant_id: (row.on_hand, row.allocated, row.held, row.safety, row.tracked) for row in rows}
        assert found == {
            self.shop.variants[p]: (
                item.on_hand,
                self.kept(p, "converted"),
                self.kept(p, "active", "expired"),
                item.safety,
                item.tracked,
            )
            for p, item in self.items.items()
        }

    def teardown(self) -> None:
        found = run_all(name for name in auditors() if name.startswith("inventory."))
        if hasattr(self, "whole"):
            transaction.set_rollback(True)
            self.whole.__exit__(None, None, None)
        assert found == []


def test_stock_is_always_what_the_model_says() -> None:
    done.clear()
    run_state_machine_as_test(
        Stock,
        settings=settings(
            max_examples=examples(280, 24),
            stateful_step_count=60,
            deadline=None,
            derandomize=True,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
    count(done, usual=800)
    assert min(done.values()) > least(20, 0), done
