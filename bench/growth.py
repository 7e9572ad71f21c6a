"""What a hundred times more stores, products and orders cost: checkout, browse and nearest, before and after."""

from __future__ import annotations

from typing import Any

from bench import browse, checkout
from bench.report import line, number, quick
from bench.seed import SHOPS, seeded
from bench.server import installation, serving

CLIENTS = 8
STORED = 200


def _measure(db: str, times: int) -> tuple[dict[str, Any], dict[str, int]]:
    orders, looks = number("ORDERS", 400, 24), number("LOOKS", 3_000, 100)
    warm = min(checkout.WARM, orders // 2)
    found: dict[str, Any] = {}
    with installation(db) as environment:
        stored = (20 if quick() else STORED) * times
        world = seeded(environment, buyers=orders + warm, shops=SHOPS * times, stored=stored)
        with serving(environment) as server:
            checkout.orders(server, world, CLIENTS, warm)
            checkout.drained(environment["BENCH_URL"])
            load, cpu, _, _ = checkout.measured(server, world, CLIENTS, orders)
            found["checkout"] = load, cpu, world.sql["checkout"]
            for name in ("browse", "nearest"):
                load, cpu = browse.measured(server, world, name, looks)
                found[name] = load, cpu, world.sql[name]
    return found, world.stored


def run(db: str) -> list[dict[str, Any]]:
    times = number("GROWTH", 100, 5)
    small, before = _measure(db, 1)
    large, after = _measure(db, times)
    results = []
    for name, (load, cpu, sql) in large.items():
        base, base_cpu, _ = small[name]
        cost = (cpu / max(1, len(load.seconds))) / (base_cpu / max(1, len(base.seconds)))
        results.append(
            line(
                f"growth.{name}", db, CLIENTS, load=load, cpu_s=cpu, sql=sql, errors=len(base.errors),
                times=times, stored=after, stored_before=before, rate_before_per_s=round(base.rate, 1),
                cpu_ms_before=round(base_cpu / max(1, len(base.seconds)) * 1000, 2), cost_ratio=round(cost, 2),
                time_ratio=round(base.rate / load.rate, 2) if load.rate else 0,
            )
        )  # fmt: skip
    return results
