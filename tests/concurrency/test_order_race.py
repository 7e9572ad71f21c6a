"""One cart, one code, one payment, one last cake, and many hands. Each race has a control without the guard."""

from __future__ import annotations

import threading
from collections import Counter
from datetime import datetime
from uuid import UUID

import pytest
from django.db import IntegrityError, connection

from paseo.capabilities.fulfillment.models import Handover, PlateCounter
from paseo.capabilities.fulfillment.operations import opening
from paseo.capabilities.inventory import queries as inventory
from paseo.capabilities.inventory import statements
from paseo.capabilities.inventory.operations import holding
from paseo.capabilities.inventory.refusals import LastOneGone
from paseo.capabilities.ledger import queries as ledger
from paseo.capabilities.ordering import operations, queries
from paseo.capabilities.ordering.models import Cart, Order
from paseo.capabilities.ordering.operations import paying, placing
from paseo.capabilities.ordering.reckoning import Reckoning
from paseo.capabilities.ordering.values import Buyer, Placed
from paseo.capabilities.payments import queries as payments
from paseo.capabilities.payments.models import Payment
from paseo.capabilities.payments.operations import notices as payment_notices
from paseo.kernel.ids import new_id
from paseo.kernel.states import NotAllowed
from paseo.platform.audit.checks import auditors, run_all
from paseo.platform.codes import operations as codes
from paseo.platform.codes.models import Code, Redemption
from paseo.platform.codes.refusals import AlreadyUsed
from tests.capabilities.cafe import Cafe, fill, forget_all, make_cafe, notice_body, order, paid_order, signed
from tests.concurrency.guards import look_before_writing, without_index, without_stock_guard
from tests.concurrency.shared_database import at_once, shared_database

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
STAFF = "person:staff"


@pytest.fixture
def cafe(transactional_db, tmp_path, now):
    with shared_database(tmp_path):
        yield make_cafe(now, stock=5)
    forget_all()


@pytest.fixture
def silent_auditors(cafe):
    yield
    names = [name for name in auditors() if name.startswith(("ordering.", "inventory.", "ledger."))]
    assert run_all(names) == []


def kinds(results: list[object]) -> Counter[str]:
    return Counter(type(result).__name__ for result in results)


def try_to_place(cafe: Cafe, cart_id: UUID, buyer: Buyer, now: datetime, total: int = 920) -> Placed:
    return operations.place(
        cart_id=cart_id, buyer=buyer, agreed_total_minor=total, method="sandbox", email="anna@example.org", now=now
    )


def test_a_double_tap_in_eight_windows_makes_one_order(cafe: Cafe, now: datetime, silent_auditors) -> None:
    buyer = Buyer(visitor_id=new_id())
    cart_id = fill(cafe, buyer, now)
    results = at_once(lambda _: try_to_place(cafe, cart_id, buyer, now), list(range(8)), 8)
    assert kinds(results) == {"Placed": 8}
    assert len({placed.order_id for placed in results}) == 1
    assert len({placed.payment.id for placed in results}) == 1
    assert sum(not placed.replayed for placed in results) == 1
    assert (Order.objects.count(), Payment.objects.count()) == (1, 1)
    assert inventory.availability(cafe.store_id, [cafe.variants["cake"]]) == {cafe.variants["cake"]: 4}


def test_the_last_cakes_go_to_five(cafe: Cafe, now: datetime, silent_auditors) -> None:
    buyers = [Buyer(visitor_id=new_id()) for _ in range(12)]
    carts = {buyer.visitor_id: fill(cafe, buyer, now, cake=1) for buyer in buyers}
    results = at_once(lambda buyer: try_to_place(cafe, carts[buyer.visitor_id], buyer, now, 500), buyers, 12)
    assert kinds(results) == {"Placed": 5, LastOneGone.__name__: 7}
    assert Order.objects.count() == 5
    # Who was refused still has the cart.
    refused = next(buyer for buyer, result in zip(buyers, results, strict=True) if isinstance(result, LastOneGone))
    assert queries.open_cart(cafe.store_id, buyer=refused).pieces == 1


