"""A program buys: find, cart, place, pay, show the code."""

from __future__ import annotations

from datetime import datetime

import pytest

from demo.town import Town
from paseo.kernel.ids import new_id
from tests.channels.openapi.conftest import Caller, notice, order


@pytest.mark.covers("O4", part="nearest open stores and a store's own page, by the API")
def test_the_nearest_stores_come_first(device: Caller, town: Town) -> None:
    answer = device("GET", f"/stores?lat={town.centre.lat}&lon={town.centre.lon}&open=true")
    assert answer.status_code == 200
    found = answer.json()["items"]
    distances = [store["distance_m"] for store in found]
    assert distances == sorted(distances)
    assert found
    assert all(store["lamp"]["state"] in {"lit", "half"} for store in found)
    one = device("GET", f"/stores/{found[0]['slug']}").json()
    assert one["id"] == found[0]["id"]
    assert one["lamp"] == found[0]["lamp"]


def test_a_point_that_is_nowhere_is_refused(device: Caller) -> None:
    answer = device("GET", "/stores?lat=123&lon=24")
    assert answer.status_code == 422
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert "lat" in answer.json()["fields"]


@pytest.mark.covers("M1", part="find, pay and get a code through the API")
def test_from_the_shelf_to_the_code(device: Caller, town: Town, now: datetime) -> None:
    shelf = device("GET", f"/stores/{town.stores['grocer']}/offers?limit=2").json()
    assert len(shelf["items"]) == 2
    assert shelf["next"]
    assert all(offer["price_minor"] > 0 for offer in shelf["items"])

    placed = order(device, town)
    assert placed["state"] == "placed"
    assert placed["total_minor"] == placed["cart"]["total_minor"]
    assert placed["payment"]["redirect_url"].startswith("http")

    key = {"Paseo-Order-Key": placed["access_token"]}
    before = device("GET", f"/orders/{placed['id']}", None, **key).json()
    assert (before["state"], before["code"]) == ("placed", "")

    assert notice(placed["payment"], now).content == b"captured"
    after = device("GET", f"/orders/{placed['id']}", None, **key).json()
    assert after["state"] == "confirmed"
    assert len(after["code"]) == 12
    assert after["handover"]["state"] == "accepted", "the grocer takes orders by itself"
    assert [payment["state"] for payment in after["payments"]] == ["captured"]


def test_the_same_cart_is_the_same_order(device: Caller, town: Town) -> None:
    placed = order(device, town)
    again = device(
        "POST",
        "/orders",
        {
            "cart_id": placed["cart"]["id"],
            "email": "guest@example.com",
            "method": "sandbox",
            "agreed_total_minor": placed["total_minor"],
        },
    )
    assert again.status_code == 200
    assert again.json()["id"] == placed["id"]
    assert again.json()["replayed"] is True


def test_a_total_that_nobody_agreed_to_is_refused(device: Caller, town: Town) -> None:
    cart_id = str(new_id())
    offer = next(offer for name, offer in town.offers.items() if name.startswith("grocer."))
    cart = device(
        "PUT", f"/carts/{cart_id}", {"store_id": town.stores["grocer"], "lines": [{"offer_id": offer}]}
    ).json()
    answer = device(
        "POST",
        "/orders",
        {"cart_id": cart_id, "email": "a@example.com", "method": "cash", "agreed_total_minor": cart["total_minor"] - 1},
    )
    assert answer.status_code == 409
    assert answer.json()["code"] == "ordering.price_moved"
    assert answer.json()["remedy"]


def test_an_order_opens_with_its_key_only(device: Caller, town: Town) -> None:
    placed = order(device, town)
    assert device("GET", f"/orders/{placed['id']}").status_code == 404
    assert device("GET", f"/orders/{placed['id']}", None, **{"Paseo-Order-Key": "x" * 32}).status_code == 404


def test_a_cart_belongs_to_its_device(device: Caller, town: Town) -> None:
    placed = order(device, town)
    stranger = Caller(visitor="00000000-0000-4000-8000-000000000001")
    assert stranger("GET", f"/carts/{placed['cart']['id']}").status_code == 404
    assert stranger(
        "PUT", f"/carts/{placed['cart']['id']}", {"store_id": town.stores["grocer"], "lines": []}
    ).status_code in {404, 409}


def test_a_buyer_takes_an_order_back_once(device: Caller, town: Town, now: datetime) -> None:
    placed = order(device, town)
    notice(placed["payment"], now)
    key = {"Paseo-Order-Key": placed["access_token"], "Idempotency-Key": "cancel-1"}
    first = device("POST", f"/orders/{placed['id']}/cancel", {"reason": "changed my mind"}, **key)
    assert first.status_code == 200, first.content
    assert first.json()["state"] == "cancelled"
    assert [refund["amount_minor"] for refund in first.json()["refunds"]] == [placed["total_minor"]]
    again = device("POST", f"/orders/{placed['id']}/cancel", {"reason": "changed my mind"}, **key)
    assert again.headers["Idempotent-Replay"] == "true"
    assert again.json() == first.json()
    other = device("POST", f"/orders/{placed['id']}/cancel", {"reason": "another"}, **key)
    assert other.status_code == 409
    assert other.json()["code"] == "idempotency.key_reused"


@pytest.mark.parametrize("body", ["", "{", "[]", "null", '{"store_id": 1}', '{"store_id": "x", "lines": "y"}'])
def test_broken_bodies_get_a_problem(device: Caller, body: str) -> None:
    answer = device.client.generic(
        "PUT", f"/api/v1/carts/{new_id()}", body, content_type="application/json", headers=device.headers
    )
    assert answer.status_code in {400, 422}
    assert answer.json()["code"]


def test_a_notice_with_a_wrong_signature_is_refused(device: Caller, town: Town) -> None:
    answer = device.client.post(
        "/hooks/payments/sandbox", b"{}", content_type="application/json", headers={"Sandbox-Signature": "t=1,v1=00"}
    )
    assert answer.status_code in {400, 401, 403}
    assert answer.content == b"payments.bad_signature"
