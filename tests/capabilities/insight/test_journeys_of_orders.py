"""Every confirmed order is kept with the declared mode it came by."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from paseo.capabilities.directory import operations as directory
from paseo.capabilities.insight import auditing, queries
from paseo.capabilities.insight.models import Attribution
from paseo.capabilities.insight.operations import rebuild
from paseo.capabilities.insight.reactions import attribute_orders
from paseo.capabilities.ordering import events
from paseo.kernel.ids import new_id
from paseo.platform.outbox import Envelope
from tests.capabilities.insight.test_stages import day, fact, scan
from tests.capabilities.shops import Shop, make_shop

pytestmark = pytest.mark.django_db
Drain = Callable[[], int]


@pytest.fixture
def shop(now: datetime) -> Shop:
    return make_shop(now)


def point(shop: Shop, kind: str, now: datetime, *, stands: bool = True) -> UUID:
    return directory.add_touchpoint(
        merchant_id=shop.merchant_id, store_id=shop.store_id if stands else None, kind=kind, name=kind, now=now,
        actor="test",
    )  # fmt: skip


def order(shop: Shop, visitor: UUID | None, at: datetime, first: UUID | None = None) -> UUID:
    order_id = new_id()
    fact(events.OrderConfirmed, shop, order_id, at, visitor, first_touchpoint_id=first)
    return order_id


def test_each_order_by_what_was_met_first(shop: Shop, now: datetime, drain_events: Drain) -> None:
    poster, link, screen = (point(shop, kind, now) for kind in ("qr_poster", "link", "screen"))
    flyer = point(shop, "qr_poster", now, stands=False)
    guest = new_id()
    scan(shop, poster, guest, now - timedelta(days=2))
    scan(shop, link, guest, now - timedelta(days=1))
    wanted = {
        order(shop, guest, now): ("offline_online", "Was first met at a poster, label, tag or screen in a place."),
        order(shop, new_id(), now): ("online_offline", "Came directly, without poster or link."),
        order(shop, new_id(), now, link): ("online_offline", "Came first by a link."),
        order(shop, None, now, screen): ("offline_online", "Was first met at a poster, label, tag or screen in a place."),
        order(shop, None, now, flyer): (
            "offline_online", "Was first met at a printed code that belongs to no single place.",
        ),
        order(shop, None, now, new_id()): (
            "online_offline", "Came first by something that is not known here any more.",
        ),
    }  # fmt: skip
    drain_events()
    rows = queries.orders_behind([shop.store_id], day(now), "conversion")
    assert {row.order_id: (row.journey, row.reason) for row in rows} == wanted


def test_who_received_something_here_comes_back(shop: Shop, now: datetime, drain_events: Drain) -> None:
    poster, guest = point(shop, "qr_poster", now), new_id()
    scan(shop, poster, guest, now - timedelta(days=3))
    before = order(shop, guest, now - timedelta(days=2))
    drain_events()
    waiting = order(shop, guest, now - timedelta(days=1))
    drain_events()
    fact(events.OrderCompleted, shop, before, now - timedelta(hours=1), guest)
    drain_events()
    again = order(shop, guest, now)
    drain_events()
    assert dict(Attribution.objects.values_list("order_id", "journey")) == {
        before: "offline_online", waiting: "offline_online", again: "online_offline_online",
    }  # fmt: skip


def test_the_modes_add_up_to_conversion(shop: Shop, now: datetime, drain_events: Drain) -> None:
    poster = point(shop, "qr_poster", now)
    for first in (poster, poster, None):
        order(shop, None, now, first)
    gone = order(shop, None, now, poster)
    fact(events.OrderCancelled, shop, gone, now, None, was_paid=True)
    drain_events()
    found = queries.journey_shares([shop.store_id], day(now))
    assert [(one.journey, one.orders, one.amount_minor) for one in found] == [
        ("online_offline", 1, 1250), ("offline_online", 2, 2500), ("online_offline_online", 0, 0),
    ]  # fmt: skip
    conversion = queries.five_stages([shop.store_id], day(now))["conversion"]
    assert (conversion.count, conversion.amount_minor) == (3, 3750)
    behind = queries.orders_behind([shop.store_id], day(now), "conversion", journey="offline_online")
    assert len(behind) == 2 and gone not in {one.order_id for one in behind}


def test_orders_of_one_batch_ask_for_their_touchpoints_once(shop: Shop, now: datetime) -> None:
    confirmed = []
    for _ in range(5):
        label = point(shop, "label", now)
        event = events.OrderConfirmed(
            order_id=new_id(), number="P-1", store_id=shop.store_id, merchant_id=shop.merchant_id, visitor_id=None,
            person_id=None, channel="web", mode="here", currency="EUR", total_minor=100, at=now,
            first_touchpoint_id=label, last_touchpoint_id=label,
        )  # fmt: skip
        confirmed.append((event, Envelope(1, new_id(), "ordering.order_confirmed", 1, "", None, None, now)))
    with CaptureQueriesContext(connection) as asked:
        attribute_orders(confirmed)
    assert len([one for one in asked if "directory_touchpoint" in one["sql"]]) == 1
    assert len([one for one in asked if one["sql"].startswith(("SELECT", "INSERT"))]) == 2
    assert set(Attribution.objects.values_list("journey", flat=True)) == {"offline_online"}


def test_the_rebuild_names_every_order_again(shop: Shop, now: datetime, drain_events: Drain) -> None:
    poster = point(shop, "qr_poster", now)
    wrong = order(shop, None, now, poster)
    right = order(shop, None, now)
    drain_events()
    assert list(auditing.journeys_follow_the_rule()) == []
    Attribution.objects.filter(order_id=wrong).update(journey="online_offline")
    (finding,) = auditing.journeys_follow_the_rule()
    assert finding.subject == f"order:{wrong}"
    rebuild()
    assert list(auditing.journeys_follow_the_rule()) == []
    assert Attribution.objects.get(order_id=wrong).journey == "offline_online"
    assert Attribution.objects.get(order_id=right).journey == "online_offline"


def test_only_declared_modes_are_kept(shop: Shop, now: datetime, drain_events: Drain) -> None:
    found = order(shop, None, now)
    drain_events()
    with pytest.raises(IntegrityError), transaction.atomic():
        Attribution.objects.filter(order_id=found).update(journey="by_luck")
