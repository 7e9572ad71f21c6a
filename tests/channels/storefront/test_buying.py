"""Buying on the storefront: from a cart to a code, and everything that can go wrong on the way."""

from __future__ import annotations

import re
from datetime import datetime
from html import unescape
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from demo.town import Town
from paseo.capabilities.inventory import operations as inventory
from paseo.capabilities.inventory.values import Reason
from paseo.capabilities.journeys import queries as journeys
from paseo.capabilities.ordering import operations as ordering
from paseo.capabilities.ordering import queries as orders
from paseo.capabilities.pricing import operations as pricing
from paseo.kernel.clock import VirtualClock
from paseo.kernel.ids import new_id
from paseo.platform.db.unit import sql_count
from tests.channels.openapi.conftest import notice

PHONE = "Mozilla/5.0 (Linux; Android 16; Pixel 9) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36"


class Device:
    """A phone with its own cookies, walking by pages and forms."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.client = Client(HTTP_USER_AGENT=PHONE)

    def get(self, path: str, **more: Any) -> Any:
        return self.client.get(path, **more)

    def post(self, path: str, form: dict[str, Any] | None = None, **more: Any) -> Any:
        return self.client.post(path, form or {}, **more)

    def words(self, path: str, **more: Any) -> str:
        return text_of(self.get(path, **more))

    def put(self, offer: str, quantity: int = 1, options: dict[str, str] | None = None) -> None:
        """``offer`` such as grocer.jam, through the product's own page."""
        store = offer.partition(".")[0]
        path = f"/s/{self.town.slugs[store]}/{self.town.offers[offer]}/"
        page = self.get(path).content.decode()
        form: dict[str, Any] = {"quantity": quantity, "key": str(new_id())}
        form["seen"] = re.search(r'name="seen" value="(\d+)"', page)[1]  # type: ignore[index]
        for name, value in re.findall(r'type="radio" name="(group-[^"]+)" value="([^"]+)" checked', page):
            form[name] = value
        form |= options or {}
        answer = self.post(path, form)
        assert answer.status_code == 303, text_of(answer)

    def cart(self, store: str = "grocer") -> UUID:
        page = self.get(f"/s/{self.town.slugs[store]}/").content.decode()
        return UUID(re.search(r'href="/cart/([0-9a-f-]{36})/"', page)[1])  # type: ignore[index]

    def checkout(self, cart_id: UUID, **form: Any) -> Any:
        page = self.get(f"/checkout/{cart_id}/")
        agreed = re.search(r'name="agreed" value="(\d+)"', page.content.decode())[1]  # type: ignore[index]
        typed = {"email": "guest@example.com", "name": "Kim", "method": "sandbox", "mode": "pickup", "agreed": agreed}
        return self.post(f"/checkout/{cart_id}/", typed | form)

    def order(self, offer: str = "grocer.oat_drink", method: str = "sandbox", quantity: int = 1) -> orders.order:
        """A placed order, as it stands in the books."""
        self.put(offer, quantity)
        cart_id = self.cart(offer.partition(".")[0])
        answer = self.checkout(cart_id, method=method)
        assert answer.status_code == 303, text_of(answer)
        again = self.get(f"/cart/{cart_id}/")
        order_id = UUID(again["Location"].split("/")[2])
        return orders.order(order_id, system=True)


def text_of(answer: Any) -> str:
    """What a reader sees, in one line."""
    html = answer.content.decode()
    html = re.sub(r"<(script|style|svg)\b.*?</\1>", " ", html, flags=re.DOTALL)
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", html)))


@pytest.fixture
def phone(town: Town) -> Device:
    return Device(town)


def paid(order: Any, now: datetime) -> None:
    payment = order.payments[-1]
    body = {"id": str(payment.id), "amount_minor": payment.amount_minor, "currency": payment.currency}
    assert notice(body, now).content == b"captured"


# carts


