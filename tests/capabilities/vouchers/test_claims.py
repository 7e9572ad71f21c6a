"""Claiming: limits hold, repetition is harmless, what is given back can be had by another."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from paseo.capabilities.vouchers import auditing, queries, refusals
from paseo.capabilities.vouchers import operations as vouchers
from paseo.capabilities.vouchers.models import Allowance, Program
from paseo.kernel.errors import Invalid
from paseo.kernel.ids import new_id
from tests.capabilities.vouchers.conftest import MERCHANT, STORE

ANNA, BEN = "person:0000000a-0000-0000-0000-000000000000", "visitor:0000000b-0000-0000-0000-000000000000"


def silent() -> None:
    assert [*auditing.issued_equals_vouchers(), *auditing.uses_left_equals_uses(), *auditing.person_limit_kept()] == []


def test_the_last_piece_goes_once(coupon: Callable[..., UUID], now: datetime) -> None:
    program_id = coupon(limit=2)
    vouchers.claim(program_id=program_id, owner=ANNA, now=now)
    vouchers.claim(program_id=program_id, owner=BEN, now=now)
    with pytest.raises(refusals.AllTaken) as refused:
        vouchers.claim(program_id=program_id, owner=ANNA, now=now)
    assert refused.value.params == {"limit": 2}
    assert Program.objects.get(id=program_id).issued == 2
    silent()


def test_one_person_takes_what_is_allowed(coupon: Callable[..., UUID], now: datetime) -> None:
    program_id = coupon(per_person=1, limit=10)
    vouchers.claim(program_id=program_id, owner=ANNA, now=now)
    with pytest.raises(refusals.PersonLimitReached):
        vouchers.claim(program_id=program_id, owner=ANNA, now=now)
    assert Program.objects.get(id=program_id).issued == 1
    assert Allowance.objects.get().taken == 1
    silent()


def test_the_same_id_is_the_same_voucher(coupon: Callable[..., UUID], now: datetime) -> None:
    program_id, voucher_id = coupon(per_person=1), new_id()
    first = vouchers.claim(program_id=program_id, owner=ANNA, now=now, voucher_id=voucher_id)
    assert vouchers.claim(program_id=program_id, owner=ANNA, now=now, voucher_id=voucher_id) == first == voucher_id
    assert Program.objects.get(id=program_id).issued == 1


def test_given_back_is_free_for_another(coupon: Callable[..., UUID], now: datetime) -> None:
    program_id = coupon(limit=1, per_person=1)
    voucher_id = vouchers.claim(program_id=program_id, owner=ANNA, now=now)
    vouchers.give_back(voucher_id=voucher_id, owner=ANNA, now=now)
    vouchers.claim(program_id=program_id, owner=BEN, now=now)
    silent()


def test_a_batch_goes_on_after_a_refusal(coupon: Callable[..., UUID], now: datetime) -> None:
    program_id = coupon(limit=2, per_person=1)
    outcomes = vouchers.claim_many(program_id=program_id, owners=[ANNA, ANNA, BEN, "person:x"], now=now)
    assert [outcome.refused for outcome in outcomes] == ["", "vouchers.person_limit", "", "vouchers.all_taken"]
    silent()


def test_its_time_ends_with_the_program_or_after_its_days(coupon: Callable[..., UUID], now: datetime) -> None:
    program_id = coupon(valid_days=7, valid_until=now + timedelta(days=3))
    voucher = queries.voucher(vouchers.claim(program_id=program_id, owner=ANNA, now=now))
    assert voucher.valid_until == now + timedelta(days=3)
    with pytest.raises(refusals.NotOffered):
        vouchers.claim(program_id=program_id, owner=BEN, now=now + timedelta(days=3))


def test_ended_programs_are_not_given_but_stay_valid(coupon: Callable[..., UUID], now: datetime) -> None:
    program_id = coupon()
    voucher_id = vouchers.claim(program_id=program_id, owner=ANNA, now=now)
    vouchers.end(program_id=program_id, merchant_id=MERCHANT, now=now)
    with pytest.raises(refusals.NotOffered):
        vouchers.claim(program_id=program_id, owner=BEN, now=now)
    assert [rule.source_id for rule in queries.effects([voucher_id], STORE, now)] == [str(voucher_id)]


def test_at_sign_in_the_wallet_comes_along_within_the_limit(coupon: Callable[..., UUID], now: datetime) -> None:
    once, often = coupon(per_person=1), coupon()
    vouchers.claim(program_id=once, owner=ANNA, now=now)
    vouchers.claim(program_id=once, owner=BEN, now=now)
    vouchers.claim(program_id=often, owner=BEN, now=now)
    assert vouchers.adopt_wallet(visitor_owner=BEN, person_owner=ANNA, now=now) == 1
    assert len(queries.wallet(ANNA, now=now)) == 2 and len(queries.wallet(BEN, now=now)) == 1
    silent()


def test_claimable_leaves_out_what_is_gone_or_taken(coupon: Callable[..., UUID], now: datetime) -> None:
    gone, mine, free = coupon(limit=1), coupon(per_person=1), coupon()
    elsewhere = coupon(store_ids=[new_id()])
    vouchers.claim(program_id=gone, owner=BEN, now=now)
    vouchers.claim(program_id=mine, owner=ANNA, now=now)
    ids = {program.id for program in queries.claimable(STORE, merchant_id=MERCHANT, now=now, owner=ANNA)}
    assert ids == {free} and elsewhere not in ids


def test_published_conditions_are_fixed_but_pieces_can_be_added(coupon: Callable[..., UUID], now: datetime) -> None:
    program_id = coupon(limit=1)
    vouchers.claim(program_id=program_id, owner=ANNA, now=now)
    with pytest.raises(refusals.ProgramFixed):
        vouchers.edit_program(program_id=program_id, merchant_id=MERCHANT, changes={"uses": 2}, now=now)
    vouchers.edit_program(program_id=program_id, merchant_id=MERCHANT, changes={"limit": 2}, now=now)
    vouchers.claim(program_id=program_id, owner=BEN, now=now)
    with pytest.raises(Invalid):
        vouchers.edit_program(program_id=program_id, merchant_id=MERCHANT, changes={"limit": 1}, now=now)


def test_expiry_run_twice_is_once(coupon: Callable[..., UUID], now: datetime) -> None:
    program_id = coupon(valid_days=1)
    voucher_id = vouchers.claim(program_id=program_id, owner=ANNA, now=now)
    later = now + timedelta(days=1)
    assert queries.wallet(ANNA, now=later)[0].state == "expired"
    assert vouchers.expire_due(now=later) == 1
    assert vouchers.expire_due(now=later) == 0
    assert queries.voucher(voucher_id).state == "expired"
    silent()


def test_another_merchants_program_does_not_exist(coupon: Callable[..., UUID], now: datetime) -> None:
    from paseo.kernel.errors import NotFound

    with pytest.raises(NotFound):
        vouchers.end(program_id=coupon(), merchant_id=UUID(int=99), now=now)
