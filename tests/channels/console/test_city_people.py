"""Somebody asks for their data, or wants to be forgotten, and the operator does it for them."""

from __future__ import annotations

import io
import json
import zipfile

import pytest
from django.urls import reverse

from paseo.capabilities.ordering import operations as ordering
from paseo.capabilities.ordering.values import Buyer, WantedLine
from paseo.kernel.ids import new_id
from paseo.platform.audit.checks import run_all
from paseo.platform.identity import queries as identity
from tests.channels.console.conftest import text_of

PEOPLE = "/console/city/people/"


@pytest.fixture
def olli(at_work):
    return at_work("operator", confirmed=True)


@pytest.fixture
def aino(town):
    return town.people["aino"]


def page(person_id) -> str:
    return reverse("console:city-person", args=[person_id])


def erase(client, person_id, **fields):
    return client.post(reverse("console:city-person-erase", args=[person_id]), fields, follow=True)


def test_found_by_the_whole_address_only(town, olli, aino):
    assert "Nobody has an account with this address." in text_of(olli.get(PEOPLE, {"q": "aino@"}))
    found = olli.get(PEOPLE, {"q": " Aino@Example.com "})
    assert page(aino) in found.content.decode()
    assert "Aino" in text_of(found)
    assert "Aino" not in text_of(olli.get(PEOPLE))


@pytest.mark.covers(
    "B6", part="the operator hands a person's data out and erases them on request; the books keep no name"
)
def test_the_data_are_handed_out_and_the_person_is_erased(town, clock, olli, aino):
    text = text_of(olli.get(page(aino)))
    assert "aino@example.com" in text
    assert "What the person agreed to" in text
    answer = olli.post(reverse("console:city-person-export", args=[aino]), {"why": "letter of 3 May"})
    assert (answer.status_code, answer["Content-Type"], answer["Cache-Control"]) == (200, "application/zip", "no-store")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert json.loads(archive.read("account.json"))["person"]["email"] == "aino@example.com"

    response = erase(olli, aino, email="olli@example.com", why="")
    assert response.status_code == 422
    text = text_of(response)
    assert "Write the address of the person once more, as it stands above." in text
    assert "Write how the person asked for it" in text
    assert 'value="olli@example.com"' in text
    text = text_of(erase(olli, aino, email="AINO@example.com", why="letter of 3 May"))
    assert "Erased. What had to be kept leads to no name any more." in text
    assert "What was erased" in text
    assert "aino@example.com" not in text
    assert identity.person(aino).erased_at == clock.now()
    assert erase(olli, aino, email="", why="").status_code == 200, "twice is once"
    assert "Nobody has an account" in text_of(olli.get(PEOPLE, {"q": "aino@example.com"}))
    book = text_of(olli.get(reverse("console:audit"), {"action": "person."}))
    for words in ("Erased somebody", "Handed somebody’s data out", "Looked at somebody’s data", "letter of 3 May"):
        assert words in book, words
    assert [one for one in run_all() if one.check.startswith(("identity.", "ordering.", "tenancy."))] == []


def test_not_while_something_is_under_way(town, now, olli, aino):
    buyer = Buyer(visitor_id=new_id(), person_id=aino)
    line = WantedLine(town.offers["cafe.bun"], 1)
    cart = ordering.put_cart(cart_id=new_id(), store_id=town.stores["cafe"], buyer=buyer, lines=[line], now=now)
    ordering.place(cart_id=cart.id, buyer=buyer, agreed_total_minor=390, method="cash", name="Aino", now=now)
    text = text_of(olli.get(page(aino)))
    assert "Erase for good" not in text
    assert erase(olli, aino, email="aino@example.com", why="letter").status_code == 409
    assert identity.person(aino).erased_at is None


def test_nobody_else_gets_in(town, at_work, aino, now):
    from paseo.platform.identity import operations as identity_act
    from paseo.platform.tenancy import operations as tenancy

    someone = identity_act.person_for_email(email="support@example.com", name="Sari", now=now)
    tenancy.grant(person_id=someone, tenant_id=town.operator_id, role="operator_support", now=now, by=None)
    for who in ("owner", "aino", someone):
        client = at_work(who, confirmed=True)
        for address in (PEOPLE, page(aino)):
            assert client.get(address).status_code == 403
        assert erase(client, aino, email="aino@example.com", why="x").status_code == 403
    assert identity.person(aino).email == "aino@example.com"
