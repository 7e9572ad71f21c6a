"""What an order costs the database: statements are counted, so the number is the same on every machine."""

from __future__ import annotations

import json
from datetime import datetime
from uuid import UUID

import pytest

from demo.town import Town
from paseo.capabilities.vouchers import operations as vouchers
from paseo.capabilities.vouchers.values import Effect
from paseo.channels.openapi.callers import device_id
from paseo.kernel.ids import new_id
from paseo.platform.db.unit import sql_count
from tests.channels.openapi.conftest import VISITOR, Caller, notice


@pytest.fixture
def coupon(town: Town, now: datetime) -> UUID:
    """Ten percent off at the grocer's, in many copies for one visitor."""
    program_id = vouchers.create_program(
        merchant_id=town.merchants["grocer"],
        kind="coupon",
        names={"en": "Ten percent"},
        effect=Effect("percent_bps", 1_000),
        currency="EUR",
        valid_from=now,
        now=now,
    )
    vouchers.publish(program_id=program_id, merchant_id=town.merchants["grocer"], now=now)
    return program_id


def _order(device: Caller, town: Town, now: datetime, voucher_ids: list[UUID]) -> list[list[str]]:
    """A whole order; the statements of its three calls."""
    cart_id = str(new_id())
    offers = [offer for name, offer in town.offers.items() if name.startswith("grocer.")][:2]
    lines = [{"offer_id": offer, "quantity": 1} for offer in offers]
    found = []
    with sql_count() as sql:
        cart = device(
            "PUT",
            f"/carts/{cart_id}",
            {"store_id": town.stores["grocer"], "lines": lines, "voucher_ids": voucher_ids},
        )
    found.append(sql.all)
    assert cart.status_code == 200, cart.content
    priced = cart.json()
    assert (priced["discount_minor"] > 0) == bool(voucher_ids)
    order = {"cart_id": cart_id, "email": "guest@example.com", "name": "Guest", "method": "sandbox"}
    with sql_count() as sql:
        placed = device("POST", "/orders", {**order, "agreed_total_minor": priced["total_minor"]})
    found.append(sql.all)
    assert placed.status_code == 201, placed.content
    with sql_count() as sql:
        answer = notice(placed.json()["payment"], now)
    found.append(sql.all)
    assert (answer.status_code, answer.content) == (200, b"captured")
    return found


def _counts(statements: list[list[str]]) -> list[int]:
    return [len(part) for part in statements]


@pytest.mark.django_db(transaction=True)
def test_an_order_with_a_coupon_takes_31_statements(device: Caller, town: Town, now: datetime, coupon: UUID):
    """Two goods, a coupon, the payment: with BEGIN and COMMIT, of which the cart needs none."""
    owner = f"visitor:{device_id(UUID(VISITOR))}"
    for _ in range(2):  # what is asked for once in a few seconds is known then
        _order(device, town, now, [vouchers.claim(program_id=coupon, owner=owner, now=now)])
    statements = _order(device, town, now, [vouchers.claim(program_id=coupon, owner=owner, now=now)])
    assert _counts(statements) == [5, 12, 14], json.dumps(statements, indent=1)


@pytest.mark.django_db(transaction=True)
def test_an_order_without_a_coupon_takes_28_statements(device: Caller, town: Town, now: datetime):
    for _ in range(2):
        _order(device, town, now, [])
    statements = _order(device, town, now, [])
    assert _counts(statements) == [4, 11, 12], json.dumps(statements, indent=1)
