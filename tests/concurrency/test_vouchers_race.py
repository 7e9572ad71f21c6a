"""Many people, few coupons. Every race has a control: with the guard off the same race must go wrong."""

from __future__ import annotations

import threading
from collections import Counter
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db.models import F

from paseo.capabilities.vouchers import auditing, refusals
from paseo.capabilities.vouchers import operations as vouchers
from paseo.capabilities.vouchers.models import Program, Voucher
from paseo.capabilities.vouchers.operations import claims, counter, orders
from paseo.capabilities.vouchers.values import Effect
from paseo.kernel.ids import new_id
from tests.concurrency.guards import without_checks
from tests.concurrency.harness import Arena, Outcome, read_then_write

pytestmark = pytest.mark.race
MERCHANT = UUID(int=1)
RACERS = 8


def coupon(now: datetime, **more: Any) -> UUID:
    given: dict[str, Any] = {
        "merchant_id": MERCHANT,
        "kind": "coupon",
        "names": {"en": "One euro"},
        "currency": "EUR",
        "effect": Effect("amount", 100),
        "valid_from": now - timedelta(days=1),
        "now": now,
    }
    program_id = vouchers.create_program(**{**given, **more})
    vouchers.publish(program_id=program_id, merchant_id=MERCHANT, now=now)
    return program_id


def what(outcomes: list[Outcome]) -> Counter[str]:
    return Counter("ok" if outcome.ok else type(outcome.error).__name__ for outcome in outcomes)


def silent() -> bool:
    checks = (auditing.issued_equals_vouchers, auditing.uses_left_equals_uses, auditing.person_limit_kept)
    return not [finding for check in checks for finding in check()]


def test_three_pieces_for_eight_people(arena: Arena, now: datetime) -> None:
    program_id = coupon(now, limit=3)
    outcomes = arena.race(RACERS, lambda n: vouchers.claim(program_id=program_id, owner=f"person:{n}", now=now))
    assert what(outcomes) == {"ok": 3, "AllTaken": 5}
    assert Program.objects.get(id=program_id).issued == Voucher.objects.count() == 3
    assert silent()


def test_one_person_in_eight_tabs(arena: Arena, now: datetime) -> None:
    program_id = coupon(now, per_person=1)
    outcomes = arena.race(RACERS, lambda n: vouchers.claim(program_id=program_id, owner="person:1", now=now))
    assert what(outcomes) == {"ok": 1, "PersonLimitReached": 7}
    assert silent()


def test_one_tap_eight_times_is_one_coupon(arena: Arena, now: datetime) -> None:
    """The id of the piece is the buyer's: whoever loses the race with himself gets the same piece."""
    program_id = coupon(now, limit=5, per_person=2)
    voucher_id = new_id()
    outcomes = arena.race(
        RACERS, lambda n: vouchers.claim(program_id=program_id, owner="person:1", now=now, voucher_id=voucher_id)
    )
    assert [outcome.value for outcome in outcomes] == [voucher_id] * RACERS, what(outcomes)
    assert Program.objects.get(id=program_id).issued == Voucher.objects.count() == 1
    assert silent()


def test_the_last_coupon_tapped_eight_times_is_not_taken_by_oneself(arena: Arena, now: datetime) -> None:
    program_id = coupon(now, limit=1, per_person=1)
    voucher_id = new_id()
    outcomes = arena.race(
        RACERS, lambda n: vouchers.claim(program_id=program_id, owner="person:1", now=now, voucher_id=voucher_id)
    )
    assert [outcome.value for outcome in outcomes] == [voucher_id] * RACERS, what(outcomes)
    assert silent()


def looked_first(monkeypatch: pytest.MonkeyPatch, guard: str) -> None:
    """Whoever looked before claiming is believed."""
    monkeypatch.setattr(claims, guard, lambda program_id, *_: bool(Program.objects.filter(id=program_id).update(
        issued=F("issued") + int(guard == "take_pieces")
    )))  # fmt: skip


