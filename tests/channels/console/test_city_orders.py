"""Any order for the operator: found, read to the bottom, paid back; and payments that need a person."""

from __future__ import annotations

import pytest
from django.urls import reverse

from paseo.capabilities.ordering import operations as ordering
from paseo.capabilities.ordering import queries as orders
from paseo.capabilities.ordering.values import Buyer, WantedLine
from paseo.capabilities.payments import operations as payments
from paseo.capabilities.payments import queries as paid
from paseo.capabilities.payments.values import GatewayState, Notice
from paseo.kernel.ids import new_id
from tests.capabilities.cafe import tell
from tests.channels.console.conftest import text_of

LIST = "/console/city/orders/"


@pytest.fixture
def olli(at_work):
    return at_work("operator", confirmed=True)


@pytest.fixture
def bowl(comes_in):
    return comes_in("noodles", name="王思远", options=("youpo.mild",), youpo=1)


@pytest.fixture
def unpaid(town, now):
    """An order whose payment has begun: the placed order."""
    buyer = Buyer(visitor_id=new_id())
    line = WantedLine(town.offers["cafe.bun"], 1)
    cart = ordering.put_cart(cart_id=new_id(), store_id=town.stores["cafe"], buyer=buyer, lines=[line], now=now)
    return ordering.place(
        cart_id=cart.id,
        buyer=buyer,
        agreed_total_minor=390,
        method="sandbox",
        email="k@example.org",
        name="Kaisa",
        now=now,
    )


def rows(response):
    return [line.order.name for line in response.context["lines"]]


def test_late_ones_first_then_those_behind_a_number(town, clock, olli, at_work, comes_in, drain_events, bowl):
    done = comes_in("cafe", name="Sofia", bun=1)
    ordering.ready(order_id=done.order_id, actor="person:staff", now=clock.now())
    ordering.hand_over(order_id=done.order_id, actor="person:staff", now=clock.now())
    drain_events()
    clock.advance(minutes=30)
    response = olli.get(LIST)
    assert [(line.order.name, line.wait) for line in response.context["urgent"]] == [("王思远", "18 min")]
    assert sorted(rows(response)) == ["Sofia", "王思远"]
    assert rows(olli.get(LIST, {"stage": "consumption"})) == ["Sofia"]
    assert rows(olli.get(LIST, {"stage": "feedback"})) == []
    clock.advance(days=3)
    later = at_work("operator", confirmed=True)
    assert rows(later.get(LIST)) == []
    assert len(rows(later.get(LIST, {"span": "week"}))) == 2


@pytest.mark.parametrize("what", ["number", "plain", "name", "email"])
def test_found_by_whatever_is_known(town, olli, bowl, what):
    said = {
        "number": bowl.number,
        "plain": bowl.number.replace("-", "").lower(),
        "name": "思远",
        "email": "ALEKSI@example.org",
    }[what]
    response = olli.get(LIST, {"q": said})
    assert [line.order.id for line in response.context["lines"]] == [bowl.order_id]


def test_nothing_found_says_what_to_try(town, olli):
    assert "An e-mail must be whole." in text_of(olli.get(LIST, {"q": "zzzz"}))


def test_the_orders_of_a_merchant_go_on(town, olli, comes_in, clock):
    for number in range(32):
        comes_in("noodles", name=f"Guest {number}", options=("youpo.mild",), youpo=1)
        clock.advance(seconds=1)
    merchant = str(town.merchants["noodles"])
    first = olli.get(LIST, {"merchant": merchant})
    assert (len(rows(first)), rows(first)[0]) == (30, "Guest 31")
    rest = olli.get(LIST + first.context["more_href"], headers={"HX-Request": "true"})
    assert rows(rest) == ["Guest 1", "Guest 0"]
    assert rows(olli.get(LIST, {"merchant": merchant, "state": "done"})) == []


def test_an_order_to_the_bottom(town, clock, olli, bowl, drain_events):
    ordering.accept(order_id=bowl.order_id, actor=f"person:{town.people['noodles']}", now=clock.now())
    drain_events()
    response = olli.get(reverse("console:city-order", args=[bowl.order_id]))
    text = text_of(response)
    for words in (
        "王思远", bowl.number, "Youpo Noodle House", "aleksi@example.org", "Who moved what", "placed → confirmed",
        "payment service sandbox", "requested → accepted", "Sale, paid through the payment service", "Commission",
        "€12.90", "ordering.order_confirmed", "See the payment", "up to €12.90",
    ):  # fmt: skip
        assert words in text, words
    # Read only: what a shop does is not offered here.
    assert "Hand over" not in text
    assert olli.get(reverse("console:city-order", args=[new_id()])).status_code == 404