def test_two_shops_are_two_carts_and_two_pickups(phone: Device) -> None:
    assert "Your cart is empty." in phone.words("/cart/")
    phone.put("grocer.jam")
    only = phone.get("/cart/")
    assert only["Location"] == f"/cart/{phone.cart('grocer')}/"
    phone.put("noodles.youpo")
    both = phone.words("/cart/")
    assert "2 shops are 2 orders and 2 pickups." in both
    assert "€6.95" in both
    assert "€12.90" in both
    one = phone.words(f"/cart/{phone.cart('grocer')}/")
    assert "One more pickup" in one
    assert "Youpo Noodle House" in one


def test_amounts_change_without_a_script(phone: Device) -> None:
    phone.put("grocer.oat_drink", 2)
    cart_id = phone.cart()
    page = phone.get(f"/cart/{cart_id}/").content.decode()
    line = re.search(rf"/cart/{cart_id}/lines/([0-9a-f-]+)/", page)[0]  # type: ignore[index]
    assert phone.post(line, {"quantity": 3})["Location"] == f"/cart/{cart_id}/"
    assert "€7.47" in phone.words(f"/cart/{cart_id}/")
    phone.post(line, {"quantity": 0})
    assert "Nothing in this order any more." in phone.words(f"/cart/{cart_id}/")


def test_the_cart_is_there_tomorrow_and_asks_about_a_new_price(phone: Device, town: Town, clock: VirtualClock) -> None:
    phone.put("grocer.oat_drink", 2)
    cart_id = phone.cart()
    prices = pricing.ensure_lists(store_id=town.stores["grocer"], now=clock.now())
    clock.advance(hours=20)
    pricing.set_prices(list_id=prices.id, amounts={town.variants["oat_drink"]: 269}, now=clock.now(), actor="test")
    clock.advance(seconds=10)
    page = phone.get(f"/cart/{cart_id}/")
    words = text_of(page)
    assert "before: €4.98 €5.38" in words
    assert "The shop raised this by €0.40 after you chose it. Nothing has been paid." in words
    assert "Answer the new price first" in words
    line = re.search(rf"/cart/{cart_id}/lines/([0-9a-f-]+)/", page.content.decode())[0]  # type: ignore[index]
    stale = phone.post(line, {"agree": "268"}, follow=True)
    assert "The price has moved once more. Look at it again." in text_of(stale)
    agreed = text_of(phone.post(line, {"agree": "269"}, follow=True))
    assert "before:" not in agreed
    assert "To the checkout €5.38" in agreed


def test_what_is_gone_says_so_and_offers_what_there_is(phone: Device, town: Town, now: datetime) -> None:
    phone.put("grocer.rye_bread", 3)
    cart_id = phone.cart()
    shelf = {"store_id": town.stores["grocer"], "variant_id": town.variants["rye_bread"]}
    inventory.count(**shelf, counted=2, reason=Reason.CORRECTION, now=now, actor="test")
    words = phone.words(f"/cart/{cart_id}/")
    assert "Of this, 2 are left." in words
    assert "Take the 2 there are" in words
    assert "Look at the marked lines first" in words
    refused = phone.checkout(cart_id)
    assert refused.status_code == 409
    assert "Of this, 2 are left." in text_of(refused)


def test_a_cart_is_nobody_elses(phone: Device, town: Town) -> None:
    phone.put("grocer.jam")
    cart_id = phone.cart()
    stranger = Device(town)
    assert stranger.get(f"/cart/{cart_id}/").status_code == 404
    stranger.put("grocer.oat_drink")
    assert stranger.get(f"/cart/{cart_id}/").status_code == 404
    assert stranger.get(f"/checkout/{cart_id}/").status_code == 404
    assert stranger.post(f"/cart/{cart_id}/tickets/", {"act": f"use:{new_id()}"}).status_code == 404