def test_control_looking_for_pieces_first_gives_out_too_many(
    arena: Arena, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    program_id = coupon(now, limit=3)
    looked = threading.Barrier(RACERS, timeout=10)
    looked_first(monkeypatch, "take_pieces")

    def naive(n: int) -> None:
        program = Program.objects.get(id=program_id)
        looked.wait()
        if program.issued < 3:
            vouchers.claim(program_id=program_id, owner=f"person:{n}", now=now)

    with without_checks("vouchers_program", "program_issued_within_limit"):
        assert what(arena.race(RACERS, naive)) == {"ok": RACERS}
        assert Voucher.objects.count() == RACERS


def test_control_counting_ones_own_pieces_first_gives_a_person_too_many(
    arena: Arena, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    program_id = coupon(now, per_person=1)
    looked = threading.Barrier(RACERS, timeout=10)
    looked_first(monkeypatch, "take_allowance")

    def naive(n: int) -> None:
        mine = Voucher.objects.filter(program_id=program_id, owner="person:1").count()
        looked.wait()
        if mine < 1:
            vouchers.claim(program_id=program_id, owner="person:1", now=now)

    assert what(arena.race(RACERS, naive)) == {"ok": RACERS}
    assert [finding.check for finding in auditing.person_limit_kept()] == ["vouchers.person_limit_kept"]


def keep(voucher_id: UUID, now: datetime) -> None:
    vouchers.reserve_for_order(voucher_ids=[voucher_id], order_id=new_id(), now=now)


def test_one_coupon_in_eight_orders(arena: Arena, now: datetime) -> None:
    voucher_id = vouchers.claim(program_id=coupon(now), owner="person:1", now=now)
    assert what(arena.race(RACERS, lambda n: keep(voucher_id, now))) == {"ok": 1, "NotYours": 7}
    assert silent()


def test_without_the_guard_one_coupon_is_kept_by_several(
    arena: Arena, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    voucher_id = vouchers.claim(program_id=coupon(now), owner="person:1", now=now)
    monkeypatch.setattr(orders, "guarded", read_then_write(threading.Barrier(2)))
    monkeypatch.setattr(vouchers, "reserve_for_order", vouchers.reserve_for_order.__wrapped__)
    assert what(arena.race(2, lambda n: keep(voucher_id, now)))["ok"] == 2


def use(voucher_id: UUID, now: datetime, uses: int) -> int:
    return vouchers.redeem(voucher_id=voucher_id, redemption_id=new_id(), uses=uses, now=now)


def test_three_uses_at_eight_tills(arena: Arena, now: datetime) -> None:
    voucher_id = vouchers.claim(program_id=coupon(now, uses=3), owner="person:1", now=now)
    outcomes = arena.race(RACERS, lambda n: use(voucher_id, now, 1))
    assert sum(outcome.ok for outcome in outcomes) == 3
    assert all(isinstance(o.error, refusals.NothingLeft | refusals.NotUsable) for o in outcomes if not o.ok)
    voucher = Voucher.objects.get()
    assert (voucher.uses_left, voucher.state) == (0, "used")
    assert silent()


def test_an_order_and_a_till_want_the_last_use(arena: Arena, now: datetime) -> None:
    voucher_id = vouchers.claim(program_id=coupon(now), owner="person:1", now=now)
    outcomes = arena.race(2, lambda n: use(voucher_id, now, 1) if n else keep(voucher_id, now))
    assert sum(outcome.ok for outcome in outcomes) == 1
    assert silent()


def test_control_reading_the_uses_left_first_serves_every_till(
    arena: Arena, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    voucher_id = vouchers.claim(program_id=coupon(now, uses=3), owner="person:1", now=now)
    looked = threading.Barrier(RACERS, timeout=10)
    monkeypatch.setattr(counter, "guarded", lambda rows, **_: True)

    def naive(_: int) -> None:
        left = Voucher.objects.get(id=voucher_id).uses_left
        looked.wait()
        if left:
            use(voucher_id, now, 1)

    assert what(arena.race(RACERS, naive)) == {"ok": RACERS}
    assert [finding.check for finding in auditing.uses_left_equals_uses()] == ["vouchers.uses_left_equals_uses"]
