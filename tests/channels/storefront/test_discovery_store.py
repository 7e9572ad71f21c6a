"""A store's page and the sheet of a dish: what it costs, what is in it, and into the order with it."""

import json
import re
from uuid import uuid4

import pytest

from paseo.capabilities.directory import operations as directory
from paseo.capabilities.journeys.models import Contact
from paseo.capabilities.ordering import queries as ordering
from paseo.capabilities.ordering.values import Buyer
from paseo.capabilities.vouchers import queries as vouchers
from paseo.platform.db.unit import sql_count
from paseo.platform.identity.web.visitor import _id_of


@pytest.fixture
def cafe(town) -> str:
    return f"/s/{town.slugs['cafe']}/"


@pytest.fixture
def flat_white(town, cafe) -> str:
    return f"{cafe}{town.offers['cafe.flat_white']}/"


def cart_of(client, store_id):
    cookie = client.cookies.get("paseo_visitor")
    return ordering.open_cart(store_id, buyer=Buyer(visitor_id=_id_of(cookie.value))) if cookie else None


def test_what_one_needs_to_know(client, town, cafe):
    page = client.get(cafe).content.decode()
    for words in (
        "Aamu Roastery",
        "Until 19:00",
        "Aleksanterinkatu",
        "07:30–19:00",
        "10:00–17:00",  # Ascension Day
        "Pickup, ready 12:08",
        "Contains gluten, eggs, milk.",
        "Sold out for today",
        "€4.20",
        "Options",
        "Roasted on Tuesdays",
    ):
        assert words in page


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "zh-hans",
            [
                "晨光咖啡",
                "营业至 19:00",
                "自取，12:08 备好",
                "含麸质、鸡蛋、牛奶。",
                "今日售完",
                "€4.20",
                "营业时间与路线",
            ],
        ),
        (
            "es",
            ["Hasta las 19:00", "Contiene gluten, huevos, leche.", "Agotado por hoy", "4,20\u00a0€"],
        ),
    ],
)
def test_in_other_languages(client, cafe, language, words):
    page = client.get(cafe, headers={"Accept-Language": language}).content.decode()
    for word in words:
        assert word in page


def test_a_closed_store_lets_choose_for_later(client, town):
    page = client.get(f"/s/{town.slugs['deli']}/").content.decode()
    assert "Closed, opens 15:00" in page
    assert "Pickup, ready 15:10" in page
    assert "You can choose now and order for when it opens." in page


def test_a_place_that_does_not_sell_has_no_dead_button(client, town):
    page = client.get(f"/s/{town.slugs['bookshop']}/").content.decode()
    assert "It does not sell here yet." in page
    assert "Add" not in re.sub(r"<script.*?</script>", "", page, flags=re.S).replace("Address", "")
    assert "Open nearby, and selling here" in page
    assert "Aamu Roastery" in page


def test_unknown_hours_are_said(client, town):
    page = client.get(f"/s/{town.slugs['pharmacy']}/").content.decode()
    assert "Its opening hours are not known here." in page
    assert "Hours not known" in page
    assert "Hours not known" in client.get("/").content.decode(), "not closed: nobody knows"


def test_a_paused_store_says_why(client, town, now, cafe):
    directory.pause_store(
        merchant_id=town.merchants["cafe"], store_id=town.stores["cafe"], now=now, actor="test", reason="Oven broken"
    )
    page = client.get(cafe).content.decode()
    assert "Takes no orders just now." in page
    assert "Oven broken" in page


def test_a_suspended_merchant_is_not_shown(client, town, now, cafe):
    directory.suspend(merchant_id=town.merchants["cafe"], reason="papers", now=now, actor="test")
    assert client.get(cafe).status_code == 404
    assert client.get("/s/nobody/").status_code == 404


def test_programs_read_the_same(client, town, cafe):
    page = client.get(cafe).content.decode()
    told = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', page).group(1))
    assert told["@type"] == "CafeOrCoffeeShop"
    assert told["address"]["streetAddress"] == "Aleksanterinkatu 50"
    assert told["openingHoursSpecification"][0] == {
        "@type": "OpeningHoursSpecification",
        "validFrom": "2026-05-13",
        "validThrough": "2026-05-13",
        "opens": "07:30",
        "closes": "19:00",
    }


def test_markup_in_a_name_stays_text(client, town, now, cafe):
    name = {"en": "</script><b>x</b>"}
    directory.edit_store(
        merchant_id=town.merchants["cafe"], store_id=town.stores["cafe"], changes={"name": name}, now=now, actor="test"
    )
    page = client.get(cafe).content.decode()
    assert "</script><b>x" not in page
    assert "<b>x</b>" not in client.get("/").content.decode()


def test_the_last_one_and_none(client, town):
    page = client.get(f"/s/{town.slugs['grocer']}/").content.decode()
    assert "1 left" in page
    assert "Sold out" in page


def test_options_with_what_they_cost(client, town, flat_white):
    page = client.get(flat_white).content.decode()
    for words in (
        "Milk",
        "choose one",
        "Oat milk",
        "+€0.50",
        "Contains gluten.",
        "included",
        "Add to the order",
        "€4.20",
    ):
        assert words in page


def test_the_sum_follows_the_choice(client, town, flat_white):
    group = re.search(
        r'name="(group-[0-9a-f-]+)" value="' + str(town.options["flat_white.oat_milk"]),
        client.get(flat_white).content.decode(),
    ).group(1)
    answer = client.get(
        flat_white, {group: town.options["flat_white.oat_milk"], "quantity": "2"}, headers={"HX-Request": "true"}
    ).content.decode()
    assert "€9.40" in answer
    assert "<html" not in answer


