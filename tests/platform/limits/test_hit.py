"""Tries are counted exactly, come back bit by bit, and leave no address behind."""

import pytest

from paseo.kernel.errors import TooMany
from paseo.platform.db.unit import sql_count
from paseo.platform.limits.models import Meter
from paseo.platform.limits.operations import clear_full, forgive, hit

pytestmark = pytest.mark.django_db


def spend(now, times=1, key="a"):
    for _ in range(times):
        hit("test", key, limit=5, seconds=600, now=now)


def test_the_sixth_of_five_is_refused_with_the_time_to_wait(now):
    spend(now, 5)
    with pytest.raises(TooMany) as refusal:
        spend(now)
    assert refusal.value.retry_after == 120


def test_one_try_comes_back_after_its_share_of_the_time(now, clock):
    spend(now, 5)
    clock.advance(seconds=119)
    with pytest.raises(TooMany) as refusal:
        spend(clock.now())
    assert refusal.value.retry_after == 1
    spend(clock.advance(seconds=1))
    with pytest.raises(TooMany):
        spend(clock.now())


def test_all_come_back_after_the_whole_time(now, clock):
    spend(now, 5)
    spend(clock.advance(seconds=600), 5)
    with pytest.raises(TooMany):
        spend(clock.now())


def test_refused_tries_cost_nothing(now, clock):
    spend(now, 5)
    for _ in range(50):
        with pytest.raises(TooMany):
            spend(now)
    spend(clock.advance(seconds=120))


def test_keys_and_buckets_are_apart(now):
    spend(now, 5)
    spend(now, 5, key="b")
    hit("other", "a", limit=1, seconds=60, now=now)


def test_forgiving_gives_all_back(now):
    spend(now, 5)
    forgive("test", "a")
    spend(now, 5)


def test_one_statement_per_try(now):
    with sql_count() as sql:
        spend(now)
    assert sql.count == 1, sql.all


def test_addresses_are_not_stored(now):
    hit("test", "rosa@example.org", limit=1, seconds=60, now=now)
    assert "rosa" not in str(Meter.objects.values_list())


def test_full_meters_are_cleared(now, clock):
    spend(now)
    hit("test", "slow", limit=1, seconds=3600, now=now)
    assert clear_full(clock.advance(seconds=121)) == 1
    assert Meter.objects.count() == 1


@pytest.mark.parametrize("limit, seconds", [(0, 60), (1, 0)])
def test_a_limit_must_allow_something(now, limit, seconds):
    with pytest.raises(ValueError):
        hit("test", "a", limit=limit, seconds=seconds, now=now)
