"""A shop at work: an order comes in by itself, is accepted, made, verified by typing, and taken back."""

from __future__ import annotations

import json
import re
import subprocess
import sys

import pytest
from playwright.sync_api import expect

from demo.town import EMAILS, PASSWORDS
from tests.browser.conftest import DESKTOP, PHONE, ROOT

DEVICES = {"phone": PHONE, "desktop": DESKTOP}


@pytest.fixture(params=DEVICES)
def device(request):
    return DEVICES[request.param]


@pytest.fixture
def comes_in(site):
    """``comes_in("Kaisa Lehto", 2)``: two bowls are ordered at the noodle house, and paid unless by cash."""

    def order(name: str, quantity: int = 1, method: str = "sandbox") -> dict[str, str]:
        command = [sys.executable, "-m", "tests.browser.customer", name, str(quantity), method]
        done = subprocess.run(command, cwd=ROOT, env=site.environment, check=True, capture_output=True, text=True)
        return json.loads(done.stdout.splitlines()[-1])

    return order


@pytest.fixture
def console(site):
    return lambda firm, room="": f"/console/{site.town['merchants'][firm]}/{room}"


@pytest.fixture
def backroom(site):
    def run(*words: str) -> str:
        command = [sys.executable, "-m", "tests.browser.backroom", *words]
        done = subprocess.run(command, cwd=ROOT, env=site.environment, check=True, capture_output=True, text=True)
        return done.stdout.strip()

    return run


def confirmed(page, backroom) -> None:
    """The second factor was given in this browser."""
    backroom("confirm", {one["name"]: one["value"] for one in page.context.cookies()}["sessionid"])


@pytest.fixture
def signed_in():
    def sign_in(page, who: str, to: str):
        page.goto(f"/sign-in/password/?next={to}")
        page.get_by_label("E-mail").fill(EMAILS[who])
        page.get_by_label("Password").fill(PASSWORDS[who])
        page.keyboard.press("Enter")
        expect(page).to_have_url(re.compile(re.escape(to)))
        return page

    return sign_in


def test_from_the_first_sound_to_the_undo(new_page, device, site, comes_in, console, signed_in):
    page = signed_in(new_page(device), "noodles", console("noodles"))
    expect(page.get_by_role("heading", name="In hand, by due time")).to_be_visible()
    sound = page.get_by_role("button", name="Sound off")
    sound.click()
    expect(page.get_by_role("button", name="Sound on")).to_have_attribute("aria-pressed", "true")
    expect(page.locator("body")).to_have_attribute("data-live", "on")

    order = comes_in("Kaisa Lehto", 1)
    row = page.locator(f'[data-order="{order["id"]}"]')
    expect(row).to_be_visible()
    expect(row).to_contain_text("Kaisa Lehto")
    expect(page.locator("[data-heard]")).to_have_text(f"New order, Pickup {order['plate']}: 1 Youpo noodles")
    assert int(page.evaluate("document.body.dataset.rang")) >= 1
    expect(page).to_have_title(re.compile(r"^\(\d+\) Today"))

    row.get_by_role("button", name="Accept").click()
    row.get_by_role("button", name="Ready").click()
    expect(row.get_by_role("button", name="Hand over")).to_be_visible()

    code = page.get_by_label("Ticket code")
    wrong = order["code"][:-1] + ("2" if order["code"][-1] != "2" else "3")
    code.fill(wrong)
    page.get_by_role("button", name="Check").click()
    expect(page.get_by_text("One letter is off. Check the last one.")).to_be_visible()
    expect(code).to_have_value(wrong)
    code.fill(order["code"].lower())
    page.get_by_role("button", name="Check").click()
    box = page.locator("#counter")
    expect(box).to_contain_text("Kaisa Lehto")
    box.get_by_role("button", name="Hand over").click()
    expect(box).to_contain_text("Given 12:00.")
    expect(row).to_have_count(0)
    box.get_by_role("button", name="Undo").click()
    expect(box).to_contain_text("Kaisa Lehto: taken back")
    expect(row.get_by_role("button", name="Hand over")).to_be_visible()
    row.get_by_role("button", name="Hand over").click()
    expect(row).to_have_count(0)
    expect(page.get_by_role("heading", name="Handed over lately")).to_be_visible()


@pytest.mark.covers("B5", part="an order is accepted, made and handed over by keyboard alone")
def test_by_keyboard_alone(page_desktop, site, comes_in, console, signed_in):
    order = comes_in("Pekka Niemi")
    page = signed_in(page_desktop, "noodles", console("noodles"))
    # Keys are heard once the page's script runs; a person takes longer to find the key than the script to start.
    expect(page.locator("html.js")).to_be_attached()
    page.keyboard.press("v")
    expect(page.get_by_label("Ticket code")).to_be_focused()
    page.keyboard.type("abc")
    page.locator("h1").click()
    page.keyboard.press("ArrowDown")
    focused = page.locator("tbody [data-walk-stop] button:focus")
    for _ in range(20):
        if order["id"] in (focused.get_attribute("id") or ""):
            break
        page.keyboard.press("ArrowDown")
    expect(focused).to_contain_text(re.compile(r"Accept 12:\d\d"))
    page.keyboard.press("Enter")
    row = page.locator(f'[data-order="{order["id"]}"]')
    ready = row.get_by_role("button", name="Ready")
    expect(ready).to_be_visible()
    expect(ready).to_be_focused()
    page.keyboard.press("Enter")
    hand_over = row.get_by_role("button", name="Hand over")
    expect(hand_over).to_be_focused()
    page.keyboard.press("Enter")
    expect(row).to_have_count(0)


