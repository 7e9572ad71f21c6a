"""How often the pages that everybody opens ask the database. More is a decision, not an accident."""

from __future__ import annotations

from datetime import datetime

import pytest

from demo.town import Town
from paseo.platform.db.unit import sql_count
from tests.channels.storefront.test_buying import Device, paid

pytestmark = pytest.mark.django_db(databases=["default", "stream"])


def statements(device: Device, path: str) -> int:
    """Of the second reader: what one process keeps for all is at hand then. Savepoints are the test's own."""
    device.get(path)
    with sql_count() as count:
        answer = device.get(path)
    assert answer.status_code == 200, path
    return len([one for one in count.all if "SAVEPOINT" not in one])


def test_looking_around(town: Town) -> None:
    device = Device(town)
    slug = town.slugs["noodles"]
    assert {
        "near": statements(device, "/"),
        "open": statements(device, "/?open=1"),
        "all": statements(device, "/?all=1&n=1000"),
        "search": statements(device, "/search/?q=coffee"),
        "store": statements(device, f"/s/{slug}/"),
        "product": statements(device, f"/s/{slug}/{town.offers['noodles.youpo']}/"),
    } == {"near": 7, "open": 6, "all": 6, "search": 8, "store": 9, "product": 8}


def test_buying(town: Town, now: datetime) -> None:
    device = Device(town)
    order = device.order("noodles.youpo")
    paid(order, now)
    device.put("noodles.youpo")
    cart = device.cart("noodles")
    assert {
        "cart": statements(device, f"/cart/{cart}/"),
        "checkout": statements(device, f"/checkout/{cart}/"),
        "order": statements(device, f"/orders/{order.id}/"),
        "orders": statements(device, "/orders/"),
        "me": statements(device, "/me/"),
    } == {"cart": 11, "checkout": 10, "order": 7, "orders": 3, "me": 0}