def test_two_lines_of_one_thing_and_carts_in_reversed_order(cafe: Cafe, now: datetime, silent_auditors) -> None:
    buyers = [Buyer(visitor_id=new_id()) for _ in range(8)]
    carts = {}
    for number, buyer in enumerate(buyers):
        names = ("coffee", "cake") if number % 2 else ("cake", "coffee")
        carts[buyer.visitor_id] = fill(cafe, buyer, now, **dict.fromkeys(names, 2))
    results = at_once(lambda buyer: try_to_place(cafe, carts[buyer.visitor_id], buyer, now, 1840), buyers, 8)
    assert kinds(results) == {"Placed": 2, LastOneGone.__name__: 6}
    assert inventory.availability(cafe.store_id, cafe.variants.values()) == {
        cafe.variants["coffee"]: 1, cafe.variants["cake"]: 1, cafe.variants["soup"]: None,
    }  # fmt: skip


def test_one_code_at_eight_counters_is_used_once(cafe: Cafe, now: datetime, silent_auditors) -> None:
    placed = paid_order(cafe, now)
    text = queries.order(placed.order_id, system=True).code

    def scan(till: int):
        ticket = operations.verify_code(
            text=text, place_id=cafe.store_id, tenant_id=cafe.merchant_id, actor=STAFF, terminal=f"till-{till}", now=now
        )
        return operations.redeem_code(token=ticket.token, actor=STAFF, now=now)

    results = at_once(scan, list(range(8)), 8)
    assert kinds(results) == {"Redeemed": 1, AlreadyUsed.__name__: 7}
    assert [one.on_hand for one in inventory.stock_of_store(cafe.store_id)] == [4, 4]


def test_one_notice_eight_times_is_one_sale(cafe: Cafe, now: datetime, silent_auditors) -> None:
    placed = order(cafe, now)
    body = notice_body(placed.payment.id)

    def arrive(_: int) -> str:
        headers = signed(body, now)
        return operations.receive_payment_notice(gateway="sandbox", headers=headers, body=body, now=now).outcome

    results = at_once(arrive, list(range(8)), 8)
    assert Counter(results) == {"captured": 1, "duplicate": 7}
    assert len(ledger.transfers_of(placed.order_id)) == 1
    assert Handover.objects.count() == 1


def twin(payment_id: UUID) -> UUID:
    """A second open payment of the same order, as two tabs make it."""
    row = Payment.objects.get(id=payment_id)
    row.pk = new_id()
    row.save(force_insert=True)
    return row.pk


def test_two_tabs_paid_in_the_same_moment(cafe: Cafe, now: datetime, silent_auditors) -> None:
    placed = order(cafe, now)
    tabs = [placed.payment.id, *(twin(placed.payment.id) for _ in range(3))]

    def arrive(payment_id: UUID) -> str:
        body = notice_body(payment_id)
        headers = signed(body, now)
        return operations.receive_payment_notice(gateway="sandbox", headers=headers, body=body, now=now).outcome

    results = at_once(arrive, tabs, 4)
    assert Counter(results) == {"captured": 1, "surplus": 3}
    assert [refund.amount_minor for refund in payments.refunds_of(placed.order_id)] == [920, 920, 920]


def test_plates_of_a_rush_are_all_different(cafe: Cafe, now: datetime, silent_auditors) -> None:
    buyers = [Buyer(visitor_id=new_id()) for _ in range(16)]
    carts = {buyer.visitor_id: fill(cafe, buyer, now, soup=1) for buyer in buyers}

    def buy(buyer: Buyer) -> Placed:
        return operations.place(
            cart_id=carts[buyer.visitor_id], buyer=buyer, agreed_total_minor=950, method="cash", email="a@b.fi", now=now
        )

    assert kinds(at_once(buy, buyers, 8)) == {"Placed": 16}
    assert sorted(Handover.objects.values_list("plate", flat=True)) == [f"{number:03}" for number in range(1, 17)]