def choices(page: str, *options) -> dict:
    """What the form of the sheet would send with these options chosen."""
    groups = {value: name for name, value in re.findall(r'name="(group-[0-9a-f-]+)" value="([0-9a-f-]+)"', page)}
    return {groups[str(option)]: str(option) for option in options}


def test_into_the_order_once_however_often_it_is_sent(client, town, flat_white):
    page = client.get(flat_white).content.decode()
    form = {
        "key": str(uuid4()),
        "quantity": "2",
        "seen": "420",
        "note": "extra hot",
        **choices(page, town.options["flat_white.oat_milk"]),
    }
    for _ in range(2):
        answer = client.post(flat_white, form)
        assert answer.status_code == 303
        assert answer["Location"] == f"/s/{town.slugs['cafe']}/"
    cart = cart_of(client, town.stores["cafe"])
    assert [(line.quantity, line.seen_minor, line.note) for line in cart.lines] == [(2, 470, "extra hot")]
    page = client.get(answer["Location"]).content.decode()
    assert "Flat white is in your order." in page
    assert "See the order" in page
    assert "€9.40" in page
    assert f"/cart/{cart.id}/" in page
    assert "In your order at Aamu Roastery: 2 pieces" in client.get("/").content.decode()


def test_pressing_plus_twice_is_two(client, town, cafe):
    bun = f"{cafe}{town.offers['cafe.bun']}/"
    for _ in range(2):
        answer = client.post(
            bun, {"key": str(uuid4()), "quantity": "1", "seen": "390"}, headers={"HX-Request": "true"}
        ).content.decode()
    assert answer.lstrip().startswith('<div class="orderside" id="order">')
    assert "Cardamom bun is in your order." in answer
    assert "€7.80" in answer
    assert [line.quantity for line in cart_of(client, town.stores["cafe"]).lines] == [2]


def test_a_forgotten_choice_keeps_the_rest(client, town, flat_white):
    answer = client.post(flat_white, {"key": str(uuid4()), "quantity": "3", "note": "hot"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Something is still to be chosen: at least 1." in page
    assert 'value="hot"' in page
    assert 'value="3"' in page
    assert cart_of(client, town.stores["cafe"]) is None


def test_another_stores_offer_is_not_here(client, town, cafe):
    assert client.get(f"{cafe}{town.offers['grocer.jam']}/").status_code == 404
    assert client.post(f"{cafe}{town.offers['grocer.jam']}/", {"quantity": "1"}).status_code == 404
    assert client.get(f"{cafe}{uuid4()}/").status_code == 404


def test_what_is_sold_out_says_so(client, town, cafe):
    page = client.get(f"{cafe}{town.offers['cafe.pie']}/").content.decode()
    assert "It is sold out." in page
    assert "Add to the order" not in page


@pytest.mark.parametrize("quantity", ["0", "100", "-1", "x", "", "99999999"])
def test_odd_amounts_are_refused(client, town, cafe, quantity):
    answer = client.post(f"{cafe}{town.offers['cafe.bun']}/", {"key": str(uuid4()), "quantity": quantity})
    assert answer.status_code == 422
    assert cart_of(client, town.stores["cafe"]) is None


def test_a_coupon_is_kept_once(client, town, now):
    store = f"/s/{town.slugs['noodles']}/"
    page = client.get(store).content.decode()
    assert "€3 off your noodles" in page
    assert "−€3.00" in page
    form = {"id": re.search(r'name="id" value="([0-9a-f-]+)"', page).group(1)}
    for _ in range(2):
        answer = client.post(f"{store}tickets/{town.coupon_id}/", form)
        assert answer["Location"] == f"{store}#tickets"
    owner = f"visitor:{_id_of(client.cookies['paseo_visitor'].value)}"
    assert [voucher.program.id for voucher in vouchers.wallet(owner, now=now)] == [town.coupon_id]
    page = client.get(store).content.decode()
    assert "Kept in your tickets: €3 off your noodles" in page
    assert "Keep this ticket" not in page


def test_a_view_is_a_contact_without_a_visitor(client, town, cafe, flat_white):
    client.get(cafe, headers={"User-Agent": "Mozilla/5.0 (iPhone)"})
    client.get(flat_white, headers={"User-Agent": "Mozilla/5.0 (iPhone)"})
    seen = Contact.objects.order_by("seq").values_list("kind", "store_id", "visitor_id", "subject_id")
    assert list(seen) == [
        ("view", town.stores["cafe"], None, town.stores["cafe"]),
        ("view", town.stores["cafe"], None, town.products["flat_white"]),
    ]
    assert "paseo_visitor" not in client.cookies


def test_few_statements(client, town, cafe, flat_white):
    client.get(cafe)
    with sql_count() as store:
        client.get(cafe)
    assert len([one for one in store.all if "SAVEPOINT" not in one]) <= 12, store.all
    with sql_count() as sheet:
        client.get(flat_white)
    assert len([one for one in sheet.all if "SAVEPOINT" not in one]) <= 8, sheet.all
    assert not [one for one in store.all + sheet.all if "identity_" in one]


def test_nobody_has_written_yet(client, town, cafe):
    assert "Nobody has written yet." in client.get(f"{cafe}reviews/").content.decode()
