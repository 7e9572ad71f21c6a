"""The city on one screen: what it counts, what it lists, what waits, in three languages."""

from __future__ import annotations

import json
import re

from django.urls import reverse

from paseo.capabilities.directory import operations as directory
from paseo.capabilities.insight.jobs import fold as count_stages
from paseo.capabilities.ordering import operations as ordering
from paseo.platform.db.unit import sql_count
from tests.channels.console.city_troubles import dead_letter, try_again
from tests.channels.console.conftest import text_of

CITY = "/console/city/"
STATEMENTS = 25
"""However many shops there are."""


def figures(response) -> dict[str, str]:
    return {
        one["label"]: one["number"] if "number" in one else [str(sum) for sum in one["sums"]]
        for one in response.context["figures"]
    }


def troubles(response) -> list[tuple[str, str, str]]:
    return [(one.waits, one.title, one.act.words) for one in response.context["problems"]]


def test_a_quiet_noon(town, at_work):
    response = at_work("operator", confirmed=True).get(CITY)
    assert response.status_code == 200
    assert figures(response) == {
        "Lights on": 5,
        "Busy": 0,
        "Late": 0,
        "To repair": 0,
        "Orders today": 0,
        "Through the till": [],
    }
    assert troubles(response) == []
    text = text_of(response)
    assert "Nothing waits for you." in text
    shown = [(shop.store.slug, shop.lamp) for shop in response.context["shops"]]
    assert len(shown) == 7
    assert [lamp for _, lamp in shown] == ["Lights on"] * 4 + ["Closes soon"] + ["Lights out"] * 2


def test_what_happens_is_counted_shown_on_the_map_and_told(town, clock, at_work, comes_in, drain_events):
    comes_in("noodles", name="王思远", options=("youpo.mild",), youpo=2)
    comes_in("noodles", name="Kaisa Lehto", options=("youpo.mild",), youpo=1)
    done = comes_in("cafe", name="Sofia", bun=1)
    ordering.ready(order_id=done.order_id, actor="person:staff", now=clock.now())
    ordering.hand_over(order_id=done.order_id, actor="person:staff", now=clock.now())
    drain_events()
    count_stages(clock.now())
    clock.advance(minutes=30)
    response = at_work("operator", confirmed=True).get(CITY)
    seen = figures(response)
    assert (seen["Late"], seen["Orders today"], seen["Through the till"]) == (1, 3, ["42.60 EUR"])
    assert [title for _, title, _ in troubles(response)] == ["2 late orders, Youpo Noodle House"]
    assert troubles(response)[0][2] == "See the late orders"
    first = response.context["shops"][0]
    assert (first.store.slug, first.in_hand, first.late) == (town.slugs["noodles"], "2 in hand", "2 late")
    marks = json.loads(re.search(r'<script id="marks"[^>]*>(.*?)</script>', response.content.decode(), re.S)[1])
    assert len(marks) == 7
    flagged = [mark for mark in marks if mark["flag"]]
    assert [(mark["flag"], mark["name"]) for mark in flagged] == [
        ("2 late", "Youpo Noodle House, Lights on, 2 in hand, 2 late")
    ]
    assert marks[first.place]["name"] == flagged[0]["name"]
    stages = {stage.key: (stage.quantity, stage.base) for stage in response.context["stages"]}
    assert stages["conversion"][0] == 3
    assert stages["consumption"] == (1, "33.3% received it")


def test_one_late_order_leads_to_itself(town, clock, at_work, comes_in, drain_events):
    placed = comes_in("noodles", options=("youpo.mild",), youpo=1)
    drain_events()
    clock.advance(minutes=30)
    response = at_work("operator", confirmed=True).get(CITY)
    problem = response.context["problems"][0]
    assert (problem.title, problem.act.words) == ("1 late order, Youpo Noodle House", "Open the order")
    assert problem.act.href == reverse("console:city-order", args=[placed.order_id])
    assert problem.detail.startswith("Order 001 was promised for today at 12:12")


def test_everything_that_waits_stands_oldest_first(town, clock, at_work, comes_in, drain_events, now):
    first = comes_in("noodles", options=("youpo.mild",), youpo=1)
    dead_letter(first.order_id, clock.now())
    clock.advance(minutes=3)
    directory.apply_merchant(
        legal_name="Sävy Oy", business_id="9999999-1", email="savy@example.com", operator_id=town.operator_id,
        now=clock.now(), actor="test",
    )  # fmt: skip
    drain_events()
    clock.advance(minutes=30)
    response = at_work("operator", confirmed=True).get(CITY)
    assert [(title, act) for _, title, act in troubles(response)] == [
        ("1 event not delivered", "Repair the delivery"),
        ("Sävy Oy wants to join", "Review the application"),
        ("1 late order, Youpo Noodle House", "Open the order"),
    ]
    assert [wait for wait, _, _ in troubles(response)] == ["33 min", "30 min", "21 min"]
    assert figures(response)["To repair"] == 1
    counts = {tab.icon: tab.count for tab in response.context["rail"]}
    assert (counts["map"], counts["store"], counts["send"]) == (3, 1, 1)
    assert response.content.decode().count("btn now") == 1, "one yellow thing"


