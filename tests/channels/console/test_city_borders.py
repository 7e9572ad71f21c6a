"""Who may enter the operator's pages: nobody of a shop, and nobody without the second factor."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from django.urls import reverse

from paseo.channels.console import city_urls
from paseo.channels.console.city.frame import operators
from paseo.kernel import clock
from paseo.platform.identity import operations as identity
from paseo.platform.tenancy import operations as tenancy
from tests.channels.console.conftest import text_of

SAMPLES = {"uuid": lambda: uuid4(), "slug": lambda: "approve", "str": lambda: "word"}
ROUTES = list(city_urls.urlpatterns)
POSTS = {
    "city-contract", "city-merchant-act", "city-order-refund", "city-payment-return", "city-payment-ask",
    "city-refund-again", "events-retry", "event-retry", "event-dismiss", "message-again", "audit-run",
    "city-webhook-act", "city-webhook-again", "city-refund-settle", "city-person-export", "city-person-erase",
}  # fmt: skip


def address(route) -> str:
    """The route with ids that are nobody's."""
    args = {name: SAMPLES[kind]() for kind, name in re.findall(r"<(\w+):(\w+)>", str(route.pattern))}
    return reverse(f"console:{route.name}", kwargs=args)


def test_every_route_is_an_operators_page():
    """A new route without its guard fails here, and its name must be among those below."""
    assert [route.name for route in ROUTES if not hasattr(_guard(route), "rights")] == []
    assert all(_guard(route).rights[0] == "city.see" for route in ROUTES)
    assert {route.name for route in ROUTES} >= POSTS


def _guard(route):
    view = route.callback
    while not hasattr(view, "rights") and hasattr(view, "__wrapped__"):
        view = view.__wrapped__
    return view


def test_the_guard_needs_more_than_the_rights_of_the_same_name_in_a_shop():
    assert operators("orders.see")(lambda request: None).rights == ("city.see", "orders.see")


@pytest.mark.parametrize("who", ["owner", "cashier", "aino"])
def test_nobody_of_a_shop_gets_into_any_of_them(town, at_work, who):
    client = at_work(who, confirmed=True)
    seen = {}
    for route in ROUTES:
        where = address(route)
        for method in (client.get, client.post):
            status = method(where).status_code
            if status == 405:
                continue
            seen.setdefault(route.name, set()).add(status)
    assert seen == {route.name: {403} for route in ROUTES}


def test_strangers_sign_in_first(client, town):
    for route in ROUTES:
        send = client.post if route.name in POSTS else client.get
        response = send(address(route))
        assert (response.status_code, response["Location"].split("?")[0]) == (302, reverse("identity:sign-in"))


def test_without_the_second_factor_even_the_operator_stays_outside(town, at_work):
    client = at_work("operator")
    for route in ROUTES:
        send = client.post if route.name in POSTS else client.get
        response = send(address(route))
        assert (response.status_code, response["Location"].split("?")[0]) == (302, reverse("identity:second-factor"))


def test_support_looks_and_decides_nothing(town, at_work, now):
    someone = identity.person_for_email(email="support@example.com", name="Sari Support", now=now)
    tenancy.grant(person_id=someone, tenant_id=town.operator_id, role="operator_support", now=now, by=None)
    client = at_work(someone, confirmed=True)
    merchant = town.merchants["cafe"]
    page = client.get(reverse("console:city-merchant", args=[merchant]))
    assert page.status_code == 200
    text = text_of(page)
    assert "Aamu" in text
    assert "Suspend the merchant" not in text
    assert "Money this month" not in text
    assert "/media/papers/" not in text
    assert client.get(reverse("console:city")).status_code == 200
    assert "Through the till" not in text_of(client.get(reverse("console:city")))
    refused = client.post(reverse("console:city-merchant-act", args=[merchant, "suspend"]), {"reason": "x"})
    assert refused.status_code == 403
    for name in ("events", "audit", "city-people"):
        assert client.get(reverse(f"console:{name}")).status_code == 403


def test_another_operators_merchant_is_not_there(town, at_work, now):
    """Two operators on one installation do not see into each other's books."""
    other = tenancy.found_tenant(kind="operator", name="Paseo Turku", now=now)
    someone = identity.person_for_email(email="turku@example.com", name="Tuire Turku", now=now)
    tenancy.grant(person_id=someone, tenant_id=other, role="operator_admin", now=clock.now(), by=None)
    client = at_work(someone, confirmed=True)
    merchant = town.merchants["cafe"]
    assert client.get(reverse("console:city-merchant", args=[merchant])).status_code == 404
    for act in ("suspend", "close"):
        where = reverse("console:city-merchant-act", args=[merchant, act])
        assert client.post(where, {"reason": "x", "sure": "1"}).status_code == 404
    assert client.post(reverse("console:city-contract", args=[merchant]), {"commission": "5"}).status_code == 404
    assert client.get(reverse("console:merchants")).context["lines"] == []