def test_cancelling_and_handing_over_at_once_have_one_winner(cafe: Cafe, now: datetime, silent_auditors) -> None:
    placed = paid_order(cafe, now)

    def act(n: int) -> None:
        if n:
            operations.cancel(order_id=placed.order_id, by="shop", actor=STAFF, now=now)
        else:
            operations.hand_over(order_id=placed.order_id, actor=STAFF, now=now)

    results = at_once(act, [0, 1], 2)
    assert kinds(results)[NotAllowed.__name__] == 1


def test_a_double_tap_on_paying_again_is_one_payment(cafe: Cafe, now: datetime, silent_auditors) -> None:
    placed = order(cafe, now)
    Payment.objects.update(state="declined")

    def tap(_: int) -> UUID:
        return operations.pay_again(order_id=placed.order_id, method="sandbox", now=now).id

    results = at_once(tap, list(range(8)), 8)
    assert len(set(results)) == 1
    assert Counter(Payment.objects.values_list("state", flat=True)) == {"declined": 1, "created": 1}


# Controls


def test_control_believing_what_the_cart_showed_sells_twelve_of_five(
    cafe: Cafe, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Everybody saw cakes when they filled their cart."""
    monkeypatch.setattr(Reckoning, "problems", ())
    buyers = [Buyer(visitor_id=new_id()) for _ in range(12)]
    carts = {buyer.visitor_id: fill(cafe, buyer, now, cake=1) for buyer in buyers}
    with without_stock_guard(monkeypatch):
        results = at_once(lambda buyer: try_to_place(cafe, carts[buyer.visitor_id], buyer, now, 500), buyers, 12)
        assert kinds(results) == {"Placed": 12}
        [cakes] = [item for item in inventory.stock_of_store(cafe.store_id) if item.variant_id == cafe.variants["cake"]]
        assert (cakes.on_hand, cakes.held) == (5, 12)
        assert [finding.check for finding in run_all(["inventory.never_negative"])] == ["inventory.never_negative"]


def test_control_taking_goods_in_the_order_of_the_cart_fails_one_of_two_carts(
    cafe: Cafe, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On PostgreSQL both carts have one thing and wait for the other's; on SQLite, without a turn at writing, one has
    looked at what the other then changes. The same carts in the race above are both placed."""
    both = threading.Barrier(2, timeout=10)
    buyers = [Buyer(visitor_id=new_id()) for _ in range(2)]
    names = [("coffee", "cake"), ("cake", "coffee")]
    carts = {
        buyer.visitor_id: fill(cafe, buyer, now, **dict.fromkeys(pair, 1))
        for buyer, pair in zip(buyers, names, strict=True)
    }
    if connection.vendor == "sqlite":

        def look() -> None:
            Cart.objects.first()
            both.wait()

        look_before_writing(monkeypatch, look)
    else:
        take = statements.take

        def one_by_one(store_id: UUID, demands: dict[UUID, int]) -> dict[UUID, UUID]:
            taken = {}
            for variant_id, n in demands.items():
                taken |= take(store_id, {variant_id: n})
                if len(taken) == 1:
                    both.wait()
            return taken

        monkeypatch.setattr(statements, "take", one_by_one)
        monkeypatch.setattr(holding, "summed", lambda demands: {one.variant_id: one.quantity for one in demands})
    results = at_once(lambda buyer: try_to_place(cafe, carts[buyer.visitor_id], buyer, now), buyers, 2)
    assert kinds(results) == {"Placed": 1, "OperationalError": 1}


def test_control_a_code_that_is_believed_is_used_at_every_counter(
    cafe: Cafe, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Eight counters have seen that it is good. Without the condition of the use, eight redemptions stand against one
    code; the order is still handed over once, because its own machine asks again."""
    placed = paid_order(cafe, now)
    text = queries.order(placed.order_id, system=True).code
    monkeypatch.setattr(codes, "_take", lambda code_id, *_: bool(Code.objects.filter(id=code_id).update(uses_left=0)))

    def scan(till: int) -> str:
        return operations.verify_code(
            text=text, place_id=cafe.store_id, tenant_id=cafe.merchant_id, actor=STAFF, terminal=f"till-{till}", now=now
        ).token

    tokens = [scan(till) for till in range(8)]
    results = at_once(lambda token: operations.redeem_code(token=token, actor=STAFF, now=now), tokens, 8)
    assert kinds(results) == {"Redeemed": 1, NotAllowed.__name__: 7}
    at_once(lambda token: codes.commit(token, now=now), tokens, 8)
    assert Redemption.objects.count() == 8
    found = run_all(["codes.uses_left_equals_redemptions"])
    assert [finding.check for finding in found] == ["codes.uses_left_equals_redemptions"]


def test_control_paying_again_without_looking_for_an_open_payment_makes_one_for_each_tap(
    cafe: Cafe, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    placed = order(cafe, now)
    start = paying.payments.start_payment
    monkeypatch.setattr(paying.payments, "start_payment", lambda **wish: start(**wish, fresh=True))
    at_once(lambda _: operations.pay_again(order_id=placed.order_id, method="sandbox", now=now), list(range(8)), 8)
    assert Payment.objects.filter(state="created").count() == 9


def test_control_a_notice_that_is_not_known_again_gives_the_money_back(
    cafe: Cafe, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the memory of notices and the conditions of the first capture, the second copy is a payment for an order
    that is paid."""
    placed = order(cafe, now)
    body = notice_body(placed.payment.id)
    unguarded = payment_notices._FIRST_CAPTURE.partition("AND NOT EXISTS")[0].replace("AND state = 'created'", "")
    monkeypatch.setattr(payment_notices, "_FIRST_CAPTURE", unguarded)

    def arrive(_: int) -> str:
        return operations.receive_payment_notice(
            gateway="sandbox", headers=signed(body, now), body=body, now=now
        ).outcome

    results = at_once(arrive, [0, 1], 2)
    assert Counter(results) == {"captured": 1, "late_refunded": 1}
    assert [refund.amount_minor for refund in payments.refunds_of(placed.order_id)] == [920]


def test_control_placing_without_the_swap_makes_two_orders(cafe: Cafe, now: datetime, monkeypatch) -> None:
    """The cart is looked at and not swapped, and nothing says that a cart gives one order."""
    buyer = Buyer(visitor_id=new_id())
    cart_id = fill(cafe, buyer, now)
    monkeypatch.setattr(placing, "_swapped", lambda cart_id, *_: Cart.objects.get(id=cart_id))
    first = try_to_place(cafe, cart_id, buyer, now)
    with pytest.raises(IntegrityError):
        try_to_place(cafe, cart_id, buyer, now)
    Order.objects.filter(id=first.order_id).update(cart_id=None)
    second = try_to_place(cafe, cart_id, buyer, now)
    assert (Order.objects.count(), second.order_id != first.order_id) == (2, True)


def test_control_reading_the_last_plate_first_gives_it_twice(cafe: Cafe, now: datetime, monkeypatch) -> None:
    looked = threading.Barrier(2, timeout=10)
    given: list[str] = []

    def naive(_: int) -> None:
        row = PlateCounter.objects.filter(store_id=cafe.store_id).first()
        number = (row.last if row else 0) + 1
        looked.wait()
        given.append(f"{number:03}")

    at_once(naive, [0, 1], 2)
    assert given == ["001", "001"]
    monkeypatch.setattr(opening, "_next_plate", lambda store_id, day: "001")
    paid_order(cafe, now)
    with pytest.raises(IntegrityError):
        paid_order(cafe, now)


def test_control_believing_every_notice_sells_twice(cafe: Cafe, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the condition of the first capture and without the index, both tabs of an order are its success."""
    with without_index("payments_payment", "payments_one_success"):
        placed = order(cafe, now)
        other = twin(placed.payment.id)
        unguarded = payment_notices._FIRST_CAPTURE.partition("AND NOT EXISTS")[0]
        monkeypatch.setattr(payment_notices, "_FIRST_CAPTURE", unguarded)
        monkeypatch.setattr(payment_notices, "SUCCEEDED", ())
        for payment_id in (placed.payment.id, other):
            body = notice_body(payment_id)
            operations.receive_payment_notice(gateway="sandbox", headers=signed(body, now), body=body, now=now)
        assert Payment.objects.filter(state="captured").count() == 2
