from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from paseo.capabilities.inventory import operations, queries
from paseo.capabilities.inventory.models import Hold, Movement, StockItem
from paseo.capabilities.inventory.refusals import (
    HoldExists,
    HoldExpired,
    LastOneGone,
    NoHold,
    NotSoMany,
    TooManyHolds,
)
from paseo.capabilities.inventory.values import Demand, Shortage
from paseo.kernel.ids import new_id
from paseo.platform.audit.checks import auditors, run_all
from paseo.platform.db.unit import sql_count, unit
from tests.capabilities.shops import make_shop

pytestmark = pytest.mark.django_db
MINUTES = timedelta(minutes=15)


@pytest.fixture
def shop(now):
    return make_shop(now)


@pytest.fixture(autouse=True)
def _books_agree(db):
    yield
    assert run_all(name for name in auditors() if name.startswith("inventory.")) == []


def stock(shop, now, *counts: int) -> None:
    for variant_id, n in zip(shop.variants, counts, strict=False):
        operations.receive(store_id=shop.store_id, variant_id=variant_id, quantity=n, now=now)


def hold(shop, now, *quantities: int, subject_id=None, owner="", **more):
    demands = [Demand(id, n) for id, n in zip(shop.variants, quantities, strict=False) if n]
    subject_id = subject_id or new_id()
    return operations.hold(
        subject_id=subject_id,
        owner_key=owner,
        store_id=shop.store_id,
        demands=demands,
        expires_at=more.pop("expires_at", now + MINUTES),
        now=now,
        **more,
    )


def counts(shop, position=0):
    item = StockItem.objects.get(store_id=shop.store_id, variant_id=shop.variants[position])
    return item.on_hand, item.allocated, item.held


def test_a_hold_keeps_goods_and_a_conversion_promises_them(shop, now):
    stock(shop, now, 5, 2)
    kept = hold(shop, now, 3, 2)
    assert [(line.variant_id, line.quantity) for line in kept.lines] == [(shop.variants[0], 3), (shop.variants[1], 2)]
    assert queries.availability(shop.store_id, shop.variants) == dict(zip(shop.variants, (2, 0, None), strict=True))
    operations.convert(subject_id=kept.subject_id, now=now)
    assert counts(shop) == (5, 3, 0)
    assert operations.issue_out(subject_id=kept.subject_id, now=now, actor="staff") == {
        shop.variants[0]: 3,
        shop.variants[1]: 2,
    }
    assert counts(shop) == (2, 0, 0)
    assert queries.hold_of(kept.subject_id).state == "issued"
    assert operations.issue_out(subject_id=kept.subject_id, now=now) == {}


def test_two_lines_of_one_item_are_one_demand(shop, now):
    stock(shop, now, 3)
    demands = [Demand(shop.variants[0], 2), Demand(shop.variants[0], 2)]
    with pytest.raises(LastOneGone) as refused, transaction.atomic():
        operations.hold(
            subject_id=new_id(),
            owner_key="",
            store_id=shop.store_id,
            demands=demands,
            expires_at=now + MINUTES,
            now=now,
        )
    assert refused.value.shortages == (Shortage(shop.variants[0], 4, 3),)
    assert counts(shop) == (3, 0, 0)


def test_all_or_nothing(shop, now):
    stock(shop, now, 5, 1, 9)
    with pytest.raises(LastOneGone) as refused, transaction.atomic():
        hold(shop, now, 1, 2, 10)
    assert refused.value.shortages == (Shortage(shop.variants[1], 2, 1), Shortage(shop.variants[2], 10, 9))
    assert [counts(shop, position)[2] for position in range(3)] == [0, 0, 0]
    assert not Hold.objects.exists()


def test_what_is_not_tracked_never_runs_out(shop, now):
    stock(shop, now, 1, 1)
    operations.untrack(store_id=shop.store_id, variant_id=shop.variants[1], now=now)
    kept = hold(shop, now, 1, 50, 50)
    assert [line.variant_id for line in kept.lines] == [shop.variants[0]]
    operations.convert(subject_id=kept.subject_id, now=now)
    assert operations.issue_out(subject_id=kept.subject_id, now=now) == {shop.variants[0]: 1}


def test_safety_is_kept_for_people_in_the_shop(shop, now):
    stock(shop, now, 3)
    operations.set_safety(store_id=shop.store_id, variant_id=shop.variants[0], safety=2, now=now)
    assert queries.availability(shop.store_id, shop.variants[:1]) == {shop.variants[0]: 1}
    with pytest.raises(LastOneGone) as refused, transaction.atomic():
        hold(shop, now, 2)
    assert refused.value.params["available"] == 1
    hold(shop, now, 1)


