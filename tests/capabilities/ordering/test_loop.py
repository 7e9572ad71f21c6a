"""The whole path of an order, and what it costs."""

from __future__ import annotations

from datetime import datetime

from paseo.capabilities.fulfillment import queries as fulfillment
from paseo.capabilities.inventory import queries as inventory
from paseo.capabilities.ordering import queries
from tests.capabilities.cafe import Cafe, order, tell


def test_a_paid_order_is_whole(cafe: Cafe, now: datetime) -> None:
    placed = order(cafe, now)
    assert (placed.state, placed.total_minor, placed.currency) == ("placed", 920, "EUR")
    assert inventory.availability(cafe.store_id, [cafe.variants["coffee"]]) == {cafe.variants["coffee"]: 9}
    confirmed = tell(placed.payment.id, now)
    assert (confirmed.outcome, confirmed.order_id, confirmed.status) == ("captured", placed.order_id, 200)
    view = queries.order(placed.order_id, key=placed.access_token)
    assert view.summary.state == "confirmed" and view.summary.is_paid
    assert len(view.code) == 12
    assert view.handover.plate == "001" and view.handover.state == "requested"
    assert fulfillment.board(cafe.store_id, now=now).in_hand == 1
    assert [(line.names["en"], line.total_minor, line.tax_minor) for line in view.lines] == [
        ("Coffee", 420, 50),
        ("Cake", 500, 59),
    ]
