"""A merchant is suspended: its customers are told, its orders end well, its money is right; and it comes back."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.urls import reverse

from paseo.capabilities.directory import queries as places
from paseo.capabilities.ledger import queries as ledger
from paseo.capabilities.ordering import operations as ordering
from paseo.capabilities.ordering import queries as orders
from paseo.capabilities.ordering.values import Buyer, WantedLine
from paseo.capabilities.payments import operations as payments
from paseo.capabilities.payments import ports
from paseo.capabilities.payments import queries as paid
from paseo.capabilities.payments.values import RefundState
from paseo.kernel import clock as the_clock
from paseo.kernel.ids import new_id
from paseo.platform.audit import queries as audit
from paseo.platform.audit.checks import run_all
from paseo.platform.notices.models import Delivery
from paseo.platform.notices.rendering import words
from paseo.platform.tenancy.values import Scope
from tests.capabilities.cafe import tell
from tests.channels.console.conftest import text_of

REASON = "Three complaints about the kitchen."


@pytest.fixture
def olli(at_work):
    return at_work("operator", confirmed=True)


@pytest.fixture
def merchant(town):
    return town.merchants["noodles"]


@pytest.fixture
def unpaid(town, now):
    """Somebody at the payment page."""
    buyer = Buyer(visitor_id=new_id())
    line = WantedLine(town.offers["noodles.youpo"], 1, (town.options["youpo.mild"],))
    cart = ordering.put_cart(cart_id=new_id(), store_id=town.stores["noodles"], buyer=buyer, lines=[line], now=now)
    total = orders.quote_cart(cart.id, buyer=buyer, now=now).total_minor
    return ordering.place(
        cart_id=cart.id, buyer=buyer, agreed_total_minor=total, method="sandbox", email="kaisa@example.org",
        name="Kaisa", now=now,
    )  # fmt: skip


def act(client, merchant_id, name, **fields):
    return client.post(reverse("console:city-merchant-act", args=[merchant_id, name]), fields, follow=True)


def page(client, merchant_id) -> str:
    return text_of(client.get(reverse("console:city-merchant", args=[merchant_id])))


def state(order_id) -> str:
    return orders.order(order_id, system=True).summary.state


def told(order_id, language="en") -> list[str]:
    """What this order's buyer was written."""
    rows = Delivery.objects.filter(notice__subject=f"order:{order_id}").select_related("notice").order_by("id")
    return [words(row.notice.kind, row.notice.params, language).subject for row in rows]


def silent() -> None:
    assert [one for one in run_all() if not one.check.startswith(("outbox.", "jobs."))] == []


def everything_goes_back(monkeypatch, drain_events) -> None:
    class Willing:
        name = "sandbox"

        def refund(self, *, payment_id: UUID, refund_id: UUID, amount_minor: int, currency: str) -> RefundState:
            return RefundState(f"sbr_{refund_id.hex[:8]}", refund_id, amount_minor, "done")

    with monkeypatch.context() as patch:
        patch.setitem(ports._gateways, "sandbox", Willing())
        payments.send_refunds(now=the_clock.now())
    drain_events()


def owed(merchant_id) -> int:
    return ledger.balance(merchant_id, "merchant_payable", "EUR").posted.minor


@pytest.mark.covers("S10", part="an operator suspends a merchant: orders in hand finished, buyers told, money right")
def test_orders_in_hand_are_finished(town, clock, olli, client, merchant, comes_in, unpaid, drain_events):
    bowl = comes_in("noodles", options=("youpo.mild",), youpo=1)
    drain_events()
    before = owed(merchant)
    assert "The 1 order in hand" in page(olli, merchant)
    text = text_of(act(olli, merchant, "suspend", reason=REASON, orders="finish"))
    assert "what is in hand is still made, and its buyers read so." in text
    assert act(olli, merchant, "suspend", reason=REASON, orders="finish").status_code == 200, "twice is once"
    drain_events()

    assert told(bowl.order_id)[-1] == "Youpo Noodle House takes no new orders for now; yours is still made"
    assert told(bowl.order_id, "zh-hans")[-1] == "油泼面馆 暂停接单，您的订单照常制作"
    assert REASON not in str(list(Delivery.objects.values_list("notice__params", flat=True)))
    assert state(unpaid.order_id) == "cancelled", "who has not paid is not asked to"
    assert told(unpaid.order_id) == ["Youpo Noodle House cannot make your order " + unpaid.number]
    assert client.get(f"/s/{town.slugs['noodles']}/").status_code == 404
    text = page(olli, merchant)
    assert "1 order is still in hand." in text
    assert REASON in text
    silent()

    # The money of somebody who pays in that very moment goes back by itself.
    tell(unpaid.payment.id, clock.now())
    drain_events()
    assert [one.reason for one in paid.refunds_of(unpaid.order_id)] == ["order_over"]
    silent()

    ordering.ready(order_id=bowl.order_id, actor="system", now=clock.now())
    ordering.hand_over(order_id=bowl.order_id, actor="system", now=clock.now())
    drain_events()
    assert state(bowl.order_id) == "completed"
    assert owed(merchant) == before, "what was sold is owed"
    silent()

    assert "Its lights are on again." in text_of(act(olli, merchant, "resume"))
    assert places.merchant(merchant).state == "live"
    assert places.merchant(merchant).reason == ""
    assert client.get(f"/s/{town.slugs['noodles']}/").status_code == 200
    again = comes_in("noodles", options=("youpo.mild",), youpo=1)
    assert state(again.order_id) == "confirmed"
    silent()

    deeds = audit.entries(Scope.of(town.operator_id, "audit.see", kind="operator"), action="merchant.").entries
    assert [(one.action, one.why, one.tenant_id) for one in deeds] == [
        ("merchant.resume", "", merchant),
        ("merchant.suspend", REASON, merchant),
    ]


