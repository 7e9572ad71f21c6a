"""What happens around an operator of a running site.

python -m tests.browser.operator letter <order>       its confirmation could not be delivered; prints the failure's id
python -m tests.browser.operator deliver              what is due is tried again
python -m tests.browser.operator order noodles "Kaisa" [100]    somebody orders and pays, or pays another sum
python -m tests.browser.operator apply "Sävy"         Aino applies with a café; prints the merchant's id
python -m tests.browser.operator stuck "Kaisa"        the shop refuses an order, and the payment service the refund
python -m tests.browser.operator person i@a.org "Iida"   somebody has an account
"""

from __future__ import annotations

import json
import sys
from uuid import UUID

from tests.browser.site import _start_clock

DISHES = {"noodles": ("youpo", ("youpo", "mild")), "cafe": ("bun", ())}
"""By store a dish, and the choice that it asks for."""


def order(store: str, name: str, *, cents: int = 0) -> dict[str, str]:
    """A guest orders a dish and pays by card; ``cents`` is another sum than was asked for."""
    from demo.town.building import Builder
    from paseo.capabilities.catalog import queries as catalog
    from paseo.capabilities.ordering import operations as ordering
    from paseo.capabilities.ordering import queries as orders
    from paseo.capabilities.ordering.values import Buyer, WantedLine
    from paseo.kernel.ids import new_id
    from tests.capabilities.cafe import tell

    now, buyer = _start_clock().now(), Buyer(visitor_id=new_id())
    store_id = Builder(now, 1).id("store", store)
    town, (dish, choice) = Builder(now, 1), DISHES[store]
    offer = next(one for one in catalog.offers_of_store(store_id) if one.variant_id == town.id("variant", dish))
    line = WantedLine(offer.id, 1, (town.id("option", *choice),) if choice else ())
    cart = ordering.put_cart(cart_id=new_id(), store_id=store_id, buyer=buyer, lines=[line], now=now)
    placed = ordering.place(
        cart_id=cart.id, buyer=buyer, agreed_total_minor=orders.quote_cart(cart.id, buyer=buyer, now=now).total_minor,
        method="sandbox", email="kaisa@example.org", name=name, now=now,
    )  # fmt: skip
    assert placed.payment is not None
    tell(placed.payment.id, now, **({"amount_minor": cents} if cents else {}))
    return {
        "order": str(placed.order_id), "number": placed.number, "payment": str(placed.payment.id),
        "link": f"/orders/{placed.order_id}/?key={placed.access_token}",
    }  # fmt: skip


def stuck(name: str) -> dict[str, str]:
    """An order that the shop refused, with money that the payment service will not give back."""
    from paseo.capabilities.ordering import operations as ordering
    from paseo.capabilities.payments import operations as payments
    from paseo.capabilities.payments import ports, queries
    from paseo.capabilities.payments.refusals import GatewayRefused
    from paseo.platform.outbox import relay

    class Refusing:
        name = "sandbox"

        def refund(self, **_: object) -> object:
            raise GatewayRefused("the card's account is closed")

    made, now = order("noodles", name), _start_clock().now()
    ordering.cancel(order_id=UUID(made["order"]), by="shop", actor="system", now=now, reason="sold_out")
    relay.drain()
    ports._gateways["sandbox"] = Refusing()  # type: ignore[assignment]
    [refund] = queries.refunds_of(UUID(made["order"]))
    payments.send_refund(refund_id=refund.id, now=now)
    relay.drain()
    return made


def apply(name: str) -> str:
    """Aino applies with a paper, a store with hours, and a dish with its price: ready but for the operator."""
    import io

    from demo.town.building import PAPER, Builder
    from paseo.capabilities.catalog import operations as catalog
    from paseo.capabilities.catalog.values import DraftVariant, Listing
    from paseo.capabilities.directory import operations as directory
    from paseo.capabilities.directory.values import Address
    from paseo.capabilities.pricing import operations as pricing
    from paseo.kernel.geo import Point
    from paseo.kernel.ids import stable_id
    from paseo.platform.identity import queries as identity
    from paseo.platform.media import operations as media

    now, actor = _start_clock().now(), "test"
    aino = identity.person_by_email("aino@example.com")
    assert aino is not None
    merchant_id = directory.apply_merchant(
        legal_name=f"{name} Oy", business_id=f"{stable_id('business', name).int % 10**7:07d}-1", country="FI",
        email="aino@example.com", applicant_id=aino.id, operator_id=Builder(now, 1).id("operator"), now=now, actor=actor,
    )  # fmt: skip
    file = io.BytesIO(PAPER)
    file.name = "registration.pdf"
    kept = media.store_paper(file, tenant_id=merchant_id, actor=actor, now=now)
    directory.add_paper(
        merchant_id=merchant_id, kind="registration", media_id=kept.id, name=kept.name or "registration.pdf", now=now,
        actor=actor,
    )  # fmt: skip
    store_id = directory.add_store(
        merchant_id=merchant_id, name={"en": name}, category="cafe", point=Point(60.1708, 24.9402),
        address=Address("Yliopistonkatu", "5", "00100", "Helsinki", "FI"), hours="Mo-Su 08:00-20:00",
        phone="09 1234567", zone="Europe/Helsinki", currency="EUR", now=now, actor=actor,
    )  # fmt: skip
    pack = stable_id("variant", name)
    catalog.add_product(
        merchant_id=merchant_id, kind="dish", names={"en": "Cardamom bun"}, tax_class="food", active=True,
        variants=[DraftVariant(id=pack)], now=now, actor=actor,
    )  # fmt: skip
    catalog.set_assortment(merchant_id=merchant_id, store_id=store_id, listings=[Listing(pack)], now=now, actor=actor)
    prices = pricing.ensure_lists(store_id=store_id, now=now)
    pricing.set_prices(list_id=prices.id, amounts={pack: 400}, now=now, actor=actor)
    return str(merchant_id)


if __name__ == "__main__":
    import django

    django.setup()
    verb, *rest = sys.argv[1:]
    if verb == "letter":
        from tests.channels.console.city_troubles import dead_letter

        print(dead_letter(UUID(rest[0]), _start_clock().now()))
    elif verb == "deliver":
        from tests.channels.console.city_troubles import try_again

        try_again(_start_clock().now())
    elif verb == "order":
        print(json.dumps(order(rest[0], rest[1], cents=int(rest[2]) if rest[2:] else 0)))
    elif verb == "apply":
        print(apply(rest[0]))
    elif verb == "stuck":
        print(json.dumps(stuck(rest[0])))
    elif verb == "person":
        from paseo.platform.identity import operations as identity

        print(identity.person_for_email(email=rest[0], name=rest[1], now=_start_clock().now()))
