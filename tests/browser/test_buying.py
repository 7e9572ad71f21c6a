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


@pytest.fixture(scope="module")
def gateway(site: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    yield from buying.run_gateway(site, tmp_path_factory.mktemp("gateway"))


@pytest.fixture(scope="module")
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


def test_the_network_is_gone_at_the_moment_of_paying(new_page: Any, site: Any, device: Any) -> None:
    page = new_page(device)
    to_checkout(page, site, "grocer.rye_bread")
    checkout = page.url
    page.get_by_label("E-mail").fill("kim@example.com")
    page.context.set_offline(True)
    with page.expect_event("requestfailed"):
        page.get_by_role("button", name="Pay €3.15").click(no_wait_after=True)
    page.context.set_offline(False)
    page.goto("/orders/")
    expect(page.get_by_role("heading", name="Not ordered yet")).to_be_visible()
    page.goto(checkout)
    page.get_by_label("E-mail").fill("kim@example.com")
    page.get_by_role("button", name="Pay €3.15").click()
    expect(page.get_by_role("heading", name="Pay €3.15")).to_be_visible()
    # Back from the bank without paying: the cart is an order now, and says so instead of ordering again.
    page.goto(checkout)
    expect(page.get_by_text("Nothing was ordered or charged a second time.")).to_be_visible()
    page.get_by_role("button", name="Pay €3.15").click()
    pay(page)
    expect(page.locator(".codetext")).to_have_text(CODE)
    expect(page.get_by_text("Paid €3.15")).to_be_visible()
    page.goto("/orders/")
    expect(page.locator(".orderrow")).to_have_count(1)
    expect(page.locator(".past > li")).to_have_count(0)


@pytest.mark.covers("M1", part="a cart of yesterday: prices and stock are asked about again before anything is paid")
def test_overnight_a_price_moved_and_something_is_gone(page_phone: Any, site: Any) -> None:
    page = page_phone
    buying.fill_cart(page, site, "deli.jam", "deli.rye_bread")
    site.advance(hours=27)
    shop(site, "price", "deli.jam", "735")
    shop(site, "pieces", "deli.rye_bread", "0")
    site.advance(seconds=30)
    page.goto("/")
    page.get_by_role("link", name=re.compile("In your order at Yrjönkadun")).click()
    expect(page.get_by_text("The shop raised this by €0.40 after you chose it. Nothing has been paid.")).to_be_visible()
    expect(page.get_by_text("Look at the marked lines first")).to_be_visible()
    bread = page.locator(".item.moved", has_text="Rye bread")
    expect(bread).to_contain_text("This is sold out for now.")
    bread.get_by_role("button", name="Take it out").click()
    expect(page.get_by_text("Answer the new price first")).to_be_visible()
    page.get_by_role("button", name="Agree to €7.35").click()
    page.get_by_role("link", name="To the checkout €7.35").click()
    page.get_by_label("E-mail").fill("kim@example.com")
    page.get_by_label("Cash at the counter").check()
    page.get_by_role("button", name="Order, pay at the counter").click()
    expect(page.get_by_role("region", name="Receipt")).to_contain_text("To pay at the counter€7.35")
    # At noon, where every story begins, the old price holds; the bread must be put back.
    shop(site, "pieces", "deli.rye_bread", "6")


def test_a_ticket_says_why_it_does_not_apply_and_what_would_make_it(page_phone: Any, site: Any) -> None:
    page = page_phone
    buying.fill_cart(page, site, "noodles.youpo")
    page.get_by_role("link", name="See the order").click()
    page.get_by_role("button", name=re.compile("^Use")).click()
    expect(page.get_by_text("This ticket applies from €15.00.")).to_be_visible()
    expect(page.get_by_text("€2.10 more and it applies.")).to_be_visible()
    page.get_by_role("button", name="One more").click()
    expect(page.get_by_text("This ticket takes €3.00 off.")).to_be_visible()
    expect(page.get_by_role("link", name="To the checkout €22.80")).to_be_visible()
    page.get_by_role("button", name="One less").click()
    expect(page.get_by_text("This ticket applies from €15.00.")).to_be_visible()


def test_two_shops_are_told_to_be_two_pickups(new_page: Any, site: Any, device: Any) -> None:
    page = new_page(device)
    buying.fill_cart(page, site, "noodles.youpo", "grocer.oat_drink")
    page.goto("/cart/")
    expect(page.get_by_text("2 shops are 2 orders and 2 pickups.")).to_be_visible()
    expect(page.get_by_role("link", name="Open this cart")).to_have_count(2)
    page.get_by_role("link", name="Open this cart €2.49").click()
    expect(page.get_by_text("One more pickup")).to_be_visible()


@pytest.mark.covers("M1", part="cancelled before preparation, the money goes back to where it came from, with its date")
def test_a_paid_order_is_cancelled_and_the_money_goes_back(new_page: Any, site: Any, device: Any) -> None:
    page = new_page(device)
    to_checkout(page, site, "noodles.youpo")
    page.get_by_label("E-mail").fill("kim@example.com")
    page.get_by_role("button", name="Pay €12.90").click()
    pay(page)
    expect(page.locator(".codetext")).to_have_text(CODE)
    page.get_by_role("link", name="Cancel the order").click()
    expect(page.get_by_text("€12.90 goes back to where it came from.")).to_be_visible()
    page.get_by_role("button", name="Cancel, €12.90 back").click()
    said = page.get_by_role("alert")
    expect(said).to_contain_text("You cancelled this order.")
    expect(said).to_contain_text(
        re.compile(r"€12\.90 is on its way back .+ by (Fri|Sat|Sun|Mon), \d+ May at the latest")
    )
    expect(page.get_by_role("region", name="Receipt")).to_contain_text("Paid in the end€0.00")
    expect(page.locator(".codetext")).to_have_count(0)


def test_handed_over_by_mistake_and_undone(page_phone: Any, site: Any) -> None:
    page = page_phone
    order_id = order_with_cash(page, site, "noodles.youpo")
    code = page.locator(".codetext").inner_text()
    for verb in ("start", "ready", "hand_over"):
        shop(site, verb, order_id)
    expect(page.locator(".line")).to_contain_text("Handed over")
    expect(page.locator(".codetext")).to_have_count(0)
    site.advance(minutes=5)
    shop(site, "undo", order_id)
    expect(page.locator(".codetext")).to_have_text(code)


@pytest.mark.covers(
    "M2", part="a shelf label leads into the online shop: the same thing at the same price, bought there"
)
def test_from_a_shelf_label_into_the_online_shop(new_page: Any, site: Any, device: Any) -> None:
    shop(site, "pieces", "grocer.jam", "1")
    page = new_page(device)
    page.goto(f"/t/{site.town['tokens']['label']}")
    expect(page.get_by_text("You scanned a label at Tähti Corner Shop. You need no account to order.")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Cloudberry jam")
    shelf = page.locator(".title .price").inner_text()
    assert shelf == "€6.95"
    page.get_by_role("button", name="Add to the order €6.95").click()
    page.get_by_role("link", name="See the order").click()
    page.get_by_role("link", name="To the checkout €6.95").click()
    page.get_by_label("E-mail").fill("kim@example.com")
    page.get_by_label("Cash at the counter").check()
    page.get_by_role("button", name="Order, pay at the counter").click()
    expect(page.get_by_role("region", name="Receipt")).to_contain_text("To pay at the counter€6.95")
    shop(site, "hand_over", order_of(page))
    expect(page.locator(".line")).to_contain_text("Handed over")
    # Next week the same phone is recognised: its orders, and the same again in one press.
    shop(site, "pieces", "grocer.jam", "3")
    page.goto("/orders/")
    page.get_by_role("button", name=re.compile("^Again")).click()
    expect(page.get_by_role("link", name="To the checkout €6.95")).to_be_visible()


@pytest.mark.covers("B4", part="words, amounts and clock times in three languages; the shop's clock, not the phone's")
@pytest.mark.parametrize(
    ("locale", "zone", "words"),
    [
        ("en-GB", "America/New_York", ("Until 23:00", "€2.49", "Add to the order", "ready 12:")),
        ("zh-CN", "Asia/Shanghai", ("营业至 23:00", "€2.49", "加入订单", "12:")),
        ("es-ES", "Europe/Madrid", ("Hasta las 23:00", "2,49 €", "Añadir al pedido", "12:")),
    ],
)
def test_in_the_readers_language_and_the_shops_time(
    new_page: Any, site: Any, locale: str, zone: str, words: Any
) -> None:
    page = new_page(PHONE, locale=locale, timezone_id=zone)
    until, price, add, ready = words
    page.goto(f"/s/{site.town['slugs']['grocer']}/{site.town['offers']['grocer.oat_drink']}/")
    expect(page.locator(".lamp").first).to_have_text(until)
    button = page.locator("#sum")
    expect(button).to_contain_text(add)
    assert price in button.inner_text().replace("\u00a0", " ")
    button.click()
    page.locator("#order a.btn").click()
    expect(page.locator("#cart")).to_contain_text(ready)
    page.locator(".actbar a").click()
    assert page.locator("html").get_attribute("lang") == {"zh-CN": "zh-Hans"}.get(locale, locale[:2])
    assert price in page.locator("#order-button").inner_text().replace("\u00a0", " ")
    expect(page.locator("#id_wanted_at option").nth(1)).to_have_text(re.compile(r"^12:\d\d$"))


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
    expect(page.get_by_role("alert")).to_contain_text("You cancelled this order.")
    expect(page.get_by_role("alert")).to_contain_text("Nothing was taken.")
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
    # Also its looks and its scripts are kept: a counter is no place for a bare page.
    assert page.locator("#plate").evaluate("(plate) => getComputedStyle(plate).display") == "flex"
    expect(page.locator("html.js")).to_have_count(1)


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