def test_or_taken_back_and_paid_back(town, clock, olli, merchant, comes_in, drain_events, monkeypatch):
    bowl = comes_in("noodles", options=("youpo.mild",), youpo=1)
    cash = comes_in("noodles", options=("youpo.mild",), youpo=1, method="cash")
    cooking = comes_in("noodles", options=("youpo.mild",), youpo=2)
    ordering.start(order_id=cooking.order_id, actor="system", now=clock.now())
    elsewhere = comes_in("cafe", name="Sofia", bun=1)
    drain_events()
    text = text_of(act(olli, merchant, "suspend", reason=REASON, orders="cancel"))
    assert "what is in hand is taken back and paid back, and its buyers read so." in text
    drain_events()
    assert {state(one.order_id) for one in (bowl, cash, cooking)} == {"cancelled"}
    assert state(elsewhere.order_id) == "confirmed", "another merchant's order is not touched"
    assert set(told(bowl.order_id)[-2:]) == {
        f"Youpo Noodle House cannot make your order {bowl.number}",
        "€12.90 is on its way back to you",
    }
    assert told(cash.order_id)[-1] == f"Youpo Noodle House cannot make your order {cash.number}"
    assert owed(merchant) == 0
    silent()
    everything_goes_back(monkeypatch, drain_events)
    assert [one.state for one in paid.refunds_of(cooking.order_id)] == ["done"]
    assert ledger.balance(town.operator_id, "refunds_due", "EUR").posted.minor == 0
    silent()
    text = text_of(olli.get(reverse("console:city-order", args=[bowl.order_id])))
    assert "The operator has suspended the shop." in text
    assert "It has arrived" in text
    assert "Nothing is in hand" not in page(olli, merchant)


def test_first_finished_then_taken_back_after_all(town, olli, merchant, comes_in, drain_events):
    bowl = comes_in("noodles", options=("youpo.mild",), youpo=1)
    assert act(olli, merchant, "take-back").status_code == 404, "only a suspended merchant's"
    act(olli, merchant, "suspend", reason=REASON, orders="finish")
    drain_events()
    assert "Take it back and pay it back" in page(olli, merchant)
    text = text_of(act(olli, merchant, "take-back"))
    assert "The orders in hand are taken back, and their money goes back." in text
    assert "still in hand" not in text
    drain_events()
    assert state(bowl.order_id) == "cancelled"
    silent()


def test_closing_for_good_takes_everything_back(town, olli, merchant, comes_in, drain_events):
    bowl = comes_in("noodles", options=("youpo.mild",), youpo=1)
    assert "1 order in hand is taken back and paid back, and its buyer is told." in page(olli, merchant)
    assert "Closed for good." in text_of(act(olli, merchant, "close", reason="Bankrupt", sure="1"))
    drain_events()
    assert state(bowl.order_id) == "cancelled"
    assert owed(merchant) == 0
    silent()


def test_a_wish_that_is_none_is_refused_and_what_was_typed_stays(town, olli, merchant, comes_in):
    comes_in("noodles", options=("youpo.mild",), youpo=1)
    response = act(olli, merchant, "suspend", reason=" ", orders="cancel")
    assert response.status_code == 422
    assert "Write the reason, the merchant will read it." in text_of(response)
    assert 'value="cancel" checked' in response.content.decode()
    assert act(olli, merchant, "suspend", reason="x", orders="burn").status_code == 422
    assert places.merchant(merchant).state == "live"
