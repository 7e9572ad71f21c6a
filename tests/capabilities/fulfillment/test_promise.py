"""What a shop can really keep."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from paseo.capabilities.directory import queries as directory
from paseo.capabilities.fulfillment import queries
from paseo.capabilities.fulfillment.refusals import ClosedThen, NotServed, TooSoon
from tests.capabilities.cafe import forget_all, make_cafe, paid_order


def promise(cafe, now: datetime, **more):
    forget_all()
    return queries.promise(directory.store(cafe.store_id), now, **more)


def test_preparation_and_queue(db, now: datetime) -> None:
    cafe = make_cafe(now)
    assert promise(cafe, now).at == now + timedelta(minutes=10)
    for _ in range(4):
        paid_order(cafe, now)
    found = promise(cafe, now)
    assert (found.at, found.reason, found.in_hand) == (now + timedelta(minutes=15), "queue", 4)


def test_what_would_be_ready_after_closing_is_promised_for_the_next_opening(db, now: datetime) -> None:
    cafe = make_cafe(now, hours="Mo-Su 08:00-12:05")
    found = promise(cafe, now)
    assert (found.reason, found.at) == ("opening", now + timedelta(hours=20, minutes=10))


def test_a_wish_is_kept_within_hours_and_not_before_it_can_be_ready(db, now: datetime) -> None:
    cafe = make_cafe(now, hours="Mo-Su 08:00-18:00")
    assert promise(cafe, now, wanted_at=now + timedelta(hours=2)).at == now + timedelta(hours=2)
    with pytest.raises(TooSoon) as soon:
        promise(cafe, now, wanted_at=now + timedelta(minutes=5))
    assert soon.value.params["earliest"] == now + timedelta(minutes=10)
    for wish in (now + timedelta(hours=7), now + timedelta(days=8)):
        with pytest.raises(ClosedThen):
            promise(cafe, now, wanted_at=wish)
    with pytest.raises(NotServed):
        promise(cafe, now, mode="delivery")
