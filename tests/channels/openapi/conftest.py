"""A caller of the API: a buyer's device, and keys of a tenant."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from demo.town import Town
from paseo.kernel.ids import new_id
from paseo.platform.tenancy.operations import issue_key
from paseo.platform.tenancy.values import Scope

VISITOR = "6a3c3e0e-2f3a-4c9e-8a55-0d6a7f3f2b11"


class Caller:
    """Sends JSON; ``key`` makes it a tenant's program, else it is a buyer's device."""

    def __init__(self, key: str = "", visitor: str = VISITOR) -> None:
        self.client = Client()
        self.headers = {"Authorization": f"Bearer {key}"} if key else {"Paseo-Visitor": visitor}

    def __call__(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        if method == "POST" and "Idempotency-Key" not in headers:
            headers["Idempotency-Key"] = str(new_id())
        return self.client.generic(
            method,
            f"/api/v1{path}",
            b"" if body is None else json.dumps(body, default=str),
            content_type="application/json",
            headers={**self.headers, **headers},
        )


@pytest.fixture
def device(town: Town) -> Caller:
    return Caller()


@pytest.fixture
def key_of(town: Town, now: datetime) -> Callable[..., Caller]:
    """``key_of("cafe", "orders.see", …)``: a caller with a fresh key of that merchant."""

    def make(merchant: str, *rights: str, place_ids: frozenset[UUID] | None = None) -> Caller:
        by = Scope.of(town.merchants[merchant], "keys.edit", *rights)
        issued = issue_key(by=by, name="test", rights=frozenset(rights), now=now, place_ids=place_ids)
        return Caller(issued.text)

    return make


def order(
    device: Caller, town: Town, *, store: str = "grocer", pieces: int = 1, method: str = "sandbox", lines: int = 2
) -> dict[str, Any]:
    """Puts a cart and places it; the answer of the placing, with ``cart`` beside it."""
    cart_id = str(new_id())
    offers = [offer for name, offer in town.offers.items() if name.startswith(f"{store}.")][:lines]
    cart = device(
        "PUT",
        f"/carts/{cart_id}",
        {"store_id": town.stores[store], "lines": [{"offer_id": offer, "quantity": pieces} for offer in offers]},
    )
    assert cart.status_code == 200, cart.content
    placed = device(
        "POST",
        "/orders",
        {
            "cart_id": cart_id,
            "email": "guest@example.com",
            "name": "Guest",
            "method": method,
            "agreed_total_minor": cart.json()["total_minor"],
        },
    )
    assert placed.status_code == 201, placed.content
    return {**placed.json(), "cart": cart.json()}


def notice(
    payment: dict[str, Any], now: datetime, *, state: str = "captured", event_id: str = "", amount: int | None = None
) -> Any:
    """Sends what the gateway would send about a payment, signed as it signs."""
    from paseo.capabilities.payments.adapters.sandbox import shared_secret

    minor = payment["amount_minor"] if amount is None else amount
    body = json.dumps(
        {
            "event_id": event_id or str(new_id()),
            "kind": f"payment.{state}",
            "payment": {
                "id": payment["id"],
                "ref": f"R-{payment['id'][:8]}",
                "state": state,
                "amount_minor": minor,
                "currency": payment["currency"],
                "captured_minor": minor if state == "captured" else 0,
                "refunds": [],
            },
        }
    ).encode()
    stamp = str(int(now.timestamp()))
    signature = hmac.new(shared_secret().encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    return Client().post(
        "/hooks/payments/sandbox",
        body,
        content_type="application/json",
        headers={"Sandbox-Signature": f"t={stamp},v1={signature}"},
    )
