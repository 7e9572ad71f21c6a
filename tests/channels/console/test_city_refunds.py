"""A refund that the payment service refuses: seen by everybody, sent again or settled by hand, right in the books."""

from __future__ import annotations

import pytest
from django.urls import reverse

from paseo.capabilities.ledger import queries as ledger
from paseo.capabilities.ordering import operations as ordering
from paseo.capabilities.ordering import queries as orders
from paseo.capabilities.payments import operations as payments
from paseo.capabilities.payments import ports
from paseo.capabilities.payments import queries as paid
from paseo.capabilities.payments.refusals import GatewayRefused
from paseo.kernel import clock as the_clock
from paseo.platform.audit.checks import run_all
from tests.channels.console.conftest import text_of

CITY = "/console/city/"


@pytest.fixture
def olli(at_work):
    return at_work("operator", confirmed=True)


class Refusing:
    name = "sandbox"

    def refund(self, **_: object) -> object:
        raise GatewayRefused("the card's account is closed")


@pytest.fixture
def failed(town, comes_in, drain_events, monkeypatch):
    """An order that the shop refused, with money that does not go back."""
    bowl = comes_in("noodles", options=("youpo.mild",), youpo=1)
    ordering.cancel(order_id=bowl.order_id, by="shop", actor="system", now=the_clock.now(), reason="sold_out")
    drain_events()
    with monkeypatch.context() as patch:
        patch.setitem(ports._gateways, "sandbox", Refusing())
        payments.send_refunds(now=the_clock.now())
    drain_events()
    [refund] = paid.refunds_of(bowl.order_id)
    return bowl, refund


def settle(client, refund_id, **fields):
    return client.post(reverse("console:city-refund-settle", args=[refund_id]), fields, follow=True)


def silent() -> None:
    assert [one for one in run_all() if not one.check.startswith(("outbox.", "jobs."))] == []


def test_it_is_seen_and_settled_by_bank(town, olli, at_work, client, failed, drain_events):
    bowl, refund = failed
    silent()
    response = olli.get(CITY)
    [trouble] = response.context["problems"]
    assert (trouble.title, trouble.detail) == (
        "Refund has not arrived",
        "A refund of €12.90 has not arrived: the card's account is closed",
    )
    text = text_of(olli.get(trouble.act.href, follow=True))
    assert "the card&#x27;s account is closed" in text
    assert "Send it again" in text
    customer = text_of(client.get(f"/orders/{bowl.order_id}/?key={bowl.access_token}", follow=True))
    assert "The payment service did not take it. We look after it and write to you" in customer
    assert "by Mon" not in customer
    shop = text_of(at_work("operator", confirmed=True).get(reverse("console:city-order", args=[bowl.order_id])))
    assert "€12.90 to be given back, refused by the payment service" in shop
    assert "The payment service refused to give it back" in shop

    response = settle(olli, refund.id, how="", note="")
    assert response.status_code == 422
    text = text_of(response)
    assert "Say how the money went back." in text
    assert "Write the number or date of the transfer" in text
    assert paid.refund(refund.id).state == "failed"
    text = text_of(settle(olli, refund.id, how="bank", note="RF18 0001"))
    assert "€12.90 counts as given back." in text
    assert "We sent it by bank transfer." in text
    assert settle(olli, refund.id, how="gateway", note="again").status_code == 200, "twice is once"
    drain_events()
    assert (paid.refund(refund.id).state, paid.refund(refund.id).elsewhere) == ("done", "bank")
    assert ledger.balance(town.operator_id, "bank", "EUR").posted.minor == -1290
    assert olli.get(CITY).context["problems"] == []
    assert "It has arrived by bank transfer" in text_of(olli.get(reverse("console:city-order", args=[bowl.order_id])))
    customer = text_of(client.get(f"/orders/{bowl.order_id}/?key={bowl.access_token}", follow=True))
    assert "went back by bank transfer" in customer
    book = text_of(olli.get(reverse("console:audit")))
    assert "Wrote down that a refund went another way" in book
    assert "bank: RF18 0001" in book
    silent()


def test_it_is_sent_again(town, olli, failed, drain_events):
    bowl, refund = failed
    act = reverse("console:city-refund-again", args=[refund.id])
    assert "The refund is sent again." in text_of(olli.post(act, follow=True))
    assert olli.post(act).status_code == 303, "twice is once"
    drain_events()
    assert orders.order(bowl.order_id, system=True).refunds[0].state == "requested"
    assert paid.refund(refund.id).round == 1
    assert "not confirmed yet" in text_of(olli.get(reverse("console:city-order", args=[bowl.order_id])))
    silent()


def test_another_operator_and_a_stranger_settle_nothing(town, at_work, failed):
    _, refund = failed
    for who in ("owner", "cashier", "aino"):
        assert settle(at_work(who, confirmed=True), refund.id, how="bank", note="x").status_code == 403
    assert paid.refund(refund.id).state == "failed"
