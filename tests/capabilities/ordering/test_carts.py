"""Carts: kept, merged, priced anew, and told what stands against them."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from paseo.capabilities.catalog.models import Offer, OptionGroup
from paseo.capabilities.directory.models import Store
from paseo.capabilities.inventory.refusals import LastOneGone
from paseo.capabilities.ordering import operations, queries
from paseo.capabilities.ordering.refusals import (
    CannotOrder,
    CartOrdered,
    CartTooLarge,
    NoCart,
    NotEnoughToPay,
    PriceMoved,
)
from paseo.capabilities.ordering.values import Buyer, WantedLine
from paseo.capabilities.pricing.models import Price
from paseo.kernel.ids import new_id
from paseo.platform.db.unit import unit
from tests.capabilities.cafe import Cafe, fill, forget_all, guest, make_cafe, order


def quote(cafe: Cafe, buyer: Buyer, now: datetime):
    forget_all()
    return queries.quote_cart(queries.open_cart(cafe.store_id, buyer=buyer).id, buyer=buyer, now=now)


def test_lines_of_one_thing_are_one_line(cafe: Cafe, now: datetime) -> None:
    me = guest()
    for _ in range(2):
        cart = operations.put_line(store_id=cafe.store_id, buyer=me, line=WantedLine(cafe.offers["coffee"]), now=now)
    with_milk = WantedLine(cafe.offers["coffee"], 1, (cafe.options["oat"],))
    cart = operations.put_line(store_id=cafe.store_id, buyer=me, line=with_milk, now=now)
    assert [(line.quantity, line.seen_minor) for line in cart.lines] == [(2, 420), (1, 470)]
    cart = operations.change_line(cart_id=cart.id, buyer=me, line_id=cart.lines[0].id, quantity=0, now=now)
    assert [(line.quantity, line.seen_minor) for line in cart.lines] == [(1, 470)]
    with pytest.raises(CartTooLarge):
        operations.change_line(cart_id=cart.id, buyer=me, line_id=cart.lines[0].id, quantity=1000, now=now)


def test_another_buyer_sees_and_changes_nothing(cafe: Cafe, now: datetime) -> None:
    me, stranger = guest(), guest()
    cart_id = fill(cafe, me, now)
    for attempt in (
        lambda: queries.cart(cart_id, buyer=stranger),
        lambda: queries.quote_cart(cart_id, buyer=stranger, now=now),
        lambda: fill(cafe, stranger, now, cart_id=cart_id),
        lambda: operations.set_mode(cart_id=cart_id, buyer=stranger, mode="here", now=now),
        lambda: operations.place(
            cart_id=cart_id, buyer=stranger, agreed_total_minor=920, method="cash", email="x@y.fi", now=now
        ),
    ):
        with pytest.raises(NoCart), unit(savepoint=True):
            attempt()


def test_tomorrow_the_cart_is_there_and_says_what_moved(cafe: Cafe, now: datetime) -> None:
    me = guest()
    fill(cafe, me, now, coffee=2, cake=1)
    tomorrow = now + timedelta(days=1)
    Price.objects.filter(variant_id=cafe.variants["coffee"]).update(amount_minor=440)
    found = quote(cafe, me, tomorrow)
    [drift] = found.drift
    assert (drift.seen_minor, drift.now_minor, drift.difference.minor) == (420, 440, 40)
    assert (found.total_minor, found.can_be_placed) == (1380, True)
    with pytest.raises(PriceMoved) as moved:
        operations.place(
            cart_id=found.cart.id, buyer=me, agreed_total_minor=1340, method="cash", email="x@y.fi", now=tomorrow
        )
    assert (moved.value.params["total"].minor, moved.value.params["difference"].minor) == (1380, 40)
    operations.accept_prices(cart_id=found.cart.id, buyer=me, now=tomorrow)
    assert quote(cafe, me, tomorrow).drift == ()
    placed = operations.place(
        cart_id=found.cart.id, buyer=me, agreed_total_minor=1380, method="cash", email="x@y.fi", now=tomorrow
    )
    assert placed.total_minor == 1380


def test_everything_that_stands_against_a_cart_is_told(cafe: Cafe, now: datetime) -> None:
    me = guest()
    fill(cafe, me, now, coffee=1, cake=11, soup=1)
    Offer.objects.filter(id=cafe.offers["soup"]).update(active=False)
    OptionGroup.objects.update(min=1)
    found = quote(cafe, me, now)
    assert [(line.names["en"], [one.key for one in line.problems]) for line in found.lines] == [
        ("Coffee", ["option_missing"]),
        ("Cake", ["few_left"]),
        ("Soup", ["not_offered"]),
    ]
    assert not found.can_be_placed
    with pytest.raises(CannotOrder) as refused:
        operations.place(
            cart_id=found.cart.id, buyer=me, agreed_total_minor=920, method="cash", email="x@y.fi", now=now
        )
    assert [one.key for one in refused.value.problems] == ["option_missing", "not_offered"]
    Offer.objects.filter(id=cafe.offers["coffee"]).update(sold_out_until=now + timedelta(hours=1))
    assert "sold_out" in [one.key for one in quote(cafe, me, now).lines[0].problems]


def test_more_than_there_is_leaves_the_cart(cafe: Cafe, now: datetime) -> None:
    me = guest()
    cart_id = fill(cafe, me, now, cake=11)
    with pytest.raises(LastOneGone), unit(savepoint=True):
        operations.place(cart_id=cart_id, buyer=me, agreed_total_minor=5500, method="cash", email="x@y.fi", now=now)
    assert queries.open_cart(cafe.store_id, buyer=me).pieces == 11


@pytest.mark.parametrize(
    "state, key", [({"state": "paused"}, "paused"), ({"hours": ""}, "closed"), ({"services": ["here"]}, "not_served")]
)
def test_a_shop_that_cannot_take_it(cafe: Cafe, now: datetime, state: dict, key: str) -> None:
    me = guest()
    fill(cafe, me, now)
    Store.objects.update(**state)
    found = quote(cafe, me, now)
    assert ([one.key for one in found.problems], found.promise) == ([key], None)
    assert found.total_minor == 920, "the price is told all the same"


def test_a_closed_shop_promises_for_its_opening(db, now: datetime) -> None:
    cafe, me = make_cafe(now, hours="Mo-Su 16:00-22:00"), guest()
    fill(cafe, me, now)
    promise = quote(cafe, me, now).promise
    assert (promise.reason, promise.at) == ("opening", now + timedelta(hours=4, minutes=10))


def test_an_order_is_made_once_and_another_wish_is_refused(cafe: Cafe, now: datetime) -> None:
    me = guest()
    placed = order(cafe, now, buyer=me)
    wish = {"buyer": me, "method": "sandbox", "email": "anna@example.org", "now": now}
    from paseo.capabilities.ordering.models import Order

    cart_id = Order.objects.get().cart_id
    again = operations.place(cart_id=cart_id, agreed_total_minor=920, **wish)
    assert (again.order_id, again.payment, again.replayed) == (placed.order_id, placed.payment, True)
    for other in ({"agreed_total_minor": 921}, {"agreed_total_minor": 920, "method": "cash"}):
        with pytest.raises(CartOrdered) as refused, unit(savepoint=True):
            operations.place(cart_id=cart_id, **{**wish, **other})
        assert refused.value.params["number"] == placed.number
    with pytest.raises(CartOrdered), unit(savepoint=True):
        fill(cafe, me, now, cart_id=cart_id)


def test_a_guest_needs_an_address(cafe: Cafe, now: datetime) -> None:
    me = guest()
    cart_id = fill(cafe, me, now)
    with pytest.raises(NotEnoughToPay):
        operations.place(cart_id=cart_id, buyer=me, agreed_total_minor=920, method="cash", now=now)


def test_signing_in_keeps_both_carts(cafe: Cafe, now: datetime) -> None:
    person_id, me = new_id(), guest()
    known = Buyer(person_id=person_id)
    fill(cafe, known, now, coffee=1, soup=1)
    fill(cafe, me, now, coffee=3, cake=1)
    for _ in range(2):
        operations.adopt_carts(visitor_id=me.visitor_id, person_id=person_id, now=now)
    cart = queries.open_cart(cafe.store_id, buyer=known)
    by_offer = {line.offer_id: line.quantity for line in cart.lines}
    assert by_offer == {cafe.offers["coffee"]: 3, cafe.offers["soup"]: 1, cafe.offers["cake"]: 1}
    assert queries.open_cart(cafe.store_id, buyer=me) is None


def test_two_shops_are_two_carts(cafe: Cafe, now: datetime) -> None:
    me, other = guest(), make_cafe(now)
    fill(cafe, me, now)
    fill(other, me, now)
    assert {cart.store_id for cart in queries.carts_of(me)} == {cafe.store_id, other.store_id}
