"""Order history from a shop's till."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from paseo.capabilities.inventory import queries as inventory
from paseo.capabilities.ledger import queries as ledger
from paseo.capabilities.ordering import queries
from paseo.capabilities.ordering.models import Order, OrderLine
from paseo.platform.audit.checks import run_all
from paseo.platform.importing import engine
from paseo.platform.importing.values import Context
from paseo.platform.outbox.models import Event
from paseo.platform.tenancy.values import Scope
from tests.capabilities.cafe import Cafe

FILE = """InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country
536365,85123A,WHITE LANTERN,6,2010-12-01 08:26:00,2.55,17850.0,United Kingdom
536365,71053,METAL LANTERN,1,2010-12-01 08:26:00,3.39,17850.0,United Kingdom
536366,22633,,2,2010-12-01 08:28:00,1.85,,United Kingdom
C536379,D,Discount,-1,2010-12-01 09:41:00,27.5,14527.0,United Kingdom
536400,X,Lost,-5,2010-12-01 09:41:00,1.00,,United Kingdom
536401,Y,Odd,1,yesterday,1.00,,United Kingdom
"""


def test_history_is_read_once_and_moves_nothing(cafe: Cafe, now: datetime, tmp_path: Path) -> None:
    file = tmp_path / "orders.csv"
    file.write_text(FILE)
    context = Context(cafe.merchant_id, "test", now, "till", {})
    report = engine.run("orders", file, context)
    assert (report.rows, report.accepted, report.warned, report.refused, report.created) == (6, 2, 1, 3, 3)
    assert report.reasons == {"orders.cancelled": 1, "orders.no_name": 1, "orders.no_time": 1, "orders.return": 1}
    again = engine.run("orders", file, context)
    assert (again.created, again.unchanged, again.refused) == (0, 3, 3)
    first, second = Order.objects.filter(channel="import").order_by("placed_at")
    assert (first.external_ref, first.total_minor, first.tax_minor) == ("536365", 1869, 380)
    assert first.placed_at == datetime(2010, 12, 1, 6, 26, tzinfo=UTC)
    assert (second.total_minor, OrderLine.objects.get(order=second).names) == (370, {"en": "22633"})
    scope = Scope.of(cafe.merchant_id, "orders.see")
    assert [one.state for one in queries.orders_of_store(cafe.store_id, scope=scope)] == ["completed", "completed"]
    assert not Event.objects.filter(type__startswith="ordering.").exists()
    assert ledger.transfers_of(first.id) == []
    assert [one.on_hand for one in inventory.stock_of_store(cafe.store_id)] == [10, 10]
    assert [one for one in run_all() if one.check.startswith("ordering.")] == []
