"""From events to the five stages: each number has its rows, reconciles with the orders, and is quick to read."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from paseo.capabilities.care import operations as care
from paseo.capabilities.care import queries as reviews
from paseo.capabilities.directory import operations as directory
from paseo.capabilities.insight import auditing, folding, queries
from paseo.capabilities.insight.models import Attribution, StageCount
from paseo.capabilities.insight.operations import fold_new, rebuild
from paseo.capabilities.journeys import operations as journeys
from paseo.capabilities.journeys.models import Contact
from paseo.capabilities.ordering import events
from paseo.kernel.ids import new_id
from paseo.kernel.periods import Period
from paseo.platform.db.unit import sql_count, unit
from paseo.platform.outbox import emit
from tests.capabilities.shops import Shop, make_shop

pytestmark = pytest.mark.django_db
Drain = Callable[[], int]


@pytest.fixture
def shop(now: datetime) -> Shop:
    return make_shop(now)


@pytest.fixture
def poster(shop: Shop, now: datetime) -> UUID:
    return directory.add_touchpoint(
        merchant_id=shop.merchant_id, store_id=shop.store_id, kind="qr_poster", name="Window", campaign="spring",
        now=now, actor="test",
    )  # fmt: skip


def fact(kind: type, shop: Shop, order_id: UUID, at: datetime, visitor: UUID | None, **more) -> None:
    given = {
        "number": "P-1", "person_id": None, "channel": "web", "mode": "pickup", "currency": "EUR", "total_minor": 1250,
        "first_touchpoint_id": None, "last_touchpoint_id": None,
    }  # fmt: skip
    with unit():
        emit(
            kind(
                order_id=order_id, store_id=shop.store_id, merchant_id=shop.merchant_id, visitor_id=visitor, at=at,
                **{**given, **more},
            ),
            tenant_id=shop.merchant_id,
            place_id=shop.store_id,
        )  # fmt: skip


def scan(shop: Shop, poster: UUID | None, visitor: UUID, at: datetime) -> None:
    journeys.record(
        "scan" if poster else "view", now=at, visitor_id=visitor, touchpoint_id=poster,
        campaign="spring" if poster else "", store_id=shop.store_id, merchant_id=shop.merchant_id,
    )  # fmt: skip


def day(now: datetime) -> Period:
    return Period(now - timedelta(hours=12), now + timedelta(hours=12))


def numbers(shop: Shop, period: Period, **narrow) -> list[tuple[int, int]]:
    stages = queries.five_stages([shop.store_id], period, **narrow).stages
    return [(stage.count, stage.amount_minor) for stage in stages]


def loop(shop: Shop, poster: UUID | None, at: datetime, drain: Drain, visitor: UUID | None = None) -> UUID:
    """Scan, order, hand-over, review."""
    visitor, order_id, line = visitor or new_id(), new_id(), new_id()
    scan(shop, poster, visitor, at)
    fact(events.OrderConfirmed, shop, order_id, at + timedelta(minutes=5), visitor)
    fact(events.OrderCompleted, shop, order_id, at + timedelta(minutes=20), visitor, line_ids=(line,))
    drain()
    (right,) = reviews.rights_of([f"order:{order_id}"])
    care.write_review(right_id=right.id, owners=[f"order:{order_id}"], stars=5, now=at + timedelta(minutes=50))
    drain()
    return order_id


def test_one_loop_shows_one_in_every_stage_under_its_poster(
    shop: Shop, poster: UUID, now: datetime, drain_events: Drain
) -> None:
    order_id = loop(shop, poster, now, drain_events)
    expected = [(1, 0), (1, 1250), (1, 1250), (1, 0), (0, 0)]
    assert numbers(shop, day(now)) == expected
    assert numbers(shop, day(now), touchpoint_id=poster) == expected
    assert numbers(shop, day(now), touchpoint_id=None) == [(0, 0)] * 5
    (row,) = queries.by_touchpoint([shop.store_id], day(now))
    assert (row.touchpoint_id, row.name, row.kind, row.campaign) == (poster, "Window", "qr_poster", "spring")
    assert [stage.base for stage in row.stages] == [None, 1, 1, 1, 1]
    (flow,) = queries.flows([shop.store_id], day(now))
    assert (flow.touchpoint_id, flow.mode, flow.count, flow.amount_minor) == (poster, "pickup", 1, 1250)
    for stage in ("conversion", "consumption", "feedback"):
        assert [row.order_id for row in queries.orders_behind([shop.store_id], day(now), stage)] == [order_id]
    (path,) = queries.paths_behind([shop.store_id], day(now))
    assert [step.kind for step in path.steps] == ["scan", "order", "redemption", "review"]
    assert queries.attribution_of(order_id) == {"first": poster, "last": poster}


def test_the_same_before_and_after_the_fold_and_after_a_rebuild(
    shop: Shop, poster: UUID, now: datetime, drain_events: Drain
) -> None:
    visitor = new_id()
    loop(shop, poster, now - timedelta(days=3), drain_events, visitor)
    loop(shop, None, now, drain_events, visitor)
    week = Period(now - timedelta(days=7, hours=9), now + timedelta(hours=15))
    before = queries.by_touchpoint([shop.store_id], week)
    assert not StageCount.objects.exists()
    while fold_new(limit=3):
        pass
    assert queries.by_touchpoint([shop.store_id], week) == before
    assert fold_new() == 0
    rows = set(StageCount.objects.values_list("id", "count", "amount_minor"))
    assert rebuild() == Contact.objects.count()
    assert set(StageCount.objects.values_list("id", "count", "amount_minor")) == rows
    assert list(auditing.rollup_equals_log()) == []


def test_the_auditor_sees_a_wrong_count(shop: Shop, poster: UUID, now: datetime, drain_events: Drain) -> None:
    loop(shop, poster, now, drain_events)
    fold_new()
    StageCount.objects.filter(measure="visit").update(count=2)
    StageCount.objects.filter(measure="order").delete()
    assert len(list(auditing.rollup_equals_log())) == 2


def test_who_comes_back_counts_in_retention(shop: Shop, poster: UUID, now: datetime, drain_events: Drain) -> None:
    visitor = new_id()
    loop(shop, poster, now - timedelta(days=20), drain_events, visitor)
    order_id = loop(shop, None, now, drain_events, visitor)
    retention = queries.five_stages([shop.store_id], day(now))["retention"]
    assert (retention.count, retention.amount_minor, retention.base) == (1, 1250, 1)
    assert [row.order_id for row in queries.orders_behind([shop.store_id], day(now), "retention")] == [order_id]
    assert queries.attribution_of(order_id)["last"] == poster


def test_a_cancelled_order_is_taken_back_once(shop: Shop, poster: UUID, now: datetime, drain_events: Drain) -> None:
    visitor, order_id = new_id(), new_id()
    scan(shop, poster, visitor, now)
    fact(events.OrderConfirmed, shop, order_id, now, visitor)
    fact(events.OrderCancelled, shop, order_id, now + timedelta(minutes=1), visitor, was_paid=True)
    later = now + timedelta(minutes=2)
    fact(events.OrderRefunded, shop, order_id, later, visitor, amount_minor=1250, returned_minor=1250)
    drain_events()
    assert numbers(shop, day(now)) == [(1, 0), (0, 0), (0, 0), (0, 0), (0, 0)]
    assert queries.orders_behind([shop.store_id], day(now), "conversion") == []
    conversion = queries.five_stages([shop.store_id], day(now))["conversion"]
    assert conversion.details == {"return": 1}
    assert queries.attribution_models([shop.store_id], day(now)) == {"first": (), "last": ()}


def test_a_partial_refund_lowers_amounts_only(shop: Shop, poster: UUID, now: datetime, drain_events: Drain) -> None:
    order_id = loop(shop, poster, now, drain_events)
    for _ in range(2):
        fact(events.OrderRefunded, shop, order_id, now + timedelta(hours=1), None, amount_minor=300, returned_minor=300)
        drain_events()
    assert numbers(shop, day(now))[1:3] == [(1, 950), (1, 950)]
    (share,) = queries.attribution_models([shop.store_id], day(now))["first"]
    assert (share.touchpoint_id, share.orders, share.amount_minor) == (poster, 1, 950)


def test_a_hand_over_taken_back(shop: Shop, poster: UUID, now: datetime, drain_events: Drain) -> None:
    visitor, order_id = new_id(), new_id()
    scan(shop, poster, visitor, now)
    fact(events.OrderConfirmed, shop, order_id, now, visitor)
    fact(events.OrderCompleted, shop, order_id, now, visitor)
    fact(events.OrderReopened, shop, order_id, now + timedelta(minutes=1), visitor)
    drain_events()
    assert numbers(shop, day(now))[2] == (0, 0)
    fact(events.OrderCompleted, shop, order_id, now + timedelta(minutes=2), visitor)
    drain_events()
    assert numbers(shop, day(now))[2] == (1, 1250)


def test_first_and_last_touch_share_the_same_sum(shop: Shop, poster: UUID, now: datetime, drain_events: Drain) -> None:
    link = directory.add_touchpoint(
        merchant_id=shop.merchant_id, store_id=shop.store_id, kind="link", name="Letter", now=now, actor="test"
    )
    visitor, order_id = new_id(), new_id()
    scan(shop, poster, visitor, now - timedelta(days=2))
    scan(shop, link, visitor, now)
    fact(events.OrderConfirmed, shop, order_id, now + timedelta(minutes=1), visitor)
    loop(shop, None, now, drain_events)
    models = queries.attribution_models([shop.store_id], day(now))
    assert [(share.name, share.amount_minor) for share in models["first"]] == [("", 1250), ("Window", 1250)]
    assert [(share.name, share.amount_minor) for share in models["last"]] == [("", 1250), ("Letter", 1250)]


def test_touchpoints_add_up_to_the_shop(shop: Shop, poster: UUID, now: datetime, drain_events: Drain) -> None:
    visitor = new_id()
    scan(shop, None, visitor, now)
    scan(shop, poster, visitor, now)
    loop(shop, poster, now, drain_events)
    whole = queries.five_stages([shop.store_id], day(now))
    parts = queries.by_touchpoint([shop.store_id], day(now))
    for position, stage in enumerate(whole.stages):
        assert sum(part.stages[position].count for part in parts) == stage.count
        assert sum(part.stages[position].amount_minor for part in parts) == stage.amount_minor
    assert whole["traffic"].count == 3


def test_a_hidden_review_does_not_count(shop: Shop, poster: UUID, now: datetime, drain_events: Drain) -> None:
    order_id = loop(shop, poster, now, drain_events)
    (review,) = reviews.my_reviews([f"order:{order_id}"])
    care.hide(review_id=review.id, reason="It names a child.", actor="person:x", now=now)
    drain_events()
    assert numbers(shop, day(now))[3] == (0, 0)
    assert queries.orders_behind([shop.store_id], day(now), "feedback") == []
    care.show(review_id=review.id, actor="person:x", now=now)
    drain_events()
    assert numbers(shop, day(now))[3] == (1, 0)


def test_conversion_equals_the_attributions(shop: Shop, poster: UUID, now: datetime, drain_events: Drain) -> None:
    for minute in range(4):
        loop(shop, poster if minute % 2 else None, now + timedelta(minutes=minute), drain_events)
    behind = queries.orders_behind([shop.store_id], day(now), "conversion")
    conversion = queries.five_stages([shop.store_id], day(now))["conversion"]
    assert (len(behind), sum(row.kept_minor for row in behind)) == (conversion.count, conversion.amount_minor)
    assert Attribution.objects.count() == 4


@pytest.mark.slow
def test_the_live_page_reads_the_rollup_not_the_log(shop: Shop, poster: UUID, now: datetime) -> None:
    start = now - timedelta(days=20)
    Contact.objects.bulk_create(
        (
            Contact(
                id=new_id(), at=start + timedelta(seconds=17 * n), kind=("scan", "view", "view", "cart")[n % 4],
                visitor_id=UUID(int=n // 4 + 1), touchpoint_id=poster if n % 4 == 0 else None, store_id=shop.store_id,
                merchant_id=shop.merchant_id,
            )
            for n in range(100_000)
        ),
        batch_size=2_000,
    )  # fmt: skip
    while fold_new(limit=20_000):
        pass
    scan(shop, poster, new_id(), now)
    queries.live(shop.store_id, now)
    times = []
    for _ in range(5):
        begin = time.thread_time()
        with sql_count() as sql:
            page = queries.live(shop.store_id, now)
        times.append(time.thread_time() - begin)
    assert page.today["traffic"].count > 200
    assert sql.count <= 14, sql.all
    assert min(times) < 0.05, times
    assert folding.mark() == Contact.objects.order_by("-seq")[1].seq