def test_the_same_hold_again_is_the_same_hold(shop, now):
    stock(shop, now, 5)
    kept = hold(shop, now, 2, owner="visitor:1")
    again = hold(shop, now, 2, owner="visitor:1", subject_id=kept.subject_id)
    assert again.id == kept.id
    assert counts(shop) == (5, 0, 2)
    with pytest.raises(HoldExists), transaction.atomic():
        hold(shop, now, 3, owner="visitor:1", subject_id=kept.subject_id)


def test_one_buyer_keeps_only_so_many_orders(shop, now):
    stock(shop, now, 50)
    kept = [hold(shop, now, 1, owner="visitor:1", limit=3) for _ in range(3)]
    with pytest.raises(TooManyHolds) as refused, transaction.atomic():
        hold(shop, now, 1, owner="visitor:1", limit=3)
    assert refused.value.params == {"limit": 3}
    hold(shop, now, 1, owner="visitor:2", limit=3)
    operations.convert(subject_id=kept[0].subject_id, now=now)
    hold(shop, now, 1, owner="visitor:1", limit=3)
    operations.release(subject_id=kept[1].subject_id, now=now)
    hold(shop, now, 1, owner="visitor:1", limit=3)


def test_lapsed_holds_of_the_buyer_do_not_count(shop, now):
    stock(shop, now, 50)
    for _ in range(2):
        hold(shop, now, 1, owner="visitor:1", limit=2)
    hold(shop, now + MINUTES, 1, owner="visitor:1", limit=2)
    assert counts(shop) == (50, 0, 1)


def test_who_finds_too_little_first_frees_what_has_lapsed(shop, now):
    stock(shop, now, 2, 5)
    first = hold(shop, now, 2, 5)
    with pytest.raises(LastOneGone), transaction.atomic():
        hold(shop, now + MINUTES - timedelta(microseconds=1), 1)
    kept = hold(shop, now + MINUTES, 1)
    assert counts(shop) == (2, 0, 1)
    assert queries.hold_of(first.subject_id).state == "expired"
    # The other item of the lapsed hold is freed by the sweeper, or by whoever needs it.
    assert counts(shop, 1) == (5, 0, 5)
    hold(shop, now + MINUTES, 0, 1)
    assert counts(shop, 1) == (5, 0, 1)
    assert operations.expire_due(now=now + MINUTES) == 0
    assert queries.hold_of(kept.subject_id).state == "active"


def test_the_sweeper_frees_in_batches_and_once(shop, now):
    stock(shop, now, 10)
    for _ in range(5):
        hold(shop, now, 2)
    assert operations.expire_due(now=now) == 0
    assert operations.expire_due(now=now + MINUTES, limit=3) == 3
    assert operations.expire_due(now=now + MINUTES, limit=3) == 2
    assert operations.expire_due(now=now + MINUTES, limit=3) == 0
    assert counts(shop) == (10, 0, 0)


def test_a_conversion_at_the_instant_of_expiry_is_refused_and_reacquired(shop, now):
    stock(shop, now, 1)
    kept = hold(shop, now, 1)
    with pytest.raises(HoldExpired), transaction.atomic():
        operations.convert(subject_id=kept.subject_id, now=now + MINUTES)
    later = now + MINUTES
    again = operations.reacquire(subject_id=kept.subject_id, expires_at=later + MINUTES, now=later)
    assert again.id == kept.id
    operations.convert(subject_id=kept.subject_id, now=later)
    assert counts(shop) == (1, 1, 0)
    operations.convert(subject_id=kept.subject_id, now=later)
    assert counts(shop) == (1, 1, 0)


def test_reacquiring_takes_anew_what_was_freed_or_lets_the_caller_go_on(shop, now):
    stock(shop, now, 1)
    lost = hold(shop, now, 1)
    later = now + MINUTES
    operations.expire_due(now=later)
    again = operations.reacquire(subject_id=lost.subject_id, expires_at=later + MINUTES, now=later)
    assert again.id != lost.id and again.lines == lost.lines
    operations.release(subject_id=lost.subject_id, now=later)
    hold(shop, later, 1)
    with unit():
        with pytest.raises(LastOneGone):
            operations.reacquire(subject_id=lost.subject_id, expires_at=later + MINUTES, now=later)
        operations.receive(store_id=shop.store_id, variant_id=shop.variants[1], quantity=1, now=later)
    assert counts(shop, 1) == (1, 0, 0)
    assert queries.hold_of(lost.subject_id).state == "released"