def test_a_ticket_says_what_it_does_or_what_is_missing(phone: Device, town: Town) -> None:
    phone.put("noodles.youpo")
    cart_id = phone.cart("noodles")
    assert "€3 off your noodles" in phone.words(f"/cart/{cart_id}/")
    phone.post(f"/cart/{cart_id}/tickets/", {"act": f"take:{town.coupon_id}"})
    words = phone.words(f"/cart/{cart_id}/")
    assert "This ticket applies from €15.00." in words
    assert "€2.10 more and it applies." in words
    assert "To the checkout €12.90" in words
    phone.put("noodles.liangpi")
    words = phone.words(f"/cart/{cart_id}/")
    assert "Ticket “€3 off your noodles”, paid by Youpo Noodle House −€3.00" in words
    assert "This ticket takes €3.00 off." in words
    assert "To the checkout €19.70" in words
    twice = phone.post(f"/cart/{cart_id}/tickets/", {"act": f"take:{town.coupon_id}"}, follow=True)
    assert text_of(twice).count("€3 off your noodles") == 3
    voucher = re.search(r'value="drop:([^"]+)"', twice.content.decode())[1]  # type: ignore[index]
    phone.post(f"/cart/{cart_id}/tickets/", {"act": f"drop:{voucher}"})
    assert "To the checkout €22.70" in phone.words(f"/cart/{cart_id}/")


def test_the_cart_asks_the_database_little(phone: Device, town: Town) -> None:
    phone.put("noodles.youpo")
    phone.put("noodles.liangpi")
    cart_id = phone.cart("noodles")
    phone.post(f"/cart/{cart_id}/tickets/", {"act": f"take:{town.coupon_id}"})
    phone.get(f"/cart/{cart_id}/")
    with sql_count() as count:
        phone.get(f"/cart/{cart_id}/")
    assert count.count <= 14, "\n".join(s[:160] for s in count.all)


# checkout


def test_a_guest_orders_with_an_e_mail_only(phone: Device, now: datetime) -> None:
    phone.put("grocer.jam")
    cart_id = phone.cart()
    page = phone.words(f"/checkout/{cart_id}/")
    assert "You need no account." in page
    assert "Pay" in page
    assert "€6.95" in page
    nothing = phone.checkout(cart_id, email="")
    assert nothing.status_code == 422
    assert "Type your e-mail address: the order and its code are sent there." in text_of(nothing)
    wrong = phone.checkout(cart_id, email="kim@")
    assert "This is no e-mail address." in text_of(wrong)
    assert 'value="kim@"' in wrong.content.decode()
    sent = phone.checkout(cart_id)
    assert sent.status_code == 303
    assert sent["Location"].startswith("http://localhost:8001/pay?")
    assert sent["Cache-Control"] == "no-store"


def test_sent_twice_it_is_one_order_and_one_payment(phone: Device) -> None:
    phone.put("grocer.jam")
    cart_id = phone.cart()
    first = phone.post(f"/checkout/{cart_id}/", {"email": "a@example.com", "method": "sandbox", "agreed": 695})
    second = phone.post(f"/checkout/{cart_id}/", {"email": "a@example.com", "method": "sandbox", "agreed": 695})
    assert first.status_code == second.status_code == 303
    assert first["Location"] == second["Location"]
    assert len(orders.orders_of_buyer(_buyer(phone))) == 1
    cash = {"email": "a@example.com", "method": "cash", "agreed": 695}
    other_way = phone.post(f"/checkout/{cart_id}/", cash, follow=True)
    assert "This cart was ordered already, as P-" in text_of(other_way)
    back_button = phone.get(f"/checkout/{cart_id}/", follow=True)
    assert "Nothing was ordered or charged a second time." in text_of(back_button)
    assert len(orders.orders_of_buyer(_buyer(phone))[0:]) == 1


def _buyer(phone: Device) -> Any:
    from paseo.channels.storefront.context import buyer_of

    request = phone.get("/orders/").wsgi_request
    return buyer_of(request)


def test_a_stale_total_is_asked_about_not_charged(phone: Device) -> None:
    phone.put("grocer.jam")
    cart_id = phone.cart()
    form = {"email": "a@example.com", "name": "Kim", "method": "cash", "agreed": 600}
    moved = phone.post(f"/checkout/{cart_id}/", form)
    assert moved.status_code == 409
    words = text_of(moved)
    assert "The total moved by €0.95: it is €6.95 now." in words
    assert 'value="Kim"' in moved.content.decode()
    assert 'name="agreed" value="695"' in moved.content.decode()
    assert orders.orders_of_buyer(_buyer(phone)) == []


