"""The first loop end to end, through the doors only: from a poster to the money and the voice under that poster."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from paseo.capabilities.care import operations as care
from paseo.capabilities.care import queries as reviews
from paseo.capabilities.directory import operations as directory
from paseo.capabilities.insight import operations as insight
from paseo.capabilities.insight import queries as numbers
from paseo.capabilities.insight.values import STAGES
from paseo.capabilities.journeys import operations as journeys
from paseo.capabilities.journeys import queries as paths
from paseo.capabilities.ledger import queries as ledger
from paseo.capabilities.ordering import operations as ordering
from paseo.capabilities.ordering import queries as orders
from paseo.capabilities.ordering.values import Buyer, Placed
from paseo.capabilities.vouchers import operations as vouchers
from paseo.capabilities.vouchers.values import Effect, owner_key
from paseo.kernel.clock import VirtualClock
from paseo.kernel.ids import new_id
from paseo.kernel.periods import day_of, day_period
from paseo.platform.audit.checks import auditors, run_all
from paseo.platform.codes.refusals import AlreadyUsed
from tests.capabilities.cafe import Cafe, fill, forget_all, make_cafe, tell

pytestmark = pytest.mark.django_db
STAFF = "person:staff"
ZONE = "Europe/Helsinki"
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Safari/604.1"


@pytest.fixture
def cafe(db: None, now: datetime) -> Iterator[Cafe]:
    yield make_cafe(now)
    forget_all()


@pytest.fixture
def poster(cafe: Cafe, now: datetime) -> UUID:
    return directory.add_touchpoint(
        merchant_id=cafe.merchant_id, store_id=cafe.store_id, kind="qr_poster", name="Window", campaign="spring",
        now=now, actor=STAFF,
    )  # fmt: skip


def arrive(cafe: Cafe, poster: UUID, clock: VirtualClock) -> Buyer:
    """Somebody scans the poster and looks around."""
    buyer = Buyer(visitor_id=new_id())
    whom = {"visitor_id": buyer.visitor_id, "store_id": cafe.store_id, "merchant_id": cafe.merchant_id}
    journeys.record(
        "scan", now=clock.now(), touchpoint_id=poster, campaign="spring", channel="web", user_agent=PHONE, **whom
    )
    clock.advance(minutes=1)
    journeys.record("view", now=clock.now(), channel="web", user_agent=PHONE, **whom)
    return buyer


def pay(
    cafe: Cafe, buyer: Buyer, clock: VirtualClock, *, total: int = 920, voucher_ids: tuple[UUID, ...] = ()
) -> Placed:
    cart_id = fill(cafe, buyer, clock.now())
    for voucher_id in voucher_ids:
        ordering.add_voucher(cart_id=cart_id, buyer=buyer, voucher_id=voucher_id, now=clock.now())
    whom = {"visitor_id": buyer.visitor_id, "store_id": cafe.store_id, "merchant_id": cafe.merchant_id}
    journeys.record("cart", now=clock.now(), subject_id=cart_id, channel="web", **whom)
    clock.advance(minutes=2)
    placed = ordering.place(
        cart_id=cart_id, buyer=buyer, agreed_total_minor=total, method="sandbox", email="anna@example.org", name="Anna",
        now=clock.now(),
    )  # fmt: skip
    assert placed.payment is not None
    clock.advance(seconds=40)
    assert tell(placed.payment.id, clock.now()).outcome == "captured"
    return placed


def hand_over(cafe: Cafe, placed: Placed, clock: VirtualClock) -> None:
    ordering.accept(order_id=placed.order_id, actor=STAFF, now=clock.now())
    clock.advance(minutes=8)
    ordering.ready(order_id=placed.order_id, actor=STAFF, now=clock.now())
    clock.advance(minutes=3)
    code = orders.order(placed.order_id, key=placed.access_token).code
    scan = {"place_id": cafe.store_id, "tenant_id": cafe.merchant_id, "actor": STAFF, "terminal": "till 1"}
    ticket = ordering.verify_code(text=code, now=clock.now(), **scan)
    ordering.redeem_code(token=ticket.token, actor=STAFF, now=clock.now())
    with pytest.raises(AlreadyUsed):
        ordering.verify_code(text=code, now=clock.now(), **scan)


def stages(cafe: Cafe, at: datetime, **narrow: UUID | None) -> dict[str, tuple[int, int]]:
    found = numbers.five_stages([cafe.store_id], day_period(day_of(at, ZONE), ZONE), **narrow)
    return {stage.stage: (stage.count, stage.amount_minor) for stage in found.stages}


def findings() -> list[object]:
    """All auditors, but for the stock that the fixture lays on the shelf without a movement."""
    return list(run_all(name for name in auditors() if name != "inventory.on_hand_equals_movements"))


def test_from_the_poster_to_the_review(
    cafe: Cafe, poster: UUID, clock: VirtualClock, drain_events: Callable[[], int]
) -> None:
    buyer = arrive(cafe, poster, clock)
    placed = pay(cafe, buyer, clock)
    drain_events()
    hand_over(cafe, placed, clock)
    drain_events()
    clock.advance(hours=1)
    care.review_order(
        order_id=placed.order_id, owners=[f"order:{placed.order_id}"], stars=5, parts={"taste": 5}, text="The best.",
        now=clock.now(),
    )  # fmt: skip
    drain_events()

    expected = dict(zip(STAGES, [(1, 0), (1, 920), (1, 920), (1, 0), (0, 0)], strict=True))
    assert stages(cafe, clock.now()) == expected
    assert stages(cafe, clock.now(), touchpoint_id=poster) == expected
    assert set(stages(cafe, clock.now(), touchpoint_id=None).values()) == {(0, 0)}
    insight.fold_new()
    assert stages(cafe, clock.now(), touchpoint_id=poster) == expected

    live = numbers.live(cafe.store_id, clock.now())
    assert [(row.name, row["conversion"].amount_minor) for row in live.touchpoints] == [("Window", 920)]
    assert (live.rating_count, live.rating_score) == (1, "4.00")
    today = day_period(day_of(clock.now(), ZONE), ZONE)
    assert [row.order_id for row in numbers.orders_behind([cafe.store_id], today, "conversion")] == [placed.order_id]
    steps = [step.kind for step in paths.anonymous_path(subject_id=placed.order_id, store_id=cafe.store_id)]
    assert steps == ["scan", "view", "cart", "order", "redemption", "review"]

    books = ledger.merchant_money(cafe.merchant_id, today, "EUR")
    assert books.taken.minor == live.today["conversion"].amount_minor == 920
    report = numbers.day_report(cafe.store_id, day_of(clock.now(), ZONE))
    assert (report.totals.orders, report.totals.sold_minor, report.books, report.refunds) == (1, 920, books, ())
    assert [review.names["en"] for review in reviews.reviews_of_store(cafe.store_id)] == ["Coffee"]
    assert findings() == []


def test_a_coupon_is_used_once_and_comes_back_with_a_cancelled_order(
    cafe: Cafe, poster: UUID, clock: VirtualClock, drain_events: Callable[[], int]
) -> None:
    program = vouchers.create_program(
        merchant_id=cafe.merchant_id, kind="coupon", names={"en": "Two euros"}, currency="EUR",
        effect=Effect("amount", 200, min_spend_minor=500), valid_from=clock.now() - timedelta(days=1), now=clock.now(),
    )  # fmt: skip
    vouchers.publish(program_id=program, merchant_id=cafe.merchant_id, now=clock.now())
    buyer = arrive(cafe, poster, clock)
    voucher = vouchers.claim(program_id=program, owner=owner_key(visitor_id=buyer.visitor_id), now=clock.now())
    placed = pay(cafe, buyer, clock, total=720, voucher_ids=(voucher,))
    drain_events()
    assert stages(cafe, clock.now())["conversion"] == (1, 720)
    assert [view.state for view in orders.order(placed.order_id, key=placed.access_token).vouchers] == ["used"]

    ordering.cancel(order_id=placed.order_id, by="buyer", reason="changed_mind", actor=buyer.key, now=clock.now())
    drain_events()
    assert stages(cafe, clock.now())["conversion"] == (0, 0)
    assert stages(cafe, clock.now())["traffic"] == (1, 0)
    assert numbers.orders_behind([cafe.store_id], day_period(day_of(clock.now(), ZONE), ZONE), "conversion") == []
    again = pay(cafe, buyer, clock, total=720, voucher_ids=(voucher,))
    drain_events()
    assert stages(cafe, clock.now())["conversion"] == (1, 720)
    assert again.order_id != placed.order_id
    assert findings() == []


def test_the_city_sees_the_order_late_and_then_done(
    cafe: Cafe, poster: UUID, clock: VirtualClock, drain_events: Callable[[], int]
) -> None:
    placed = pay(cafe, arrive(cafe, poster, clock), clock)
    drain_events()
    before = numbers.city(clock.now())
    assert (before.orders_today, before.money_today, before.late_stores) == (1, {"EUR": 920}, 0)
    clock.set(placed.promised_at)
    clock.advance(minutes=10)
    late = numbers.city(clock.now())
    assert [(trouble.key, trouble.subject, trouble.act) for trouble in late.troubles] == [
        ("late_order", f"order:{placed.order_id}", "call_store")
    ]
    assert (late.open_stores, late.late_stores, late.broken) == (1, 1, 0)
    hand_over(cafe, placed, clock)
    drain_events()
    assert numbers.city(clock.now()).troubles == ()
