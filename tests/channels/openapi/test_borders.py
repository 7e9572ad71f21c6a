"""Every route that a key opens is called with another merchant's ids. A new route that is not listed here fails the test."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from demo.town import Town
from paseo.channels.openapi.urls import document
from paseo.platform.tenancy.roles import RIGHTS
from tests.channels.openapi.conftest import Caller, notice, order

PUBLIC = {
    "nearestStores", "store", "offers", "product", "putCart", "cart", "carts", "placeOrder", "order", "cancelOrder", "payAgain", "answerChange",
    "eventTypes", "eventType",
}  # fmt: skip
OWN_ONLY = {"shopOrders", "shopProducts", "addProduct", "money", "stages", "touchpoints", "events"}
"""Take no id of a thing, or only filter the caller's own."""


def foreign_calls(town: Town, placed: dict[str, Any], redemption_id: str) -> dict[str, tuple[str, str, Any]]:
    """By operation: a call that a key of the café makes with the grocer's ids."""
    store, variant, order_id = town.stores["grocer"], next(iter(town.variants.values())), placed["id"]
    grocers = next(town.variants[name.partition(".")[2]] for name in town.offers if name.startswith("grocer."))
    assert variant
    return {
        "shopOrder": ("GET", f"/shop/orders/{order_id}", None),
        "acceptOrder": ("POST", f"/shop/orders/{order_id}/accept", {}),
        "startOrder": ("POST", f"/shop/orders/{order_id}/start", None),
        "readyOrder": ("POST", f"/shop/orders/{order_id}/ready", None),
        "handOver": ("POST", f"/shop/orders/{order_id}/hand-over", {}),
        "refuseOrder": ("POST", f"/shop/orders/{order_id}/refuse", {"reason": "no"}),
        "refundOrder": ("POST", f"/shop/orders/{order_id}/refunds", {"reason": "no"}),
        "offerVariants": ("POST", f"/shop/stores/{store}/offers", {"variant_id": grocers}),
        "setPrice": ("PUT", f"/shop/prices/{grocers}", {"store_id": town.stores["cafe"], "amount_minor": 1}),
        "stock": ("GET", f"/shop/stores/{store}/stock", None),
        "countStock": ("POST", f"/shop/stores/{store}/stock/{grocers}/count", {"counted": 0}),
        "receiveStock": ("POST", f"/shop/stores/{store}/stock/{grocers}/receive", {"quantity": 1}),
        "verifyCode": ("POST", "/codes/verify", {"code": placed["code"], "store_id": store}),
        "redeemCode": ("POST", "/codes/redeem", {"token": "forged"}),
        "undoRedemption": ("POST", f"/redemptions/{redemption_id}/undo", None),
        "addTouchpoint": ("POST", "/shop/touchpoints", {"kind": "link", "name": "x", "store_id": store}),
    }


@pytest.fixture
def placed(device: Caller, town: Town, now: datetime, key_of: Callable[..., Caller]) -> dict[str, Any]:
    answer = order(device, town)
    notice(answer["payment"], now)
    key = {"Paseo-Order-Key": answer["access_token"]}
    answer["code"] = device("GET", f"/orders/{answer['id']}", None, **key).json()["code"]
    return answer


def test_nothing_of_another_merchant_is_found(
    town: Town, placed: dict[str, Any], key_of: Callable[..., Caller], device: Caller
) -> None:
    owner = key_of("grocer", *RIGHTS)
    ticket = owner("POST", "/codes/verify", {"code": placed["code"], "store_id": town.stores["grocer"]}).json()
    redemption = owner("POST", "/codes/redeem", {"token": ticket["token"]}).json()["redemption_id"]
    calls = foreign_calls(town, placed, redemption)
    operations = {entry["operationId"] for path in document()["paths"].values() for entry in path.values()}
    assert operations == PUBLIC | OWN_ONLY | calls.keys(), "a route is not covered: add it here"

    before = owner("GET", f"/shop/orders/{placed['id']}").json()
    stranger = key_of("cafe", *RIGHTS)
    for name, (method, path, body) in calls.items():
        answer = stranger(method, path, body)
        assert answer.status_code in {404, 409, 422}, (name, answer.status_code, answer.content)
        if name not in {"redeemCode", "verifyCode"}:
            assert answer.status_code == 404, (name, answer.status_code, answer.content)
        assert placed["number"].encode() not in answer.content, name
    assert owner("GET", f"/shop/orders/{placed['id']}").json() == before


def test_lists_show_ones_own_only(town: Town, placed: dict[str, Any], key_of: Callable[..., Caller]) -> None:
    stranger = key_of("cafe", *RIGHTS)
    assert stranger("GET", "/shop/orders").json()["items"] == []
    assert stranger("GET", f"/shop/orders?store_id={town.stores['grocer']}").json()["items"] == []
    assert stranger("GET", f"/shop/stages?store_id={town.stores['grocer']}").status_code == 404
    names = str(stranger("GET", "/shop/products").json())
    assert all(str(town.products[name]) not in names for name in town.products if f"grocer.{name}" in town.offers)


def test_a_key_for_one_store_sees_that_store(town: Town, placed: dict[str, Any], key_of: Callable[..., Caller]) -> None:
    deli = key_of("grocer", "orders.see", "stock.edit", place_ids=frozenset({town.stores["deli"]}))
    assert deli("GET", f"/shop/orders/{placed['id']}").status_code == 404
    assert deli("GET", "/shop/orders").json()["items"] == []
    assert deli("GET", f"/shop/stores/{town.stores['grocer']}/stock").status_code == 404
