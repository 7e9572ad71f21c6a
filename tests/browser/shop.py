"""The shop's side of a running site, for stories of customers.

python -m tests.browser.shop start <order>        accept, start, ready, hand_over, undo, later or sold_out
python -m tests.browser.shop reply <order> "…"    answers what was said about this order
python -m tests.browser.shop price deli.jam 735   a new price, from now on
python -m tests.browser.shop pieces deli.jam 0    so many are on the shelf
"""

from __future__ import annotations

import sys
from typing import Any
from uuid import UUID

from tests.browser.site import _start_clock

GOODS = {"price", "pieces"}


def act(verb: str, order_id: UUID, text: str = "") -> None:
    from paseo.capabilities.ordering import operations as ordering
    from paseo.capabilities.ordering import queries as orders

    about: dict[str, Any] = {"order_id": order_id, "actor": "test", "now": _start_clock().now()}
    order = orders.order(order_id, system=True)
    if verb == "later":
        ordering.propose_later(minutes=20, **about)
    elif verb == "sold_out":
        ordering.propose_sold_out(line_id=order.lines[0].id, **about)
    elif verb == "hand_over":
        ordering.hand_over(cash_taken=order.summary.method == "cash", **about)
    elif verb == "reply":
        _reply(order_id, order.summary.merchant_id, text)
    else:
        acts = {
            "accept": ordering.accept,
            "start": ordering.start,
            "ready": ordering.ready,
            "undo": ordering.undo_hand_over,
        }
        acts[verb](**about)


def _reply(order_id: UUID, merchant_id: UUID, text: str) -> None:
    from paseo.capabilities.care import operations as care
    from paseo.capabilities.care import queries as reviews

    now = _start_clock().now()
    for one in reviews.rights_of([f"order:{order_id}"], order_id=order_id):
        if one.review_id is not None:
            care.reply(review_id=one.review_id, merchant_id=merchant_id, text=text, now=now, actor="test")


def goods(verb: str, key: str, number: int) -> None:
    from paseo.capabilities.inventory import operations as inventory
    from paseo.capabilities.pricing import operations as pricing
    from paseo.kernel.ids import stable_id

    now, (store, pack) = _start_clock().now(), key.split(".")
    store_id, variant_id = stable_id("town", 1, "store", store), stable_id("town", 1, "variant", pack)
    if verb == "price":
        prices = pricing.ensure_lists(store_id=store_id, now=now)
        pricing.set_prices(list_id=prices.id, amounts={variant_id: number}, now=now, actor="test")
    else:
        inventory.count(store_id=store_id, variant_id=variant_id, counted=number, now=now, actor="test")


if __name__ == "__main__":
    import django

    django.setup()
    what, subject, *rest = sys.argv[1:]
    if what in GOODS:
        goods(what, subject, int(rest[0]))
    else:
        act(what, UUID(subject), *rest)