def test_a_merchant_that_nobody_has_claimed_is_no_trouble(town, at_work):
    """An import makes merchants of places on the map; they are not applications."""
    response = at_work("operator", confirmed=True).get(CITY)
    assert [merchant for merchant in response.context["problems"] if merchant.key.startswith("merchant:")] == []


def test_filters_and_the_changing_part(town, clock, at_work, comes_in):
    comes_in("noodles", options=("youpo.mild",), youpo=1)
    clock.advance(minutes=30)
    client = at_work("operator", confirmed=True)
    for show, names in (("late", 1), ("dark", 3), ("open", 4), ("busy", 0), ("nonsense", 7)):
        assert len(client.get(CITY, {"show": show}).context["shops"]) == names
    assert "No shop is like that just now." in text_of(client.get(CITY, {"show": "busy"}))
    part = client.get(CITY, headers={"HX-Request": "true"}).content.decode()
    assert part.lstrip().startswith('<div id="live"')
    assert 'id="figures" hx-swap-oob="outerMorph"' in part
    assert 'id="trouble" hx-swap-oob="outerMorph"' in part
    assert "<html" not in part
    stages = client.get(reverse("console:city-stages"), headers={"HX-Request": "true"}).content.decode()
    assert stages.lstrip().startswith('<section class="box" id="stages"')
    assert client.get(reverse("console:city-stages")).status_code == 302


def test_a_light_leads_to_its_shop(town, at_work):
    client = at_work("operator", confirmed=True)
    response = client.get(reverse("console:city-store", args=[town.stores["noodles"]]))
    assert (
        response["Location"] == f"/console/city/merchants/{town.merchants['noodles']}/#store-{town.stores['noodles']}"
    )


def test_three_languages(town, clock, at_work, comes_in):
    comes_in("noodles", options=("youpo.mild",), youpo=1)
    clock.advance(minutes=30)
    chinese = text_of(at_work("operator", confirmed=True, language="zh-hans").get(CITY))
    spanish = text_of(at_work("operator", confirmed=True, language="es").get(CITY))
    assert "油泼面馆：1 个订单迟到" in chinese
    assert "五个阶段" in chinese
    assert "1 pedido con retraso" in spanish
    assert "Abrir el pedido" in spanish
    # A comma in a coordinate would put the map into the sea.
    assert re.search(r'data-lat="60\.1\d+"', spanish)


def test_the_statements_of_the_screen(town, clock, at_work, comes_in, drain_events):
    for _ in range(3):
        comes_in("noodles", options=("youpo.mild",), youpo=1)
    drain_events()
    clock.advance(minutes=30)
    client = at_work("operator", confirmed=True)
    client.get(CITY)
    with sql_count() as sql:
        assert client.get(CITY).status_code == 200
    assert sql.count == STATEMENTS, "\n".join(sql.all)


def test_a_repaired_letter_leaves_the_list(town, clock, at_work, comes_in):
    placed = comes_in("noodles", options=("youpo.mild",), youpo=1)
    failure = dead_letter(placed.order_id, clock.now())
    client = at_work("operator", confirmed=True)
    assert "1 event not delivered" in text_of(client.get(CITY))
    assert client.post(reverse("console:event-retry", args=[failure])).status_code == 303
    try_again(clock.now())
    assert "event not delivered" not in text_of(client.get(CITY))


def test_a_dense_city_does_not_stand_in_the_way_of_the_tab_key(town, clock, at_work, comes_in, monkeypatch):
    monkeypatch.setattr("paseo.channels.console.city.overview.FEW", 3)
    monkeypatch.setattr("paseo.channels.console.city.overview.MARKS", 5)
    monkeypatch.setattr("paseo.channels.console.city.overview.ROWS", 2)
    comes_in("noodles", options=("youpo.mild",), youpo=1)
    response = at_work("operator", confirmed=True).get(CITY)
    marks = response.context["marks"]
    assert len(marks) == 5
    assert [mark["name"] for mark in marks if mark["href"]] == ["Youpo Noodle House, Lights on, 1 in hand"]
    assert len(response.context["shops"]) == 2
    assert response.context["more_href"] == "?n=4#shops"
    assert "2 more shops are only in the list" in text_of(response)
