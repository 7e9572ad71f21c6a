"""Price and stock as columns of an import of goods."""

from __future__ import annotations

import pytest

from paseo.capabilities.inventory import importing as stock_column
from paseo.capabilities.inventory import queries as inventory
from paseo.capabilities.pricing import importing as price_column
from paseo.capabilities.pricing import queries
from paseo.platform.importing.values import Applied, Context, Parsed, Pending
from tests.capabilities.shops import make_shop

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop(now):
    return make_shop(now)


@pytest.fixture
def context(shop, now):
    return Context(shop.merchant_id, "ada", now, "goods.csv", {"store_ids": [str(shop.store_id)]})


@pytest.mark.parametrize(
    ("text", "minor"), [("4.20", 420), ("4,20 €", 420), ("€ 4", 400), ("4.20 EUR", 420), ("0", 0), ("", None)]
)
def test_prices_as_people_write_them(context, text, minor):
    assert price_column._parse({"price": text}, Parsed("1", None), context) == (minor, ())


@pytest.mark.parametrize("text", ["four", "-1", "4.205", "1e30"])
def test_what_is_not_a_price_is_told(context, text):
    value, (issue,) = price_column._parse({"price": text}, Parsed("1", None), context)
    assert value is None
    assert str(issue) == f"{text} is not a price in EUR. The good was taken over without a price."


@pytest.mark.parametrize(("text", "n", "issues"), [("7", 7, 0), ("7.0", 7, 0), ("7.5", None, 1), ("-1", None, 1)])
def test_stock_is_whole(context, text, n, issues):
    value, found = stock_column._parse({"stock": text}, Parsed("1", None), context)
    assert (value, len(found)) == (n, issues)


def test_a_second_run_changes_nothing(shop, context, now):
    def rows(value):
        return [(Pending(1, Parsed("1", None), None), Applied(id, "created"), value) for id in shop.variants]

    for _ in range(2):
        price_column._apply(rows(420), context)
        stock_column._apply(rows(5), context)
    found = queries.prices(shop.store_id, shop.variants, now=now)
    assert {view.amount_minor for view in found.values()} == {420}
    assert set(inventory.availability(shop.store_id, shop.variants).values()) == {5}
    assert len(inventory.movements(shop.store_id)) == 3
