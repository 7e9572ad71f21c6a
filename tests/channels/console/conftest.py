"""People of the town at work in the console, and orders that come in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from demo.town import Town
from paseo.capabilities.ordering import operations as ordering
from paseo.capabilities.ordering.values import Buyer, Placed, WantedLine
from paseo.kernel import clock
from paseo.kernel.ids import new_id
from paseo.platform.identity.models import Person
from paseo.platform.identity.web.session import SECOND_FACTOR
from tests.capabilities.cafe import forget_all, tell


@pytest.fixture(autouse=True)
def _fresh(db: None, settings: Any) -> Iterator[None]:
    """Nothing is kept from the test before; how full this machine's disk is, is no trouble of the town's."""
    settings.PASEO = {**settings.PASEO, "BACKUP_DAYS": 0, "DISK_FLOOR_MB": 0}
    forget_all()
    yield
    forget_all()


@pytest.fixture
def at_work(town: Town) -> Callable[..., Client]:
    """``at_work("owner", confirmed=True)``: a browser in which this person is signed in; with the second factor given."""

    def sign_in(who: str | UUID, *, confirmed: bool = False, language: str = "en") -> Client:
        client = Client()
        person = Person.objects.get(id=town.people[who] if isinstance(who, str) else who)
        client.force_login(person)
        if confirmed:
            session = client.session
            session[SECOND_FACTOR] = clock.now().isoformat()
            session.save()
        client.cookies["paseo_language"] = language
        return client

    return sign_in


@pytest.fixture
def comes_in(town: Town) -> Callable[..., Placed]:
    """``comes_in("noodles", youpo=2, options=["youpo.mild"])``: a guest orders, and pays unless by cash."""

    def order(
        store: str,
        *,
        method: str = "sandbox",
        name: str = "Aleksi Virtanen",
        options: tuple[str, ...] = (),
        note: str = "",
        mode: str = "pickup",
        **pieces: int,
    ) -> Placed:
        now, buyer = clock.now(), Buyer(visitor_id=new_id())
        chosen = tuple(town.options[key] for key in options)
        lines = [WantedLine(town.offers[f"{store}.{pack}"], count, chosen) for pack, count in pieces.items()]
        cart = ordering.put_cart(
            cart_id=new_id(), store_id=town.stores[store], buyer=buyer, lines=lines, now=now, mode=mode
        )
        from paseo.capabilities.ordering import queries

        total = queries.quote_cart(cart.id, buyer=buyer, now=now).total_minor
        placed = ordering.place(
            cart_id=cart.id, buyer=buyer, agreed_total_minor=total, method=method, email="aleksi@example.org", name=name,
            note=note, now=now,
        )  # fmt: skip
        if method != "cash":
            assert placed.payment is not None
            tell(placed.payment.id, now)
        return placed

    return order


@pytest.fixture
def code_of(town: Town) -> Callable[[Placed], str]:
    """What the guest shows at the counter."""

    def text(placed: Placed) -> str:
        from paseo.capabilities.ordering import queries

        return queries.order(placed.order_id, key=placed.access_token).code

    return text


def text_of(response: Any) -> str:
    return " ".join(response.content.decode().split())
