"""The customer's side of a running site, for stories of shops.

python -m tests.browser.customer "Kaisa Lehto" 2 cash     two bowls of noodles; prints the order's id, code and plate
"""

from __future__ import annotations

import json
import sys

from tests.browser.site import _start_clock


def order(name: str, quantity: int, method: str) -> dict[str, str]:
    """Mild noodles, ordered as a guest; by card the payment is there at once, as the gateway's notice would say it."""
    from paseo.capabilities.catalog import queries as catalog
    from paseo.capabilities.ordering import operations as ordering
    from paseo.capabilities.ordering import queries as orders
    from paseo.capabilities.ordering.values import Buyer, WantedLine
    from paseo.kernel.ids import new_id, stable_id
    from tests.capabilities.cafe import tell

    now, buyer = _start_clock().now(), Buyer(visitor_id=new_id())
    store_id, noodles = stable_id("town", 1, "store", "noodles"), stable_id("town", 1, "variant", "youpo")
    offer = next(one for one in catalog.offers_of_store(store_id) if one.variant_id == noodles)
    line = WantedLine(offer.id, quantity, (stable_id("town", 1, "option", "youpo", "mild"),))
    cart = ordering.put_cart(cart_id=new_id(), store_id=store_id, buyer=buyer, lines=[line], now=now)
    placed = ordering.place(
        cart_id=cart.id,
        buyer=buyer,
        agreed_total_minor=orders.quote_cart(cart.id, buyer=buyer, now=now).total_minor,
        method=method,
        email="kaisa@example.org",
        name=name,
        now=now,
    )
    if placed.payment is not None and method != "cash":
        tell(placed.payment.id, now)
    view = orders.order(placed.order_id, key=placed.access_token)
    return {"id": str(placed.order_id), "code": view.code, "plate": view.handover.plate if view.handover else ""}


if __name__ == "__main__":
    import django

    django.setup()
    someone, bowls, by = sys.argv[1:]
    print(json.dumps(order(someone, int(bowls), by)))
