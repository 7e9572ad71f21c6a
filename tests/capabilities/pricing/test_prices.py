from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from paseo.capabilities.pricing import operations, queries
from paseo.capabilities.pricing.models import Price
from paseo.capabilities.pricing.refusals import (
    NoPrice,
    NoPriceList,
    OtherCurrency,
    PriceInThePast,
    PriceOverlap,
    TaxRateMissing,
)
from paseo.kernel.errors import Invalid
from paseo.kernel.ids import new_id
from paseo.kernel.money import Money
from paseo.platform.db.unit import sql_count
from tests.capabilities.shops import make_shop

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def shop(now):
    return make_shop(now, variants=20)


@pytest.fixture
def usual(shop, now):
    return operations.ensure_lists(store_id=shop.store_id, now=now)


def price(shop, at, channel="online", position=0):
    found = queries.prices(shop.store_id, [shop.variants[position]], channel, now=at)
    return found[shop.variants[position]].amount_minor if found else None


def put(one, shop, minor, now, position=0, **more):
    return operations.set_price(list_id=one.id, variant_id=shop.variants[position], amount_minor=minor, now=now, **more)


def add_list(shop, now, channel, mine=False):
    return operations.add_list(
        merchant_id=shop.merchant_id,
        store_id=shop.store_id if mine else None,
        channel=channel,
        currency="EUR",
        now=now,
    )


def test_one_price_for_web_and_counter_is_the_rule(shop, usual, now):
    assert operations.ensure_lists(store_id=shop.store_id, now=now) == usual
    assert (usual.store_id, usual.channel, usual.currency, usual.tax_included) == (None, "any", "EUR", True)
    assert put(usual, shop, 420, now).warnings == ()
    assert (price(shop, now), price(shop, now, "counter")) == (420, 420)
    assert price(shop, now - timedelta(seconds=1)) is None
    assert queries.parity_exceptions(shop.merchant_id, now=now) == []


def test_the_store_beats_the_merchant_and_the_channel_beats_any(shop, usual, now):
    lists = [
        usual,
        add_list(shop, now, "online"),
        add_list(shop, now, "any", True),
        add_list(shop, now, "online", True),
    ]
    seen = []
    for position, one in enumerate(lists):
        put(one, shop, 100 + position, now)
        seen.append((price(shop, now), price(shop, now, "counter")))
    assert seen == [(100, 100), (101, 100), (102, 102), (103, 102)]
    other = make_shop(now, variants=0, merchant_id=shop.merchant_id)
    found = queries.prices(other.store_id, shop.variants[:1], now=now)
    assert found[shop.variants[0]].amount_minor == 101


def test_a_store_in_another_currency_has_its_own_list(shop, usual, now):
    abroad = make_shop(now, variants=0, merchant_id=shop.merchant_id, currency="SEK")
    own = operations.ensure_lists(store_id=abroad.store_id, now=now)
    assert (own.store_id, own.currency) == (abroad.store_id, "SEK")
    with pytest.raises(OtherCurrency), transaction.atomic():
        operations.add_list(
            merchant_id=shop.merchant_id, store_id=abroad.store_id, channel="online", currency="EUR", now=now
        )


def test_future_prices_and_exceptions(shop, usual, now):
    put(usual, shop, 420, now)
    put(usual, shop, 450, now, valid_from=now + 10 * DAY)
    operations.schedule_price(
        list_id=usual.id,
        variant_id=shop.variants[0],
        amount_minor=300,
        valid_from=now + 2 * DAY,
        valid_until=now + 4 * DAY,
        now=now,
    )
    assert [price(shop, now + n * DAY) for n in (0, 2, 3, 4, 9, 10)] == [420, 300, 300, 420, 420, 450]
    coming = queries.upcoming(shop.store_id, now=now)
    assert [(one.amount_minor, one.valid_from - now) for one in coming] == [
        (300, 2 * DAY),
        (420, 4 * DAY),
        (450, 10 * DAY),
    ]
    with pytest.raises(PriceOverlap), transaction.atomic():
        operations.schedule_price(
            list_id=usual.id,
            variant_id=shop.variants[0],
            amount_minor=310,
            valid_from=now + 3 * DAY,
            valid_until=now + 5 * DAY,
            now=now,
        )


def test_the_past_is_not_rewritten(shop, usual, now):
    with pytest.raises(PriceInThePast), transaction.atomic():
        put(usual, shop, 420, now, valid_from=now - timedelta(seconds=1))
    first = put(usual, shop, 420, now)
    put(usual, shop, 430, now + DAY)
    assert [price(shop, now), price(shop, now + DAY)] == [420, 430]
    with pytest.raises(PriceInThePast), transaction.atomic():
        operations.end_price(price_id=first.price_id, at=now + 2 * DAY, now=now + DAY)


def test_the_same_price_again_changes_nothing(shop, usual, now):
    put(usual, shop, 420, now)
    assert put(usual, shop, 420, now + DAY).price_id is None
    assert put(usual, shop, 430, now).price_id is not None
    assert Price.objects.count() == 1


def test_ending_a_price(shop, usual, now):
    set_now = put(usual, shop, 420, now)
    later = put(usual, shop, 450, now, valid_from=now + 2 * DAY)
    operations.end_price(price_id=later.price_id, at=now + DAY, now=now)
    assert price(shop, now + 3 * DAY) is None
    operations.end_price(price_id=set_now.price_id, at=now + DAY, now=now)
    assert [price(shop, now), price(shop, now + DAY)] == [420, None]
    with pytest.raises(NoPrice), transaction.atomic():
        operations.end_price(price_id=new_id(), at=now, now=now)


