"""After the visit: one review, its photo, the shop's answer; then the data as a file, a new address, and the end."""

from __future__ import annotations

import io
import re
import subprocess
import sys
import zipfile
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.browser.buying import order_with_cash, shop
from tests.browser.conftest import DESKTOP, PHONE, ROOT, Site

DEVICES = {"phone": PHONE, "desktop": DESKTOP}


@pytest.fixture(params=DEVICES)
def device(request: pytest.FixtureRequest) -> dict[str, Any]:
    return DEVICES[request.param]


def photo() -> dict[str, Any]:
    file = io.BytesIO()
    picture = Image.new("RGB", (800, 600), (180, 90, 40))
    where = picture.getexif()
    where[0x010F] = "Camera"
    picture.save(file, "JPEG", exif=where)
    return {"name": "noodles.jpg", "mimeType": "image/jpeg", "buffer": file.getvalue()}


def code_for(site: Site, address: str) -> str:
    command = [sys.executable, "-m", "tests.browser.backroom", "code", address]
    done = subprocess.run(command, cwd=ROOT, env=site.environment, check=True, capture_output=True, text=True)
    return done.stdout.strip().splitlines()[-1]


def sign_in(page: Any, site: Site, address: str) -> None:
    page.goto("/sign-in/?next=/me/")
    page.get_by_label("E-mail").fill(address)
    page.get_by_role("button", name="Send me a code").click()
    page.get_by_label("Six-digit code").fill(code_for(site, address))
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Your data")).to_be_visible()


@pytest.mark.covers("P1", part="one review for what was handed over, with parts and a photo; edited; the shop answers")
def test_one_review_edited_and_answered(new_page: Any, site: Site, axe: Any, device: Any) -> None:
    page = new_page(device)
    order_id = order_with_cash(page, site, "noodles.youpo", "noodles.saozi")
    assert page.goto(f"/orders/{order_id}/review/").status == 404, "nothing was handed over yet"
    for verb in ("start", "ready", "hand_over"):
        shop(site, verb, order_id)
    site.settle()
    page.goto(f"/orders/{order_id}/")
    page.get_by_role("link", name="Say how it was").click()
    assert axe(page) == []

    page.get_by_role("button", name="Publish the review").click()
    expect(page.get_by_text("Choose one to five stars for the whole.").first).to_be_visible()
    page.get_by_role("group", name="The whole").get_by_role("radio", name="4").check()
    page.get_by_text("Mark the parts").click()
    page.get_by_role("group", name=re.compile("^Taste")).get_by_role("radio", name="5").check()
    page.get_by_role("group", name=re.compile("^Speed")).get_by_role("radio", name="3").check()
    page.get_by_label(re.compile("^In your words")).fill("Hot, but I waited.")
    page.locator("#id_photos").set_input_files([photo()])
    page.get_by_role("button", name="Publish the review").click()
    expect(page.get_by_text("Thank you. Your review is published.")).to_be_visible()
    expect(page.get_by_alt_text("Your photo")).to_have_count(1)
    assert axe(page) == []

    # One: a second try leads to the first, which can be changed.
    page.get_by_role("link", name="Change it").first.click()
    assert axe(page) == []
    page.get_by_label(re.compile("^In your words")).fill("Hot, and worth the wait.")
    page.get_by_role("group", name="The whole").get_by_role("radio", name="5").check()
    page.get_by_role("button", name="Save the change").click()
    expect(page.get_by_text("Your review is changed.")).to_be_visible()
    expect(page.get_by_text(re.compile("^changed 12:"))).to_be_visible()

    shop(site, "reply", order_id, "Thank you, come again.")
    page.reload()
    expect(page.get_by_text("Thank you, come again.").first).to_be_visible()
    stranger = new_page(device, locale="zh-CN")
    stranger.goto(f"/s/{site.town['slugs']['noodles']}/reviews/")
    mine = stranger.locator(".reviews > li", has_text="Hot, and worth the wait.").first
    expect(mine).to_contain_text("Thank you, come again.")
    expect(mine.get_by_text("Hot, and worth the wait.")).to_have_attribute("lang", "en")
    expect(mine.locator("img")).to_have_count(1)
    # No address opens another's review for changing.
    page.get_by_role("link", name="Change it").first.click()
    assert stranger.goto(page.url).status == 404


def test_data_along_a_new_address_and_the_end(new_page: Any, site: Site, axe: Any, device: Any) -> None:
    page = new_page(device)
    address = f"vera-{device['viewport']['width']}@example.org"
    order_id = order_with_cash(page, site, "noodles.saozi")
    sign_in(page, site, address)
    assert axe(page) == []

    with page.expect_download() as taken:
        page.get_by_role("button", name="Take it along").click()
    parts = zipfile.ZipFile(taken.value.path()).namelist()
    assert parts
    assert taken.value.suggested_filename == "paseo-2026-05-13.zip"

    page.get_by_role("link", name=re.compile("^E-mail address")).click()
    assert axe(page) == []
    page.get_by_label("New e-mail address").fill(address)
    page.get_by_role("button", name="Send a code there").click()
    expect(page.get_by_role("alert")).to_contain_text("This is your address already.")
    new = address.replace("vera", "wera")
    page.get_by_label("New e-mail address").fill(new)
    page.get_by_role("button", name="Send a code there").click()
    assert axe(page) == []
    page.get_by_label("Six-digit code").fill("000000" if code_for(site, new) != "000000" else "111111")
    page.get_by_role("button", name="Use this address").click()
    expect(page.get_by_role("alert")).to_contain_text("Your address stays as it was.")
    page.get_by_label("Six-digit code").fill(code_for(site, new))
    page.get_by_role("button", name="Use this address").click()
    expect(page.get_by_text(f"From now on you sign in with {new}.")).to_be_visible()
    assert axe(page) == []

    page.goto("/me/erase/")
    assert axe(page) == []
    page.get_by_role("button", name="Erase my account").click()
    if page.get_by_text("Tick this first. Nothing was erased.").is_hidden():
        # An order on its way stands in between, and says so.
        expect(page.get_by_role("alert").first).to_be_visible()
    for verb in ("start", "ready", "hand_over"):
        shop(site, verb, order_id)
    site.settle()
    page.goto("/me/erase/")
    page.get_by_label(re.compile("^Erase the account of")).check()
    page.get_by_role("button", name="Erase my account").click()
    expect(page.get_by_role("heading", name="Your account is erased")).to_be_visible()
    assert axe(page) == []
    page.goto("/me/")
    expect(page.get_by_role("heading", name="You need no account")).to_be_visible()
    assert page.goto(f"/orders/{order_id}/").status == 404
