"""Prices with a warning before web and shelf would differ; stock that is received, counted and corrected with reasons."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from demo.town import Town
from paseo.capabilities.inventory import queries as inventory
from paseo.capabilities.pricing import queries as pricing
from paseo.kernel.clock import VirtualClock
from tests.channels.console.conftest import text_of

TOMORROW = "2026-05-14T00:00"


@pytest.fixture
def owner(at_work: Callable[..., Client]) -> Client:
    return at_work("owner")


@pytest.fixture
def go(town: Town) -> Callable[..., str]:
    """An address with the roastery as the store one works in."""
    store = town.stores["cafe"]
    return lambda name, *args: reverse(f"console:{name}", args=[town.merchants["cafe"], *args]) + f"?store={store}"


@pytest.fixture
def soup(town: Town) -> tuple[Any, Any]:
    return town.products["soup"], town.variants["soup"]


def price(**changes: str) -> dict[str, str]:
    return {"amount": "13.50", "channel": "any", "stores": "all", "when": "now", "from_at": TOMORROW, **changes}


def minor(town: Town, now: datetime, channel: str = "online", store: str = "cafe") -> int:
    return pricing.prices(town.stores[store], [town.variants["soup"]], channel, now=now)[
        town.variants["soup"]
    ].amount_minor


def test_a_price_from_now_on(owner: Client, go: Callable[..., str], town: Town, soup: Any, now: datetime) -> None:
    for _ in range(2):
        assert owner.post(go("price", *soup), price(key="once")).status_code == 303
    assert minor(town, now) == minor(town, now, "counter") == 1350
    assert len(pricing.lists_of_merchant(town.merchants["cafe"])) == 1


def test_a_price_for_tomorrow_begins_at_the_stores_midnight_and_can_be_taken_out(
    owner: Client, go: Callable[..., str], town: Town, soup: Any, now: datetime
) -> None:
    assert owner.post(go("price", *soup), price(when="later")).status_code == 303
    (coming,) = pricing.upcoming(town.stores["cafe"], now=now)
    assert coming.valid_from == datetime(2026, 5, 13, 21, tzinfo=UTC)
    assert (minor(town, now), minor(town, coming.valid_from)) == (1290, 1350)
    page = text_of(owner.get(go("prices")))
    assert "Prices to come" in page and "€13.50" in page and "tomorrow, 00:00" in page
    assert owner.post(go("price-out", coming.id)).status_code == 303
    assert not pricing.upcoming(town.stores["cafe"], now=now)
    assert owner.post(go("price-out", coming.id)).status_code == 404


@pytest.mark.covers(
    "M2", part="a price that would differ from the shelf is asked about and stands in the report of differences"
)
def test_before_web_and_shelf_would_differ_one_is_asked(
    owner: Client, go: Callable[..., str], town: Town, soup: Any, now: datetime
) -> None:
    assert owner.post(go("price-shelf", *soup), {"shelf": "12.90"}).status_code == 303
    assert "Web, counter and shelf agree" in text_of(owner.get(go("prices")))

    warned = owner.post(go("price", *soup), price(when="later"))
    page = text_of(warned)
    assert warned.status_code == 409
    assert "Web and shop would differ" in page
    assert "The web would say €13.50, the shelf says €12.90." in page
    assert "From tomorrow, 00:00. Nothing is saved yet." in page
    assert not pricing.upcoming(town.stores["cafe"], now=now) and minor(town, now) == 1290

    other = owner.post(go("price", *soup), price(when="later", agreed="1350:any:all:now"))
    assert other.status_code == 409

    agreed = re.search(r'name="agreed" value="([^"]+)"', warned.content.decode())[1]  # type: ignore[index]
    dearer = owner.post(go("price", *soup), price(when="later", amount="14.00", agreed=agreed))
    assert dearer.status_code == 409
    assert owner.post(go("price", *soup), price(when="later", agreed=agreed)).status_code == 303
    assert [one.amount_minor for one in pricing.upcoming(town.stores["cafe"], now=now)] == [1350]


@pytest.mark.covers("M2", part="the report of differences between web and counter")
def test_only_on_the_web_differs_from_the_counter(
    owner: Client, go: Callable[..., str], town: Town, soup: Any, now: datetime
) -> None:
    warned = owner.post(go("price", *soup), price(channel="online", amount="11.90"))
    assert warned.status_code == 409
    assert "The web would say €11.90, the counter €12.90." in text_of(warned)
    assert len(pricing.lists_of_merchant(town.merchants["cafe"])) == 1
    assert (
        owner.post(
            go("price", *soup), price(channel="online", amount="11.90", agreed="1190:online:all:now")
        ).status_code
        == 303
    )
    assert (minor(town, now), minor(town, now, "counter")) == (1190, 1290)
    page = text_of(owner.get(go("prices")))
    assert "Web and shop differ" in page and "web €11.90, counter €12.90" in page
    own = text_of(owner.get(go("price", *soup)))
    assert "Only on the web" in own and "Web and counter" in own


def test_a_price_with_an_end_gives_way_to_the_one_before(
    owner: Client, go: Callable[..., str], town: Town, soup: Any, now: datetime, clock: VirtualClock
) -> None:
    overlapping = price(amount="9.90", until="2026-05-13T18:00")
    refused = owner.post(go("price", *soup), overlapping)
    assert refused.status_code == 409 and "Another price is already planned in this time." in text_of(refused)
    clock.advance(minutes=5)
    assert owner.post(go("price", *soup), overlapping).status_code == 303
    assert minor(town, clock.now()) == 990
    assert minor(town, datetime(2026, 5, 13, 15, tzinfo=UTC)) == 1290


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"amount": ""}, "This field is required."),
        ({"amount": "4.205"}, "Write an amount like 4.20."),
        ({"when": "later", "from_at": ""}, "Choose a day and a time."),
        ({"when": "later", "from_at": "2026-05-12T10:00"}, "A price cannot begin in the past."),
        ({"when": "later", "until": "2026-05-13T23:00"}, "The end is before the beginning."),
    ],
)
def test_a_price_that_makes_no_sense(
    owner: Client, go: Callable[..., str], town: Town, soup: Any, now: datetime, changes: dict[str, str], words: str
) -> None:
    answer = owner.post(go("price", *soup), price(**changes))
    assert answer.status_code == 422
    assert words in text_of(answer)
    assert minor(town, now) == 1290


# Stock


def test_levels_emptiest_first(owner: Client, go: Callable[..., str], town: Town, comes_in: Callable[..., Any]) -> None:
    comes_in("cafe", soup=10)
    page = text_of(owner.get(go("stock")))
    table = page[page.index("<tbody>") :]
    names = ["Salmon soup", "Aamu house beans, 1 kg", "Aamu house beans, 250 g", "Cardamom bun"]
    assert sorted(names, key=table.index) == names
    assert "nearly gone" in table
    assert "Not counted, never runs out" in page and "Flat white" in page
    assert "Salmon soup" not in text_of(owner.get(go("stock") + "&q=bun"))


def test_received_counted_and_corrected_with_a_running_number(
    owner: Client, go: Callable[..., str], town: Town, soup: Any, comes_in: Callable[..., Any]
) -> None:
    comes_in("cafe", soup=2)
    address = go("stock-item", *soup)

    def post(act: str, **said: str) -> Any:
        return owner.post(address, {"act": act, **{f"{act}-{name}": value for name, value in said.items()}})

    assert post("receive", quantity="6", note="Morning").status_code == 303
    assert post("count", counted="15", reason="spoiled", note="Fell down").status_code == 303
    assert post("adjust", quantity="2", reason="+found").status_code == 303
    moved = inventory.movements(town.stores["cafe"], variant_id=soup[1])
    assert [(one.kind, one.delta, one.on_hand, one.reason) for one in moved] == [
        ("adjust", 2, 17, "found"),
        ("count", -3, 15, "spoiled"),
        ("receive", 6, 18, "delivered"),
        ("receive", 12, 12, "delivered"),
    ]
    page = text_of(owner.get(address))
    for words in ("Spoiled or past its date", "“Fell down”", "Found again", "−3", "+6"):
        assert words in page, words
    assert inventory.availability(town.stores["cafe"], [soup[1]]) == {soup[1]: 15}


def test_the_same_delivery_twice_is_one(owner: Client, go: Callable[..., str], town: Town, soup: Any) -> None:
    said = {"key": "delivery-1", "act": "receive", "receive-quantity": "6"}
    for _ in range(2):
        assert owner.post(go("stock-item", *soup), said).status_code == 303
    assert inventory.availability(town.stores["cafe"], [soup[1]]) == {soup[1]: 18}


@pytest.mark.parametrize(
    ("said", "status", "words"),
    [
        ({"act": "receive", "receive-quantity": "0"}, 422, "greater than or equal to 1"),
        ({"act": "count", "count-counted": "", "count-reason": "broken"}, 422, "This field is required."),
        ({"act": "count", "count-counted": "1", "count-reason": "correction"}, 409, "2 are promised to customers"),
        ({"act": "adjust", "adjust-quantity": "11", "adjust-reason": "-broken"}, 409, "2 are promised to customers"),
        ({"act": "adjust", "adjust-quantity": "1", "adjust-reason": "-found"}, 422, "Select a valid choice"),
    ],
)
def test_what_stock_refuses(
    owner: Client, go: Callable[..., str], town: Town, soup: Any, comes_in: Callable[..., Any],
    said: dict[str, str], status: int, words: str,
) -> None:  # fmt: skip
    comes_in("cafe", soup=2)
    answer = owner.post(go("stock-item", *soup), said)
    assert answer.status_code == status
    assert words in text_of(answer)
    assert inventory.availability(town.stores["cafe"], [soup[1]]) == {soup[1]: 10}


def test_the_whole_shelf_is_counted_at_once(owner: Client, go: Callable[..., str], town: Town) -> None:
    numbers = {
        f"n-{town.variants['soup']}": "10",
        f"n-{town.variants['bun']}": "24",
        f"n-{town.variants['beans_250']}": "",
    }
    wrong = owner.post(go("stock-count"), {**numbers, f"n-{town.variants['bun']}": "many", "reason": "stolen"})
    assert wrong.status_code == 422 and "Write a whole number." in text_of(wrong)
    assert inventory.availability(town.stores["cafe"], [town.variants["soup"]]) == {town.variants["soup"]: 12}
    done = owner.post(go("stock-count"), {**numbers, "reason": "stolen"}, follow=True)
    assert "The shelf is counted. 1 number differed." in text_of(done)
    (last,) = inventory.movements(town.stores["cafe"], variant_id=town.variants["soup"], limit=1)
    assert (last.delta, last.reason) == (-2, "stolen")
    assert len(inventory.movements(town.stores["cafe"], variant_id=town.variants["beans_250"])) == 1


def test_counting_begins_and_ends(owner: Client, go: Callable[..., str], town: Town) -> None:
    white = (town.products["flat_white"], town.variants["flat_white"])
    assert "it never runs out" in text_of(owner.get(go("stock-item", *white)))
    owner.post(go("stock-item", *white), {"act": "track"})
    assert inventory.availability(town.stores["cafe"], [white[1]]) == {white[1]: 0}
    owner.post(go("stock-item", *white), {"act": "untrack"})
    assert inventory.availability(town.stores["cafe"], [white[1]]) == {white[1]: None}
