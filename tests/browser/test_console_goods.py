"""A shopkeeper without patience: a dish, its price for tomorrow, a count, a coupon; and a spreadsheet with errors in it."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import expect

from demo.town import EMAILS, PASSWORDS
from tests.browser.conftest import DESKTOP, PHONE, ROOT

DEVICES = {"phone": PHONE, "desktop": DESKTOP}

FILE = """Product;EAN;Price;Stock;Allergens
Rye crisps {name};{good};2.95;20;gluten
Bad code {name};6408430000211;1.00;5;
Juice {name};;free;8;moonlight
"""
REMARKS = ("There is no barcode", "“moonlight” is not one of the fourteen allergens", "free is not a price in EUR.")
BARCODES = {"phone": "6408430000203", "desktop": "6408430000210"}


@pytest.fixture
def backroom(site):
    def run(*words: str) -> None:
        subprocess.run(
            [sys.executable, "-m", "tests.browser.backroom", *words], cwd=ROOT, env=site.environment, check=True
        )

    return run


@pytest.fixture
def room(site):
    return lambda firm, name="": f"/console/{site.town['merchants'][firm]}/{name}"


@pytest.fixture
def signed_in(site, backroom):
    def sign_in(page, who: str, to: str, confirmed: bool = False):
        page.goto(f"/sign-in/password/?next={to}")
        page.get_by_label(re.compile("E-mail|邮箱|Correo")).fill(EMAILS[who])
        page.locator("input[type=password]").fill(PASSWORDS[who])
        page.keyboard.press("Enter")
        expect(page).to_have_url(re.compile(re.escape(to)))
        if confirmed:
            cookies = {one["name"]: one["value"] for one in page.context.cookies()}
            backroom("confirm", cookies["sessionid"])
        return page

    return sign_in


@pytest.mark.covers("M2", part="the shop is warned before web and shelf differ")
@pytest.mark.parametrize("device", DEVICES)
def test_from_a_new_dish_to_a_coupon(new_page, site, room, signed_in, device: str) -> None:
    page = signed_in(new_page(DEVICES[device]), "noodles", room("noodles", "catalog/"))
    name, store = f"Dan dan noodles {device}", f"/s/{site.town['slugs']['noodles']}/"

    # a dish with options and an allergen
    page.get_by_role("link", name="Add a dish").click()
    page.get_by_role("group", name="Name").get_by_label("English").first.fill(name)
    page.get_by_label("Price").fill("11,90")
    page.locator("label.chip", has_text="Peanuts").first.click()
    page.locator("label.chip", has_text="Gluten").first.click()
    page.get_by_text("Options, and what can be left out").click()
    group = page.locator("[data-group='g0']")
    group.get_by_role("group", name="Name of the group").get_by_label("English").fill("Portion")
    for at, (words, adds) in enumerate([("Small", ""), ("Large", "2.50")]):
        row = group.locator("[data-row]").nth(at)
        row.get_by_label("English").fill(words)
        row.get_by_label("Adds (EUR)").fill(adds)
    rows = group.locator("[data-row]")
    before = rows.count()
    group.get_by_role("button", name="More options").click()
    expect(rows).to_have_count(before + 1)
    expect(rows.last.get_by_label("English")).to_be_focused()
    page.get_by_role("button", name="Save and look at it").click()

    # as customers see it, then live
    expect(page.get_by_text("Nobody sees this yet.")).to_be_visible()
    preview = page.get_by_role("region", name="Preview")
    expect(preview.get_by_text("Contains gluten, peanuts.").first).to_be_visible()
    expect(preview.get_by_text("+€2.50")).to_be_visible()
    customer = new_page(PHONE)
    customer.goto(store)
    expect(customer.get_by_role("heading", name=name)).to_have_count(0)
    page.get_by_role("button", name="Put on sale").click()
    expect(page.get_by_role("status")).to_contain_text("is on sale")
    customer.reload()
    expect(customer.get_by_role("heading", name=name)).to_be_visible()

    # the shelf says one thing, the web would say another from tomorrow on
    page.locator("#variants summary").first.click()
    page.locator("#variants").get_by_role("link", name="Price").click()
    page.get_by_label("The shelf says").fill("11.90")
    page.get_by_role("button", name="Note it").click()
    page.get_by_label("Price", exact=True).fill("12.50")
    page.locator("label", has_text="Later").click()
    expect(page.get_by_label("Day and time")).to_have_value("2026-05-14T00:00")
    page.get_by_role("button", name="Save the price").click()
    warning = page.get_by_role("alert")
    expect(warning).to_contain_text("The web would say €12.50, the shelf says €11.90.")
    warning.get_by_role("button", name="Save it, I change the label").click()
    expect(page.get_by_role("table", name="Prices to come")).to_contain_text("€12.50")
    customer.reload()
    expect(customer.locator(".dish", has_text=name)).to_contain_text("€11.90")

    # received, then counted with a reason
    page.goto(room("noodles", "stock/"))
    page.get_by_role("link", name=name).click()
    page.get_by_label("How many came").fill("9")
    page.get_by_role("button", name="Add to stock").click()
    page.get_by_label("How many are there").fill("7")
    page.get_by_label("If the number differs, why").select_option(label="Spoiled or past its date")
    page.get_by_role("button", name="Save the count").click()
    expect(page.get_by_role("status").first).to_contain_text("Counted: 2 are missing.")
    moved = page.get_by_role("table", name="What moved").locator("tbody tr")
    expect(moved.first).to_contain_text("Spoiled or past its date")
    expect(moved.first).to_contain_text("7")

    # a coupon that grows beside its form
    page.goto(room("noodles", "vouchers/new/coupon/"))
    page.get_by_role("group", name="Name").get_by_label("English").fill(f"Evening bowl {device}")
    page.get_by_label("Percentage").fill("15")
    page.get_by_label("How many pieces").fill("50")
    expect(page.locator("#picture")).to_contain_text(f"Evening bowl {device}")
    expect(page.locator("#picture")).to_contain_text("−15%")
    expect(page.locator("#picture")).to_contain_text("50 pieces")
    page.locator("label", has_text="A sum off").click()
    expect(page.get_by_label("Percentage")).to_be_hidden()
    page.get_by_label("Amount").fill("2")
    expect(page.locator("#picture")).to_contain_text("−€2.00")
    page.get_by_role("button", name="Keep it as a draft").click()
    page.get_by_role("button", name="Publish it").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Running")
    customer.reload()
    expect(customer.get_by_text(f"Evening bowl {device}")).to_be_visible()


@pytest.mark.covers(
    "S6", part="a spreadsheet with errors: every row taken, taken with a remark, or refused with line and reason"
)
@pytest.mark.parametrize("device", DEVICES)
def test_a_spreadsheet_with_errors_in_it(
    new_page, site, room, signed_in, backroom, device: str, tmp_path: Path
) -> None:
    page = signed_in(new_page(DEVICES[device]), "noodles", room("noodles", "import/"))
    merchant, file = site.town["merchants"]["noodles"], tmp_path / f"goods-{device}.csv"
    file.write_text(FILE.format(name=device, good=BARCODES[device]), encoding="utf-8")

    # a trial judges every row and writes nothing
    page.get_by_label("Spreadsheet").set_input_files(file)
    page.get_by_role("button", name="Hand it in").click()
    expect(page.get_by_label(re.compile("Barcode"))).to_have_value("EAN")
    page.get_by_role("button", name="Try it, write nothing").click()
    expect(page.get_by_text("Waits for its turn")).to_be_visible()
    backroom("import", merchant)
    expect(page.get_by_text("Trial finished")).to_be_visible()
    rows = page.get_by_role("table", name="Rows that need a look").locator("tbody tr")
    told = [" ".join(text.split()) for text in rows.all_inner_texts()]
    assert len(told) == 4
    wrong, *remarks = told
    assert wrong.endswith(f"Bad code {device} · 6408430000211 · 1.00 · 5")
    assert "3 Refused The last digit of the barcode 6408430000211 does not fit the others." in wrong
    assert [("4 Taken" in one, words in one) for one, words in zip(remarks, REMARKS, strict=True)] == [(True, True)] * 3
    with page.expect_download() as kept:
        page.get_by_role("link", name="Download these rows with the reasons").click()
    assert "does not fit the others" in Path(kept.value.path()).read_text(encoding="utf-8")
    page.goto(room("noodles", f"catalog/?q=Rye+crisps+{device}"))
    expect(page.get_by_role("link", name=f"Rye crisps {device}")).to_have_count(0)

    # in earnest with one press
    page.go_back()
    page.get_by_role("button", name="Import 2 rows").click()
    expect(page.get_by_text("Waits for its turn")).to_be_visible()
    backroom("import", merchant)
    expect(page.get_by_role("status").first).to_contain_text("Finished")
    page.goto(room("noodles", f"catalog/?q=Rye+crisps+{device}"))
    expect(page.get_by_role("table", name="Products")).to_contain_text("€2.95")

    # the same file again changes nothing
    page.goto(room("noodles", "import/"))
    page.get_by_label("Spreadsheet").set_input_files(file)
    page.get_by_role("button", name="Hand it in").click()
    page.get_by_role("button", name="Import it at once").click()
    backroom("import", merchant)
    expect(page.get_by_role("status").first).to_contain_text("Finished")
    numbers = [" ".join(text.split()) for text in page.locator(".figs.inline > div").all_inner_texts()]
    assert numbers[:3] == ["New things 0", "Changed 0", "As it was 2"]


def test_without_scripts_a_dish_still_comes_about(new_page, room, signed_in) -> None:
    page = signed_in(new_page(PHONE, java_script_enabled=False), "noodles", room("noodles", "catalog/new/"))
    page.get_by_role("group", name="Name").get_by_label("English").first.fill("Plain rice")
    page.get_by_text("Options, and what can be left out").click()
    page.get_by_role("button", name="More options").click()
    expect(page.locator("[data-row]")).to_have_count(6)
    expect(page.get_by_role("group", name="Name").get_by_label("English").first).to_have_value("Plain rice")
    page.get_by_label("Price").fill("two")
    page.get_by_role("button", name="Save and look at it").click()
    expect(page.get_by_text("Write an amount like 4.20.")).to_be_visible()
    expect(page.get_by_label("Price")).to_be_focused()
    page.get_by_label("Price").fill("2.00")
    page.get_by_role("button", name="Save and look at it").click()
    expect(page.get_by_text("Nobody sees this yet.")).to_be_visible()


def test_by_keyboard_alone(page_desktop, room, signed_in, tab_to) -> None:
    page = signed_in(page_desktop, "noodles", room("noodles", "stock/"))
    page.keyboard.press("/")
    expect(page.get_by_label("Name or barcode")).to_be_focused()
    page.keyboard.type("cold")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("q=cold"))
    tab_to(page, page.get_by_role("link", name="Cold skin noodles", exact=True))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1, name="Cold skin noodles")).to_be_visible()
    tab_to(page, page.get_by_label("How many are there"))
    page.keyboard.type("8")
    tab_to(page, page.get_by_role("button", name="Save the count"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("Counted")


ROOMS = [
    "catalog/", "catalog/order/", "catalog/new/", "catalog/barcode/?gtin=6408430000197", "catalog/{product}/",
    "catalog/{product}/preview/", "prices/", "prices/{product}/{variant}/", "stock/", "stock/{product}/{variant}/",
    "stock/count/", "vouchers/", "vouchers/new/coupon/", "vouchers/new/deal/", "import/", "money/", "money/day/",
    "insight/", "insight/paths/", "touchpoints/", "touchpoints/print/?id={touchpoint}", "reviews/",
]  # fmt: skip


@pytest.mark.covers("B5", part="every page about goods passes axe in three languages")
@pytest.mark.parametrize(
    ("scheme", "device", "locale"),
    [("light", "desktop", "en-GB"), ("dark", "phone", "zh-CN"), ("light", "phone", "es-ES")],
)
def test_nothing_stands_in_anybodys_way(
    new_page, site, room, signed_in, axe, sideways, scheme: str, device: str, locale: str
) -> None:
    page = new_page(DEVICES[device], color_scheme=scheme, locale=locale)
    signed_in(page, "noodles", room("noodles", "catalog/"), confirmed=True)
    page.goto(room("noodles", "prices/"))
    product, variant = re.findall(r"prices/([0-9a-f-]{36})/([0-9a-f-]{36})/", page.content())[-1]
    found = {"product": product, "variant": variant, "touchpoint": site.town["touchpoints"]["counter"]}
    for address in ROOMS:
        page.goto(room("noodles", address.format(**found)))
        assert axe(page) == [], address
        assert sideways(page) == 0, address


def test_on_the_smallest_phone_with_large_letters(new_page, site, room, signed_in, sideways) -> None:
    small = {**PHONE, "viewport": {"width": 320, "height": 640}}
    page = signed_in(new_page(small, locale="es-ES"), "noodles", room("noodles", "catalog/"), confirmed=True)
    for address in ("catalog/", "catalog/new/", "prices/", "stock/", "vouchers/", "money/", "insight/", "touchpoints/"):
        page.goto(room("noodles", address))
        page.add_style_tag(content="html { font-size: 32px }") if address in {"catalog/", "stock/"} else None
        assert sideways(page) == 0, address