def test_money_back_once_for_two_presses(town, olli, bowl):
    address = reverse("console:city-order-refund", args=[bowl.order_id])
    said = {"refund_id": str(new_id()), "amount": "2,90", "reason": "late", "note": "Sorry for the wait."}
    assert [olli.post(address, said).status_code for _ in range(2)] == [303, 303]
    assert [(one.amount_minor, one.reason, one.note) for one in paid.refunds_of(bowl.order_id)] == [
        (290, "late", "Sorry for the wait.")
    ]
    assert orders.summaries([bowl.order_id])[bowl.order_id].returned_minor == 290
    assert "up to €10.00" in text_of(olli.get(reverse("console:city-order", args=[bowl.order_id])))
    whole = olli.post(address, {"refund_id": str(new_id()), "amount": "", "reason": "goodwill"})
    assert whole.status_code == 303
    assert orders.summaries([bowl.order_id])[bowl.order_id].returned_minor == 1290


@pytest.mark.parametrize(
    ("fields", "status", "words"),
    [
        ({"amount": "abc", "reason": "late"}, 422, "Write an amount like 4.20."),
        ({"amount": "1.234", "reason": "late"}, 422, "Write an amount like 4.20."),
        ({"amount": "-4", "reason": "late"}, 422, "Write an amount like 4.20."),
        ({"amount": "NaN", "reason": "late"}, 422, "Write an amount like 4.20."),
        ({"amount": "4", "reason": "whim"}, 422, "Choose a reason."),
        ({"amount": "99", "reason": "late"}, 422, "Of this order €12.90 can still be given back."),
    ],
)
def test_a_wrong_refund_is_refused_and_kept_as_typed(town, olli, bowl, fields, status, words):
    response = olli.post(reverse("console:city-order-refund", args=[bowl.order_id]), fields)
    assert response.status_code == status
    assert words in text_of(response)
    assert f'value="{fields["amount"]}"' in response.content.decode()
    assert paid.refunds_of(bowl.order_id) == []


def test_a_parked_payment_goes_back_whole_and_once(town, clock, olli, unpaid):
    tell(unpaid.payment.id, clock.now(), amount_minor=100)
    assert "Payment parked" in text_of(olli.get("/console/city/"))
    page = reverse("console:city-payment", args=[unpaid.payment.id])
    text = text_of(olli.get(page))
    assert "Payment of €3.90" in text
    assert "Give €1.00 back" in text
    assert "the order was not confirmed" in text
    act = reverse("console:city-payment-return", args=[unpaid.payment.id])
    assert [olli.post(act, {"note": "Please pay again."}).status_code for _ in range(2)] == [303, 303]
    assert [one.amount_minor for one in paid.refunds_of(unpaid.order_id)] == [100]
    text = text_of(olli.get(page))
    assert "Give €1.00 back" not in text
    assert "Please pay again." in text


def test_a_silent_payment_is_asked_about(town, clock, olli, unpaid, monkeypatch, drain_events):
    drain_events()
    clock.advance(minutes=20)
    response = olli.get("/console/city/")
    assert [(one.title, one.act.words) for one in response.context["problems"]] == [
        ("Payment without an answer", "Ask the payment service")
    ]
    page = reverse("console:city-payment", args=[unpaid.payment.id])
    assert response.context["problems"][0].act.href == page
    act = reverse("console:city-payment-ask", args=[unpaid.payment.id])
    monkeypatch.setattr(payments, "fetch_state", lambda **_: None)
    assert "The payment service did not answer." in text_of(olli.post(act, follow=True))

    def captured(payment_id, now):
        state = GatewayState(payment_id, "sbx_1", "captured", 390, "EUR", 390)
        return Notice("sandbox", "fetch:1", "payment.captured", state)

    monkeypatch.setattr(payments, "fetch_state", captured)
    assert "The payment service says: paid." in text_of(olli.post(act, follow=True))
    assert orders.summaries([unpaid.order_id])[unpaid.order_id].state == "confirmed"


def test_a_failed_refund_is_sent_again(town, clock, olli, bowl):
    refund_id = new_id()
    ordering.refund(order_id=bowl.order_id, reason="late", actor="test", now=clock.now(), refund_id=refund_id)
    failed = {"ref": "r1", "id": str(refund_id), "amount_minor": 1290, "state": "failed"}
    tell(bowl.payment.id, clock.now(), refunds=[failed], event_id="evt_failed")
    assert paid.refund(refund_id).state == "failed"
    response = olli.get("/console/city/")
    problem = next(one for one in response.context["problems"] if one.key.startswith("refund:"))
    assert (problem.title, problem.act.words) == ("Refund has not arrived", "Look after the refund")
    page = reverse("console:city-payment", args=[bowl.payment.id])
    assert olli.get(problem.act.href)["Location"] == f"{page}#refund-{refund_id}"
    act = reverse("console:city-refund-again", args=[refund_id])
    assert [olli.post(act).status_code for _ in range(2)] == [303, 303]
    assert paid.refund(refund_id).state == "requested"
    assert paid.payment(bowl.payment.id).refunding_minor == 1290
