"""The three calls of one order, as bytes: the same for the load client and for the recorder."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from typing import Any
from uuid import UUID, uuid4

from bench.world import Buyer, Good, Shop

SECRET = "bench-secret"


def cart(shop: Shop, goods: tuple[Good, ...], buyer: Buyer | None) -> bytes:
    return json.dumps(
        {
            "store_id": str(shop.id),
            "mode": "pickup",
            "lines": [{"offer_id": str(good.offer_id), "quantity": 1} for good in goods],
            "voucher_ids": [str(buyer.voucher_id)] if buyer else [],
        }
    ).encode()


def order(cart_id: UUID, total: int, number: int) -> bytes:
    return json.dumps(
        {
            "cart_id": str(cart_id),
            "email": f"buyer{number}@example.com",
            "name": f"Buyer {number}",
            "method": "sandbox",
            "agreed_total_minor": total,
        }
    ).encode()


def notice(payment: dict[str, Any]) -> tuple[bytes, str]:
    """What the gateway says once it has the money, and its signature."""
    body = json.dumps(
        {
            "event_id": str(uuid4()),
            "kind": "payment.captured",
            "payment": {
                "id": payment["id"],
                "ref": f"R-{payment['id']}",
                "state": "captured",
                "amount_minor": payment["amount_minor"],
                "currency": payment["currency"],
                "captured_minor": payment["amount_minor"],
                "refunds": [],
            },
        }
    ).encode()
    stamp = str(int(time.time()))
    signature = hmac.new(SECRET.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    return body, f"t={stamp},v1={signature}"
