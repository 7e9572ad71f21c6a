"""The way in: applying, papers, readiness, going live."""

from __future__ import annotations

import io
from uuid import UUID

import pytest
from django.urls import reverse

from demo.town.building import PAPER
from paseo.capabilities.directory import operations as directory
from paseo.capabilities.directory import queries as places
from paseo.kernel.ids import new_id
from tests.channels.console.conftest import text_of

GIVEN = {
    "legal_name": "Uusi Kahvila Oy",
    "business_id": "1111111-1",
    "email": "aino@example.com",
    "phone": "09 555 1234",
    "name": "Uusi Kahvila",
    "category": "cafe",
    "street": "Eerikinkatu",
    "house_number": "7",
    "postal_code": "00100",
    "city": "Helsinki",
    "country": "FI",
    "position": "60.16750, 24.93400",
    "hours": "Mo-Fr 08:00-16:00",
}
APPLY = reverse("console:apply")


def paper(name: str = "registration.pdf") -> io.BytesIO:
    file = io.BytesIO(PAPER)
    file.name = name
    return file


@pytest.fixture
def applied(town, at_work):
    client = at_work("aino")
    response = client.post(APPLY, {**GIVEN, "form_id": str(new_id())})
    assert response.status_code == 303
    return client, UUID(response["Location"].split("/")[2])


def test_an_application_is_one_page_and_one_merchant(town, at_work):
    client, form_id = at_work("aino"), str(new_id())
    assert "Open your shop" in text_of(client.get(APPLY))
    answers = [client.post(APPLY, {**GIVEN, "form_id": form_id}) for _ in range(2)]
    assert answers[0]["Location"] == answers[1]["Location"]
    merchant_id = UUID(answers[0]["Location"].split("/")[2])
    merchant = places.merchant(merchant_id)
    assert (merchant.legal_name, merchant.state, merchant.stores) == ("Uusi Kahvila Oy", "applied", 1)
    (store,) = places.stores_of_merchant(merchant_id)
    assert (store.name, store.address.line, store.hours, store.state) == (
        {"en": "Uusi Kahvila"},
        "Eerikinkatu 7, 00100 Helsinki",
        "Mo-Fr 08:00-16:00",
        "preparing",
    )
    assert (store.phone, round(store.point.lat, 4)) == ("", 60.1675)


def test_nothing_is_made_when_something_is_wrong(town, at_work):
    client = at_work("aino")
    wrong = client.post(APPLY, {**GIVEN, "form_id": "1", "hours": "always", "phone": "1"})
    assert wrong.status_code == 422
    assert 'value="Uusi Kahvila Oy"' in text_of(wrong)
    assert places.merchants(text="Uusi Kahvila") == []
    hours = client.post(APPLY, {**GIVEN, "form_id": "1", "hours": "always"})
    assert hours.context["form"].errors["hours"] == ["These opening hours cannot be read."]
    assert places.merchants(text="Uusi Kahvila") == [], "the merchant is not made without its store"
    known = client.post(APPLY, {**GIVEN, "form_id": "2", "business_id": "2345678-2"})
    assert "A merchant with the business number 2345678-2 is already here." in text_of(known)


def test_another_person_meets_no_form_of_mine(town, at_work, applied):
    _, merchant_id = applied
    other = at_work("cashier").post(APPLY, {**GIVEN, "business_id": "3", "form_id": str(merchant_id)})
    assert UUID(other["Location"].split("/")[2]) != merchant_id


def test_who_is_not_signed_in_signs_in_first(client, town):
    assert client.get(APPLY)["Location"] == "/sign-in/?next=%2Fconsole%2Fapply%2F"


@pytest.mark.covers("S6", part="what is missing, in the order of importance, each with the page that mends it")
def test_readiness_in_the_order_of_importance(applied):
    client, merchant_id = applied
    response = client.get(reverse("console:ready", args=[merchant_id]))
    text = text_of(response)
    keys = [row["item"].key for row in response.context["must"]]
    assert keys[:4] == ["papers", "review", "contract", "products"]
    assert "things are missing before you go live" in text
    assert response.context["must"][0]["href"].endswith("#papers")
    assert "Turn the lights on" not in text
    assert client.post(reverse("console:ready-live", args=[merchant_id])).status_code == 409


def test_papers_are_kept_once(applied):
    client, merchant_id = applied
    address = reverse("console:ready-papers", args=[merchant_id])
    for _ in range(2):
        assert client.post(address, {"kind": "registration", "paper": paper()}).status_code == 303
    assert [(one.kind, one.name) for one in places.papers(merchant_id)] == [("registration", "registration.pdf")]
    assert client.post(address, {"kind": "registration"}).status_code == 422
    text = io.BytesIO(b"hello")
    text.name = "x.pdf"
    wrong = client.post(address, {"kind": "registration", "paper": text})
    assert wrong.status_code == 422
    assert "This is neither a PDF nor a picture." in text_of(wrong)


def test_the_lights_go_on_when_nothing_is_missing(town, at_work, now):
    """The noodle house is live already: its page says so, and a second press is no mistake."""
    client, address = at_work("noodles"), reverse("console:ready-live", args=[town.merchants["noodles"]])
    assert client.post(address).status_code == 303
    text = text_of(client.get(reverse("console:ready", args=[town.merchants["noodles"]])))
    assert "Your lights are on" in text


def test_what_is_missing_stands_above_the_list(applied, now):
    client, merchant_id = applied
    client.post(reverse("console:ready-papers", args=[merchant_id]), {"kind": "registration", "paper": paper()})
    directory.start_review(merchant_id=merchant_id, now=now, actor="system")
    directory.approve(merchant_id=merchant_id, now=now, actor="system")
    refused = client.post(reverse("console:ready-live", args=[merchant_id]))
    assert refused.status_code == 409
    assert "The shop cannot go live yet: 3 required things are missing." in text_of(refused)
    assert places.merchant(merchant_id).state == "approved"
