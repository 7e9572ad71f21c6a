"""The evening: what was sold, what it cost, what went back and why, what is owed, and the entries behind each number."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client
from django.urls import reverse

from demo.town import Town
from paseo.capabilities.ledger import queries as ledger
from paseo.capabilities.ordering import operations as ordering
from paseo.capabilities.ordering.values import Placed
from paseo.channels.console.goods.figures import NUMBERS, entries_of, total_of
from paseo.kernel.clock import VirtualClock
from paseo.kernel.periods import day_of, day_period
from tests.channels.console.conftest import text_of


@pytest.fixture
def owner(at_work: Callable[..., Client]) -> Client:
    return at_work("owner", confirmed=True)


@pytest.fixture
def go(town: Town) -> Callable[..., str]:
    store = town.stores["cafe"]
    return lambda name, *args: reverse(f"console:{name}", args=[town.merchants["cafe"], *args]) + f"?store={store}"


@pytest.fixture
def day(comes_in: Callable[..., Placed], drain_events: Callable[[], int], clock: VirtualClock) -> dict[str, Placed]:
    """Four orders: one online, one in cash that was handed over, one refused with its money back, one given back in part."""
    made = {
        "online": comes_in("cafe", soup=2, name="Kaisa Lehto"),
        "cash": comes_in("cafe", bun=2, method="cash", name="Mikko Salo"),
        "refused": comes_in("cafe", beans_250=1, name="Linh Nguyen"),
        "part": comes_in("cafe", filter=3, name="Aino Virtanen"),
    }
    now = clock.now()
    ordering.ready(order_id=made["cash"].order_id, actor="system", now=now)
    ordering.hand_over(order_id=made["cash"].order_id, actor="system", now=now, cash_taken=True)
    ordering.cancel(order_id=made["refused"].order_id, by="shop", actor="system", now=now, reason="sold_out")
    ordering.refund(order_id=made["part"].order_id, amount_minor=320, reason="quality", actor="system", now=now)
    drain_events()
    return made


def test_the_sums_of_the_day(owner: Client, go: Callable[..., str], day: dict[str, Placed]) -> None:
    page = text_of(owner.get(go("money")))
    figures = dict(re.findall(r"<dt>([^<]+)</dt><dd><a[^>]*>([^<]+)</a>", page))
    # 2 soups 25.80, 2 buns 7.80 in cash, beans 9.90, 3 filter coffees 9.60
    assert figures["Taken"] == "€53.10"
    assert figures["Given back"] == "€13.10"
    assert figures["Paid out"] == "€0.00"
    assert "4 sales" in page
    for words in (
        "Sold online",
        "€45.30",
        "Sold in cash",
        "€7.80",
        "It was not as it should be.",
        "The shop refused the order.",
    ):
        assert words in page, words
    assert "No discounts in these days." in page


def test_every_number_is_the_sum_of_the_entries_behind_it(
    owner: Client, go: Callable[..., str], town: Town, day: dict[str, Placed], now: datetime
) -> None:
    period = day_period(day_of(now, "Europe/Helsinki"), "Europe/Helsinki")
    report = ledger.merchant_money(town.merchants["cafe"], period, "EUR")
    told = {
        "online": report.taken_online,
        "cash": report.taken_cash,
        "fees": report.fees,
        "fee-tax": report.fee_tax,
        "own-discounts": report.own_discounts,
        "returned-online": report.given_back_online,
        "returned-cash": report.given_back_cash,
        "paid-out": report.paid_out,
    }
    for key, amount in told.items():
        rows = entries_of(NUMBERS[key], town.merchants["cafe"], "EUR", period)
        assert total_of(rows, "EUR") == amount, key
    page = text_of(owner.get(go("money-entries", "online")))
    assert page.count("<b>Sale</b>") == 3 and "€45.30" in page and "Kaisa Lehto" in page and "Mikko Salo" not in page
    assert reverse("console:order", args=[town.merchants["cafe"], day["online"].order_id]) in page
    why = text_of(owner.get(go("money-entries", "returned") + "&why=quality"))
    assert "It was not as it should be." in why and "€3.20" in why and "Aino Virtanen" in why and "Linh" not in why
    assert owner.get(go("money-entries", "everything")).status_code == 404


def test_what_is_owed_is_told_as_a_paper(
    owner: Client, go: Callable[..., str], town: Town, day: dict[str, Placed]
) -> None:
    page = text_of(owner.get(go("money")))
    paper = page[page.index('<section class="receipt"') :]
    owed = ledger.balance(town.merchants["cafe"], "merchant_payable", "EUR").posted
    minus = ledger.balance(town.merchants["cafe"], "commission_receivable", "EUR").posted
    assert f"€{(owed - minus).decimal}" in paper
    for words in ("Owed before", "Sold online", "Given back online", "−€13.10", "Fees", "Tax on the fees"):
        assert words in paper, words


def test_the_statement_as_a_file(owner: Client, go: Callable[..., str], town: Town, day: dict[str, Placed]) -> None:
    answer = owner.get(go("money-statement"))
    assert answer["Content-Disposition"] == 'attachment; filename="statement-2026-05-13-2026-05-13-EUR.csv"'
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    owed = ledger.balance(town.merchants["cafe"], "merchant_payable", "EUR").posted
    assert rows[0]["what"] == "opening" and rows[-1]["balance"] == str(owed.decimal)
    assert sum(float(row["amount"]) for row in rows[1:]) == pytest.approx(float(owed.decimal))
    sale = next(row for row in rows if row["what"] == "sale")
    assert sale["order"].startswith("P-") and sale["store"] == "Aamu Roastery" and sale["currency"] == "EUR"


def test_words_in_the_file_are_no_formulas(
    owner: Client, go: Callable[..., str], comes_in: Callable[..., Placed], clock: VirtualClock
) -> None:
    placed = comes_in("cafe", soup=1)
    ordering.refund(order_id=placed.order_id, amount_minor=100, reason="=1+1", actor="system", now=clock.now())
    assert ",'=1+1," in owner.get(go("money-statement")).content.decode()


def test_the_evening_of_a_store(owner: Client, go: Callable[..., str], town: Town, day: dict[str, Placed]) -> None:
    page = text_of(owner.get(go("money-day")))
    for words in (
        "Aamu Roastery, today",
        "€40.00",
        "€53.10 before what went back",
        "1 handed over",
        "It was not as it should be.",
    ):
        assert words in page, words
    cash = text_of(owner.get(go("money-day") + "&state=cash"))
    table = cash[cash.index('id="orders"') :]
    assert "Mikko Salo" in table and "Kaisa Lehto" not in table
    ended = text_of(owner.get(go("money-day") + "&state=ended"))
    assert "Linh Nguyen" in ended[ended.index('id="orders"') :]
    elsewhere = reverse("console:money-day", args=[town.merchants["cafe"]]) + f"?store={town.stores['kluuvi']}"
    assert "No order is like that." in text_of(owner.get(elsewhere))


def test_days_weeks_and_months(owner: Client, go: Callable[..., str], day: dict[str, Placed]) -> None:
    assert "€53.10" in text_of(owner.get(go("money") + "&span=week"))
    assert "€53.10" in text_of(owner.get(go("money") + "&span=month&day=2026-05-01"))
    yesterday = text_of(owner.get(go("money") + "&day=2026-05-12"))
    assert "yesterday" in yesterday and "€53.10" not in yesterday and "Nothing was booked in these days." in yesterday
    two = text_of(owner.get(go("money") + "&span=days&from=2026-05-12&to=2026-05-13"))
    assert "€53.10" in two and "Tue, 12 May to Wed, 13 May" in two
    for nonsense in (
        "&span=days&from=2026-05-13&to=2026-05-01",
        "&span=year",
        "&day=never",
        "&day=9999-12-31",
        "&unit=x",
    ):
        assert owner.get(go("money") + nonsense).status_code == 200, nonsense


def test_money_in_spanish_and_chinese(
    at_work: Callable[..., Client], go: Callable[..., str], day: dict[str, Placed]
) -> None:
    spanish = text_of(at_work("owner", confirmed=True, language="es").get(go("money")))
    assert "Vendido en línea" in spanish and "45,30 €" in spanish and "Se te debe" in spanish
    chinese = text_of(at_work("owner", confirmed=True, language="zh-hans").get(go("money")))
    assert "线上销售" in chinese and "应付给您" in chinese
