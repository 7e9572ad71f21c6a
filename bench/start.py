"""From ``paseo serve`` to the first answer, and what two workers keep in memory."""

from __future__ import annotations

from typing import Any

from bench import browse, checkout
from bench.report import line, number
from bench.seed import seeded
from bench.server import installation, serving


def run(db: str) -> list[dict[str, Any]]:
    orders = number("ORDERS", 100, 12)
    with installation(db) as environment:
        world = seeded(environment, buyers=orders)
        with serving(environment, migrate=True):
            pass  # the first start may still compile files to bytecode, and looks at every migration
        with serving(environment, migrate=True) as server:
            idle = server.memory()
            load = checkout.orders(server, world, 8, orders)
            browse.looked(server, browse.paths(world)["browse"], 8, orders)
            browse.looked(server, browse.paths(world)["nearest"], 8, orders)
            busy = server.memory()
    return [
        line(
            "start", db, 8, load=load, sql=world.sql["checkout"], seconds_to_healthz=round(server.started_after, 2),
            cpu_s_to_healthz=server.cpu_after, pss_mib_idle=round(sum(idle.values()), 1), pss_mib_busy=round(sum(busy.values()), 1),
            pss_mib_two_workers=round(_workers(busy), 1), processes=busy,
        )
    ]  # fmt: skip


def _workers(sizes: dict[str, float]) -> float:
    """The two processes that answer pages, with the one that starts them."""
    return sum(size for name, size in sizes.items() if "config.rsgi" in name)
