"""Coupons and deals from the first draft to what came of them."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse

from demo.town import Town
from paseo.capabilities.catalog import queries as catalog
from paseo.capabilities.pricing import queries as pricing
from paseo.capabilities.vouchers import operations, queries
from paseo.capabilities.vouchers.values import owner_key
from paseo.kernel.ids import new_id
from tests.channels.console.conftest import text_of


@pytest.fixture
def owner(at_work: Callable[..., Client]) -> Client:
    return at_work("owner")


@pytest.fixture
def go(town: Town) -> Callable[..., str]:
    store = town.stores["cafe"]
    return lambda name, *args: reverse(f"console:{name}", args=[town.merchants["cafe"], *args]) + f"?store={store}"


@pytest.fixture
def coupon(town: Town) -> Callable[..., dict[str, Any]]:
    def said(**changes: Any) -> dict[str, Any]:
        return {
            "key": "a-form",
            "names_en": "Late soup",
            "names_es": "Sopa de tarde",
            "terms_en": "Only in the afternoon.",
            "effect": "percent_bps",
            "percent": "20",
            "min_spend": "10",
            "most": "5.00",
            "modes": "here",
            "hours_from": "14:00",
            "hours_until": "17:00",
            "weekdays": ["0", "1", "2"],
            "things": [str(town.variants["soup"])],
            "counter": "on",
            "limit": "50",
            "per_person": "1",
            "uses": "1",
            "valid_from": "2026-05-13T12:00",
            "valid_until": "2026-06-13T00:00",
            "valid_days": "7",
            "stores": [str(town.stores["cafe"])],
            **changes,
        }

    return said


def made(answer: Any) -> UUID:
    assert answer.status_code == 303, text_of(answer)
    return UUID(re.search(r"vouchers/([0-9a-f-]{36})/", answer["Location"])[1])  # type: ignore[index]


def test_a_coupon_is_drafted_looked_at_and_published(
    owner: Client, go: Callable[..., str], town: Town, coupon: Callable[..., Any], now: datetime, client: Client
) -> None:
    program_id = made(owner.post(go("voucher-new", "coupon"), coupon()))
    assert made(owner.post(go("voucher-new", "coupon"), coupon())) == program_id
    program = queries.program(program_id)
    assert program and program.effect
    assert (program.state, program.funder, program.limit, program.per_person, program.valid_days) == (
        "draft", "merchant", 50, 1, 7,
    )  # fmt: skip
    assert program.valid_until == datetime(2026, 6, 12, 21, tzinfo=UTC)
    assert program.store_ids == (town.stores["cafe"],)
    effect = program.effect
    assert (effect.kind, effect.value, effect.min_spend_minor, effect.max_minor) == ("percent_bps", 2000, 1000, 500)
    assert (effect.modes, effect.hours, effect.weekdays) == (("here",), ("14:00", "17:00"), (0, 1, 2))
    assert effect.variant_ids == (town.variants["soup"],)

    page = text_of(owner.get(go("voucher", program_id)))
    for words in ("Late soup", "−20%", "from €10.00", "at most €5.00 off", "for Salmon soup", "14:00 to 17:00", "50 pieces",
                  "once per person", "Nobody sees this yet.", "Publish it"):  # fmt: skip
        assert words in page, words
    assert "Late soup" not in text_of(client.get(f"/s/{town.slugs['cafe']}/"))
    assert owner.post(go("voucher-act", program_id, "publish")).status_code == 303
    assert "Late soup" in text_of(client.get(f"/s/{town.slugs['cafe']}/"))

    operations.claim(program_id=program_id, owner=owner_key(visitor_id=new_id()), now=now)
    page = text_of(owner.get(go("voucher", program_id)))
    assert re.search(r"Kept by customers</dt><dd>1<small>of 50", page)
    assert re.search(r"Left</dt><dd>49", page)
    assert "1 / 50" in text_of(owner.get(go("vouchers")))


def test_the_ticket_grows_beside_the_form(owner: Client, go: Callable[..., str], coupon: Callable[..., Any]) -> None:
    part = owner.post(go("voucher-new", "coupon"), coupon(preview="1"), headers={"HX-Request": "true"})
    words = text_of(part)
    assert part.status_code == 200 and "<html" not in words
    assert 'id="picture"' in words and "Late soup" in words and "−20%" in words
    half = text_of(
        owner.post(
            go("voucher-new", "coupon"),
            coupon(preview="1", names_en="", names_es="", percent=""),
            headers={"HX-Request": "true"},
        )
    )
    assert "The name of the ticket" in half
    whole = text_of(owner.post(go("voucher-new", "coupon"), coupon(preview="1")))
    assert "<html" in whole and "Nothing was saved yet" not in whole and 'value="Late soup"' in whole


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"names_en": "", "names_es": ""}, "Write a name in at least one language."),
        ({"percent": ""}, "This field is required."),
        ({"percent": "0"}, "A percentage is more than 0 and at most 100."),
        ({"percent": "101"}, "less than or equal to 100"),
        ({"effect": "amount", "value": ""}, "This field is required."),
        ({"effect": "amount", "value": "0"}, "The amount must be more than 0."),
        ({"hours_until": ""}, "Hours have a beginning and an end."),
        ({"valid_until": "2026-05-13T11:00"}, "The end must come after the start."),
        ({"limit": "0"}, "greater than or equal to 1"),
        ({"stores": []}, "This field is required."),
    ],
)
def test_a_coupon_that_makes_no_sense(
    owner: Client, go: Callable[..., str], town: Town, coupon: Callable[..., Any], changes: dict[str, Any], words: str
) -> None:
    answer = owner.post(go("voucher-new", "coupon"), coupon(**changes))
    assert answer.status_code == 422
    assert words in text_of(answer)
    assert queries.programs(town.merchants["cafe"]) == []


def test_a_deal_of_fifty_is_sold_like_a_product(
    owner: Client, go: Callable[..., str], town: Town, now: datetime, client: Client
) -> None:
    said = {
        "names_en": "Soup and bun", "names_zh-hans": "汤配面包", "price": "14.90", "limit": "50", "uses": "1", "valid_days": "30",
        "times0": "1", "content0_en": "Salmon soup", "times1": "2", "content1_en": "Cardamom bun",
        "stores": [str(town.stores["cafe"])],
    }  # fmt: skip
    program_id = made(owner.post(go("voucher-new", "deal"), said))
    program = queries.program(program_id)
    assert program and program.variant_id
    assert (program.price_minor, program.limit, program.counter) == (1490, 50, True)
    assert [(one["quantity"], one["names"]["en"]) for one in program.contents] == [
        (1, "Salmon soup"),
        (2, "Cardamom bun"),
    ]
    assert pricing.prices(town.stores["cafe"], [program.variant_id], now=now)[program.variant_id].amount_minor == 1490
    page = f"/s/{town.slugs['cafe']}/"
    assert "Soup and bun" not in text_of(client.get(page))
    owner.post(go("voucher-act", program_id, "publish"))
    shown = text_of(client.get(page))
    assert "Soup and bun" in shown and "€14.90" in shown
    (offer,) = [one for one in catalog.offers_of_store(town.stores["cafe"]) if one.kind == "deal"]
    assert offer.section["en"] == "Deals" and dict(offer.names) == {"en": "Soup and bun", "zh-hans": "汤配面包"}

    ended = owner.post(go("voucher-act", program_id, "end"), {"why": "Summer is over"}, follow=True)
    assert "has ended. Who holds one can still use it." in text_of(ended)
    assert "Soup and bun" not in text_of(client.get(page))


def test_a_draft_changes_freely_and_a_published_one_in_words_only(
    owner: Client, go: Callable[..., str], coupon: Callable[..., Any]
) -> None:
    program_id = made(owner.post(go("voucher-new", "coupon"), coupon()))
    assert 'value="20"' in text_of(owner.get(go("voucher-edit", program_id)))
    changed = coupon(effect="amount", percent="", value="3.00", key="another")
    assert owner.post(go("voucher-edit", program_id), changed).status_code == 303
    program = queries.program(program_id)
    assert program and program.effect and (program.effect.kind, program.effect.value) == ("amount", 300)
    owner.post(go("voucher-act", program_id, "publish"))
    form = text_of(owner.get(go("voucher-edit", program_id)))
    assert "what it does stays as it is" in form and 'name="value"' not in form
    said = {"names_en": "Later soup", "limit": "60", "effect": "amount", "value": "9.00"}
    assert owner.post(go("voucher-edit", program_id), said).status_code == 303
    program = queries.program(program_id)
    assert program and program.effect
    assert (dict(program.names), program.limit, program.effect.value) == ({"en": "Later soup"}, 60, 300)


def test_fewer_pieces_than_people_hold(
    owner: Client, go: Callable[..., str], coupon: Callable[..., Any], now: datetime
) -> None:
    program_id = made(owner.post(go("voucher-new", "coupon"), coupon()))
    owner.post(go("voucher-act", program_id, "publish"))
    for _ in range(2):
        operations.claim(program_id=program_id, owner=owner_key(visitor_id=new_id()), now=now + timedelta(minutes=1))
    answer = owner.post(go("voucher-edit", program_id), {"names_en": "Late soup", "limit": "1"})
    assert answer.status_code == 422 and "Fewer pieces than people already hold." in text_of(answer)


def test_a_published_one_is_not_published_again(
    owner: Client, go: Callable[..., str], coupon: Callable[..., Any]
) -> None:
    program_id = made(owner.post(go("voucher-new", "coupon"), coupon()))
    assert owner.post(go("voucher-act", program_id, "publish")).status_code == 303
    assert owner.post(go("voucher-act", program_id, "publish")).status_code == 409
    assert owner.post(go("voucher-act", program_id, "burn")).status_code == 404
