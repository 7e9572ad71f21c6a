"""The list of orders and one order: filters, questions to the customer, money that goes back."""

from __future__ import annotations

import pytest
from django.urls import reverse

from paseo.capabilities.journeys import operations as journeys
from paseo.capabilities.ordering import operations as ordering
from paseo.capabilities.ordering import queries as orders
from paseo.kernel.ids import new_id
from tests.channels.console.conftest import text_of

STAFF = "person:staff"


@pytest.fixture
def act(town):
    def do(client, placed, name, **fields):
        return client.post(
            reverse("console:order-act", args=[town.merchants["noodles"], placed.order_id, name]), fields
        )

    return do


@pytest.fixture
def page(town):
    return lambda client, placed: client.get(
        reverse("console:order", args=[town.merchants["noodles"], placed.order_id])
    )


def test_orders_by_state_day_and_words(town, clock, at_work, comes_in):
    one = comes_in("noodles", name="Kaisa Lehto", liangpi=1)
    two = comes_in("noodles", name="Pekka Niemi", method="cash", liangpi=1)
    ordering.cancel(order_id=two.order_id, by="shop", actor=STAFF, now=clock.now(), reason="busy")
    client, address = at_work("noodles"), reverse("console:orders", args=[town.merchants["noodles"]])

    def found(**query):
        return [line.order.id for line in client.get(address, query).context["lines"]]

    assert set(found()) == {one.order_id, two.order_id}
    assert found(state="open") == [one.order_id]
    assert found(state="ended") == [two.order_id]
    assert found(state="done") == []
    assert found(day="2026-05-12") == []
    assert set(found(day="2026-05-13")) == {one.order_id, two.order_id}
    assert found(q="lehto") == [one.order_id]
    assert found(q=two.number) == [two.order_id]
    assert "No order is like that." in text_of(client.get(address, {"q": "nobody"}))
    assert client.get(address, {"day": "yesterday", "after": "x", "at": "x", "state": "x"}).status_code == 200


def test_more_orders_follow_by_a_cursor(town, clock, at_work, comes_in, monkeypatch):
    from paseo.channels.console.shop import orders as listing

    monkeypatch.setattr(listing, "PAGE", 2)
    made = []
    for _ in range(5):
        made.insert(0, comes_in("noodles", method="cash", liangpi=1).order_id)
        clock.advance(minutes=1)
    client, address = at_work("noodles"), reverse("console:orders", args=[town.merchants["noodles"]])
    seen, query = [], ""
    for _ in range(3):
        response = client.get(address + query, headers={"HX-Request": "true"} if query else {})
        seen += [line.order.id for line in response.context["lines"]]
        query = response.context["more_href"]
    assert seen == made
    assert query == ""


def test_the_line_of_an_order_begins_with_what_led_here(town, clock, at_work, comes_in, page, drain_events):
    placed = comes_in("noodles", liangpi=1)
    summary = orders.summaries([placed.order_id])[placed.order_id]
    view = orders.order(placed.order_id, system=True)
    journeys.record(
        "scan", now=clock.now(), visitor_id=view.visitor_id, store_id=summary.store_id, merchant_id=summary.merchant_id,
        touchpoint_id=town.touchpoints["counter"], channel="web",
    )  # fmt: skip
    drain_events()
    stations = page(at_work("noodles"), placed).context["stations"]
    assert [(one.words, one.kind, one.state) for one in stations] == [
        ("Scanned a code", "contact", "done"),
        ("Ordered", "step", "done"),
        ("Paid", "change", "done"),
        ("Accept or refuse", "step", "now"),
        ("On the shelf", "step", "next"),
        ("Counter", "end", "next"),
    ]
    assert stations[0].detail == "Tag at the counter"
    assert stations[4].time == "about 12:12"


