from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction

from paseo.capabilities.inventory import operations, queries
from paseo.capabilities.inventory.models import StockItem
from paseo.capabilities.inventory.refusals import Promised, ReasonDoesNotFit
from paseo.capabilities.inventory.values import Demand, MovementKind, Reason
from paseo.kernel.ids import new_id
from paseo.kernel.periods import Period
from paseo.platform.audit.checks import run_all
from tests.capabilities.shops import make_shop

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop(now):
    return make_shop(now)


def at_shop(shop, now, **more):
    return {"store_id": shop.store_id, "variant_id": shop.variants[0], "now": now, "actor": "ada", **more}


def test_the_history_tells_every_change_with_the_number_after_it(shop, now):
    operations.receive(**at_shop(shop, now, quantity=10, note="Box 7"))
    operations.adjust(**at_shop(shop, now + timedelta(hours=1), delta=-2, reason=Reason.BROKEN))
    assert operations.count(**at_shop(shop, now + timedelta(hours=2), counted=7, reason=Reason.STOLEN)) == -1
    assert operations.count(**at_shop(shop, now + timedelta(hours=3), counted=7)) == 0
    assert operations.count(**at_shop(shop, now + timedelta(hours=4), counted=9, reason=Reason.STOLEN)) == 2
    history = queries.movements(shop.store_id, variant_id=shop.variants[0])
    assert [(line.kind, line.delta, line.on_hand, line.reason) for line in history] == [
        (MovementKind.COUNT, 2, 9, Reason.CORRECTION),
        (MovementKind.COUNT, -1, 7, Reason.STOLEN),
        (MovementKind.ADJUST, -2, 8, Reason.BROKEN),
        (MovementKind.RECEIVE, 10, 10, Reason.DELIVERED),
    ]
    assert (history[-1].note, history[-1].actor) == ("Box 7", "ada")
    morning = queries.movements(shop.store_id, period=Period(now, now + timedelta(hours=2)))
    assert [line.on_hand for line in morning] == [8, 10]


@pytest.mark.parametrize(
    ("delta", "reason"), [(0, Reason.CORRECTION), (1, Reason.BROKEN), (-1, Reason.FOUND), (5, Reason.OWN_USE)]
)
def test_reasons_know_their_direction(shop, now, delta, reason):
    operations.receive(**at_shop(shop, now, quantity=10))
    with pytest.raises(ReasonDoesNotFit), transaction.atomic():
        operations.adjust(**at_shop(shop, now, delta=delta, reason=reason))


def test_stock_does_not_fall_below_what_was_promised(shop, now):
    operations.receive(**at_shop(shop, now, quantity=5))
    operations.hold(
        subject_id=new_id(),
        owner_key="",
        store_id=shop.store_id,
        demands=[Demand(shop.variants[0], 4)],
        expires_at=now + timedelta(minutes=5),
        now=now,
    )
    for change in (
        lambda: operations.count(**at_shop(shop, now, counted=3)),
        lambda: operations.adjust(**at_shop(shop, now, delta=-2, reason=Reason.STOLEN)),
    ):
        with pytest.raises(Promised) as refused, transaction.atomic():
            change()
        assert (refused.value.params["promised"], refused.value.params["counted"]) == (4, 3)
    assert operations.count(**at_shop(shop, now, counted=4)) == -1


def test_a_stock_take_saves_all_counts_or_none(shop, now):
    operations.receive(**at_shop(shop, now, quantity=5))
    with pytest.raises(ReasonDoesNotFit), transaction.atomic():
        operations.stock_take(store_id=shop.store_id, counts={shop.variants[0]: 3, shop.variants[1]: -1}, now=now)
    assert StockItem.objects.get(variant_id=shop.variants[0]).on_hand == 5
    taken = operations.stock_take(store_id=shop.store_id, counts=dict.fromkeys(shop.variants, 2), now=now)
    assert taken == dict(zip(shop.variants, (-3, 2, 2), strict=True))


def test_goods_brought_back_can_be_sold_again(shop, now):
    order = new_id()
    operations.take_back(**at_shop(shop, now, quantity=2, subject_id=order))
    line = queries.movements(shop.store_id)[0]
    assert (line.kind, line.delta, line.subject_id) == (MovementKind.RETURN, 2, order)


def test_lists_of_stock(shop, now):
    for variant_id, n in zip(shop.variants, (9, 1, 3), strict=True):
        operations.receive(store_id=shop.store_id, variant_id=variant_id, quantity=n, now=now)
    assert [view.available for view in queries.stock_of_store(shop.store_id)] == [9, 1, 3]
    page = queries.stock_of_store(shop.store_id, after=shop.variants[0], limit=1)
    assert [view.variant_id for view in page] == [shop.variants[1]]
    assert [view.available for view in queries.low_stock(shop.store_id)] == [1, 3]
    key = (shop.store_id, shop.variants[1])
    assert queries.availability_in([shop.store_id], shop.variants)[key] == 1


def test_auditors_see_what_the_constraints_cannot(shop, now):
    operations.receive(**at_shop(shop, now, quantity=5))
    StockItem.objects.update(on_hand=6, held=1, allocated=2)
    found = run_all(
        ["inventory.held_equals_holds", "inventory.allocated_equals_promises", "inventory.on_hand_equals_movements"]
    )
    assert [finding.check for finding in found] == [
        "inventory.allocated_equals_promises",
        "inventory.held_equals_holds",
        "inventory.on_hand_equals_movements",
    ]
    assert found[2].sentence.endswith("on_hand is 6, but its movements add up to 5.")
