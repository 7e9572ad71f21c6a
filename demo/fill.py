"""Fills an empty installation with the city. Run in a process of its own by ``demo.run``."""

from __future__ import annotations

import os
import sys
import time
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

DAYS, PER_DAY, SEED = 21, 14, 20260513
LAST_HOURS = timedelta(hours=4)
"""So long before now it gets livelier in the invented shops: whoever opens the demo finds a day that is under way."""


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connections

    for alias in connections:
        call_command("migrate", database=alias, verbosity=0, interactive=False)
        if connections[alias].vendor == "sqlite":
            # A building that falls down is built again: durable commits would only cost time here.
            connections[alias].cursor().execute("PRAGMA synchronous=OFF")
    from paseo.platform.tenancy.queries import tenants_of_kind

    if tenants_of_kind("operator"):
        _say("This database has a city already; it stays as it is.")
        return 0
    days, per_day = int(os.environ.get("DEMO_DAYS", DAYS)), int(os.environ.get("DEMO_ORDERS", PER_DAY))
    build(str(settings.VAR / os.environ.get("SANDBOX_DB", "sandbox.sqlite3")), days=days, per_day=per_day)
    return 0


def build(sandbox_db: str, *, days: int = DAYS, per_day: int = PER_DAY) -> dict[str, Any]:
    """The city up to this moment; returns counts."""
    from demo.city.shops import import_goods, import_places, open_shops
    from demo.city.weeks import Weeks
    from demo.town import build_town
    from paseo.capabilities.directory import operations as directory
    from paseo.capabilities.directory import queries as places
    from paseo.capabilities.insight import operations as insight
    from paseo.kernel.clock import Seed, SystemClock, VirtualClock, use_clock
    from paseo.platform.jobs import ticker
    from paseo.platform.outbox import relay

    begun, end, seed = time.monotonic(), SystemClock().now(), Seed(SEED)
    start = end - timedelta(days=days)
    clock = VirtualClock(start)
    with use_clock(clock, everywhere=True):
        _say("Three merchants move in")
        town = build_town(now=start)
        _say("The places of the map are written down")
        listed = import_places(town, start)
        known = import_goods(start)
        _say(f"{listed} places stand in the city, {known} goods are known by their barcode; the first shops open")
        shops = list(open_shops(town, start, seed))
        shops += _town_shops(town)
        relay.drain()
        _say(f"{len(shops)} shops sell; now {days} days go by")
        weeks = Weeks(shops, seed, clock, Till(sandbox_db))
        evening = end - LAST_HOURS
        weeks.live(start + timedelta(hours=1), evening, per_day, _progress)
        if evening > clock.now():
            clock.set(evening)
        # Whoever opens the demo at night should find somebody awake: the invented shops never close from now on.
        for key in ("cafe", "grocer", "noodles"):
            card = places.store(town.stores[key])
            directory.set_hours(
                merchant_id=card.merchant_id, store_id=card.id, hours="24/7", now=evening, actor="system"
            )
        weeks.shops = shops[:-3] + _town_shops(town)
        weeks.last_hours(evening, end, weeks.shops[-3:])
        if end > clock.now():
            clock.set(end)
        ticker.run_once(end)  # what nobody paid for expires as it would have
        relay.drain()
        insight.rebuild()
    done = {
        "places": listed,
        "shops": len(shops),
        "orders": weeks.placed,
        "refused": weeks.refused,
        "seconds": round(time.monotonic() - begun, 1),
    }
    _say(
        f"The city is ready: {done['places']} places, {done['shops']} shops, {done['orders']} orders, after {done['seconds']} s."
    )
    if weeks.refused:
        _say(f"Refused on the way, as in life: {weeks.refused}")
    return done


def _town_shops(town: Any) -> list[Any]:
    from demo.city.shops import Item, Shop
    from paseo.capabilities.catalog import queries as menu
    from paseo.capabilities.directory import queries as places

    shops = []
    for key in ("cafe", "grocer", "noodles"):
        card = places.store(town.stores[key])
        items = []
        for offer in menu.offers_of_store(card.id):
            if offer.kind == "deal" or offer.sold_out(town.now):
                continue
            groups = menu.product(offer.product_id).groups
            items.append(Item(offer.id, tuple(group.options[0].id for group in groups if group.min > 0)))
        known = {"cafe": "poster", "grocer": "label", "noodles": "counter"}[key]
        shops.append(Shop(card, items, [town.touchpoints[known]]))
    # The first shops of the list are the busiest.
    return shops


class Till:
    """The sandbox gateway's own books, so that what was paid and given back in these weeks stands there, too."""

    def __init__(self, path: str) -> None:
        from outside.sandbox_gateway.store import Store

        self.books = Store(path)

    def pay(self, payment_id: UUID, minor: int, currency: str, now: datetime) -> None:
        wanted = {
            "id": str(payment_id), "amount": minor, "currency": currency, "text": "", "back": "", "notify": "",
            "locale": "en", "until": None,
        }  # fmt: skip
        self.books.opened(wanted)
        self.books.move(
            str(payment_id), ("created", "pending"), "captured", captured_minor=minor, captured_at=now.timestamp()
        )

    def give_back(self, payment_id: UUID, refund_id: UUID, minor: int, currency: str) -> str:
        """Returns the gateway's name of the refund."""
        return str(self.books.refund(str(payment_id), str(refund_id), minor, currency)["ref"])


_shown = [-1]


def _progress(share: float) -> None:
    percent = int(share * 100)
    if percent >= _shown[0] + 10:
        _shown[0] = percent
        _say(f"  {percent} % of the three weeks")


def _say(words: str) -> None:
    print(f"  {words}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
