"""A stranger buys: from the poster to the code, and everything that life puts in between."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser import buying
from tests.browser.buying import order_of, order_with_cash, shop, to_checkout
from tests.browser.conftest import DESKTOP, PHONE

DEVICES = {"phone": PHONE, "desktop": DESKTOP}
CODE = re.compile(r"^[2-9A-Z]{4} [2-9A-Z]{4} [2-9A-Z]{4}$")


@pytest.fixture(scope="session")
def gateway(site: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    yield from buying.run_gateway(site, tmp_path_factory.mktemp("gateway"))


@pytest.fixture(scope="session")
def browser(launch: Callable[..., Any], gateway: int) -> Any:
    return launch(buying.official(gateway))


@pytest.fixture(params=DEVICES)
def device(request: pytest.FixtureRequest) -> dict[str, Any]:
    return DEVICES[request.param]


def pay(page: Any, card: str = "Card that works") -> None:
    """On the gateway's page."""
    page.get_by_label(card, exact=True).check()
    page.get_by_role("button", name=re.compile(r"^Pay €")).click()


@pytest.mark.covers("M1", part="a stranger scans a poster, orders as a guest, pays, and shows the code")
def test_a_stranger_scans_orders_pays_and_shows_the_code(new_page: Any, site: Any, device: Any) -> None:
    page = new_page(device)
    page.goto(f"/t/{site.town['tokens']['counter']}")
    expect(page.get_by_text("You need no account to order.")).to_be_visible()
    page.get_by_role("link", name="Youpo noodles", exact=True).click()
    page.get_by_label("Very hot").check()
    page.get_by_label("Peanuts").check()
    page.get_by_role("button", name="Add to the order").click()
    page.get_by_role("link", name="Cold skin noodles", exact=True).click()
    page.get_by_role("button", name="Add to the order").click()
    page.get_by_role("link", name="See the order").click()
    expect(page.get_by_text("Very hot")).to_be_visible()
    expect(page.get_by_text("without peanuts")).to_be_visible()
    page.get_by_role("button", name=re.compile("^Use")).click()
    expect(page.get_by_text("This ticket takes €3.00 off.")).to_be_visible()
    page.get_by_role("link", name="To the checkout €19.70").click()
    page.get_by_label("E-mail").fill("kim@example.com")
    page.get_by_role("button", name="Pay €19.70").click()
    expect(page.get_by_role("heading", name="Pay €19.70")).to_be_visible()
    pay(page)
    expect(page.get_by_role("heading", level=1, name="Youpo Noodle House")).to_be_visible()
    expect(page.locator(".codetext")).to_have_text(CODE)
    expect(page.locator(".qr")).to_be_visible()
    expect(page.get_by_text("Paid €19.70")).to_be_visible()
    expect(page.locator("#plate")).to_contain_text("ready 12:12")
    order_id = order_of(page)
    assert page.url.startswith(f"{site.url}/orders/{order_id}/")
    assert "key=" not in page.url
    # The page is live: nothing is pressed here.
    shop(site, "start", order_id)
    expect(page.locator("[aria-current='step']")).to_contain_text("In preparation")
    shop(site, "ready", order_id)
    expect(page.locator("#plate")).to_contain_text("Ready")
    shop(site, "hand_over", order_id)
    expect(page.locator(".line")).to_contain_text("Handed over")
    expect(page.locator(".codetext")).to_have_count(0)


def test_declined_then_paid(page_phone: Any, site: Any) -> None:
    page = page_phone
    to_checkout(page, site, "grocer.oat_drink")
    page.get_by_label("E-mail").fill("kim@example.com")
    page.get_by_role("button", name="Pay €2.49").click()
    pay(page, "Card that the bank declines")
    expect(page.get_by_role("alert")).to_contain_text("Your bank declined the card.")
    expect(page.get_by_role("alert")).to_contain_text("Nothing was taken; your things are kept until 12:15.")
    page.get_by_role("button", name="Pay again €2.49").click()
    pay(page)
    expect(page.locator(".codetext")).to_have_text(CODE)
    expect(page.locator("li[data-state='refused']")).to_have_count(1)


def test_the_network_breaks_on_the_way_back(page_phone: Any, site: Any) -> None:
    page = page_phone
    to_checkout(page, site, "grocer.oat_drink")
    page.get_by_label("E-mail").fill("kim@example.com")
    page.get_by_role("button", name="Pay €2.49").click()
    pay(page, "Card that works, but your connection breaks on the way back")
    expect(page.get_by_role("heading", name="The connection broke")).to_be_visible()
    page.goto("/orders/")
    page.get_by_role("link", name="Tähti Corner Shop").first.click()
    expect(page.locator(".codetext")).to_have_text(CODE)


