"""Everybody wants the same thing: 400 buyers, 200 units, 32 clients. Sold are 200, not one more, and nobody sees an
error other than a plain no."""

from __future__ import annotations

import asyncio
import json
from typing import Any
from uuid import uuid4

from bench import messages
from bench.checkout import asking
from bench.http import Broken, Client, Load, drive
from bench.report import line, quick
from bench.seed import seeded
from bench.server import Server, installation, serving
from bench.world import World

CLIENTS = 32
NOES = frozenset({"inventory.last_one_gone", "ordering.cannot_order"})


async def _try(client: Client, world: World, outcome: list[str], number: int) -> None:
    shop = world.rare
    assert shop is not None
    cart_id, headers = uuid4(), {"Paseo-Visitor": str(uuid4())}
    status, body = await client.request(
        "PUT", f"/api/v1/carts/{cart_id}", messages.cart(shop, tuple(shop.goods), None), headers
    )
    if status != 200:
        raise Broken(f"the cart was answered {status}: {body[:200]!r}")
    cart = json.loads(body)
    if not cart["can_be_placed"]:
        outcome.append("seen in time")
        return
    status, body = await client.request(
        "POST", "/api/v1/orders", messages.order(cart_id, cart["total_minor"], number), headers
    )
    answer = json.loads(body)
    if status != 201:
        if answer.get("code") not in NOES:
            raise Broken(f"the order was answered {status}: {body[:300]!r}")
        outcome.append("refused")
        return
    notice, signature = messages.notice(answer["payment"])
    status, body = await client.request("POST", "/hooks/payments/sandbox", notice, {"Sandbox-Signature": signature})
    if (status, body) != (200, b"captured"):
        raise Broken(f"the notice was answered {status} {body[:200]!r}")
    outcome.append("sold")


def _rush(server: Server, world: World, buyers: int, outcome: list[str]) -> Load:
    return asyncio.run(
        drive(
            lambda client, number: _try(client, world, outcome, number),
            host="127.0.0.1", port=server.port, clients=CLIENTS, total=buyers,
        )
    )  # fmt: skip


def run(db: str) -> list[dict[str, Any]]:
    units, buyers = (20, 40) if quick() else (200, 400)
    with installation(db) as environment:
        world = seeded(environment, units=units)
        outcome: list[str] = []
        with serving(environment) as server:
            before = server.cpu_seconds()
            load = _rush(server, world, buyers, outcome)
            cpu = server.cpu_seconds() - before
        rare = world.rare
        assert rare is not None
        item = rare.goods[0].item_id
        with asking(environment["BENCH_URL"]) as ask:
            key = item.hex if db == "sqlite" else str(item)
            left = ask(f"SELECT on_hand - allocated - held FROM inventory_stockitem WHERE id = '{key}'")
            paid = ask(
                "SELECT COALESCE(SUM(quantity), 0) FROM ordering_orderline l JOIN ordering_order o ON o.id = l.order_id "
                f"WHERE o.state = 'confirmed' AND l.variant_id = '{_key(rare.goods[0].variant_id, db)}'"
            )
        sold = outcome.count("sold")
        wrong = int(sold != units) + int(left != 0) + int(int(paid) != units)
        return [
            line(
                "contention", db, CLIENTS, load=load, cpu_s=cpu, sql=0, errors=wrong, sold=sold, left=left,
                refused=outcome.count("refused"), seen_in_time=outcome.count("seen in time"),
                seconds=round(load.elapsed, 2),
            )
        ]  # fmt: skip


def _key(id: Any, db: str) -> str:
    return str(id.hex) if db == "sqlite" else str(id)
