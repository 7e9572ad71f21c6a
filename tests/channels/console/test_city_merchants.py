"""From the application to the lights and out again, by the operator's hand."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.urls import reverse

from paseo.capabilities.directory import operations as directory
from paseo.capabilities.directory import queries as places
from paseo.capabilities.fulfillment import queries as fulfillment
from paseo.capabilities.ordering import operations as ordering
from tests.channels.console.conftest import text_of


@pytest.fixture
def olli(at_work):
    return at_work("operator", confirmed=True)


@pytest.fixture
def applied(town, now):
    return directory.apply_merchant(
        legal_name="Sävy Oy", business_id="9999999-1", email="savy@example.com", country="FI",
        operator_id=town.operator_id, applicant_id=town.people["aino"], now=now, actor="test",
    )  # fmt: skip


def page(merchant_id):
    return reverse("console:city-merchant", args=[merchant_id])


def act(client, merchant_id, name, **fields):
    return client.post(reverse("console:city-merchant-act", args=[merchant_id, name]), fields)


def sign(client, merchant_id, **fields):
    form = client.get(page(merchant_id)).context["form"]
    said = {"currency": "EUR", "present": form.initial.get("present", ""), "key": "k1", **fields}
    return client.post(reverse("console:city-contract", args=[merchant_id]), {k: v for k, v in said.items() if v != ""})


def test_the_list_by_state_and_by_name(town, olli, applied):
    everything = olli.get(reverse("console:merchants"))
    assert {line.merchant.legal_name: line.state for line in everything.context["lines"]} == {
        "Sävy Oy": "Has applied",
        "Helsinki city listing": "Only listed",
        "Tähti Elintarvike Oy": "Live",
        "Chang'an Nuudelit Oy": "Live",
        "Aamu Paahtimo Oy": "Live",
    }
    live = olli.get(reverse("console:merchants"), {"state": "live"})
    assert len(live.context["lines"]) == 3
    found = olli.get(reverse("console:merchants"), {"q": "9999999"})
    assert [line.merchant.id for line in found.context["lines"]] == [applied]
    assert "No merchant is like that." in text_of(olli.get(reverse("console:merchants"), {"q": "zzz"}))


def test_long_lists_go_on_where_they_ended(town, olli, now):
    for number in range(35):
        directory.apply_merchant(
            legal_name=f"Firm {number:02}",
            business_id=f"B{number}",
            operator_id=town.operator_id,
            now=now,
            actor="test",
        )
    first = olli.get(reverse("console:merchants"), {"q": "Firm"})
    assert len(first.context["lines"]) == 30
    more = first.context["more_href"]
    rest = olli.get(reverse("console:merchants") + more, headers={"HX-Request": "true"})
    assert rest.content.decode().count("<li>") == 5
    assert "<html" not in rest.content.decode()


def test_review_approve_and_the_second_press(town, olli, applied):
    text = text_of(olli.get(page(applied)))
    assert "Begin the review" in text
    assert "Approve the merchant" not in text
    for name, state, next_words in (
        ("review", "in_review", "Approve the merchant"),
        ("approve", "approved", "Sign the terms"),
    ):
        for _ in range(2):
            response = act(olli, applied, name)
            assert (response.status_code, response["Location"]) == (303, page(applied))
        assert places.merchant(applied).state == state
        assert next_words in text_of(olli.get(page(applied)))


def test_an_act_out_of_turn_is_refused_in_words(town, olli, applied):
    response = act(olli, applied, "suspend", reason="because")
    assert response.status_code == 409
    assert "This is no longer possible" in text_of(response)
    assert act(olli, applied, "marry").status_code == 404


def test_a_refusal_needs_a_reason_beside_its_field(town, olli, applied):
    response = act(olli, applied, "refuse", reason="  ")
    assert response.status_code == 422
    content = response.content.decode()
    assert "Write the reason, the applicant will read it." in content
    assert 'aria-invalid="true" aria-describedby="reason-error"' in content
    assert places.merchant(applied).state == "applied"
    assert act(olli, applied, "refuse", reason="The papers are not yours.").status_code == 303
    assert "The papers are not yours." in text_of(olli.get(page(applied)))


def test_terms_in_percent_and_money(town, olli, applied, now):
    act(olli, applied, "review")
    act(olli, applied, "approve")
    response = sign(olli, applied, commission="12,5", fee="49.90", trial_until="2026-06-30")
    assert (response.status_code, response["Location"]) == (303, f"{page(applied)}#terms")
    contract = places.contract_of(applied, now)
    assert (contract.commission_bps, contract.monthly_fee_minor, contract.currency) == (1250, 4990, "EUR")
    assert contract.trial_until == datetime(2026, 6, 30, 21, tzinfo=UTC), "the whole last day in Helsinki"
    text = text_of(olli.get(page(applied)))
    assert "12.5% of each order" in text
    assert "€49.90 a month" in text
    assert "free until Wed, 1 Jul, 00:00" in text


def test_the_same_terms_twice_are_signed_once(town, olli, applied):
    act(olli, applied, "review")
    act(olli, applied, "approve")
    said = {"commission": "10", "currency": "EUR", "key": "same"}
    address = reverse("console:city-contract", args=[applied])
    assert [olli.post(address, said).status_code for _ in range(2)] == [303, 303]
    assert len(places.contracts(applied)) == 1
    # Somebody else's form, made before these terms were signed, does not end them.
    late = olli.post(address, {**said, "commission": "30", "key": "other"})
    assert late.status_code == 409
    assert [one.commission_bps for one in places.contracts(applied)] == [1000]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"commission": ""}, "This field is required."),
        ({"commission": "110"}, "That is more than 100."),
        ({"commission": "-1"}, "Write a number like 12.5."),
        ({"commission": "ten"}, "Write a number like 12.5."),
        ({"commission": "12.345"}, "Write a number like 12.5."),
        ({"commission": "5", "fee": "1e9"}, "Write a number like 12.5."),
        ({"commission": "5", "valid_from": "2026-05-01"}, "A contract cannot begin in the past."),
    ],
)
def test_wrong_terms_are_told_beside_the_field_and_kept_as_typed(town, olli, applied, fields, words):
    response = sign(olli, applied, **fields)
    assert response.status_code == 422
    text = response.content.decode()
    assert words in text
    assert "Nothing was signed yet." in text
    assert f'value="{fields["commission"]}"' in text or not fields["commission"]
    assert places.contracts(applied) == []


def test_suspending_says_what_happens_and_lets_orders_end(town, clock, olli, client, comes_in):
    merchant, store = town.merchants["noodles"], town.stores["noodles"]
    placed = comes_in("noodles", options=("youpo.mild",), youpo=1)
    text = text_of(olli.get(page(merchant)))
    assert "The 1 order in hand" in text
    assert "Either way the buyers get a letter. They do not read the reason." in text
    assert client.get(f"/s/{town.slugs['noodles']}/").status_code == 200
    for _ in range(2):
        assert act(olli, merchant, "suspend", reason="Three complaints about the kitchen.").status_code == 303
    assert places.merchant(merchant).state == "suspended"
    assert client.get(f"/s/{town.slugs['noodles']}/").status_code == 404
    assert places.lamp(places.store(store), clock.now()).state == "dark"
    ordering.ready(order_id=placed.order_id, actor="person:staff", now=clock.now())
    ordering.hand_over(order_id=placed.order_id, actor="person:staff", now=clock.now())
    assert fulfillment.handover(placed.order_id).state == "handed_over"
    text = text_of(olli.get(page(merchant)))
    assert "Three complaints about the kitchen." in text
    assert "€12.90" in text
    assert act(olli, merchant, "resume").status_code == 303
    assert client.get(f"/s/{town.slugs['noodles']}/").status_code == 200


def test_closing_asks_twice(town, olli):
    merchant = town.merchants["grocer"]
    assert act(olli, merchant, "close", reason="Bankrupt").status_code == 422
    assert act(olli, merchant, "close", sure="1").status_code == 422
    assert places.merchant(merchant).state == "live"
    assert act(olli, merchant, "close", reason="Bankrupt", sure="1").status_code == 303
    assert places.merchant(merchant).state == "closed"
    assert "Closed for good" in text_of(olli.get(page(merchant)))


def test_the_page_of_a_working_merchant(town, olli, comes_in):
    comes_in("cafe", name="Sofia", bun=1)
    response = olli.get(page(town.merchants["cafe"]))
    text = text_of(response)
    for words in (
        "Aamu Paahtimo Oy", "registration.pdf", "Registration of the business", "12% of each order", "in force",
        "Elina Laine", "Owner", "Mikko Salo", "Cashier · Aamu Roastery", "Money this month", "€3.90", "€3.31",
        "Aleksanterinkatu 50", "Sofia",
    ):  # fmt: skip
        assert words in text, words
    paper = places.papers(town.merchants["cafe"])[0]
    download = olli.get(reverse("media:paper", args=[paper.media_id]))
    assert (download.status_code, download["Content-Disposition"][:10]) == (200, "attachment")


def test_chinese_and_spanish(town, at_work, applied):
    chinese = text_of(at_work("operator", confirmed=True, language="zh-hans").get(page(applied)))
    spanish = text_of(at_work("operator", confirmed=True, language="es").get(page(applied)))
    assert "开始审核" in chinese
    assert "拒绝申请" in chinese
    assert "Empezar la revisión" in spanish
    assert "Firmar las condiciones" in spanish
