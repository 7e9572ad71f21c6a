"""What a person has here: tickets, reviews, what they agreed to, their data, and what follows them at sign-in."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from PIL import Image

from demo.town import EMAILS, PASSWORDS, Town
from paseo.capabilities.care import queries as care
from paseo.capabilities.journeys import queries as journeys
from paseo.capabilities.ordering import operations as ordering
from paseo.capabilities.ordering import queries as orders
from paseo.capabilities.vouchers import queries as vouchers
from paseo.platform.consent import queries as consent
from tests.channels.storefront.test_buying import Device, paid, phone, text_of

__all__ = ["phone"]


def sign_in(device: Device, key: str, **form: Any) -> None:
    answer = device.post("/sign-in/password/", {"email": EMAILS[key], "password": PASSWORDS[key], **form})
    assert answer.status_code == 302, text_of(answer)


@pytest.fixture
def fetched(phone: Device, now: datetime, drain_events: Callable[[], int]) -> Any:
    """An order of two things that was handed over."""
    phone.put("cafe.bun")
    phone.put("cafe.filter")
    cart_id = phone.cart("cafe")
    phone.checkout(cart_id, method="cash")
    order_id = phone.get(f"/cart/{cart_id}/")["Location"].split("/")[2]
    ordering.hand_over(order_id=order_id, actor="test", now=now, cash_taken=True)
    drain_events()
    return orders.order(order_id, system=True)


def photo() -> io.BytesIO:
    file = io.BytesIO()
    Image.new("RGB", (640, 480), (180, 90, 40)).save(file, "JPEG")
    file.name = "bun.jpg"
    file.seek(0)
    return file


# reviews


def test_before_it_is_handed_over_there_is_nothing_to_review(phone: Device) -> None:
    order = phone.order(method="cash")
    assert phone.get(f"/orders/{order.id}/review/").status_code == 404


def test_one_review_with_parts_marks_and_a_photo_then_changed(phone: Device, town: Town, fetched: Any) -> None:
    assert "Say how it was" in phone.words(f"/orders/{fetched.id}/")
    path = f"/orders/{fetched.id}/review/"
    empty = phone.post(path, {"text": "Warm."})
    assert empty.status_code == 422
    assert "Choose one to five stars for the whole." in text_of(empty)
    assert ">Warm.</textarea>" in empty.content.decode()
    bun = fetched.lines[0]
    form = {
        "stars": "5",
        "part-taste": "5",
        "part-speed": "3",
        f"line-{bun.id}": "4",
        "text": "Warm.",
        "signature": "Kim",
    }
    wrong = phone.post(path, form | {"photos": io.BytesIO(b"no picture")})
    assert wrong.status_code == 422
    assert "This is not a picture we can show." in text_of(wrong)
    done = phone.post(path, form | {"photos": photo()}, follow=True)
    assert "Thank you. Your review is published." in text_of(done)
    again = phone.post(path, form, follow=True)
    assert "Your review is published already. You can edit it here." in text_of(again)
    written = care.my_reviews([f"order:{fetched.id}"])
    assert sorted((one.stars, one.text, len(one.media_ids)) for one in written) == [(4, "", 0), (5, "Warm.", 1)]
    whole = next(one for one in written if one.text)
    assert dict(whole.parts) == {"taste": 5, "speed": 3}
    change = f"{path}{whole.id}/"
    assert 'value="5" checked' in phone.get(change).content.decode()
    phone.post(change, {"stars": "4", "text": "Warm, a little late.", f"drop-{whole.media_ids[0]}": "on"})
    changed = care.review(whole.id)
    assert (changed.stars, changed.text, changed.media_ids) == (4, "Warm, a little late.", ())
    assert [version.text for version in care.versions(whole.id)] == ["Warm."]
    stranger = Device(town)
    assert stranger.get(change).status_code == 404
    assert stranger.post(change, {"stars": "1"}).status_code == 404


# tickets


def test_a_kept_coupon_lies_in_the_tickets_and_can_be_given_back(phone: Device, town: Town) -> None:
    phone.put("noodles.youpo")
    phone.post(f"/cart/{phone.cart('noodles')}/tickets/", {"act": f"take:{town.coupon_id}"})
    listed = phone.words("/tickets/")
    assert "€3 off your noodles" in listed
    assert "−€3.00" in listed
    page = phone.get("/tickets/").content.decode()
    path = re.search(r'href="(/tickets/[0-9a-f-]{36}/)"', page)[1]  # type: ignore[index]
    assert "From €15, once per person." in phone.words(path)
    assert Device(town).get(path).status_code == 404
    back = phone.post(f"{path}back/", follow=True)
    assert "Given back: €3 off your noodles." in text_of(back)
    assert "No tickets yet." in text_of(back)


def test_a_deal_is_bought_shown_used_and_stamped(phone: Device, town: Town, now: datetime) -> None:
    order = phone.order("noodles.two_bowls")
    paid(order, now)
    voucher = vouchers.vouchers_of_order(order.id)[0]
    assert "Two bowls, one price" in phone.words(f"/orders/{order.id}/")
    path = f"/tickets/{voucher.id}/"
    shown = phone.words(path)
    assert f"{voucher.code[:4]} {voucher.code[4:8]}" in shown
    assert "2 × Noodle bowl" in shown
    about = {"place_id": town.stores["noodles"], "tenant_id": town.merchants["noodles"], "terminal": "1", "now": now}
    ticket = ordering.verify_code(text=voucher.code, actor="test", **about)
    ordering.redeem_code(token=ticket.token, actor="test", now=now)
    used = phone.words(path)
    assert "Used 12:00" in used
    assert "Staff can take it back until 12:10" in used


# account


def test_a_guest_gets_on_without_an_account(phone: Device) -> None:
    assert "You need no account" in phone.words("/me/")
    assert phone.get("/me/profile/").status_code == 302
    assert phone.get("/me/inbox/").status_code == 302
    assert phone.post("/me/export/").status_code == 302
    phone.put("grocer.jam")
    forgotten = phone.post("/me/forget/", follow=True)
    assert "This device has forgotten you." in text_of(forgotten)
    assert "Your cart is empty." in phone.words("/cart/")


def test_cart_coupons_and_orders_follow_at_sign_in(phone: Device, town: Town, now: datetime) -> None:
    mine = phone.order(method="cash")
    phone.put("noodles.youpo")
    cart_id = phone.cart("noodles")
    phone.post(f"/cart/{cart_id}/tickets/", {"act": f"take:{town.coupon_id}"})
    phone.checkout(cart_id, email=EMAILS["aino"], method="cash")
    phone.put("grocer.jam")
    sign_in(phone, "aino")
    listed = phone.words("/orders/")
    assert "Not ordered yet" in listed
    assert "Youpo Noodle House" in listed
    laptop = Device(town)
    sign_in(laptop, "aino")
    there = laptop.words("/orders/")
    assert "Youpo Noodle House" in there, "placed with the address she has proven"
    assert "Tähti Corner Shop 1 piece" in there, "the cart"
    assert laptop.get(f"/orders/{mine.id}/").status_code == 404, "placed with another address"
    assert phone.get(f"/orders/{mine.id}/").status_code == 200, "this device still opens it"
    assert journeys.links(person_id=town.people["aino"]) == [], "nobody asked for that"


def test_the_journey_follows_only_with_consent_and_is_split_again(phone: Device, town: Town) -> None:
    phone.put("grocer.jam")
    sign_in(phone, "aino", joins_journey="on")
    aino = town.people["aino"]
    assert [link.active for link in journeys.links(person_id=aino)] == [True]
    page = phone.words("/me/consents/")
    assert "Your way to us Agreed" in page
    withdrawn = phone.post("/me/consents/", {"purpose": "journey", "answer": "no"}, follow=True)
    assert "Withdrawn. It counts from now on." in text_of(withdrawn)
    assert "Your way to us: withdrawn" in text_of(withdrawn)
    assert [link.active for link in journeys.links(person_id=aino)] == [False]
    phone.post("/me/consents/", {"purpose": "journey", "answer": "yes"})
    assert consent.allows("journey", person_id=aino)
    phone.post("/me/consents/", {"purpose": "essential", "answer": "no"})
    assert len(consent.history(person_id=aino)) == 3


def test_profile_and_language(phone: Device, town: Town) -> None:
    sign_in(phone, "aino")
    saved = phone.post("/me/profile/", {"name": "Aino V", "phone": "", "locale": "es"})
    assert saved["Location"] == "/me/"
    assert saved.cookies["paseo_language"].value == "es"
    assert "Hola, Aino V" in phone.words("/me/")


def test_the_inbox_is_read(phone: Device, town: Town, now: datetime, drain_events: Callable[[], int]) -> None:
    sign_in(phone, "aino")
    order = phone.order(method="cash")
    drain_events()
    told = phone.words("/me/inbox/")
    assert order.summary.number in told
    assert "Open the order" in told
    assert "new" in phone.words("/me/")
    read = phone.post("/me/inbox/", follow=True)
    assert "I have read them all" not in text_of(read)


def test_everything_as_a_file(phone: Device, town: Town, now: datetime) -> None:
    sign_in(phone, "aino")
    order = phone.order(method="cash")
    answer = phone.post("/me/export/")
    assert answer["Content-Disposition"] == 'attachment; filename="paseo-2026-05-13.zip"'
    assert "no-store" in answer["Cache-Control"]
    archive = zipfile.ZipFile(io.BytesIO(answer.content))
    exported = json.loads(archive.read("orders.json"))
    assert [one["number"] for one in exported["orders"]] == [order.summary.number]


def test_erased_for_good_the_books_stay_without_the_name(phone: Device, town: Town, now: datetime) -> None:
    sign_in(phone, "aino")
    order = phone.order(method="cash")
    stands = phone.post("/me/erase/", {"sure": "1"})
    assert order.summary.number in text_of(stands), "an order is on its way"
    ordering.hand_over(order_id=order.id, actor="test", now=now, cash_taken=True)
    asked = phone.words("/me/erase/")
    assert "There is no way back." in asked
    assert "Orders and payments: the law wants the books kept" in asked
    unsure = phone.post("/me/erase/")
    assert unsure.status_code == 422
    assert "Tick this first. Nothing was erased." in text_of(unsure)
    done = phone.post("/me/erase/", {"sure": "1"})
    words = text_of(done)
    assert "Your account is erased" in words
    assert "Sales must stay in the books; your name is taken out of them." in words
    assert done.cookies["paseo_visitor"].value == ""
    kept = orders.order(order.id, system=True)
    assert (kept.email, kept.summary.name, kept.summary.person_id) == ("", "", None)
    assert kept.summary.total_minor == order.summary.total_minor
    assert phone.get("/me/profile/").status_code == 302


def test_what_is_kept_and_for_how_long(client: Any, town: Town) -> None:
    words = text_of(client.get("/about/privacy/"))
    assert "Letters 30 days" in words
    assert "What you looked at and scanned 400 days" in words
    assert "paseo_orders" in words