def test_nonsense_is_refused(shop, usual, now):
    with pytest.raises(Invalid), transaction.atomic():
        put(usual, shop, -1, now)
    with pytest.raises(NoPriceList), transaction.atomic():
        operations.set_price(list_id=new_id(), variant_id=shop.variants[0], amount_minor=1, now=now)
    with pytest.raises(Invalid), transaction.atomic():
        operations.schedule_price(
            list_id=usual.id, variant_id=shop.variants[0], amount_minor=1, valid_from=now, valid_until=now, now=now
        )
    put(usual, shop, 420, now)
    with pytest.raises(IntegrityError), transaction.atomic():
        Price.objects.create(list_id=usual.id, variant_id=shop.variants[0], amount_minor=1, valid_from=now + DAY)


def test_whoever_sets_another_price_for_the_web_is_warned(shop, usual, now):
    put(usual, shop, 420, now)
    online = add_list(shop, now, "online")
    planned = put(online, shop, 390, now, valid_from=now + DAY)
    (gap,) = planned.warnings
    assert (gap.store_id, gap.online_minor, gap.counter_minor, gap.difference_minor) == (None, 390, 420, -30)
    assert queries.parity_exceptions(shop.merchant_id, now=now) == []
    assert queries.parity_exceptions(shop.merchant_id, now=now + DAY) == [gap]
    assert put(usual, shop, 390, now, valid_from=now + DAY).warnings == ()


def test_what_the_shelf_says_is_reported_until_it_agrees(shop, usual, now):
    put(usual, shop, 420, now)
    see = {"store_id": shop.store_id, "variant_id": shop.variants[0], "actor": "ada"}
    operations.observe_price(amount=Money(400, "EUR"), now=now, **see)
    operations.observe_price(amount=Money(450, "EUR"), now=now + DAY, **see)
    (gap,) = queries.parity_exceptions(shop.merchant_id, now=now + DAY)
    assert (gap.source, gap.online_minor, gap.counter_minor, gap.seen_at) == ("shelf", 420, 450, now + DAY)
    operations.observe_price(amount=Money(420, "EUR"), now=now + 2 * DAY, **see)
    assert queries.parity_exceptions(shop.merchant_id, now=now + 2 * DAY) == []


def test_many_prices_at_once(shop, usual, now):
    amounts = {id: 100 + n for n, id in enumerate(shop.variants)}
    operations.set_prices(list_id=usual.id, amounts=dict(list(amounts.items())[:5]), now=now)
    with sql_count() as sql:
        answer = operations.set_prices(list_id=usual.id, amounts=amounts, now=now + DAY)
    assert (answer.changed, answer.unchanged, answer.warnings) == (15, 5, ())
    assert sql.count <= 13, sql.all
    assert queries.list_prices(usual.id, now=now + DAY) == amounts


def test_twenty_prices_take_one_statement(shop, usual, now, monkeypatch):
    operations.set_prices(list_id=usual.id, amounts=dict.fromkeys(shop.variants, 420), now=now)
    known = queries.lists_of_store(shop.store_id)
    monkeypatch.setattr(queries, "lists_of_store", lambda _: known)
    with sql_count() as sql:
        assert len(queries.prices(shop.store_id, shop.variants, now=now)) == 20
    assert sql.count == 1, sql.all


def test_rates(now):
    assert queries.rates("FI", now) == {
        "standard": Decimal("0.255"),
        "reduced": Decimal("0.135"),
        "food": Decimal("0.135"),
        "zero": Decimal(0),
    }
    assert queries.rates("FI", now - timedelta(days=365))["food"] == Decimal("0.14")
    operations.set_tax_rate(region="FI", tax_class="food", rate=Decimal("0.12"), valid_from=now + DAY)
    assert queries.rates("FI", now)["food"] == Decimal("0.135")
    assert queries.rates("FI-01", now + DAY)["food"] == Decimal("0.12")
    operations.set_tax_rate(region="XX", tax_class="standard", rate=Decimal("0.10"), valid_from=now)
    assert queries.rates("XX", now)["food"] == Decimal("0.10")
    with pytest.raises(TaxRateMissing):
        queries.rates("YY", now)
    with pytest.raises(Invalid), transaction.atomic():
        operations.set_tax_rate(region="XX", tax_class="food", rate=Decimal(1), valid_from=now)


def test_goods_of_several_stores_at_once(shop, usual, now):
    other = make_shop(now, variants=1)
    theirs = operations.ensure_lists(store_id=other.store_id, now=now)
    put(usual, shop, 420, now)
    put(theirs, other, 999, now)
    pairs = [(shop.store_id, shop.variants[0]), (other.store_id, other.variants[0]), (other.store_id, shop.variants[0])]
    found = queries.prices_at(pairs, now=now)
    assert {pair: view.amount_minor for pair, view in found.items()} == {pairs[0]: 420, pairs[1]: 999}


def test_what_a_price_would_change_is_told_before(shop, usual, now):
    put(usual, shop, 420, now)
    online = add_list(shop, now, "online")
    (gap,) = queries.parity_if(online.id, shop.variants[0], 390, at=now)
    assert (gap.online_minor, gap.counter_minor) == (390, 420)
    assert queries.parity_if(online.id, shop.variants[0], 420, at=now) == []
    assert queries.parity_exceptions(shop.merchant_id, now=now) == []
    with pytest.raises(NoPriceList):
        queries.parity_if(new_id(), shop.variants[0], 1, at=now)
