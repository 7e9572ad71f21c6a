"""The life of vouchers as a machine: in whatever order things are done, counters equal rows and a plain model."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from paseo.capabilities.vouchers import operations as vouchers
from paseo.capabilities.vouchers import queries, refusals
from paseo.capabilities.vouchers.models import Program
from paseo.capabilities.vouchers.values import Effect
from paseo.kernel.ids import new_id
from paseo.kernel.states import NotAllowed
from paseo.platform.db.unit import unit
from tests.capabilities.vouchers.conftest import MERCHANT
from tests.capabilities.vouchers.test_claims import silent

NOON = datetime(2026, 5, 13, 9, 0, tzinfo=UTC)
LIMIT, PER_PERSON, USES = 4, 2, 2


class Life(RuleBasedStateMachine):
    """The model: per voucher its owner, what is left, which order keeps it, and which uses stand."""

    held = Bundle("held")
    orders = Bundle("orders")
    redemptions = Bundle("redemptions")

    @initialize()
    def start(self) -> None:
        self.around = transaction.atomic()
        self.around.__enter__()
        self.now = NOON
        self.owners = [f"person:{new_id()}" for _ in range(3)]
        self.program = vouchers.create_program(
            merchant_id=MERCHANT,
            kind="coupon",
            names={"en": "Two coffees"},
            currency="EUR",
            effect=Effect("amount", 100),
            limit=LIMIT,
            per_person=PER_PERSON,
            uses=USES,
            valid_from=NOON,
            valid_days=3,
            now=NOON,
        )
        vouchers.publish(program_id=self.program, merchant_id=MERCHANT, now=NOON)
        self.model: dict[UUID, dict] = {}
        self.used: dict[UUID, list[UUID]] = {}
        self.kept: dict[UUID, UUID] = {}

    def usable(self, voucher: UUID) -> bool:
        piece = self.model[voucher]
        return piece["state"] == "claimed" and self.now < piece["until"]

    @rule(target=held, who=st.integers(0, 2))
    def claim(self, who: int):
        owner = self.owners[who]
        mine = [piece for piece in self.model.values() if piece["owner"] == owner and piece["state"] != "returned"]
        taken = [piece for piece in self.model.values() if piece["state"] != "returned"]
        try:
            with unit(savepoint=True):
                voucher = vouchers.claim(program_id=self.program, owner=owner, now=self.now)
        except refusals.AllTaken:
            assert len(taken) == LIMIT
            return multiple()
        except refusals.PersonLimitReached:
            assert len(mine) == PER_PERSON
            return multiple()
        assert len(taken) < LIMIT and len(mine) < PER_PERSON
        self.model[voucher] = {"owner": owner, "left": USES, "state": "claimed", "until": self.now + timedelta(days=3)}
        return voucher

    @rule(voucher=held)
    def give_back(self, voucher: UUID) -> None:
        piece = self.model[voucher]
        possible = piece["state"] == "claimed" and piece["left"] == USES
        try:
            with unit(savepoint=True):
                vouchers.give_back(voucher_id=voucher, owner=piece["owner"], now=self.now)
        except (refusals.NotUsable, NotAllowed):
            assert not possible
        else:
            assert possible
            piece["state"] = "returned"

    @rule(target=orders, voucher=held)
    def reserve(self, voucher: UUID):
        order = new_id()
        possible = self.usable(voucher)
        try:
            with unit(savepoint=True):
                vouchers.reserve_for_order(voucher_ids=[voucher], order_id=order, owners=self.owners, now=self.now)
        except refusals.NotYours:
            assert not possible
            return multiple()
        assert possible
        self.model[voucher]["state"] = "reserved"
        self.kept[order] = voucher
        return order

    @rule(order=orders)
    def use(self, order: UUID) -> None:
        expected = 1 if order in self.kept else 0
        assert vouchers.use_for_order(order_id=order, now=self.now) == expected
        if expected:
            voucher = self.kept.pop(order)
            piece = self.model[voucher]
            piece["left"] -= 1
            piece["state"] = "claimed" if piece["left"] else "used"
            self.used[order] = [voucher]

    @rule(order=orders)
    def release(self, order: UUID) -> None:
        expected = 0
        if order in self.kept:
            self.model[self.kept.pop(order)]["state"] = "claimed"
            expected = 1
        for voucher in self.used.pop(order, []):
            self.take_back(voucher, 1)
            expected += 1
        assert vouchers.release_for_order(order_id=order, now=self.now) == expected

    @rule(target=redemptions, voucher=held, uses=st.integers(1, 3))
    def redeem(self, voucher: UUID, uses: int):
        redemption = new_id()
        piece = self.model[voucher]
        possible = self.usable(voucher) and piece["left"] >= uses
        try:
            with unit(savepoint=True):
                left = vouchers.redeem(voucher_id=voucher, redemption_id=redemption, uses=uses, now=self.now)
        except (refusals.NotUsable, refusals.NothingLeft):
            assert not possible
            return multiple()
        piece["left"] -= uses
        assert possible and left == piece["left"]
        piece["state"] = "claimed" if piece["left"] else "used"
        return redemption, voucher, uses

    @rule(done=consumes(redemptions))
    def undo(self, done: tuple[UUID, UUID, int]) -> None:
        redemption, voucher, uses = done
        assert vouchers.unredeem(redemption_id=redemption, now=self.now) == uses
        assert vouchers.unredeem(redemption_id=redemption, now=self.now) == 0
        self.take_back(voucher, uses)

    def take_back(self, voucher: UUID, uses: int) -> None:
        piece = self.model[voucher]
        piece["left"] += uses
        if piece["state"] == "used":
            piece["state"] = "claimed"

    @rule(days=st.integers(1, 2))
    def time_passes(self, days: int) -> None:
        self.now += timedelta(days=days)
        expired = [piece for piece in self.model.values() if piece["state"] == "claimed" and piece["until"] <= self.now]
        assert vouchers.expire_due(now=self.now) == len(expired)
        for piece in expired:
            piece["state"] = "expired"

    def teardown(self) -> None:
        if hasattr(self, "around"):
            transaction.set_rollback(True)
            self.around.__exit__(None, None, None)

    @invariant()
    def rows_equal_the_model(self) -> None:
        if not hasattr(self, "model"):
            return
        silent()
        taken = sum(piece["state"] != "returned" for piece in self.model.values())
        assert Program.objects.get(id=self.program).issued == taken <= LIMIT
        views = {view.id: view for view in queries.wallet(self.owners, now=NOON)}
        assert {key: (view.state, view.uses_left) for key, view in views.items()} == {
            key: (piece["state"], piece["left"]) for key, piece in self.model.items()
        }


@pytest.mark.django_db
def test_whatever_happens_the_counters_hold() -> None:
    run_state_machine_as_test(
        Life,
        settings=settings(
            max_examples=12,
            stateful_step_count=25,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
