"""An operator looks after the city: an applicant becomes a shop and is suspended; what broke is repaired."""

from __future__ import annotations

import json
import re
import subprocess
import sys

import pyotp
import pytest
from playwright.sync_api import expect

from demo.town import EMAILS, PASSWORDS
from tests.browser.conftest import DESKTOP, PHONE, ROOT

CITY = "/console/city/"


@pytest.fixture
def around(site):
    """``around("apply", "Sävy")``: what happens around the operator; see ``tests.browser.operator``."""

    def run(*words: str) -> str:
        command = [sys.executable, "-m", "tests.browser.operator", *words]
        done = subprocess.run(command, cwd=ROOT, env=site.environment, check=True, capture_output=True, text=True)
        lines = done.stdout.strip().splitlines()
        return lines[-1] if lines else ""

    return run


@pytest.fixture(scope="module")
def secrets():
    """The operator's authenticator app, once it is set up."""
    return {}


@pytest.fixture
def sign_in(site, secrets):
    """Signs somebody in; the operator gives the second factor besides, and sets it up the first time."""

    def enter(page, who: str, to: str):
        page.goto(f"/sign-in/password/?next={to}")
        page.get_by_label("E-mail").fill(EMAILS[who])
        page.get_by_label("Password").fill(PASSWORDS[who])
        page.keyboard.press("Enter")
        if who != "operator":
            expect(page).to_have_url(re.compile(re.escape(to)))
            return page
        expect(page).to_have_url(re.compile("second-factor"))
        if "key" not in secrets:
            shown = re.search(r"\b[A-Z2-7]{4}(?: [A-Z2-7]{4}){7}\b", page.inner_text("body"))
            assert shown is not None
            secrets["key"] = shown[0].replace(" ", "")
        # Each code works once: every sign-in has a later one.
        moment = site.advance(seconds=31 * (1 + secrets.setdefault("used", 0)))
        secrets["used"] += 1
        page.locator("input[name=code]").fill(pyotp.TOTP(secrets["key"]).at(moment))
        page.keyboard.press("Enter")
        page.wait_for_load_state("networkidle")
        page.goto(to)
        expect(page).to_have_url(re.compile(re.escape(to)))
        return page

    return enter


def test_an_applicant_becomes_a_shop_and_is_suspended(new_page, site, around, sign_in):
    merchant = around("apply", "Sävy")
    page = sign_in(new_page(DESKTOP), "operator", CITY)
    trouble = page.locator(".troubles > li", has_text="Sävy Oy wants to join")
    trouble.get_by_role("link", name="Review the application").click()

    expect(page.get_by_role("heading", level=1, name="Sävy Oy")).to_be_visible()
    with page.expect_download() as paper:
        page.get_by_role("link", name="registration.pdf").click()
    assert paper.value.suggested_filename.endswith(".pdf")
    page.get_by_role("button", name="Begin the review").click()
    page.get_by_role("button", name="Approve the merchant").click()
    expect(page.get_by_text("Approved. The merchant can now get ready")).to_be_visible()

    page.get_by_label("Commission on each order, in percent").fill("twelve")
    page.get_by_role("button", name="Sign", exact=True).click()
    expect(page.get_by_text("Write a number like 12.5.")).to_be_visible()
    rate = page.get_by_label("Commission on each order, in percent")
    expect(rate).to_be_focused()
    rate.fill("12,5")
    page.get_by_role("button", name="Sign", exact=True).click()
    expect(page.get_by_text("12.5% of each order")).to_be_visible()

    aino = sign_in(new_page(PHONE), "aino", f"/console/{merchant}/ready/")
    aino.get_by_role("button", name="Turn the lights on").click()
    expect(aino.get_by_text("Your lights are on. Customers see you now.")).to_be_visible()
    guest = new_page(PHONE)
    guest.goto("/search/?q=Sävy")
    guest.get_by_role("link", name="Sävy").first.click()
    expect(guest.get_by_role("heading", level=1, name="Sävy")).to_be_visible()
    shop = guest.url

    page.reload()
    page.get_by_text("Suspend the merchant").first.click()
    expect(page.get_by_text("Nothing is in hand just now.")).to_be_visible()
    page.get_by_role("button", name="Suspend the merchant").click()
    expect(page.get_by_text("Write the reason, the merchant will read it.").first).to_be_visible()
    page.get_by_label("Reason").first.fill("The kitchen was not clean.")
    page.get_by_role("button", name="Suspend the merchant").click()
    expect(page.get_by_text("Its lights are out")).to_be_visible()
    assert guest.goto(shop).status == 404
    guest.goto("/search/?q=Sävy")
    expect(guest.get_by_role("link", name="Sävy", exact=True)).to_have_count(0)
    aino.goto(f"/console/{merchant}/ready/")
    expect(aino.get_by_text("The kitchen was not clean.")).to_be_visible()

    page.get_by_role("button", name="Turn its lights on again").click()
    expect(page.get_by_text("Its lights are on again.")).to_be_visible()
    assert guest.goto(shop).status == 200


