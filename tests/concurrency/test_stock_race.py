"""Many buyers, few goods. Every race has a control: without the guard the same race must go wrong."""

from __future__ import annotations

import functools
import threading
from collections import Counter
from datetime import timedelta

import pytest
from django.db import connection

from paseo.capabilities.inventory import operations, queries, statements
from paseo.capabilities.inventory.models import Hold, StockItem
from paseo.capabilities.inventory.refusals import HoldExpired, LastOneGone, TooManyHolds
from paseo.capabilities.inventory.values import Demand
from paseo.kernel.ids import new_id
from paseo.platform.audit.checks import auditors, run_all
from paseo.platform.db.unit import unit
from tests.capabilities.shops import Shop, make_shop
from tests.concurrency.guards import look_before_writing, without_index, without_stock_guard
from tests.concurrency.shared_database import at_once, shared_database

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
MINUTES = timedelta(minutes=15)
THREADS = 32


@pytest.fixture
def shop(transactional_db, tmp_path, now):
    with shared_database(tmp_path):
        yield make_shop(now, variants=2)


@pytest.fixture
def silent_auditors(shop):
    yield
    assert run_all(name for name in auditors() if name.startswith("inventory.")) == []


@pytest.fixture
def unguarded(shop, monkeypatch):
    with without_stock_guard(monkeypatch):
        yield


def receive(shop: Shop, now, *quantities: int) -> None:
    for variant_id, n in zip(shop.variants, quantities, strict=False):
        operations.receive(store_id=shop.store_id, variant_id=variant_id, quantity=n, now=now)


def buy(shop: Shop, now, demands: list[Demand], owner: str = "") -> None:
    with unit():
        subject_id = new_id()
        operations.hold(
            subject_id=subject_id,
            owner_key=owner,
            store_id=shop.store_id,
            demands=demands,
            expires_at=now + MINUTES,
            now=now,
        )
    operations.convert(subject_id=subject_id, now=now)


def outcomes(results: list[object]) -> Counter[str]:
    return Counter("sold" if result is None else type(result).__name__ for result in results)


def item(shop: Shop, position: int = 0) -> tuple[int, int, int]:
    row = StockItem.objects.get(store_id=shop.store_id, variant_id=shop.variants[position])
    return row.on_hand, row.allocated, row.held


def test_four_hundred_buyers_two_hundred_units(shop, now, silent_auditors):
    receive(shop, now, 200)
    wanted = [Demand(shop.variants[0], 1)]
    results = at_once(lambda buyer: buy(shop, now, wanted, f"visitor:{buyer}"), list(range(400)), THREADS)
    assert outcomes(results) == {"sold": 200, LastOneGone.__name__: 200}
    assert item(shop) == (200, 200, 0)


def test_two_lines_of_the_same_item(shop, now, silent_auditors):
    receive(shop, now, 101)
    wanted = [Demand(shop.variants[0], 1), Demand(shop.variants[0], 1)]
    results = at_once(lambda _: buy(shop, now, wanted), list(range(80)), THREADS)
    assert outcomes(results) == {"sold": 50, LastOneGone.__name__: 30}
    assert item(shop) == (101, 100, 0)


def test_the_same_items_in_reversed_order(shop, now, silent_auditors):
    receive(shop, now, 60, 50)
    forth = [Demand(variant_id, 1) for variant_id in shop.variants]
    results = at_once(lambda n: buy(shop, now, forth if n % 2 else forth[::-1]), list(range(100)), THREADS)
    assert outcomes(results) == {"sold": 50, LastOneGone.__name__: 50}
    assert (item(shop), item(shop, 1)) == ((60, 50, 0), (50, 50, 0))


def test_one_buyer_in_many_tabs(shop, now, silent_auditors):
    receive(shop, now, 100)

    def open_tab(_: int) -> None:
        operations.hold(
            subject_id=new_id(),
            owner_key="visitor:1",
            store_id=shop.store_id,
            demands=[Demand(shop.variants[0], 1)],
            expires_at=now + MINUTES,
            now=now,
            limit=3,
        )

    assert outcomes(at_once(open_tab, list(range(40)), 16)) == {"sold": 3, TooManyHolds.__name__: 37}
    assert item(shop) == (100, 0, 3)


def test_one_order_started_twice_keeps_goods_once(shop, now, silent_auditors):
    receive(shop, now, 100)
    subjects = [new_id() for _ in range(10)]

    def start(n: int) -> object:
        kept = operations.hold(
            subject_id=subjects[n % 10],
            owner_key="",
            store_id=shop.store_id,
            demands=[Demand(shop.variants[0], 1)],
            expires_at=now + MINUTES,
            now=now,
        )
        return kept.id

    results = at_once(start, list(range(80)), 16)
    assert [results[n] for n in range(10)] * 8 == results
    assert item(shop) == (100, 0, 10)


