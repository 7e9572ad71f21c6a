"""What brought whom: the five stages with what is behind them, touchpoints to print, and reviews to answer."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse

from demo.town import Town
from paseo.capabilities.care import operations as care
from paseo.capabilities.care import queries as reviews
from paseo.capabilities.directory import queries as directory
from paseo.capabilities.insight import queries as insight
from paseo.capabilities.insight.models import Attribution
from paseo.capabilities.journeys import operations as journeys
from paseo.capabilities.ordering import operations as ordering
from paseo.capabilities.ordering.values import Buyer, Placed, WantedLine
from paseo.kernel.clock import VirtualClock
from paseo.kernel.ids import new_id
from paseo.kernel.periods import day_of, day_period
from tests.capabilities.cafe import tell
from tests.channels.console.conftest import text_of


@pytest.fixture
def owner(at_work: Callable[..., Client]) -> Client:
    return at_work("owner")


@pytest.fixture
def go(town: Town) -> Callable[..., str]:
    store = town.stores["cafe"]
    return lambda name, *args: reverse(f"console:{name}", args=[town.merchants["cafe"], *args]) + f"?store={store}"


@pytest.fixture
def walked(town: Town, clock: VirtualClock, drain_events: Callable[[], int]) -> dict[str, Placed]:
    """The poster brings four people of whom two order; one comes by herself and orders; one of the three is handed over."""
    store, merchant, poster = town.stores["cafe"], town.merchants["cafe"], town.touchpoints["poster"]
    found: dict[str, Placed] = {}
    people = [
        ("Kaisa Lehto", poster, "here"),
        ("Mikko Salo", poster, "pickup"),
        ("", poster, ""),
        ("", poster, ""),
        ("Linh Nguyen", None, "pickup"),
    ]
    for name, touchpoint, mode in people:
        now, visitor = clock.now(), new_id()
        where: dict[str, Any] = {"visitor_id": visitor, "store_id": store, "merchant_id": merchant, "channel": "web"}
        if touchpoint:
            journeys.record("scan", now=now, touchpoint_id=touchpoint, campaign="spring", **where)
        journeys.record("visit", now=now, touchpoint_id=touchpoint, campaign="spring" if touchpoint else "", **where)
        clock.advance(minutes=3)
        if name:
            found[name] = _order(town, visitor, name, mode, clock)
    drain_events()
    kaisa = found["Kaisa Lehto"].order_id
    now = clock.now()
    ordering.ready(order_id=kaisa, actor="system", now=now)
    ordering.hand_over(order_id=kaisa, actor="system", now=now, cash_taken=False)
    drain_events()
    care.review_order(
        order_id=kaisa, owners=[f"order:{kaisa}"], stars=2, parts={"taste": 3}, text="Cold.", lang="en", signature="Kaisa", now=now
    )  # fmt: skip
    drain_events()
    return found


def _order(town: Town, visitor: UUID, name: str, mode: str, clock: VirtualClock) -> Placed:
    from paseo.capabilities.ordering import queries

    now, buyer = clock.now(), Buyer(visitor_id=visitor)
    cart = ordering.put_cart(
        cart_id=new_id(), store_id=town.stores["cafe"], buyer=buyer, lines=[WantedLine(town.offers["cafe.soup"], 1)],
        now=now, mode=mode,
    )  # fmt: skip
    total = queries.quote_cart(cart.id, buyer=buyer, now=now).total_minor
    placed = ordering.place(
        cart_id=cart.id, buyer=buyer, agreed_total_minor=total, method="sandbox", email="a@example.org", name=name, note="",
        now=now,
    )  # fmt: skip
    assert placed.payment is not None
    tell(placed.payment.id, now)
    return placed


def five(page: str) -> list[int]:
    return [int(found) for found in re.findall(r'<li style="[^"]*" data-stage="\w+">.*?<b>(\d+)</b>', page)]


def test_five_stages_with_their_bases(
    owner: Client, go: Callable[..., str], town: Town, walked: dict[str, Placed], clock: VirtualClock
) -> None:
    page = text_of(owner.get(go("insight") + "&span=day"))
    assert five(page) == [5, 3, 1, 1, 0]
    for words in (
        "60.0% of visits ordered",
        "33.3% of orders received",
        "4 scans",
        "€38.70",
        "Poster at the tram stop",
        "Came directly",
    ):
        assert words in page, words
    today = day_period(day_of(clock.now(), "Europe/Helsinki"), "Europe/Helsinki")
    told = insight.five_stages([town.stores["cafe"]], today)
    assert five(page) == [stage.count for stage in told.stages]


def test_the_numbers_can_be_narrowed(
    owner: Client, go: Callable[..., str], town: Town, walked: dict[str, Placed]
) -> None:
    def numbers(query: str) -> list[int]:
        return five(text_of(owner.get(go("insight") + "&span=day" + query)))

    assert numbers(f"&touchpoint={town.touchpoints['poster']}") == [4, 2, 1, 1, 0]
    assert numbers("&touchpoint=direct") == [1, 1, 0, 0, 0]
    assert numbers("&mode=pickup")[1] == 2
    assert numbers("&campaign=spring")[1] == 2
    assert numbers(f"&at={town.stores['kluuvi']}") == [0, 0, 0, 0, 0]
    assert numbers("&day=2026-05-12") == [0, 0, 0, 0, 0]


def test_the_orders_behind_a_number(
    owner: Client, go: Callable[..., str], town: Town, walked: dict[str, Placed]
) -> None:
    page = text_of(owner.get(go("insight-behind", "conversion") + "&span=day"))
    assert "Conversion: 3 orders" in page and "€38.70" in page
    assert all(str(placed.order_id) in page for placed in walked.values())
    poster = text_of(
        owner.get(go("insight-behind", "conversion") + f"&span=day&touchpoint={town.touchpoints['poster']}")
    )
    assert "2 orders" in poster and str(walked["Linh Nguyen"].order_id) not in poster
    assert "1 order" in text_of(owner.get(go("insight-behind", "consumption") + "&span=day"))
    assert owner.get(go("insight-behind", "traffic")).status_code == 404
    assert owner.get(go("insight-behind", "luck")).status_code == 404


def ways(page: str) -> dict[str, tuple[list[tuple[str, str, str]], str]]:
    """By the name of the way: its stations (shape, words, where) and the text of its sums."""
    found = {}
    for item in re.findall(r"<li><h3>(.*?)</h3>(.*?</dl>)</li>", page, re.S):
        steps = re.findall(r'data-kind="(\w+)".*?<b>(.*?)</b><span class="small">(.*?)</span>', item[1], re.S)
        sums = " ".join(re.sub(r"<[^>]+>", " ", item[1][item[1].index("<dl") :]).split())
        found[item[0]] = (steps, sums)
    return found


@pytest.mark.covers("M5", part="the real path of every order is classified, and the shop sees orders and sales by mode")
@pytest.mark.covers("S1", part="the declared modes as lines of online and offline steps, told apart by shape and word")
def test_ways_people_came(
    owner: Client,
    go: Callable[..., str],
    town: Town,
    walked: dict[str, Placed],
    clock: VirtualClock,
    drain_events: Callable[[], int],
) -> None:
    (visitor,) = {
        one.visitor_id for one in Attribution.objects.filter(order_id=walked["Kaisa Lehto"].order_id)
    }  # Kaisa received hers
    clock.advance(minutes=10)
    again = _order(town, visitor, "Kaisa Lehto", "pickup", clock)  # type: ignore[arg-type]
    drain_events()
    found = ways(text_of(owner.get(go("insight") + "&span=day")))
    assert {name: sums for name, (_, sums) in found.items()} == {
        "From the phone to the place": "Orders 1 order Earned €12.90 Share of orders 25%",
        "From the place to the phone": "Orders 2 orders Earned €25.80 Share of orders 50%",
        "After the place, on the phone again": "Orders 1 order Earned €12.90 Share of orders 25%",
    }
    assert found["From the place to the phone"][0] == [
        ("end", "Met a poster, label, tag or screen", "At the place"),
        ("step", "Led into the online shop", "Online"),
        ("step", "Ordered on the phone", "Online"),
        ("end", "Received or eaten at the place", "At the place"),
    ]

    def behind(journey: str) -> str:
        page = text_of(owner.get(go("insight") + "&span=day"))
        link = re.search(rf'href="([^"]*journey={journey})"', page)
        assert link
        return text_of(owner.get(link[1].replace("&amp;", "&")))

    place = behind("offline_online")
    assert "2 orders" in place and "From the place to the phone" in place and "€25.80" in place
    assert place.count("Was first met at a poster, label, tag or screen in a place.") == 2
    assert str(walked["Kaisa Lehto"].order_id) in place and str(walked["Mikko Salo"].order_id) in place
    assert str(again.order_id) in behind("online_offline_online")
    assert str(walked["Linh Nguyen"].order_id) in behind("online_offline")
    everything = text_of(owner.get(go("insight-behind", "conversion") + "&span=day&journey=by_luck"))
    assert "4 orders" in everything and "Was first met" not in everything


def test_ways_without_an_order_still_say_how_they_go(owner: Client, go: Callable[..., str]) -> None:
    page = text_of(owner.get(go("insight") + "&span=day&day=2026-05-12"))
    found = ways(page)
    assert [sums for _, sums in found.values()] == ["Orders 0 Earned €0.00"] * 3
    assert "No order in these days." in page and "journey=" not in page
    assert "Done:" not in page[page.index('<ul class="ways">') :].split("</ul>")[0]


@pytest.mark.covers("B6", part="a shop sees paths as kinds and times, never whose they are")
def test_paths_say_what_happened_and_not_to_whom(
    owner: Client, go: Callable[..., str], walked: dict[str, Placed]
) -> None:
    page = text_of(owner.get(go("insight-paths") + "&span=day"))
    for words in ("Scanned", "Came by", "Ordered", "Received it", "Told how it was", "Poster at the tram stop"):
        assert words in page, words
    for secret in ("Kaisa", "Mikko", "Linh", "example.org", str(walked["Kaisa Lehto"].order_id)):
        assert secret not in page, secret


def test_the_live_parts_are_parts(owner: Client, go: Callable[..., str], walked: dict[str, Placed]) -> None:
    for name in (["insight"], ["insight-paths"], ["insight-behind", "conversion"]):
        part = owner.get(go(*name) + "&span=day", headers={"HX-Request": "true"})
        words = text_of(part)
        assert part.status_code == 200 and "<html" not in words and "paseo:change from:body" in words
    whole = text_of(owner.get(go("insight")))
    assert "data-topics=" in whole


def test_a_poster_is_made_once_printed_and_taken_down(owner: Client, go: Callable[..., str], town: Town) -> None:
    said = {
        "key": "poster-1", "kind": "qr_poster", "name": "Poster at the market", "store": str(town.stores["cafe"]),
        "target": "", "campaign": "summer",
    }  # fmt: skip
    first, second = (owner.post(go("touchpoints"), said) for _ in range(2))
    assert first.status_code == 303 and first["Location"] == second["Location"]
    made = UUID(re.search(r"made=([0-9a-f-]{36})", first["Location"])[1])  # type: ignore[index]
    point = directory.touchpoint_of(town.merchants["cafe"], made)
    assert (point.name, point.kind, point.campaign, point.store_id) == (
        "Poster at the market", "qr_poster", "summer", town.stores["cafe"],
    )  # fmt: skip
    label = owner.post(go("touchpoints"), {**said, "key": "label-1", "kind": "label", "name": "Label, window seat"})
    small = UUID(re.search(r"made=([0-9a-f-]{36})", label["Location"])[1])  # type: ignore[index]
    paper = text_of(owner.get(go("touchpoints-print") + f"&id={made}&id={small}&id={made}"))
    assert paper.count('class="posterpage"') == 1 and paper.count('class="labelcard"') == 1
    assert f"http://testserver/t/{point.token}" in paper and "扫一扫" in paper and paper.count("<svg") >= 2
    assert owner.get(go("touchpoints-print")).status_code == 404

    assert owner.post(go("touchpoint-retire", made)).status_code == 303
    page = text_of(owner.get(go("touchpoints")))
    assert "Poster at the market" in page[page.index("Taken down") :]
    assert not directory.touchpoint_of(town.merchants["cafe"], made).active


def test_a_poster_needs_a_name_and_a_target_of_this_site(owner: Client, go: Callable[..., str], town: Town) -> None:
    said = {"kind": "link", "name": " ", "store": str(town.stores["cafe"])}
    nameless = owner.post(go("touchpoints"), said)
    assert nameless.status_code == 422 and "This field is required." in text_of(nameless)
    away = owner.post(go("touchpoints"), {**said, "name": "Out", "target": "https://elsewhere.example/"})
    assert away.status_code == 422 and "Select a valid choice" in text_of(away)
    inside = f"/s/{town.slugs['cafe']}/{town.offers['cafe.bun']}/"
    assert owner.post(go("touchpoints"), {**said, "name": "Bun", "target": inside}).status_code == 303
    made = {one.name: one.target for one in directory.touchpoints(town.merchants["cafe"])}
    assert made["Bun"] == inside


def test_what_a_poster_brought(owner: Client, go: Callable[..., str], town: Town, walked: dict[str, Placed]) -> None:
    page = text_of(owner.get(go("touchpoints")))
    row = page[page.index(f'id="t-{town.touchpoints["poster"]}"') :]
    row = row[: row.index("</tr>")]
    assert ">4</td>" in row and ">2</a>" in row and "€25.80" in row


def test_a_review_is_answered_in_place(
    owner: Client, go: Callable[..., str], town: Town, walked: dict[str, Placed], clock: VirtualClock
) -> None:
    (review,) = reviews.reviews_of_merchant(town.merchants["cafe"])
    page = text_of(owner.get(go("reviews")))
    assert "Without an answer" in page and "Cold." in page and "2 of 5" in page and "Taste 3" in page
    field = f"r{review.id.hex[-8:]}-text"
    address = go("review-reply", review.id)
    empty = owner.post(address, {field: "  "}, headers={"HX-Request": "true"})
    assert empty.status_code == 422 and "This field is required." in text_of(empty)
    part = text_of(owner.post(address, {field: "We are sorry."}, headers={"HX-Request": "true"}))
    assert "<html" not in part and "We are sorry." in part and "Your answer is published." in part
    clock.advance(**{"minutes": 5})
    assert owner.post(address, {field: "We are sorry. Come again."}).status_code == 303
    told = reviews.review(review.id).reply
    assert told and told.text == "We are sorry. Come again." and told.edited_at == told.at + timedelta(minutes=5)
    assert "Everything is answered." in text_of(owner.get(go("reviews") + "&show=open"))