def test_a_dead_letter_is_repaired_and_the_city_follows_by_itself(new_page, site, around, sign_in):
    page = sign_in(new_page(DESKTOP), "operator", CITY)
    expect(page.locator("body")).to_have_attribute("data-live", "on")
    before = page.locator(".shoplist a", has_text="Youpo Noodle House").inner_text()
    order = json.loads(around("order", "noodles", "Aleksi Virtanen"))
    noodles = page.locator(".shoplist a", has_text="Youpo Noodle House")
    expect(noodles).not_to_have_text(before, use_inner_text=True)
    expect(noodles).to_contain_text("in hand")
    # The map says the same as the list, also after it changed.
    name = page.locator("#city-map a.m-mark[aria-label*='Youpo']").get_attribute("aria-label")
    assert "in hand" in name

    around("letter", order["order"])
    page.goto(CITY)
    trouble = page.locator(".troubles > li", has_text="event not delivered")
    trouble.get_by_role("link", name="Repair the delivery").click()
    letter = page.locator(".troubles > li", has_text="insight.attribute_order")
    letter.get_by_text("The event and the whole error").click()
    expect(letter.get_by_text("the counting house is closed").last).to_be_visible()
    letter.locator("summary", has_text="Dismiss").click()
    letter.get_by_role("button", name="Dismiss it for good").click()
    expect(page.get_by_text("Say why this event is not needed.")).to_be_visible()
    page.locator(".troubles > li", has_text="insight.attribute_order").get_by_role(
        "button", name="Try it again"
    ).click()
    expect(page.get_by_text("The event is tried again within seconds.")).to_be_visible()
    around("deliver")
    page.goto(CITY)
    expect(page.get_by_text("event not delivered")).to_have_count(0)

    page.get_by_role("link", name="Audit").click()
    page.get_by_role("button", name="Run the auditor now").click()
    expect(page.get_by_text(re.compile(r"^All \d+ checks are silent\.$|^\d+ findings?$"))).to_be_visible()


def test_a_suspended_shop_finishes_or_gives_back(new_page, site, around, sign_in):
    """An order is in hand when the operator suspends the shop: its buyer is told, and in the end paid back."""
    order = json.loads(around("order", "noodles", "Kaisa Lehto"))
    merchant = f"{CITY}merchants/{site.town['merchants']['noodles']}/"
    guest = new_page(PHONE)
    guest.goto(order["link"])
    page = sign_in(new_page(DESKTOP), "operator", merchant)
    page.get_by_text("Suspend the merchant").first.click()
    page.get_by_label("Reason").first.fill("Three complaints about the kitchen.")
    expect(page.get_by_label("still made and handed over")).to_be_checked()
    page.get_by_role("button", name="Suspend the merchant").click()
    expect(page.get_by_text("what is in hand is still made")).to_be_visible()
    site.settle()
    page.reload()
    expect(page.get_by_text(re.compile(r"orders? (is|are) still in hand\."))).to_be_visible()
    guest.goto(order["link"])
    expect(guest.get_by_text("cancelled")).to_have_count(0)
    page.get_by_role("button", name="pay").click()
    expect(page.get_by_text("The orders in hand are taken back, and their money goes back.")).to_be_visible()
    site.settle()
    guest.goto(order["link"])
    expect(guest.get_by_text("The shop is closed for now.").first).to_be_visible()
    expect(guest.get_by_text("Three complaints")).to_have_count(0)
    page.get_by_role("button", name="Turn its lights on again").click()
    expect(page.get_by_text("Its lights are on again.")).to_be_visible()
    page.get_by_role("link", name="Audit").click()
    expect(page.locator(".book > li").first).to_contain_text("Let a merchant sell again")
    page.get_by_label("What").select_option(label="Merchants")
    page.get_by_role("button", name="Show", exact=True).click()
    deeds = [text.split("\n")[0] for text in page.locator(".book > li .grow").all_inner_texts()]
    assert deeds[:3] == [
        "Let a merchant sell again", "Took back a merchant’s orders in hand", "Suspended a merchant",
    ]  # fmt: skip