def test_without_a_camera_one_types(new_page, console, signed_in):
    page = signed_in(new_page(PHONE), "noodles", console("noodles", "verify/"))
    page.get_by_role("button", name="Use the camera").click()
    expect(page.get_by_text("The camera cannot be used. Type the code instead.")).to_be_visible()
    page.get_by_label("Ticket code").fill("K7M4 92QX")
    page.get_by_role("button", name="Check").click()
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_label("Ticket code")).to_have_value("K7M4 92QX")


def test_without_scripts_the_shop_works_on(new_page, site, comes_in, console, signed_in):
    order = comes_in("Olli Koski")
    page = new_page(PHONE, java_script_enabled=False)
    page.goto(f"/sign-in/password/?next={console('noodles', 'board/')}")
    page.get_by_label("E-mail").fill(EMAILS["noodles"])
    page.get_by_label("Password").fill(PASSWORDS["noodles"])
    page.get_by_role("button", name="Sign in").click()
    slip = page.locator(f'[data-order="{order["id"]}"]')
    slip.get_by_role("button", name="Accept").click()
    slip.get_by_role("button", name="Ready").click()
    page.goto(console("noodles", "verify/"))
    page.get_by_label("Ticket code").fill(order["code"])
    page.get_by_role("button", name="Check").click()
    page.get_by_role("button", name="Hand over").click()
    expect(page.get_by_text("Given 12:00.")).to_be_visible()
    page.goto(console("noodles", "needs/"))
    expect(page.get_by_role("heading", name="Needs you", level=2)).to_be_visible()


def test_the_front_changes_while_one_chooses(page_desktop, console, signed_in):
    page = signed_in(page_desktop, "noodles", console("noodles", "store/look/"))
    before = page.locator("#house").inner_html()
    page.get_by_label("Plum").check()
    expect(page.locator("#house")).to_contain_text("The drawing shows your choice.")
    assert page.locator("#house").inner_html() != before


@pytest.mark.covers(
    "S10", part="a helper verifies without seeing money; access ends at once, on every device and in the live stream"
)
def test_when_the_helper_leaves_every_page_of_theirs_goes_dark(new_page, site, comes_in, console, signed_in, backroom):
    address, tills = "sanna@example.com", [new_page(PHONE), new_page(DESKTOP)]
    boss = signed_in(new_page(DESKTOP), "noodles", console("noodles", "staff/"))
    confirmed(boss, backroom)
    boss.reload()
    boss.get_by_label("E-mail address").fill(address)
    boss.get_by_label("Name").fill("Sanna")
    boss.get_by_role("button", name="Give access").click()
    expect(boss.get_by_text("sanna@example.com works here now.")).to_be_visible()
    for till in tills:
        till.goto(f"/sign-in/?next={console('noodles')}")
        till.get_by_label("E-mail").fill(address)
        till.get_by_role("button", name="Send me a code").click()
        expect(till.get_by_role("heading", name="Your code")).to_be_visible()
        till.locator("input[name=code]").fill(backroom("code", address))
        till.get_by_role("button", name="Sign in").click()
        expect(till.get_by_role("heading", name="In hand, by due time")).to_be_visible()
        expect(till.locator("body")).to_have_attribute("data-live", "on")
        assert "€" not in till.locator("#figures").inner_text()
        expect(till.get_by_role("link", name="Money")).to_have_count(0)
    tills[0].get_by_label("Ticket code").fill("K7M4")

    boss.locator(".people > li", has_text="Sanna").locator("summary").click()
    boss.locator(".people > li", has_text="Sanna").get_by_role("button", name="End access now").click()
    expect(boss.get_by_text("Sanna has no access any more, on no device.")).to_be_visible()
    order = comes_in("Kaisa Lehto")
    for till in tills:
        # Nothing is pressed here.
        expect(till.get_by_role("heading", name="In hand, by due time")).to_have_count(0)
        expect(till.locator(f'[data-order="{order["id"]}"]')).to_have_count(0)
        assert till.goto(console("noodles", "verify/")).status == 404


ROOMS = [
    "",
    "board/",
    "orders/",
    "verify/",
    "needs/",
    "store/",
    "store/new/",
    "store/hours/",
    "store/look/",
    "staff/",
    "keys/",
    "ready/",
]


@pytest.mark.covers("B5", part="every page of a shop at work passes axe by day and by night, on phone and desktop")
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nobody_is_shut_out(new_page, device, comes_in, console, signed_in, axe, sideways, scheme):
    order = comes_in("Marja-Leena Hietaharju-Koivuniemi", method="cash")
    page = signed_in(new_page(device, color_scheme=scheme), "noodles", console("noodles"))
    for room in [*ROOMS, f"orders/{order['id']}/"]:
        page.goto(console("noodles", room))
        expect(page.locator("main")).to_be_visible()
        assert axe(page) == [], room
        assert sideways(page) == 0, room
    page.goto("/console/apply/")
    assert axe(page) == []
    assert sideways(page) == 0
    small = page.evaluate(
        "[...document.querySelectorAll('a.btn, button, input:not([type=hidden]), select')]"
        ".filter((e) => e.offsetParent && e.getBoundingClientRect().height < 44 && !e.closest('.language, label'))"
        ".map((e) => e.outerHTML.slice(0, 80))"
    )
    assert small == []
