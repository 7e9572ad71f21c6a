"""Whole orders: cart of two lines with a coupon, placed, paid by the gateway's signed notice, confirmed."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit
from uuid import uuid4

from bench import messages
from bench.floor import floor
from bench.http import Broken, Client, Load, drive
from bench.report import line, number, quick
from bench.seed import FILE, seeded
from bench.server import Server, installation, serving
from bench.world import Buyer, World

CLIENTS = (1, 8, 32)
QUICK_CLIENTS = (4,)
WARM = 40


async def buy(client: Client, world: World, buyer: Buyer, order: int) -> None:
    """One order, as an app and a gateway make it."""
    shop, *goods = world.goods_of(order)
    cart_id, visitor = uuid4(), {"Paseo-Visitor": str(buyer.visitor_id)}
    cart = await _call(
        client, "PUT", f"/api/v1/carts/{cart_id}", messages.cart(shop, tuple(goods), buyer), visitor, 200
    )
    total = cart["total_minor"]
    if not cart["can_be_placed"] or not cart["discount_minor"]:
        raise Broken(f"the cart cannot be placed as it should: {cart}"[:300])
    placed = await _call(client, "POST", "/api/v1/orders", messages.order(cart_id, total, order), visitor, 201)
    body, signature = messages.notice(placed["payment"])
    status, answer = await client.request("POST", "/hooks/payments/sandbox", body, {"Sandbox-Signature": signature})
    if status != 200 or answer != b"captured":
        raise Broken(f"the notice was answered {status} {answer[:200]!r}")


async def _call(client: Client, method: str, path: str, body: bytes, headers: dict[str, str], wanted: int) -> Any:
    status, answer = await client.request(method, path, body, headers)
    if status != wanted:
        raise Broken(f"{method} {path} answered {status}: {answer[:300]!r}")
    return json.loads(answer)


def orders(server: Server, world: World, clients: int, total: int) -> Load:
    """Lets ``clients`` make ``total`` orders; every buyer comes once."""
    buyers = [world.buyers.pop() for _ in range(total)]
    return asyncio.run(
        drive(
            lambda client, order: buy(client, world, buyers[order], order),
            host="127.0.0.1",
            port=server.port,
            clients=clients,
            total=total,
        )
    )


@contextmanager
def asking(url: str) -> Iterator[Any]:
    """A function that asks the database for one number."""
    if url.startswith("sqlite"):
        import sqlite3

        connection: Any = sqlite3.connect(unquote(urlsplit(url).path), timeout=20)
    else:
        import psycopg

        connection = psycopg.connect(url, autocommit=True)
    try:
        yield lambda sql: connection.execute(sql).fetchone()[0]
    finally:
        connection.close()


def drained(url: str, patience: float = 120) -> float:
    """Seconds until every event of the orders has been handed out."""
    begin = time.perf_counter()
    with asking(url) as ask:
        while ask("SELECT COUNT(*) FROM outbox_event WHERE dispatched_at IS NULL"):
            if time.perf_counter() - begin > patience:
                return -1.0
            time.sleep(0.1)
    return time.perf_counter() - begin


def measured(server: Server, world: World, clients: int, total: int) -> tuple[Load, float, float, float]:
    """The load, CPU seconds until everything that follows from the orders was done, the part of it that fell in the
    time of the load, and the seconds that the rest took."""
    before = server.cpu_seconds()
    load = orders(server, world, clients, total)
    during = server.cpu_seconds() - before
    waited = drained(server.environment["BENCH_URL"])
    return load, server.cpu_seconds() - before, during, waited


def run(db: str) -> list[dict[str, Any]]:
    clients = QUICK_CLIENTS if quick() else CLIENTS
    total = number("ORDERS", 800, 24)
    warm = min(WARM, total // 2)
    with installation(db) as environment:
        world = seeded(environment, buyers=(total + warm) * len(clients), spares=total * len(clients))
        file = Path(environment["PASEO_VAR"]) / FILE
        results = []
        with serving(environment) as server:
            runs = []
            for count in clients:
                orders(server, world, count, warm)
                drained(environment["BENCH_URL"])
                runs.append((count, *measured(server, world, count, total)))
            memory = server.memory()
        with asking(environment["BENCH_URL"]) as ask:
            confirmed = ask("SELECT COUNT(*) FROM ordering_order WHERE state = 'confirmed'")
        made = sum(len(load.seconds) for _, load, *_ in runs) + warm * len(clients) + 5
        for nth, (count, load, cpu, during, waited) in enumerate(runs):
            rate, wrong = floor(file, environment, count, total * nth, total)
            more: dict[str, Any] = {"floor_error": wrong[0]} if wrong else {}
            results.append(
                line(
                    "checkout", db, count, load=load, cpu_s=cpu, sql=world.sql["checkout"], floor=rate,
                    errors=len(wrong) + (confirmed != made), orders=len(load.seconds),
                    cpu_ms_per_op_at_once=round(during / max(1, len(load.seconds)) * 1000, 2),
                    rest_done_after_s=round(waited, 1), memory_mib=round(sum(memory.values())), **more,
                )
            )  # fmt: skip
    return results
