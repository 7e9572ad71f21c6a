"""Today and the kitchen's board: what is in hand, by need, and who may see what."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.urls import reverse

from paseo.capabilities.directory import operations as directory
from paseo.capabilities.fulfillment import queries as fulfillment
from paseo.capabilities.ordering import operations as ordering
from paseo.platform.db.unit import sql_count
from tests.channels.console.conftest import text_of

STAFF = "person:staff"


@pytest.fixture
def today(town):
    return reverse("console:today", args=[town.merchants["noodles"]])


def test_what_is_in_hand_late_first_with_one_act_each(town, clock, at_work, comes_in, today):
    first = comes_in("noodles", name="王思远", options=("youpo.mild", "youpo.without_peanuts"), youpo=2)
    ordering.accept(order_id=first.order_id, actor=STAFF, now=clock.now())
    clock.advance(minutes=20)
    comes_in("noodles", name="Kaisa Lehto", liangpi=1)
    response = at_work("noodles").get(today)
    text = text_of(response)
    assert response.status_code == 200
    rows = response.context["in_hand"]
    assert [(row.who, row.late, row.state) for row in rows] == [
        ("王思远", True, "accepted"),
        ("Kaisa Lehto", False, "requested"),
    ]
    assert rows[0].wait == "8 min late"
    assert rows[0].what == "2 Youpo noodles"
    assert rows[0].hurt == "No peanuts"
    assert [act.words for row in rows for act in row.acts] == ["Ready", "Accept 12:32"]
    assert [act.now for row in rows for act in row.acts] == [True, True]
    assert "In hand, by due time" in text
    assert text.index("王思远") < text.index("Kaisa Lehto")


def test_an_order_walks_over_the_board_by_its_acts(town, clock, at_work, comes_in, today):
    placed, client = comes_in("noodles", liangpi=1), at_work("noodles")

    def act(name: str, **fields: str):
        address = reverse("console:order-act", args=[town.merchants["noodles"], placed.order_id, name])
        return client.post(address, {"back": "board", **fields})

    board = reverse("console:board", args=[town.merchants["noodles"]])
    for name, column, state in (
        ("accept", "kitchen", "accepted"),
        ("start", "kitchen", "preparing"),
        ("ready", "shelf", "ready"),
        ("hand-over", "done", "handed_over"),
    ):
        response = act(name)
        assert (response.status_code, response["Location"]) == (303, f"{board}?store={town.stores['noodles']}")
        assert fulfillment.handover(placed.order_id).state == state
        columns = client.get(board).context["columns"]
        assert [entry.id for entry in columns[column]] == [placed.order_id]
        # The second press of the same button is no mistake.
        assert act(name).status_code == 303
    clock.advance(minutes=9)
    page = client.get(board)
    assert "Undo" in text_of(page)
    assert act("undo").status_code == 303
    assert fulfillment.handover(placed.order_id).state == "ready"


def test_too_late_to_undo_is_one_clear_sentence(town, clock, at_work, comes_in):
    placed, client = comes_in("noodles", liangpi=1), at_work("noodles")
    ordering.ready(order_id=placed.order_id, actor=STAFF, now=clock.now())
    ordering.hand_over(order_id=placed.order_id, actor=STAFF, now=clock.now())
    clock.advance(minutes=11)
    address = reverse("console:order-act", args=[town.merchants["noodles"], placed.order_id, "undo"])
    response = client.post(address, {"back": "today"})
    assert response.status_code == 409
    assert "The time to take this back ended at 12:10." in text_of(response)


def test_cash_is_named_on_the_button_and_taken_with_it(town, clock, at_work, comes_in, today):
    placed, client = comes_in("noodles", method="cash", liangpi=1), at_work("noodles")
    ordering.ready(order_id=placed.order_id, actor=STAFF, now=clock.now())
    assert "Take €9.80, hand over" in text_of(client.get(today))
    address = reverse("console:order-act", args=[town.merchants["noodles"], placed.order_id, "hand-over"])
    assert client.post(address, {"back": "today"}).status_code == 409
    assert client.post(address, {"back": "today", "cash_taken": "1"}).status_code == 303


def test_the_figures_of_the_day_are_for_those_who_may_see_money(town, clock, at_work, comes_in, today):
    comes_in("noodles", liangpi=1)
    comes_in("noodles", options=("youpo.mild",), youpo=1)
    owner = at_work("noodles", confirmed=True).get(today)
    figures = {one.label: one for one in owner.context["figures"]}
    assert list(figures) == ["Taken today", "Orders", "Ready on time", "Given back"]
    assert figures["Taken today"].amount.minor == 2270
    assert figures["Orders"].words == "2"
    unconfirmed = at_work("noodles").get(today)
    assert [one.label for one in unconfirmed.context["figures"]][:2] == ["Orders", "Ready on time"]
    assert "Confirm that it is you to see the sums" in text_of(unconfirmed)
    assert "€22.70" not in text_of(unconfirmed)


def test_a_cashier_sees_no_money(town, clock, at_work, comes_in):
    placed = comes_in("cafe", filter=1)
    client = at_work("cashier")
    cafe = town.merchants["cafe"]
    for name, more in (
        ("today", ()),
        ("board", ()),
        ("orders", ()),
        ("order", (placed.order_id,)),
        ("needs", ()),
        ("verify", ()),
    ):
        response = client.get(reverse(f"console:{name}", args=[cafe, *more]))
        assert response.status_code == 200, name
        assert "€" not in text_of(response), name
    assert client.get(reverse("console:store", args=[cafe])).status_code == 403
    assert client.get(reverse("console:staff", args=[cafe])).status_code == 403
    assert client.get(reverse("console:keys", args=[cafe])).status_code == 403
    refund = reverse("console:order-act", args=[cafe, placed.order_id, "refund"])
    assert client.post(refund, {"amount": "1.00", "reason": "late"}).status_code == 403


def test_another_firm_is_not_there(town, at_work, comes_in):
    placed = comes_in("noodles", liangpi=1)
    client = at_work("owner")
    noodles, cafe = town.merchants["noodles"], town.merchants["cafe"]
    for name in (
        "today",
        "board",
        "orders",
        "verify",
        "store",
        "staff",
        "keys",
        "ready",
        "needs",
        "store-hours",
        "store-look",
    ):
        assert client.get(reverse(f"console:{name}", args=[noodles])).status_code == 404, name
    assert client.get(reverse("console:order", args=[cafe, placed.order_id])).status_code == 404
    for act in ("accept", "ready", "refuse", "refund", "later", "sold-out"):
        assert client.post(reverse("console:order-act", args=[cafe, placed.order_id, act])).status_code == 404, act
    assert client.get(reverse("console:today", args=[cafe]), {"store": str(town.stores["noodles"])}).status_code == 404
    assert client.get(reverse("console:order", args=[cafe, uuid4()])).status_code == 404


def test_a_cashier_of_one_store_sees_nothing_of_the_other(town, at_work, comes_in):
    placed = comes_in("kluuvi", filter=1)
    client, cafe = at_work("cashier"), town.merchants["cafe"]
    assert client.get(reverse("console:today", args=[cafe]), {"store": str(town.stores["kluuvi"])}).status_code == 404
    assert client.get(reverse("console:order", args=[cafe, placed.order_id])).status_code == 404
    assert placed.number not in text_of(client.get(reverse("console:orders", args=[cafe])))


def test_who_is_not_signed_in_signs_in_first(client, town, today):
    response = client.get(today)
    assert response.status_code == 302
    assert response["Location"].startswith("/sign-in/?next=%2Fconsole%2F")


def test_htmx_gets_the_changing_part_only(town, at_work, comes_in, today):
    comes_in("noodles", liangpi=1)
    text = text_of(at_work("noodles").get(today, headers={"HX-Request": "true"}))
    assert text.startswith('<div id="live"')
    assert 'id="figures" hx-swap-oob="outerMorph"' in text
    assert "<html" not in text


def test_today_costs_few_statements(town, clock, at_work, comes_in, today):
    for _ in range(6):
        comes_in("noodles", liangpi=1)
    client = at_work("noodles", confirmed=True)
    client.get(today)
    from tests.capabilities.cafe import forget_all

    forget_all()
    with sql_count() as sql:
        client.get(today)
    assert sql.count <= 14, sql.all


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "Board view for the kitchen"), ("zh-hans", "厨房看板"), ("es", "Vista de tablero para la cocina")],
)
def test_today_in_three_languages(town, at_work, comes_in, today, language, words):
    comes_in("noodles", liangpi=1)
    assert words in text_of(at_work("noodles", language=language).get(today))


def test_what_needs_somebody(town, clock, at_work, comes_in):
    for _ in range(6):
        comes_in("noodles", liangpi=1)
    response = at_work("noodles").get(reverse("console:needs", args=[town.merchants["noodles"]]))
    assert [(need.words, need.act) for need in response.context["needs"]] == [("Cold skin noodles, 2 left", "Count")]


def test_a_pause_is_seen_and_ends(town, clock, at_work, today):
    client, noodles = at_work("noodles"), town.merchants["noodles"]
    assert (
        client.post(reverse("console:store-pause", args=[noodles]), {"minutes": "30", "next": today}).status_code == 303
    )
    text = text_of(client.get(today))
    assert "Take orders again" in text
    assert client.post(reverse("console:store-pause", args=[noodles]), {"minutes": "7"}).status_code == 422
    client.post(reverse("console:store-open", args=[noodles]))
    assert "Pause orders" in text_of(client.get(today))


def test_a_firm_without_a_store_is_led_to_its_first_one(town, at_work, now):
    merchant_id = directory.apply_merchant(
        legal_name="Uusi Oy",
        business_id="9999999-9",
        country="FI",
        applicant_id=town.people["aino"],
        now=now,
        actor="system",
    )
    for name in ("today", "board", "verify", "needs"):
        assert "No store yet." in text_of(at_work("aino").get(reverse(f"console:{name}", args=[merchant_id]))), name


def test_today_beside_the_same_weekday_by_this_hour(town, clock, at_work, comes_in, today):
    comes_in("noodles", liangpi=1)
    clock.advance(hours=2)
    comes_in("noodles", liangpi=2)
    clock.advance(days=7, hours=-1)
    comes_in("noodles", options=("youpo.mild",), youpo=1)
    page = at_work("noodles", confirmed=True).get(today)
    figures = {one.label: one for one in page.context["figures"]}
    # Eleven o'clock a week ago: one of the two had been ordered.
    assert (figures["Orders"].words, figures["Orders"].second) == ("1", "last Wednesday by now 1")
    assert figures["Taken today"].amount.minor == 1290
    assert figures["Taken today"].second == "last Wednesday by now €9.80"
    helper = {one.label: one.second for one in at_work("noodles").get(today).context["figures"]}
    assert helper == {"Orders": "last Wednesday by now 1", "Ready on time": "", "Waiting for an answer": "", "Late": ""}


def test_without_a_week_ago_nothing_is_compared(town, at_work, comes_in, today):
    comes_in("noodles", liangpi=1)
    page = at_work("noodles", confirmed=True).get(today)
    assert [one.second for one in page.context["figures"]] == ["", "", "", ""]


def test_what_brought_the_orders_of_today(town, clock, at_work, comes_in, drain_events):
    noodles, store = town.merchants["noodles"], town.stores["noodles"]
    brought, client = reverse("console:brought", args=[noodles]), at_work("noodles")
    part = {"HTTP_HX_REQUEST": "true"}
    assert "No order stands yet today." in text_of(client.get(brought, **part))
    for _ in range(2):
        comes_in("noodles", liangpi=1)
    comes_in("noodles", liangpi=1, mode="here")
    drain_events()
    page = client.get(brought, **part)
    assert [(one.name, one.count, one.share) for one in page.context["rows"]] == [("Came directly", 3, "100.0%")]
    assert page.context["flow"].links == {("direct", "pickup"): 2, ("direct", "here"): 1}
    assert "3 that stand, by their last contact" in text_of(page)
    behind = client.get(page.context["rows"][0].href)
    assert len(behind.context["rows"]) == 3
    # Without scripts, the same on the page of journeys.
    plain = client.get(brought)
    assert (plain.status_code, client.get(plain["Location"]).status_code) == (302, 200)
    assert plain["Location"].endswith(f"/insight/?span=day&day=2026-05-13&at={store}")
    assert at_work("cashier").get(reverse("console:brought", args=[town.merchants["cafe"]])).status_code == 403


def test_one_begins_in_a_store_that_is_open_and_stays_there(town, clock, at_work):
    today = reverse("console:today", args=[town.merchants["cafe"]])
    early, late = at_work("owner"), at_work("owner")
    clock.advance(hours=-5, minutes=-10)  # 6:50 at the shops: only Kluuvi is open
    assert early.get(today).context["store"].id == town.stores["kluuvi"]
    clock.advance(hours=8)  # 14:50: Kluuvi has closed
    assert late.get(today).context["store"].id == town.stores["cafe"]
    assert early.get(today).context["store"].id == town.stores["kluuvi"]
