"""A shop's program: its orders, its codes, its goods, and nothing of anybody else's."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest

from demo.town import Town
from paseo.kernel.ids import new_id
from tests.channels.openapi.conftest import Caller, notice


def test_without_a_key_nothing_is_shown(device: Caller, town: Town) -> None:
    for method, path in (("GET", "/shop/orders"), ("GET", "/shop/money"), ("POST", "/codes/verify")):
        answer = Caller(visitor="")(method, path, {} if method == "POST" else None)
        assert answer.status_code == 401
        assert answer.json()["remedy"]
    assert Caller("psk_wrong")("GET", "/shop/orders").status_code == 401


@pytest.mark.covers("U1", part="search, order, the merchant confirms, the buyer's code is redeemed")
def test_an_order_from_accepting_to_the_code_and_back(
    device: Caller, town: Town, now: datetime, key_of: Callable[..., Caller]
) -> None:
    cart_id = str(new_id())
    bun = town.offers["cafe.bun"]
    cart = device("PUT", f"/carts/{cart_id}", {"store_id": town.stores["cafe"], "lines": [{"offer_id": bun}]}).json()
    placed = device(
        "POST",
        "/orders",
        {"cart_id": cart_id, "email": "a@example.com", "method": "sandbox", "agreed_total_minor": cart["total_minor"]},
    ).json()
    notice(placed["payment"], now)
    shop = key_of("cafe", "orders.see", "orders.act", "codes.verify")
    listed = shop("GET", f"/shop/orders?store_id={town.stores['cafe']}").json()
    assert [entry["number"] for entry in listed["items"]] == [placed["number"]]
    taken = shop("POST", f"/shop/orders/{placed['id']}/start")
    assert taken.status_code == 200, taken.content
    assert taken.json()["state"] == "preparing"
    assert shop("POST", f"/shop/orders/{placed['id']}/ready").json()["state"] == "ready"

    code = device("GET", f"/orders/{placed['id']}", None, **{"Paseo-Order-Key": placed["access_token"]}).json()["code"]
    ticket = shop("POST", "/codes/verify", {"code": code.lower(), "store_id": town.stores["cafe"]})
    assert ticket.status_code == 200, ticket.content
    assert ticket.json()["kind"] == "order"
    done = shop("POST", "/codes/redeem", {"token": ticket.json()["token"]}).json()
    assert done["subject_id"] == placed["id"]
    again = shop("POST", "/codes/verify", {"code": code, "store_id": town.stores["cafe"]})
    assert again.status_code == 409
    assert again.json()["code"] == "codes.already_used"
    undone = shop("POST", f"/redemptions/{done['redemption_id']}/undo")
    assert undone.status_code == 200, undone.content
    assert shop("POST", "/codes/verify", {"code": code, "store_id": town.stores["cafe"]}).status_code == 200


def test_a_key_does_what_it_may_and_no_more(town: Town, key_of: Callable[..., Caller]) -> None:
    shop = key_of("grocer", "orders.see")
    assert shop("GET", "/shop/orders").status_code == 200
    assert shop("GET", "/shop/money").status_code == 403
    assert shop("GET", "/shop/products").status_code == 403
    assert (
        shop("POST", f"/shop/stores/{town.stores['grocer']}/stock/{new_id()}/count", {"counted": 1}).status_code == 403
    )


def test_every_write_asks_for_a_key_of_its_own(town: Town, key_of: Callable[..., Caller]) -> None:
    shop = key_of("grocer", "catalog.edit")
    answer = shop("POST", "/shop/products", {"name": {"en": "Rye bread"}}, **{"Idempotency-Key": ""})
    assert answer.status_code == 400
    assert answer.json()["code"] == "idempotency.key_missing"


def test_a_product_is_added_offered_priced_and_counted(
    town: Town, now: datetime, device: Caller, key_of: Callable[..., Caller]
) -> None:
    shop = key_of("grocer", "catalog.edit", "prices.edit", "stock.edit")
    made = shop(
        "POST",
        "/shop/products",
        {"name": {"en": "Rye bread", "zh-hans": "黑麦面包"}, "gtin": "6430020780011", "tax_class": "food"},
    )
    assert made.status_code == 200, made.content
    variant = made.json()["variants"][0]["id"]
    store = town.stores["grocer"]
    assert shop("POST", f"/shop/stores/{store}/offers", {"variant_id": variant, "price_minor": 350}).status_code == 200
    assert shop("POST", f"/shop/stores/{store}/stock/{variant}/receive", {"quantity": 12}).json() == {"on_hand": 12}
    assert shop("POST", f"/shop/stores/{store}/stock/{variant}/count", {"counted": 11}).json() == {"difference": -1}
    found = device("GET", f"/stores/{store}/offers?q=rye+bread").json()["items"]
    assert (variant, 350, 11) in [(offer["variant_id"], offer["price_minor"], offer["available"]) for offer in found]


def test_money_and_stages_answer(town: Town, key_of: Callable[..., Caller]) -> None:
    shop = key_of("grocer", "money.see", "insight.see", "store.edit")
    assert shop("GET", "/shop/money").status_code == 200
    assert shop("GET", "/shop/stages").status_code == 200
    made = shop("POST", "/shop/touchpoints", {"kind": "qr_poster", "name": "Window", "store_id": town.stores["grocer"]})
    assert made.status_code == 200, made.content
    assert made.json()["path"].startswith("/t/")
    assert made.json() in shop("GET", "/shop/touchpoints").json()["items"]
    assert shop("GET", "/shop/money?first=2026-05-20&last=2026-05-01").status_code == 422
