"""The page of webhooks: name an address, see what was sent and answered, send it again."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from demo.town import Town
from paseo.kernel import clock
from paseo.platform.webhooks import sending
from paseo.platform.webhooks.models import Endpoint, Message
from paseo.platform.webhooks.values import Outcome
from tests.channels.console.conftest import text_of
from tests.platform.webhooks.conftest import Receiver

URL = "https://till.example/paseo"


@pytest.fixture
def add(at_work: Callable[..., Client], town: Town) -> Callable[..., Any]:
    """The owner of the café fills in the form; the answer."""

    def send(client: Client | None = None, **said: Any) -> Any:
        browser = client or at_work("owner", confirmed=True)
        form = {"name": "Till", "url": URL, "types": ["ordering.*"], "form_id": "one", **said}
        return browser.post(reverse("console:webhooks", args=[town.merchants["cafe"]]), form)

    return send


def secret_in(answer: Any) -> str:
    found = re.search(r'<code id="the-secret">(whsec_[^<]+)</code>', answer.content.decode())
    return found[1] if found else ""


@pytest.mark.covers("O3", part="a shop names webhooks, sees every delivery and its answer, and sends it again")
def test_from_the_form_to_the_answer_and_again(
    add: Any, at_work: Callable[..., Client], town: Town, comes_in: Any, drain_events: Callable[[], int]
) -> None:
    owner, tenant = at_work("owner", confirmed=True), town.merchants["cafe"]
    page = add(owner)
    assert page.status_code == 200 and secret_in(page)
    endpoint = Endpoint.objects.get()
    listing = owner.get(reverse("console:webhooks", args=[tenant])).content.decode()
    assert URL in listing and "whsec_" not in listing

    receiver = Receiver([Outcome(500, "<script>alert(1)</script>")])
    placed = comes_in("cafe", bun=1)
    drain_events()
    sending.run(send=receiver, wide=1)
    where = reverse("console:webhook", args=[tenant, endpoint.id])
    seen = text_of(owner.get(where))
    assert "ordering.order_placed" in seen and "500" in seen
    assert "&lt;script&gt;alert(1)" in seen and "<script>alert(1)" not in seen
    assert f"order:{placed.order_id}" in seen
    assert "aleksi@example.org" not in seen

    message = Message.objects.exclude(tries=0).get()
    Message.objects.filter(pk=message.pk).update(state="dead")
    page = owner.get(where, {"state": "dead"})
    assert "ordering.order_placed" in text_of(page) and "Send 1 again" in text_of(page)
    assert owner.post(reverse("console:webhook-act", args=[tenant, endpoint.id, "again"])).status_code == 303
    assert owner.post(reverse("console:webhook-again", args=[tenant, endpoint.id, message.id])).status_code == 303
    sending.run(send=receiver, wide=1)
    assert receiver.got[0] == str(message.event_id)
    assert not Message.objects.exclude(state="delivered").exists()

    owner.post(reverse("console:webhook-act", args=[tenant, endpoint.id, "ping"]))
    drain_events()
    sending.run(send=receiver, wide=1)
    assert "webhooks.endpoint_pinged" in text_of(owner.get(where))


def test_the_same_form_twice_is_one_webhook(add: Any) -> None:
    assert secret_in(add())
    again = add()
    assert again.status_code == 303
    assert Endpoint.objects.count() == 1


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        ({"url": "http://till.example/"}, "Give a public address that begins with https://"),
        ({"url": "https://127.0.0.1/"}, "Give a public address that begins with https://"),
        ({"types": []}, "This field is required."),
        ({"types": ["consent.*"]}, "Select a valid choice."),
        ({"name": ""}, "This field is required."),
    ],
)
def test_what_does_not_fit_is_said_beside_its_field(add: Any, said: dict[str, Any], problem: str) -> None:
    answer = add(**said)
    assert answer.status_code == 422
    assert problem in text_of(answer)
    assert not Endpoint.objects.exists()


def test_a_new_secret_is_shown_once_and_the_rest_of_the_life(add: Any, at_work: Callable[..., Client], town: Town) -> None:  # fmt: skip
    owner, tenant = at_work("owner", confirmed=True), town.merchants["cafe"]
    first = secret_in(add(owner))
    endpoint = Endpoint.objects.get()

    def press(act: str) -> Any:
        return owner.post(reverse("console:webhook-act", args=[tenant, endpoint.id, act]))

    fresh = secret_in(press("rotate"))
    assert fresh and fresh != first
    where = reverse("console:webhook", args=[tenant, endpoint.id])
    page = text_of(owner.get(where))
    assert "whsec_" not in page and "still signs beside the new one until" in page
    assert press("off").status_code == 303
    assert "switched off" in text_of(owner.get(where))
    assert press("ping").status_code == 409
    assert press("on").status_code == 303
    changed = owner.post(
        where, {"name": "Books", "url": "https://books.example/", "types": ["payments.payment_captured"]}
    )
    assert changed.status_code == 303
    row = Endpoint.objects.get()
    assert (row.name, row.url, row.types) == ("Books", "https://books.example/", ["payments.payment_captured"])
    assert owner.post(where, {"name": "Books", "url": "https://10.0.0.1/", "types": ["care.*"]}).status_code == 422
    assert press("nonsense").status_code == 404
    assert press("remove").status_code == 303
    assert owner.get(where).status_code == 404


def test_money_events_ask_for_the_second_factor(add: Any, at_work: Callable[..., Client]) -> None:
    answer = add(at_work("owner"), types=["payments.*"])
    assert answer.status_code == 302 and "second-factor" in answer["Location"]


def test_who_may_not_make_keys_sees_no_webhooks(at_work: Callable[..., Client], town: Town) -> None:
    assert at_work("cashier").get(reverse("console:webhooks", args=[town.merchants["cafe"]])).status_code == 403


def test_the_operator_hears_of_all_its_merchants(
    at_work: Callable[..., Client], town: Town, comes_in: Any, drain_events: Callable[[], int]
) -> None:
    operator = at_work("operator", confirmed=True)
    form = {"name": "City", "url": "https://city.example/", "types": ["ordering.order_confirmed"], "form_id": "one"}
    assert secret_in(operator.post(reverse("console:city-webhooks"), form))
    endpoint = Endpoint.objects.get()
    for store in ("cafe", "noodles"):
        comes_in(store, **({"bun": 1} if store == "cafe" else {"liangpi": 1}))
    drain_events()
    receiver = Receiver()
    sending.run(send=receiver, wide=1)
    merchants = {re.search(rb'"merchant":"([^"]+)"', post.body)[1].decode() for post in receiver.seen}  # type: ignore[index]
    assert merchants == {str(town.merchants["cafe"]), str(town.merchants["noodles"])}
    page = operator.get(reverse("console:city-webhook", args=[endpoint.id]))
    assert page.status_code == 200 and "ordering.order_confirmed" in text_of(page)
    assert "Tell programs what happens" in text_of(operator.get(reverse("console:events")))
    assert clock.now()


@pytest.mark.parametrize(("language", "title"), [("zh-hans", "Webhook"), ("es", "Webhooks")])
def test_in_the_readers_language(add: Any, at_work: Callable[..., Client], town: Town, language: str, title: str) -> None:  # fmt: skip
    owner = at_work("owner", confirmed=True, language=language)
    add(owner)
    page = owner.get(reverse("console:webhooks", args=[town.merchants["cafe"]])).content.decode()
    assert f"<title>{title} · Paseo</title>" in page
    assert "Add the webhook" not in page