def test_nothing_is_kept_for_an_unknown_order(shop, now):
    for call in (operations.convert, operations.issue_out):
        with pytest.raises(NoHold), transaction.atomic():
            call(subject_id=new_id(), now=now)
    assert operations.release(subject_id=new_id(), now=now) is False
    assert operations.deallocate(subject_id=new_id(), now=now) is False


def test_extension_never_shortens_and_is_capped(shop, now):
    stock(shop, now, 1)
    kept = hold(shop, now, 1)
    assert operations.extend(subject_id=kept.subject_id, expires_at=now, now=now) == now + MINUTES
    longer = operations.extend(subject_id=kept.subject_id, expires_at=now + timedelta(hours=9), now=now)
    assert longer == now + timedelta(hours=2)
    with pytest.raises(HoldExpired), transaction.atomic():
        operations.extend(subject_id=kept.subject_id, expires_at=longer + MINUTES, now=longer)


def test_a_refused_line_goes_back_before_and_after_payment(shop, now):
    stock(shop, now, 5, 5)
    kept = hold(shop, now, 3, 2)
    gone = operations.release_lines(subject_id=kept.subject_id, demands=[Demand(shop.variants[0], 1)], now=now)
    assert gone == {shop.variants[0]: 1}
    assert counts(shop) == (5, 0, 2)
    operations.convert(subject_id=kept.subject_id, now=now)
    assert counts(shop) == (5, 2, 0)
    with pytest.raises(NotSoMany) as refused, transaction.atomic():
        operations.release_lines(subject_id=kept.subject_id, demands=[Demand(shop.variants[0], 3)], now=now)
    assert refused.value.params["outstanding"] == 2
    operations.release_lines(subject_id=kept.subject_id, demands=[Demand(shop.variants[0], 2)], now=now)
    assert (counts(shop), counts(shop, 1)) == ((5, 0, 0), (5, 2, 0))
    operations.issue_out(subject_id=kept.subject_id, lines=[Demand(shop.variants[1], 1)], now=now)
    assert counts(shop, 1) == (4, 1, 0)
    assert operations.deallocate(subject_id=kept.subject_id, now=now) is True
    assert counts(shop, 1) == (4, 0, 0)
    assert queries.hold_of(kept.subject_id).state == "issued"


def test_statements_of_the_hot_path(shop, now):
    stock(shop, now, 5, 5)
    with unit():
        with sql_count() as sql:
            kept = hold(shop, now, 1, 2, owner="visitor:1")
        assert sql.count <= 3, sql.all
        with sql_count() as sql:
            operations.convert(subject_id=kept.subject_id, now=now)
        assert sql.count <= 2, sql.all
    with sql_count() as sql:
        queries.availability(shop.store_id, shop.variants)
    assert sql.count == 1


def test_movements_cannot_be_rewritten(shop, now):
    stock(shop, now, 5)
    for attack in (Movement.objects.all().delete, lambda: Movement.objects.update(delta=9)):
        with pytest.raises(IntegrityError), transaction.atomic():
            attack()


@pytest.mark.parametrize("column", ["on_hand", "allocated", "held", "safety"])
def test_the_database_itself_refuses_impossible_counts(shop, now, column):
    stock(shop, now, 5)
    with pytest.raises(IntegrityError), transaction.atomic():
        StockItem.objects.update(**{column: -1})
    with pytest.raises(IntegrityError), transaction.atomic():
        StockItem.objects.update(held=3, allocated=3)
    assert connection.needs_rollback is False


def test_a_hand_over_by_mistake_is_taken_back_whole(shop, now):
    stock(shop, now, 5, 2)
    kept = hold(shop, now, 3, 2)
    operations.convert(subject_id=kept.subject_id, now=now)
    operations.issue_out(subject_id=kept.subject_id, now=now)
    back = operations.unissue(subject_id=kept.subject_id, now=now, actor="ada")
    assert back == {shop.variants[0]: 3, shop.variants[1]: 2}
    assert (counts(shop), counts(shop, 1)) == ((5, 3, 0), (2, 2, 0))
    assert operations.unissue(subject_id=kept.subject_id, now=now) == {}
    assert operations.issue_out(subject_id=kept.subject_id, now=now) == back
    assert queries.hold_states([kept.subject_id, new_id()]) == {kept.subject_id: "issued"}
    assert [line.delta for line in queries.movements(shop.store_id, variant_id=shop.variants[0])] == [-3, 3, -3, 5]