def test_a_ticket_laid_at_the_checkout_keeps_what_was_typed(phone: Device, town: Town) -> None:
    phone.put("noodles.youpo")
    phone.put("noodles.liangpi")
    cart_id = phone.cart("noodles")
    typed = {"email": "kim@exam", "name": "Kim", "method": "cash", "agreed": "2270", "mode": "pickup"}
    page = phone.post(f"/checkout/{cart_id}/", typed | {"act": f"take:{town.coupon_id}"})
    html = page.content.decode()
    assert page.status_code == 200
    assert 'value="kim@exam"' in html
    assert 'value="cash" checked' in html
    assert 'name="agreed" value="1970"' in html
    assert "no e-mail address" not in html


def test_only_times_that_the_shop_keeps_are_offered(phone: Device) -> None:
    phone.put("kluuvi.filter")
    page = phone.get(f"/checkout/{phone.cart('kluuvi')}/").content.decode()
    assert "As soon as it is ready, about 12:" in page
    assert re.findall(r'<option value="20[^"]+">([^<]+)<', page) == ["12:15"]
    too_late = phone.checkout(phone.cart("kluuvi"), wanted_at="2026-05-13T11:00:00+00:00")
    assert too_late.status_code == 422
    assert "The shop is closed at 14:00." in text_of(too_late)


# paying


def test_back_from_the_gateway_waits_for_its_word(phone: Device, town: Town, now: datetime) -> None:
    order = phone.order()
    waiting = phone.get(f"/pay/{order.id}/back/?outcome=captured")
    assert waiting.status_code == 200
    assert "The payment page has not told us yet how it went." in text_of(waiting)
    assert "Paid" not in text_of(waiting)
    assert "This is another browser" in text_of(Device(town).get(f"/pay/{order.id}/back/"))
    paid(order, now)
    known = phone.get(f"/pay/{order.id}/back/")
    assert known["Location"] == f"/orders/{order.id}/?new"
    live = phone.get(f"/pay/{order.id}/back/", headers={"HX-Request": "true"})
    assert live["HX-Redirect"] == f"/orders/{order.id}/"
    page = phone.get(f"/orders/{order.id}/")
    code = orders.order(order.id, system=True).code
    assert f"{code[:4]} {code[4:8]} {code[8:]}" in text_of(page)
    assert "Paid €2.49" in text_of(page)
    assert "no-store" not in page["Cache-Control"], "the service worker keeps it for the counter"


def test_declined_is_told_and_tried_again(phone: Device, now: datetime) -> None:
    order = phone.order("grocer.jam")
    payment = order.payments[0]
    body = {"id": str(payment.id), "amount_minor": 695, "currency": "EUR"}
    assert notice(body, now, state="declined").content == b"declined"
    assert phone.get(f"/pay/{order.id}/back/")["Location"] == f"/orders/{order.id}/"
    words = phone.words(f"/orders/{order.id}/")
    assert "Your bank declined the card." in words
    assert "Nothing was taken; your things are kept until 12:15." in words
    assert "Refused: Card declined" in words
    first = phone.post(f"/orders/{order.id}/pay/", {"method": "sandbox"})
    second = phone.post(f"/orders/{order.id}/pay/", {"method": "sandbox"})
    assert first["Location"] == second["Location"]
    assert first["Location"].startswith("http://localhost:8001/pay?")
    paid(orders.order(order.id, system=True), now)
    done = phone.words(f"/orders/{order.id}/")
    assert "Refused: Card declined" in done
    assert "Paid €6.95" in done
    late = phone.post(f"/orders/{order.id}/pay/", {"method": "sandbox"}, follow=True)
    assert "This order is paid already. Nothing was taken a second time." in text_of(late)


def test_from_declined_to_cash(phone: Device, now: datetime) -> None:
    order = phone.order()
    payment = order.payments[0]
    notice({"id": str(payment.id), "amount_minor": 249, "currency": "EUR"}, now, state="declined")
    phone.post(f"/orders/{order.id}/pay/", {"method": "cash"})
    words = phone.words(f"/orders/{order.id}/")
    assert "To pay at the counter €2.49" in words
    assert "Pay €2.49 and show the code." in words