def test_pressed_twice_gone_back_and_opened_twice_it_is_one_order(new_page: Any, site: Any) -> None:
    page = new_page(PHONE)
    to_checkout(page, site, "grocer.rye_bread")
    second = page.context.new_page()
    second.goto(page.url)
    for window in (page, second):
        window.get_by_label("E-mail").fill("kim@example.com")
    page.get_by_role("button", name="Pay €3.15").dblclick()
    expect(page.get_by_role("heading", name="Pay €3.15")).to_be_visible()
    second.get_by_role("button", name="Pay €3.15").click()
    expect(second.get_by_role("heading", name="Pay €3.15")).to_be_visible()
    assert second.url == page.url, "the same payment"
    pay(page)
    expect(page.locator(".codetext")).to_have_text(CODE)
    second.reload()
    expect(second.get_by_text("This payment is settled: paid.")).to_be_visible()
    page.goto("/cart/")
    expect(page.get_by_text("Your cart is empty.")).to_be_visible()
    page.goto("/orders/")
    expect(page.locator(".orderrow")).to_have_count(1)


def test_the_shop_asks_the_guest_answers_and_cancels(page_phone: Any, site: Any) -> None:
    page = page_phone
    order_id = order_with_cash(page, site, "noodles.youpo", "noodles.liangpi")
    shop(site, "sold_out", order_id)
    expect(page.get_by_role("alert")).to_contain_text("Youpo Noodle House has run out of Youpo noodles.")
    page.get_by_role("button", name="Take the rest, €12.90 less").click()
    expect(page.get_by_text("Thank you. The shop knows.")).to_be_visible()
    expect(page.get_by_role("region", name="Receipt")).to_contain_text("To pay at the counter€9.80")
    page.get_by_role("link", name="Cancel the order").click()
    page.get_by_role("button", name="Cancel the order").click()
    expect(page.get_by_text("Cancelled. Nothing was taken.")).to_be_visible()
    page.get_by_role("button", name="The same again").click()
    expect(page.get_by_role("link", name="To the checkout €22.70")).to_be_visible()


def test_without_a_pointer(page_desktop: Any, site: Any) -> None:
    page = page_desktop
    buying.fill_cart(page, site, "grocer.oat_drink")

    def tab_to(name: str, presses: int = 40) -> None:
        for _ in range(presses):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement?.innerText || document.activeElement?.name || ''").startswith(
                name
            ):
                return
        raise AssertionError(f"{name} was not reached")

    page.goto("/cart/")
    tab_to("To the checkout")
    page.keyboard.press("Enter")
    expect(page.get_by_label("E-mail")).to_be_visible()
    tab_to("email")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Type your e-mail address: the order and its code are sent there.")).to_be_visible()
    expect(page.get_by_label("E-mail")).to_be_focused()
    page.keyboard.type("kim@example.com")
    tab_to("method")
    page.keyboard.press("ArrowDown")
    tab_to("Order, pay at the counter")
    page.keyboard.press("Enter")
    expect(page.locator(".codetext")).to_have_text(CODE)


def test_without_network_the_code_is_there(new_page: Any, site: Any) -> None:
    page = new_page(PHONE, service_workers="allow")
    page.goto("/")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.reload()
    order_id = order_with_cash(page, site, "grocer.jam")
    code = page.locator(".codetext").inner_text()
    page.goto(f"/orders/{order_id}/")
    page.context.set_offline(True)
    page.goto(f"/orders/{order_id}/")
    expect(page.locator(".codetext")).to_have_text(code)
    expect(page.locator(".qr")).to_be_visible()
    expect(page.get_by_text("Not connected.")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_stands_in_the_way(new_page: Any, site: Any, axe: Any, scheme: str) -> None:
    page = new_page(PHONE, color_scheme=scheme)
    order_id = order_with_cash(page, site, "grocer.oat_drink")
    buying.fill_cart(page, site, "noodles.youpo", "noodles.liangpi")
    page.get_by_role("link", name="See the order").click()
    page.get_by_role("button", name=re.compile("^Use")).click()
    expect(page.get_by_text("This ticket takes €3.00 off.")).to_be_visible()
    cart_id = re.search(r"/cart/([0-9a-f-]{36})/", page.url)[1]  # type: ignore[index]
    buying.fill_cart(page, site, "deli.rye_bread")
    page.get_by_role("link", name="See the order").click()
    addresses = {
        "a long name": page.url,
        "cart": f"/cart/{cart_id}/",
        "checkout": f"/checkout/{cart_id}/",
        "order": f"/orders/{order_id}/",
        "cancel": f"/orders/{order_id}/cancel/",
        "orders": "/orders/",
        "tickets": "/tickets/",
        "me": "/me/",
        "consents": "/me/consents/",
        "privacy": "/about/privacy/",
    }
    found = {}
    for name, address in addresses.items():
        page.goto(address)
        found[name] = axe(page)
        if name == "tickets":
            page.locator("a.ticket").first.click()
            found["ticket"] = axe(page)
        page.set_viewport_size({"width": 320, "height": 640})
        if buying.wide(page):
            found[name].append("scrolls sideways at 320 px")
        page.set_viewport_size(PHONE["viewport"])
    shop(site, "hand_over", order_id)
    site.settle()
    page.goto(f"/orders/{order_id}/review/")
    found["review"] = axe(page)
    assert {name: problems for name, problems in found.items() if problems} == {}