def test_a_refund_that_nobody_takes_is_settled_by_bank(new_page, site, around, sign_in):
    stuck = json.loads(around("stuck", "Kaisa Lehtonen"))
    guest = new_page(PHONE)
    guest.goto(stuck["link"])
    expect(guest.get_by_text("We look after it and write to you").first).to_be_visible()
    page = sign_in(new_page(PHONE), "operator", CITY)
    page.locator(".troubles > li", has_text="Refund has not arrived").get_by_role("link").click()
    expect(page.get_by_text("the card's account is closed")).to_be_visible()
    page.get_by_text("It went back another way").click()
    page.get_by_role("button", name="has reached the customer").click()
    expect(page.get_by_text("Say how the money went back.")).to_be_visible()
    page.get_by_label("We sent it by bank transfer.").check()
    page.get_by_label("Number of the transfer, or of the refund there").fill("RF18 5390 0754")
    page.get_by_role("button", name="has reached the customer").click()
    expect(page.get_by_text("€12.90 counts as given back.")).to_be_visible()
    site.settle()
    page.goto(CITY)
    expect(page.get_by_text("Refund has not arrived")).to_have_count(0)
    guest.goto(stuck["link"])
    expect(guest.get_by_text("By bank transfer.").first).to_be_visible()


def test_somebody_is_forgotten_on_request(new_page, site, around, sign_in):
    around("person", "iida@example.org", "Iida Korpi")
    page = sign_in(new_page(DESKTOP), "operator", f"{CITY}people/")
    page.get_by_role("searchbox").fill("iida@example.org")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Open").click()
    with page.expect_download() as file:
        page.get_by_role("button", name="Make the file").click()
    assert file.value.suggested_filename.endswith(".zip")
    page.get_by_text("Erase for good").first.click()
    page.get_by_label("How the person asked").last.fill("Letter of 3 May")
    page.get_by_label("The person’s e-mail address, once more").fill("somebody@else.example")
    page.get_by_role("button", name="Erase for good").click()
    expect(page.get_by_text("Write the address of the person once more, as it stands above.")).to_be_visible()
    page.get_by_label("The person’s e-mail address, once more").fill("iida@example.org")
    page.get_by_role("button", name="Erase for good").click()
    expect(page.get_by_text("Erased. What had to be kept leads to no name any more.")).to_be_visible()
    expect(page.get_by_role("heading", name="What was erased")).to_be_visible()
    page.goto(f"{CITY}people/?q=iida@example.org")
    expect(page.get_by_text("Nobody has an account with this address.")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("device", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_no_page_stands_in_anybodys_way(new_page, site, around, sign_in, axe, sideways, device, scheme):
    order = json.loads(around("order", "noodles", "Marja-Leena Hietaharju-Koivuniemi"))
    page = sign_in(new_page(device, color_scheme=scheme), "operator", CITY)
    merchant = site.town["merchants"]["noodles"]
    for path in (
        "", "merchants/", f"merchants/{merchant}/", "merchants/import/", "orders/", "orders/?q=zzzz",
        f"orders/{order['order']}/", f"payments/{order['payment']}/", "events/", "audit/", "audit/?action=merchant.",
        "people/", "people/?q=aino@example.com", f"people/{site.town['people']['aino']}/",
    ):  # fmt: skip
        page.goto(f"{CITY}{path}")
        page.locator("details:not(.menu)").evaluate_all("(all) => all.forEach((one) => (one.open = true))")
        assert axe(page) == [], path
        assert sideways(page) == 0, path


def test_the_city_by_keyboard(new_page, site, around, sign_in, tab_to):
    around("apply", "Kulma")
    page = sign_in(new_page(DESKTOP), "operator", CITY)
    tab_to(page, page.get_by_role("link", name="Review the application"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1, name="Kulma Oy")).to_be_visible()
    tab_to(page, page.get_by_role("button", name="Begin the review"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Approve the merchant")).to_be_visible()
    page.keyboard.press("/")
    page.goto(f"{CITY}orders/")
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox")).to_be_focused()