def test_time_ran_out(phone: Device, clock: VirtualClock) -> None:
    order = phone.order()
    clock.advance(minutes=16)
    words = phone.words(f"/orders/{order.id}/")
    assert "This order was not paid in time." in words
    assert "What was kept for you until 12:15 is free again." in words
    too_late = phone.post(f"/orders/{order.id}/pay/", {"method": "sandbox"}, follow=True)
    assert "This order is over, so it cannot be paid." in text_of(too_late)


def test_paid_too_late_the_money_is_on_its_way_back(phone: Device, town: Town, clock: VirtualClock) -> None:
    order = phone.order("grocer.jam")
    clock.advance(minutes=16)
    ordering.expire_due(now=clock.now())
    other = Device(town)
    other.order("grocer.jam", method="cash")
    paid_late = order.payments[0]
    body = {"id": str(paid_late.id), "amount_minor": 695, "currency": "EUR"}
    notice(body, clock.now())
    words = phone.words(f"/orders/{order.id}/")
    assert "Your payment came after the time was over, and the things were gone." in words
    assert "€6.95 is on its way back to where it came from, there by" in words
    assert "Show the code" not in words


def test_a_filled_cart_is_a_contact_once(phone: Device, town: Town) -> None:
    phone.put("grocer.jam")
    cart_id = phone.cart()
    for _ in range(2):
        phone.get(f"/cart/{cart_id}/")
    visitor_id = _buyer(phone).visitor_id
    found = [one for one in journeys.path(visitor_id=visitor_id) if one.kind == "cart"]
    assert [(one.merchant_id, one.store_id, one.subject_id) for one in found] == [
        (town.merchants["grocer"], town.stores["grocer"], cart_id)
    ]


# the order's page


def test_a_strangers_order_is_not_there(phone: Device, town: Town, now: datetime) -> None:
    order = phone.order(method="cash")
    stranger = Device(town)
    for path in ("", "cancel/", "review/"):
        assert stranger.get(f"/orders/{order.id}/{path}").status_code == 404
    for path in ("pay/", "here/", "again/", "cancel/"):
        assert stranger.post(f"/orders/{order.id}/{path}").status_code == 404
    assert stranger.get(f"/orders/{order.summary.number}/").status_code == 404
    assert stranger.get(f"/orders/{order.id}/?key=wrong").status_code == 404
    assert phone.get(f"/orders/{order.summary.number}/")["Location"] == f"/orders/{order.id}/"


def test_the_link_of_the_mail_opens_it_without_staying_in_the_address(phone: Device, town: Town) -> None:
    order = phone.order(method="cash")
    laptop = Device(town)
    opened = laptop.get(f"/orders/{order.id}/?key={orders.access_key(order.id)}")
    assert opened.status_code == 303
    assert opened["Location"] == f"/orders/{order.id}/"
    assert opened["Referrer-Policy"] == "no-referrer"
    assert orders.access_key(order.id) not in str(opened.cookies["paseo_orders"])
    assert "Show the code" in laptop.words(f"/orders/{order.id}/")
    assert "Tähti Corner Shop" in laptop.words("/orders/")


def test_the_order_page_asks_the_database_little(phone: Device, now: datetime) -> None:
    order = phone.order()
    paid(order, now)
    phone.get(f"/orders/{order.id}/")
    with sql_count() as count:
        phone.get(f"/orders/{order.id}/")
    assert count.count <= 16, count.all


def test_cancelled_before_preparation_the_money_goes_back(phone: Device, now: datetime) -> None:
    order = phone.order("noodles.youpo")
    paid(order, now)
    ask = phone.words(f"/orders/{order.id}/cancel/")
    assert "€12.90 goes back to where it came from." in ask
    done = phone.post(f"/orders/{order.id}/cancel/", follow=True)
    words = text_of(done)
    assert "You cancelled this order." in words
    assert words.count("€12.90 is on its way back to where it came from") == 1
    assert "at the latest" in words
    assert "Given back −€12.90" in words
    assert "Paid in the end €0.00" in words
    again = phone.post(f"/orders/{order.id}/cancel/")
    assert again["Location"] == f"/orders/{order.id}/"
    assert len(orders.order(order.id, system=True).refunds) == 1


