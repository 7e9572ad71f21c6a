"""A stranger looks around: near, search, a shop, a dish, with finger, pointer and keyboard."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DESKTOP, PHONE

DEVICES = {"phone": PHONE, "desktop": DESKTOP}
DARK = ("Kolmen Sepän Apteekki", "Yrjönkadun")
"""What is closed at noon in the town. Other tests of the same site may have opened further shops."""


def open_map(page):
    """On a phone the map is fetched when asked for."""
    button = page.get_by_role("button", name="Open the map")
    if button.is_visible():
        button.click()


@pytest.fixture(params=DEVICES)
def device(request):
    return DEVICES[request.param]


@pytest.fixture
def addresses(site):
    slugs, offers = site.town["slugs"], site.town["offers"]
    return {
        "near": "/",
        "search": "/search/?q=coffee",
        "nothing": "/search/?q=zzzz",
        "here": "/here/?street=aleks",
        "store": f"/s/{slugs['cafe']}/",
        "noodles": f"/s/{slugs['noodles']}/",
        "listed": f"/s/{slugs['bookshop']}/",
        "long": f"/s/{slugs['deli']}/",
        "product": f"/s/{slugs['noodles']}/{offers['noodles.youpo']}/",
        "reviews": f"/s/{slugs['cafe']}/reviews/",
    }


def test_a_shop_is_found_by_a_misspelled_word(new_page, device):
    page = new_page(device)
    page.goto("/")
    page.get_by_role("searchbox").filter(visible=True).fill("cofee")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Showing results for coffee.")).to_be_visible()
    page.get_by_role("link", name="Aamu Roastery").first.click()
    expect(page.get_by_role("heading", level=1, name="Aamu Roastery")).to_be_visible()
    expect(page.get_by_text("Until 19:00").first).to_be_visible()


def test_the_numbers_on_the_map_are_those_of_the_list(new_page, device):
    page = new_page(device)
    page.goto("/")
    open_map(page)
    marks = page.locator(".m-mark.numbered")
    rows = page.locator(".board > li .nm")
    expect(marks).to_have_count(rows.count())
    listed = [re.sub(r"^(\d+)\s*", r"\1 ", text.replace("\u00ad", "")) for text in rows.all_inner_texts()]
    named = sorted((mark.get_attribute("aria-label") for mark in marks.all()), key=lambda name: int(name.split()[0]))
    assert named == listed
    marks.first.press("Enter")
    expect(page).to_have_url(re.compile(r"/s/"))


def test_filters_change_list_map_and_address_in_place(page_phone, site):
    page = page_phone
    page.goto("/")
    rows = page.locator(".board > li")
    all_of_them = rows.count()
    dark = page.locator(".board .lamp.dark").count()
    assert dark >= len(DARK)
    page.get_by_role("link", name="Open now").click()
    expect(rows).to_have_count(all_of_them - dark)
    expect(page.get_by_role("heading", name="Not open just now")).to_have_count(0)
    expect(page).to_have_url(f"{site.url}/?open=1")
    open_map(page)
    expect(page.locator(".m-mark.numbered")).to_have_count(all_of_them - dark)
    page.go_back()
    expect(rows).to_have_count(all_of_them)


@pytest.mark.covers("O4", part="the nearest shops from the phone: lit ones first, then when the others open")
def test_lit_windows_first_then_when_the_others_open(new_page, device, site):
    page = new_page(device)
    page.goto("/")
    lamps = page.locator(".board .lamp").evaluate_all("(all) => all.map((lamp) => lamp.classList.contains('dark'))")
    assert lamps == sorted(lamps)
    after = page.get_by_role("heading", name="Not open just now").locator("xpath=following::ol[1]")
    expect(after).to_contain_text("Yrjönkadun")
    expect(after).to_contain_text("Closed, opens 15:00")
    numbers = page.locator(".board .pin").all_inner_texts()
    assert numbers == [str(at) for at in range(1, len(numbers) + 1)]
    site.advance(hours=15)
    page.reload()
    expect(page.get_by_text(re.compile(r"Nothing is open here now\. .+ is the first again: 07:00\."))).to_be_visible()


def test_a_phone_fetches_the_map_only_when_it_is_opened(new_page):
    page = new_page(PHONE)
    fetched = []
    page.on("request", lambda request: fetched.append(request.url))
    page.goto("/")
    page.wait_for_load_state("networkidle")
    page.keyboard.press("End")
    page.wait_for_load_state("networkidle")
    assert [url for url in fetched if "maplibre" in url or "basemap" in url] == []
    page.get_by_role("link", name="Map", exact=True).click()
    expect(page.locator(".m-mark.numbered").first).to_be_visible()
    expect(page.get_by_role("button", name="Open the map")).to_be_hidden()


def test_the_device_says_where_it_is(new_page, site):
    page = new_page(PHONE, geolocation={"latitude": 60.169034, "longitude": 24.941823}, permissions=["geolocation"])
    page.goto("/")
    page.get_by_role("link", name="Say where you are").click()
    page.get_by_role("button", name="Use the position of this device").click()
    expect(page.get_by_role("link", name="Aleksanterinkatu")).to_be_visible()
    expect(page.locator(".board > li").first).to_contain_text("Aamu Roastery")


def test_a_dish_with_its_options_comes_into_the_order(page_phone, addresses):
    page = page_phone
    page.goto(addresses["store"])
    page.get_by_role("link", name="Choose Flat white").click()
    button = page.get_by_role("button", name="Add to the order")
    expect(button).to_contain_text("€4.20")
    page.get_by_text("Oat milk").click()
    expect(button).to_contain_text("€4.70")
    page.get_by_role("button", name="One more").click()
    expect(button).to_contain_text("€9.40")
    button.click()
    expect(page.get_by_text("Flat white is in your order.")).to_be_visible()
    expect(page.get_by_role("link", name="See the order")).to_contain_text("€9.40")


def test_plus_beside_a_dish_adds_in_place(page_desktop, addresses):
    page = page_desktop
    page.goto(addresses["store"])
    plus = page.get_by_role("button", name="Add Cardamom bun")
    plus.click()
    expect(page.locator("#order .receipt")).to_contain_text("€3.90")
    plus.click()
    expect(page.locator("#order .receipt")).to_contain_text("€7.80")
    expect(plus).to_be_focused()


def test_by_keyboard_alone(page_desktop, tab_to):
    page = page_desktop
    page.goto("/")
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox").filter(visible=True)).to_be_focused()
    page.keyboard.type("noodle")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Things on sale")).to_be_visible()
    tab_to(page, page.get_by_role("link", name="Youpo Noodle House"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Youpo Noodle House")
    tab_to(page, page.get_by_role("link", name="Choose Youpo noodles"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Youpo noodles")
    tab_to(page, page.locator("input[type=radio]:checked"))
    page.keyboard.press("ArrowDown")
    tab_to(page, page.get_by_role("button", name="Add to the order"))
    page.keyboard.press("Enter")
    expect(page.get_by_text("Youpo noodles is in your order.")).to_be_visible()


def test_without_scripts_everything_still_works(new_page, addresses):
    page = new_page(PHONE, java_script_enabled=False)
    page.goto("/?open=1")
    expect(page.locator(".board > li")).not_to_have_count(0)
    expect(page.locator(".board .lamp.dark")).to_have_count(0)
    expect(page.locator(".map")).to_be_hidden()
    page.goto(addresses["store"])
    page.get_by_role("button", name="Add Cardamom bun").click()
    expect(page.get_by_text("Cardamom bun is in your order.")).to_be_visible()
    expect(page.get_by_role("link", name="See the order")).to_contain_text("€3.90")


PAGES = ["near", "search", "nothing", "here", "store", "noodles", "listed", "product", "reviews"]


@pytest.mark.parametrize("name", PAGES)
def test_nothing_stands_in_anybodys_way(new_page, axe, addresses, device, name):
    page = new_page(device)
    page.goto(addresses[name])
    page.wait_for_load_state("networkidle")
    assert axe(page) == []
    page.emulate_media(color_scheme="dark")
    page.reload(wait_until="networkidle")
    assert axe(page) == []


@pytest.mark.parametrize("language", ["en-GB", "zh-CN", "es-ES"])
def test_nothing_runs_over_the_edge_of_a_small_phone(new_page, sideways, addresses, language):
    small = {**PHONE, "viewport": {"width": 320, "height": 640}}
    page = new_page(small, locale=language)
    over = {}
    for name, address in addresses.items():
        page.goto(address)
        over[name] = sideways(page)
    assert over == dict.fromkeys(addresses, 0)


def test_targets_are_large_enough_for_a_thumb(new_page, addresses):
    page = new_page(PHONE)
    for name in ("near", "store", "product"):
        page.goto(addresses[name])
        page.wait_for_load_state("networkidle")
        small = page.evaluate(
            """() => [...document.querySelectorAll("button, .btn, .chip, .board a, .tabs a, .plate, .pick, .subtabs a")]
              .filter((e) => e.checkVisibility() && !e.closest(".maplibregl-ctrl"))
              .map((e) => [e.getBoundingClientRect(), e.textContent.trim().slice(0, 30) || e.className])
              .filter(([box]) => box.width && (box.height < 43.5 || box.width < 43.5)).map(([, words]) => words)"""
        )
        assert small == [], name
