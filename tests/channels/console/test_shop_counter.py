"""Codes at the counter: looked at, used, taken back; each refusal one clear sentence."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from paseo.capabilities.directory import queries as directory
from paseo.capabilities.fulfillment import queries as fulfillment
from paseo.capabilities.ordering import operations as ordering
from paseo.capabilities.ordering import queries as orders
from paseo.capabilities.vouchers import operations as vouchers
from paseo.capabilities.vouchers import queries as vouchers_read
from paseo.capabilities.vouchers.values import Effect
from paseo.kernel.codes import grouped
from paseo.kernel.ids import new_id
from paseo.platform.codes import operations as codes
from tests.channels.console.conftest import text_of

STAFF = "person:staff"


@pytest.fixture
def counter(town):
    """``counter(client)``: look, use and undo at the noodle house's counter."""

    class Counter:
        def __init__(self, client, merchant="noodles"):
            self.client, self.merchant = client, town.merchants[merchant]
            self.address = reverse("console:verify", args=[self.merchant])

        def look(self, text, **more):
            return self.client.post(self.address, {"code": text}, **more)

        def use(self, response, **fields):
            token = response.context["looked"].ticket.token
            return self.client.post(reverse("console:verify-use", args=[self.merchant]), {"token": token, **fields})

        def undo(self, redemption_id):
            return self.client.post(reverse("console:verify-undo", args=[self.merchant, redemption_id]))

    return Counter


def test_a_typed_code_is_looked_at_used_and_taken_back(town, clock, at_work, comes_in, code_of, counter):
    placed = comes_in("noodles", name="Kaisa Lehto", liangpi=2)
    ordering.ready(order_id=placed.order_id, actor=STAFF, now=clock.now())
    at = counter(at_work("noodles"))
    looked = at.look(grouped(code_of(placed)).lower())
    text = text_of(looked)
    assert looked.status_code == 200
    assert "Kaisa Lehto" in text
    assert "Cold skin noodles" in text
    assert fulfillment.handover(placed.order_id).state == "ready", "looking uses nothing"
    used = at.use(looked)
    assert used.status_code == 303
    assert at.use(looked)["Location"] == used["Location"], "the same form twice is one use"
    clock.advance(seconds=19)
    given = text_of(at.client.get(used["Location"]))
    assert "Given 12:00." in given
    assert "9:41" in given
    redemption_id = used["Location"].rpartition("=")[2]
    assert at.undo(redemption_id).status_code == 303
    assert at.undo(redemption_id).status_code == 303
    assert fulfillment.handover(placed.order_id).state == "ready"
    assert "taken back" in text_of(at.client.get(used["Location"]))
    assert at.look(code_of(placed)).status_code == 200


def test_what_the_staff_should_know_before(town, at_work, comes_in, code_of, counter):
    placed = comes_in("noodles", method="cash", liangpi=1)
    at = counter(at_work("noodles"))
    looked = at.look(code_of(placed))
    text = text_of(looked)
    assert "This order is not paid yet: take the money first." in text
    assert "This order is not marked as ready yet." in text
    assert "Take €9.80 and hand over" in text
    refused = at.use(looked)
    assert refused.status_code == 409
    assert "€9.80 are still to be paid at the counter." in text_of(refused)
    assert at.use(looked, cash_taken="1").status_code == 303


def sentence(response):
    return response.context["refusal"].what


@pytest.fixture
def noodles(town):
    address = directory.store(town.stores["noodles"]).address
    return f"Youpo Noodle House, {address.street} {address.house_number}"


@pytest.mark.covers("L2", part="a code of another shop, a used one, an expired one: each one clear sentence")
def test_each_refusal_is_one_clear_sentence(town, clock, at_work, comes_in, code_of, counter, noodles):
    at = counter(at_work("noodles"))
    placed = comes_in("noodles", liangpi=1)
    code = code_of(placed)
    wrong = code[:-1] + ("2" if code[-1] != "2" else "3")
    assert (at.look(wrong).status_code, sentence(at.look(wrong))) == (422, "One letter is off. Check the last one.")
    other = at.look(code_of(comes_in("cafe", filter=1)))
    assert (other.status_code, sentence(other)) == (403, "This ticket belongs to Aamu Roastery, Aleksanterinkatu 50.")
    unknown = codes.issue("order", uuid4(), town.merchants["noodles"], valid_until=clock.now() + timedelta(minutes=5))
    clock.advance(minutes=6)
    assert sentence(at.look(unknown)) == "This ticket ended today at 12:05."
    at.use(at.look(code))
    clock.advance(minutes=1)
    assert sentence(at.look(code)) == f"This ticket was used today at 12:06, {noodles}, counter."
    blocked = comes_in("noodles", liangpi=1)
    code = code_of(blocked)
    ordering.cancel(order_id=blocked.order_id, by="shop", actor=STAFF, now=clock.now(), reason="busy")
    assert sentence(at.look(code)).startswith("This ticket is stopped")


