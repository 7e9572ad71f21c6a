"""Fills an empty installation: the town by its operations, shops and coupons in bulk, stored orders by replay.

``python -m bench.seed '{"orders": …}'`` writes what the load client needs to know into PASEO_VAR/bench.pickle.
"""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from bench.server import ROOT
from bench.world import World

FILE = "bench.pickle"
SHOPS = 30
TAKING_ORDERS = 10


def seeded(environment: dict[str, str], **wishes: int) -> World:
    """Seeds in a process of its own: ``buyers``, ``spares`` (coupons for the floor), ``shops``, ``stored`` orders,
    ``units`` of one rare good."""
    subprocess.run([sys.executable, "-m", "bench.seed", json.dumps(wishes)], check=True, env=environment, cwd=ROOT)
    world: World = pickle.loads((Path(environment["PASEO_VAR"]) / FILE).read_bytes())
    return world


def _fill(buyers: int = 0, spares: int = 0, shops: int = SHOPS, stored: int = 0, units: int = 0) -> World:
    from django.db import connection

    from bench import bulk
    from bench.record import record
    from bench.store import store_orders
    from bench.world import Buyer, Shop
    from demo.town import build_town
    from paseo.capabilities.inventory.models import StockItem
    from paseo.capabilities.vouchers import operations as vouchers
    from paseo.capabilities.vouchers.values import Effect
    from paseo.channels.openapi.callers import device_id
    from paseo.kernel import clock

    now = clock.now() - timedelta(hours=1)
    town = build_town(now=now, passwords=False)
    made = bulk.add_shops(town.stores["grocer"], town.centre, shops)
    taking = made[:TAKING_ORDERS]
    owner = taking[0].merchant_id
    program_id = vouchers.create_program(
        merchant_id=owner, kind="coupon", names={"en": "Ten percent", "zh-hans": "九折", "es": "Diez por ciento"},
        effect=Effect("percent_bps", 1_000), currency="EUR", per_person=1, valid_days=30, valid_from=now, now=now,
        actor="bench",
    )  # fmt: skip
    vouchers.publish(program_id=program_id, merchant_id=owner, now=now, actor="bench")
    template = vouchers.claim(program_id=program_id, owner=f"visitor:{uuid4()}", now=now)
    visitors = [uuid4() for _ in range(buyers + 5)]
    owners = [device_id(visitor) for visitor in visitors]
    known = [
        Buyer(visitor, voucher) for visitor, voucher in zip(visitors, bulk.add_vouchers(template, owners), strict=True)
    ]
    world = World(taking, (town.centre.lat, town.centre.lon), known[5:], [])
    shop, *goods = world.goods_of(0)
    world.flow, world.sql["checkout"] = record(shop, tuple(goods), known[:5])
    same = [device_id(known[2].visitor_id)] * (spares + stored)
    world.spare_vouchers = bulk.add_vouchers(template, same)
    if stored:
        store_orders(world, made, stored)
        del world.spare_vouchers[:stored]
    if units:
        rare = Shop(taking[1].id, taking[1].merchant_id, taking[1].goods[:1])
        StockItem.objects.filter(id=rare.goods[0].item_id).update(on_hand=units)
        world.rare = rare
    world.sql |= _statements_of_pages(world)
    world.stored = {"stores": shops, "products": shops * bulk.PER_SHOP, "orders": stored}
    if connection.vendor == "postgresql":  # as autovacuum would; SQLite keeps no statistics of its own accord
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    return world


def _statements_of_pages(world: World) -> dict[str, int]:
    from django.test import Client

    from bench.browse import paths
    from paseo.platform.db.unit import sql_count

    client, found = Client(), {}
    for name, make in paths(world).items():
        client.get(make(0))
        with sql_count() as sql:
            answer = client.get(make(0))
        assert answer.status_code == 200, answer.content
        assert len(json.loads(answer.content)["items"]) == 20
        found[name] = sql.count
    return found


def main(wishes: dict[str, Any]) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    from django.conf import settings

    settings.ALLOWED_HOSTS = ["*"]
    world = _fill(**wishes)
    (Path(os.environ["PASEO_VAR"]) / FILE).write_bytes(pickle.dumps(world))


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
