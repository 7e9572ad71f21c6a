"""Looking around: twenty goods of a store with price and availability, and the twenty nearest open stores."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from bench.http import Broken, Client, Load, drive
from bench.report import line, number
from bench.seed import seeded
from bench.server import Server, installation, serving
from bench.world import World

CLIENTS = 8


def paths(world: World) -> dict[str, Callable[[int], str]]:
    """What is asked for by name, different for every number."""
    lat, lon = world.centre

    def nearest(number: int) -> str:
        return (
            f"/api/v1/stores?lat={lat + number % 20 * 1e-4:.5f}&lon={lon + number % 21 * 1e-4:.5f}&open=true&limit=20"
        )

    return {
        "browse": lambda number: f"/api/v1/stores/{world.shops[number % len(world.shops)].id}/offers?limit=20",
        "nearest": nearest,
    }


def looked(server: Server, make: Callable[[int], str], clients: int, total: int) -> Load:
    async def look(client: Client, number: int) -> None:
        status, body = await client.request("GET", make(number))
        if status != 200 or body.count(b'"id":') != 20:
            raise Broken(f"{make(number)} answered {status}: {body[:200]!r}")

    return asyncio.run(drive(look, host="127.0.0.1", port=server.port, clients=clients, total=total))


def measured(server: Server, world: World, name: str, total: int) -> tuple[Load, float]:
    make = paths(world)[name]
    looked(server, make, CLIENTS, min(200, total))
    before = server.cpu_seconds()
    load = looked(server, make, CLIENTS, total)
    return load, server.cpu_seconds() - before


def run(db: str, names: tuple[str, ...] = ("browse", "nearest")) -> list[dict[str, Any]]:
    total = number("LOOKS", 6_000, 200)
    with installation(db) as environment:
        world = seeded(environment)
        with serving(environment) as server:
            results = []
            for name in names:
                load, cpu = measured(server, world, name, total)
                results.append(line(name, db, CLIENTS, load=load, cpu_s=cpu, sql=world.sql[name]))
    return results