def test_paying_expiring_and_buying_the_same_goods_at_the_last_moment(shop, now, silent_auditors):
    """Whoever wins, each unit is sold once, and what nobody paid for is sold to somebody else."""
    receive(shop, now, 20)
    holds = [new_id() for _ in range(20)]
    for subject_id in holds:
        operations.hold(
            subject_id=subject_id,
            owner_key="",
            store_id=shop.store_id,
            demands=[Demand(shop.variants[0], 1)],
            expires_at=now + MINUTES,
            now=now,
        )
    late = now + MINUTES

    def act(n: int) -> None:
        if n % 3 == 0:
            operations.convert(subject_id=holds[n // 3], now=late - timedelta(microseconds=1))
        elif n % 3 == 1:
            operations.expire_due(now=late, limit=1)
        else:
            buy(shop, late, [Demand(shop.variants[0], 1)])

    results = at_once(act, list(range(60)), THREADS)
    paid = sum(result is None for result in results[0::3])
    bought = sum(result is None for result in results[2::3])
    assert {type(result) for result in results} <= {type(None), HoldExpired, LastOneGone}
    assert paid == Hold.objects.filter(subject_id__in=holds, state="converted").count()
    assert item(shop)[1] == paid + bought <= 20
    operations.expire_due(now=late)
    assert queries.availability(shop.store_id, shop.variants[:1])[shop.variants[0]] == 20 - paid - bought


def test_control_looking_first_and_taking_later_oversells(shop, now, unguarded):
    """The usual mistake, played slowly: eight people see one unit, and all of them get it."""
    receive(shop, now, 1)
    everybody_looked = threading.Barrier(8, timeout=10)

    def naive(_: int) -> None:
        available = queries.availability(shop.store_id, shop.variants[:1])[shop.variants[0]]
        everybody_looked.wait()
        if not available:
            raise LookupError
        buy(shop, now, [Demand(shop.variants[0], 1)])

    assert outcomes(at_once(naive, list(range(8)), 8)) == {"sold": 8}
    assert item(shop) == (1, 8, 0)
    assert [finding.check for finding in run_all(["inventory.never_negative"])] == ["inventory.never_negative"]


def test_control_judging_each_line_alone_oversells(shop, now, unguarded, monkeypatch):
    """Two lines of one item, each checked by itself against the same number."""
    receive(shop, now, 1)
    wanted = [Demand(shop.variants[0], 1), Demand(shop.variants[0], 1)]
    available = queries.availability(shop.store_id, shop.variants[:1])[shop.variants[0]]
    assert all(demand.quantity <= available for demand in wanted)
    buy(shop, now, wanted)
    assert item(shop) == (1, 2, 0)


def test_control_without_locks_in_one_order_two_carts_are_in_each_others_way(shop, now, monkeypatch):
    """PostgreSQL ends the deadlock of two carts in reversed order by failing one of them; SQLite fails the one that
    looked while the other was allowed to write."""
    receive(shop, now, 10, 10)
    both = threading.Barrier(2, timeout=10)
    if connection.vendor == "sqlite":

        def look() -> None:
            StockItem.objects.first()
            both.wait()

        look_before_writing(monkeypatch, look)

    def naive(order: tuple[int, int]) -> None:
        with unit():
            statements.take(shop.store_id, {shop.variants[order[0]]: 1})
            if connection.vendor == "postgresql":
                both.wait()
            statements.take(shop.store_id, {shop.variants[order[1]]: 1})

    results = at_once(naive, [(0, 1), (1, 0)], 2)
    assert sorted(type(result).__name__ for result in results) == ["NoneType", "OperationalError"]


def test_control_counting_the_holds_of_a_buyer_first_keeps_goods_in_every_tab(shop, now, monkeypatch):
    """Eight tabs count none, and none of them takes a numbered slot."""
    receive(shop, now, 100)
    counted = threading.Barrier(8, timeout=10)
    monkeypatch.setattr(statements, "open_hold", functools.partial(_without_slot, statements.open_hold))

    def naive(_: int) -> None:
        most = 3
        mine = Hold.objects.filter(owner_key="visitor:1", state="active").count()
        counted.wait()
        if mine >= most:
            raise LookupError
        operations.hold(
            subject_id=new_id(),
            owner_key="visitor:1",
            store_id=shop.store_id,
            demands=[Demand(shop.variants[0], 1)],
            expires_at=now + MINUTES,
            now=now,
            limit=most,
        )

    assert outcomes(at_once(naive, list(range(8)), 8)) == {"sold": 8}
    assert item(shop) == (100, 0, 8)


def _without_slot(open_hold, hold, _):
    return open_hold(hold, 0)


def test_control_looking_for_the_order_first_keeps_its_goods_twice(shop, now):
    """Without the UNIQUE both starts of one order find no hold, and each keeps goods."""
    receive(shop, now, 100)
    subject_id = new_id()
    looked = threading.Barrier(2, timeout=10)

    def naive(_: int) -> None:
        known = Hold.objects.filter(subject_id=subject_id).exists()
        looked.wait()
        if not known:
            operations.hold(
                subject_id=subject_id,
                owner_key="",
                store_id=shop.store_id,
                demands=[Demand(shop.variants[0], 1)],
                expires_at=now + MINUTES,
                now=now,
            )

    with without_index("inventory_hold", "inventory_hold_one_living"):
        at_once(naive, [0, 1], 2)
        assert item(shop) == (100, 0, 2)