def test_ten_minutes_later_is_asked_once(town, clock, at_work, comes_in, act, page):
    placed, client, change_id = comes_in("noodles", liangpi=1), at_work("noodles"), str(new_id())
    for _ in range(2):
        assert act(client, placed, "later", minutes="10", change_id=change_id).status_code == 303
    text = text_of(page(client, placed))
    assert "The customer was asked for 12:22. Without an answer by 12:10 it counts as agreed." in text
    assert len(orders.open_changes(placed.order_id)) == 1
    assert act(client, placed, "later", minutes="20", change_id=str(new_id())).status_code == 409
    assert act(client, placed, "later", minutes="0").status_code == 422
    assert act(client, placed, "withdraw", change_id=change_id).status_code == 303
    assert orders.open_changes(placed.order_id) == []


def test_a_sold_out_line_is_told_and_its_money_goes_back(town, clock, at_work, comes_in, act, page):
    placed, client = comes_in("noodles", options=("youpo.mild",), youpo=1), at_work("noodles", confirmed=True)
    line = orders.order(placed.order_id, system=True).lines[0]
    act(client, placed, "sold-out", line_id=str(line.id), change_id=str(new_id()))
    assert "The customer was told that Youpo noodles is sold out." in text_of(page(client, placed))
    clock.advance(minutes=11)
    ordering.sweep(now=clock.now())
    text = text_of(page(client, placed))
    assert "Youpo noodles sold out" in text
    assert "€12.90 given back" in text
    assert act(client, placed, "sold-out", line_id="x").status_code == 404


def test_a_refusal_has_a_reason_and_gives_the_money_back(town, clock, at_work, comes_in, act, page):
    placed, client = comes_in("noodles", liangpi=1), at_work("noodles")
    refused = act(client, placed, "refuse", reason="")
    assert refused.status_code == 422
    assert "Choose a reason, the customer will read it." in text_of(refused)
    assert act(client, placed, "refuse", reason="too_busy").status_code == 303
    text = text_of(page(client, placed))
    assert "Refused. The customer gets the money back." in text
    assert "The kitchen cannot take more just now." in text
    assert orders.summaries([placed.order_id])[placed.order_id].state == "refused"
    assert act(client, placed, "refuse", reason="too_busy").status_code == 303


def test_money_goes_back_once_and_only_as_much_as_there_is(town, clock, at_work, comes_in, act, page):
    placed, client, refund_id = comes_in("noodles", liangpi=1), at_work("noodles", confirmed=True), str(new_id())
    too_much = act(client, placed, "refund", amount="99", reason="late", refund_id=refund_id)
    assert too_much.status_code == 422
    assert "Of this order €9.80 can still be given back." in text_of(too_much)
    assert 'value="99"' in text_of(too_much)
    assert act(client, placed, "refund", amount="nothing", reason="late").status_code == 422
    for _ in range(2):
        assert act(client, placed, "refund", amount="2,50", reason="late", refund_id=refund_id).status_code == 303
    assert orders.summaries([placed.order_id])[placed.order_id].returned_minor == 250
    text = text_of(page(client, placed))
    assert "€2.50 given back" in text
    assert "It came too late." in text


def test_money_waits_for_the_second_factor(town, at_work, comes_in, act):
    placed = comes_in("noodles", liangpi=1)
    response = act(at_work("noodles"), placed, "refund", amount="1", reason="late")
    assert response.status_code == 302
    assert response["Location"].startswith("/me/security/")


def test_nobody_came(town, clock, at_work, comes_in, act, page):
    placed, client = comes_in("noodles", liangpi=1), at_work("noodles")
    assert act(client, placed, "not-collected").status_code == 409
    ordering.ready(order_id=placed.order_id, actor=STAFF, now=clock.now())
    for _ in range(2):
        assert act(client, placed, "not-collected").status_code == 303
    assert orders.summaries([placed.order_id])[placed.order_id].state == "not_collected"
    assert "Not collected" in text_of(page(client, placed))


def test_an_act_that_is_not_there(town, at_work, comes_in, act):
    assert act(at_work("noodles"), comes_in("noodles", liangpi=1), "steal").status_code == 404