def test_what_was_typed_is_kept_and_the_field_has_the_focus(town, at_work, counter):
    response = counter(at_work("noodles")).look("K7M4 92QZ")
    text = text_of(response)
    assert 'value="K7M4 92QZ"' in text
    assert 'aria-invalid="true" autofocus' in text
    assert 'data-code="codes.mistyped"' in text


def test_too_many_tries_are_stopped(town, at_work, counter):
    at = counter(at_work("noodles"))
    answers = [at.look("K7M4 92QZ").status_code for _ in range(60)]
    assert 429 in answers
    assert sentence(at.look("K7M4 92QZ")) == "Too many wrong codes were tried here."


@pytest.mark.covers(
    "L2", part="a paid coupon is looked at, used in parts at the counter, and never more often than it holds"
)
def test_a_deal_is_used_in_parts(town, clock, at_work, counter):
    program = vouchers.create_program(
        merchant_id=town.merchants["noodles"], kind="coupon", names={"en": "Five teas"}, uses=5, counter=True,
        effect=Effect("amount", 200), currency="EUR", valid_from=clock.now(), now=clock.now(), actor=STAFF,
    )  # fmt: skip
    vouchers.publish(program_id=program, merchant_id=town.merchants["noodles"], now=clock.now(), actor=STAFF)
    owner = f"visitor:{new_id()}"
    vouchers.claim(program_id=program, owner=owner, now=clock.now())
    (voucher,) = vouchers_read.wallet(owner, now=clock.now())
    at = counter(at_work("noodles"))
    looked = at.look(voucher.code)
    assert "Can be used 5 more times" in text_of(looked)
    assert list(looked.context["looked"].choices) == [1, 2, 3, 4, 5]
    used = at.use(looked, uses="3")
    assert "× 3" in text_of(at.client.get(used["Location"]))
    again = at.look(voucher.code)
    assert "Can be used 2 more times" in text_of(again)
    too_many = at.use(again, uses="4")
    assert (too_many.status_code, sentence(too_many)) == (409, "This ticket has 2 uses left, not 4.")


def test_what_was_given_by_code_is_taken_back_on_the_board_too(town, clock, at_work, comes_in, code_of, counter):
    placed = comes_in("noodles", liangpi=1)
    at, code = counter(at_work("noodles")), code_of(placed)
    at.use(at.look(code))
    undo = reverse("console:order-act", args=[at.merchant, placed.order_id, "undo"])
    for _ in range(2):
        assert at.client.post(undo, {"back": "board"}).status_code == 303
    assert fulfillment.handover(placed.order_id).state == "ready"
    assert at.use(at.look(code)).status_code == 303, "the code is good again"


def test_a_form_without_a_ticket_uses_nothing(town, at_work, counter):
    at = counter(at_work("noodles"))
    for token in ("", "nonsense"):
        answer = at.client.post(reverse("console:verify-use", args=[at.merchant]), {"token": token})
        assert (answer.status_code, sentence(answer)) == (409, "Too much has happened since this code was scanned.")


def test_nobody_undoes_at_another_shop(town, at_work, comes_in, code_of, counter):
    at = counter(at_work("noodles"))
    used = at.use(at.look(code_of(comes_in("noodles", liangpi=1))))
    redemption_id = used["Location"].rpartition("=")[2]
    theirs = counter(at_work("owner"), "cafe")
    assert theirs.undo(redemption_id).status_code == 404
    assert theirs.undo(uuid4()).status_code == 404
    assert theirs.client.get(f"{theirs.address}?given={redemption_id}").context["given"] is None
    assert theirs.client.get(f"{theirs.address}?given=nonsense").context["given"] is None


def test_a_device_has_a_name_that_is_kept_and_named(town, at_work, comes_in, code_of, counter, noodles):
    at = counter(at_work("noodles"))
    at.client.post(reverse("console:verify-terminal", args=[at.merchant]), {"terminal": "  Window  2 "})
    assert 'value="Window 2"' in text_of(at.client.get(at.address))
    code = code_of(comes_in("noodles", liangpi=1))
    at.use(at.look(code))
    assert sentence(at.look(code)) == f"This ticket was used today at 12:00, {noodles}, Window 2."
    recent = at.client.get(at.address).context["recent"]
    assert [(one.words, one.uses) for one in recent] == [("Aleksi Virtanen", 1)]


def test_the_box_alone_for_htmx(town, at_work, comes_in, code_of, counter):
    at = counter(at_work("cashier"), "cafe")
    text = text_of(at.look(code_of(comes_in("cafe", filter=1)), headers={"HX-Request": "true"}))
    assert text.startswith('<section class="box counter" id="counter"')
    assert orders.recent_redemptions(tenant_id=at.merchant, place_ids=None, since=town.now) == []