def test_once_it_is_made_only_the_shop_can_cancel(phone: Device, now: datetime) -> None:
    order = phone.order("noodles.youpo", method="cash")
    ordering.start(order_id=order.id, actor="test", now=now)
    words = phone.words(f"/orders/{order.id}/")
    assert "The shop is preparing it; only the shop can cancel it now." in words
    assert "Now: In preparation" in words
    assert "The shop is preparing your order already." in phone.words(f"/orders/{order.id}/cancel/")
    assert phone.post(f"/orders/{order.id}/cancel/").status_code == 409


def test_the_shop_asks_and_the_buyer_answers_in_place(phone: Device, town: Town, now: datetime) -> None:
    order = phone.order("noodles.youpo")
    paid(order, now)
    change = ordering.propose_later(order_id=order.id, minutes=20, actor="test", now=now)
    words = phone.words(f"/orders/{order.id}/")
    assert "Youpo Noodle House needs until 12:" in words
    assert "Without an answer by 12:10 the later time counts." in words
    assert "Cancel, €12.90 back" in words
    assert Device(town).post(f"/orders/{order.id}/changes/{change.id}/", {"agree": "1"}).status_code == 404
    assert phone.post(f"/orders/{order.id}/changes/{new_id()}/", {"agree": "1"}).status_code == 404
    phone.post(f"/orders/{order.id}/changes/{change.id}/", {"agree": "1"})
    assert orders.order(order.id, system=True).open_changes == ()
    again = phone.post(f"/orders/{order.id}/changes/{change.id}/", {"agree": "1"})
    assert again.status_code == 303
    other = phone.post(f"/orders/{order.id}/changes/{change.id}/", {"agree": "0"})
    assert other.status_code == 409


def test_i_am_here(phone: Device, clock: VirtualClock) -> None:
    order = phone.order(method="cash")
    assert "I am here" in phone.words(f"/orders/{order.id}/")
    said = phone.post(f"/orders/{order.id}/here/", follow=True)
    assert "The shop knows since 12:00 that you are here." in text_of(said)
    clock.advance(minutes=3)
    again = phone.post(f"/orders/{order.id}/here/", follow=True)
    assert "since 12:00" in text_of(again)


def test_the_same_again_names_what_is_gone(phone: Device, town: Town, now: datetime) -> None:
    from paseo.capabilities.catalog import operations as catalog
    from paseo.capabilities.catalog.values import Listing

    phone.put("grocer.oat_drink", 2)
    order = phone.order("grocer.jam", method="cash")
    ordering.hand_over(order_id=order.id, actor="test", now=now, cash_taken=True)
    catalog.set_assortment(
        merchant_id=town.merchants["grocer"],
        store_id=town.stores["grocer"],
        listings=[Listing(town.variants["oat_drink"], {})],
        now=now,
        actor="test",
    )
    key = str(new_id())
    first = phone.post(f"/orders/{order.id}/again/", {"key": key})
    second = phone.post(f"/orders/{order.id}/again/", {"key": key})
    assert first["Location"] == second["Location"]
    words = text_of(phone.get(first["Location"]))
    assert "No longer offered, so not in the cart: Cloudberry jam." in words
    assert "To the checkout €4.98" in words


def test_three_languages(phone: Device, now: datetime) -> None:
    order = phone.order("noodles.youpo", method="cash")
    for language, expected in (
        ("zh-hans", ("等待店家答复", "油泼面")),
        ("es", ("Esperando a la tienda", "Fideos youpo")),
    ):
        phone.client.cookies["paseo_language"] = language
        words = phone.words(f"/orders/{order.id}/")
        for one in expected:
            assert one in words


@pytest.mark.parametrize("path", ["/cart/", "/orders/", "/tickets/", "/me/", "/about/privacy/", "/me/consents/"])
def test_a_stranger_is_shown_empty_pages_without_a_cookie(client: Client, town: Town, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 200
    assert "paseo_visitor" not in answer.cookies
