"""A merchant from nothing to the first sale: the way in, ten products, the lights, an order, and what brought it."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from demo.town import EMAILS, PASSWORDS
from demo.town.building import PAPER
from tests.browser.backroom import SHARED
from tests.browser.conftest import DESKTOP, PHONE, ROOT

DEVICES = {"phone": PHONE, "desktop": DESKTOP}
NEIGHBORHOOD = {"phone": ("12", "60.17120, 24.94400"), "desktop": ("14", "60.17130, 24.94420")}

A_PHONE = (
    "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0 Mobile Safari/537.36"
)
"""What programs look at does not count as a contact, and a browser without a screen says that it is a program."""

FILE = """Ware,EAN,Preis,Bestand,Allergene
Rye loaf,6408430000302,3.90,12,gluten
Rhubarb jam,6408430000319,4.50,8,
Cloudberry drops,,2.20,30,moonlight
Sea salt,6408430000326,1.95,,
Honey,6408430000334,6.50,5,
Pine syrup,,five euros,4,
,6408430000340,2.00,1,
"""
"""Seven rows: three fit, two are taken with a remark, one barcode is wrong, one row has no name."""


@pytest.fixture
def backroom(site: Any) -> Any:
    def run(*words: str) -> str:
        command = [sys.executable, "-m", "tests.browser.backroom", *words]
        done = subprocess.run(command, cwd=ROOT, env=site.environment, check=True, capture_output=True, text=True)
        return done.stdout.strip()

    return run


@pytest.fixture
def operator(new_page: Any, backroom: Any) -> Any:
    """The operator's browser, with the second factor given."""

    def open_at(address: str) -> Any:
        page = new_page(DESKTOP)
        page.goto("/sign-in/password/?next=/")
        page.get_by_label("E-mail").fill(EMAILS["operator"])
        page.get_by_label("Password").fill(PASSWORDS["operator"])
        page.get_by_role("button", name="Sign in").click()
        expect(page).not_to_have_url(re.compile("sign-in/password"))
        confirm(page, backroom)
        page.goto(address)
        return page

    return open_at


def confirm(page: Any, backroom: Any) -> None:
    """The second factor was given in this browser."""
    cookies = {one["name"]: one["value"] for one in page.context.cookies()}
    backroom("confirm", cookies["sessionid"])


def sign_up(page: Any, address: str, backroom: Any) -> None:
    """A new address, a code from the letter, nothing else."""
    page.goto("/console/apply/")
    page.get_by_label("E-mail").fill(address)
    page.get_by_role("button", name="Send me a code").click()
    expect(page.get_by_role("heading", name="Your code")).to_be_visible()
    page.locator("input[name=code]").fill(backroom("code", address))
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1, name="Open your shop")).to_be_visible()


def missing(page: Any) -> list[str]:
    """What the readiness report asks for, in its order."""
    return page.locator("main .todo:not(.done) > li > b").all_inner_texts()


@pytest.mark.covers(
    "S6", part="the readiness report in order of importance, mended step by step until the shop is live"
)
@pytest.mark.covers("M1", part="a new shop sells, verifies the code, and sees which poster brought the order")
@pytest.mark.covers("B5", part="a merchant's whole way in, on a phone")
@pytest.mark.parametrize("device", DEVICES)
def test_from_the_application_to_the_first_sale(
    new_page: Any, site: Any, backroom: Any, operator: Any, device: str, tmp_path: Path
) -> None:
    backroom("shared")
    page, name, (number, position) = new_page(DEVICES[device]), f"Kulma {device}", NEIGHBORHOOD[device]
    sign_up(page, f"kirsi-{device}@example.com", backroom)

    # the application: one page, and what is wrong is said beside its field
    page.get_by_label("Name of the business, as registered").fill(f"{name} Oy")
    page.get_by_label("Business number").fill(f"77{number}777-{number[-1]}")
    page.get_by_label("Name of the store").fill(name)
    page.get_by_label("What kind of shop").select_option(label="Convenience store")
    page.get_by_label("Street").fill("Yliopistonkatu")
    page.get_by_label("House number").fill(number)
    page.get_by_label("City").fill("Helsinki")
    page.get_by_label("Position").fill("behind the church")
    page.get_by_role("button", name="Apply").click()
    expect(page.get_by_text("Two numbers are needed")).to_be_visible()
    expect(page.get_by_label("Position")).to_be_focused()
    expect(page.get_by_label("Name of the store")).to_have_value(name)
    page.get_by_label("Position").fill(position)
    page.get_by_role("button", name="Apply").click()

    # readiness: what is missing, most important first, one thing to do now
    expect(page.get_by_role("heading", level=1)).to_have_text("6 things are missing before you go live")
    assert missing(page) == [
        "Upload the registration of the business, as a photo or PDF.",
        "The operator has not approved the application yet. You can prepare everything else meanwhile.",
        "The contract with the operator is not signed yet.",
        f"Set the opening hours of {name}. Without them nobody can order.",
        "Add something to sell: scan barcodes, upload a spreadsheet, or write a dish.",
        f"Choose what {name} offers.",
    ]
    expect(page.locator(".todo .btn.now")).to_have_count(1)
    merchant = re.search(r"/console/([0-9a-f-]{36})/", page.url)[1]  # type: ignore[index]
    room = lambda name="": f"/console/{merchant}/{name}"  # noqa: E731
    page.locator(".todo .btn.now").click()
    expect(page).to_have_url(re.compile("#papers"))
    paper = {"name": "registration.pdf", "mimeType": "application/pdf", "buffer": PAPER}
    page.get_by_label("PDF, or a photo of the paper").set_input_files(files=[paper])
    page.get_by_role("button", name="Send the paper").click()
    expect(page.get_by_text("The paper is with the operator.")).to_be_visible()

    # hours, while the operator reads
    page.locator(".todo .btn.now").click()
    expect(page.get_by_role("heading", level=1, name="Opening hours")).to_be_visible()
    for day in ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday"):
        page.get_by_label(f"{day}, opens").first.fill("08:00")
        page.get_by_label(f"{day}, closes").first.fill("20:00")
    page.get_by_role("button", name="Save the week").click()
    expect(page.get_by_text("The hours are saved.")).to_be_visible()

    city = operator(f"/console/city/merchants/{merchant}/")
    city.get_by_role("button", name="Begin the review").click()
    city.get_by_role("button", name="Approve the merchant").click()
    city.get_by_label("Commission on each order, in percent").fill("10")
    city.get_by_role("button", name="Sign", exact=True).click()
    expect(city.get_by_text("10% of each order")).to_be_visible()

    # six goods by their barcodes: the number is enough, everybody knows the rest
    page.goto(room("catalog/"))
    page.locator("main").get_by_role("link", name="Add by barcode").first.click()
    page.get_by_label("Barcode").fill("4006381333932")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_be_visible()
    for at, (gtin, product, _tax) in enumerate(SHARED):
        page.get_by_label("Barcode").fill(gtin)
        page.keyboard.press("Enter")
        expect(page.get_by_label("Name")).to_have_value(product)
        expect(page.get_by_label("Price")).to_be_focused()
        page.get_by_label("Price").fill(f"{at + 1}.50")
        page.get_by_label("Pieces in stock").fill("10")
        page.get_by_role("button", name="Put it on sale").click()
        expect(page.get_by_text(f"{product} is on sale. Scan the next one.")).to_be_visible()
        expect(page.get_by_label("Barcode")).to_be_focused()
    page.get_by_label("Barcode").fill(SHARED[0][0])
    page.keyboard.press("Enter")
    expect(page.get_by_text("You sell this already.")).to_be_visible()

    # the rest from a spreadsheet with errors in it
    file = tmp_path / "waren.csv"
    file.write_text(FILE, encoding="utf-8")
    page.goto(room("import/"))
    hand_in(page, file)
    page.get_by_label("Name needed").select_option("Ware")
    page.get_by_label(re.compile(r"^Price( optional)?$")).select_option("Preis")
    page.get_by_label(re.compile("^Stock|^Pieces")).select_option("Bestand")
    page.get_by_role("button", name="Import it at once").click()
    backroom("import", merchant)
    expect(page.get_by_text("Finished", exact=False).first).to_be_visible()
    assert figures(page) == {
        "New things": 5,
        "Changed": 0,
        "As it was": 0,
        "Taken with a remark": 2,
        "Refused": 2,
        "Rows": 7,
    }

    # the same file again: its columns are known now, and nothing changes
    page.goto(room("import/"))
    hand_in(page, file)
    expect(page.get_by_label("Name needed")).to_have_value("Ware")
    expect(page.get_by_label(re.compile(r"^Price( optional)?$"))).to_have_value("Preis")
    page.get_by_role("button", name="Import it at once").click()
    backroom("import", merchant)
    expect(page.get_by_role("status").first).to_contain_text("Finished")
    assert figures(page)["As it was"] == 5
    assert figures(page)["New things"] == figures(page)["Changed"] == 0

    # one thing came without a price; then everything is there, and the lights go on
    page.goto(room("ready/"))
    assert missing(page) == [f"Products without a price in {name}: 1. They cannot be ordered."]
    page.locator(".todo .btn.now").click()
    page.get_by_role("table", name="What holds now").get_by_role("link").first.click()
    expect(page.get_by_role("heading", level=1, name="Pine syrup")).to_be_visible()
    page.get_by_label("Price", exact=True).fill("5")
    page.get_by_role("button", name="Save the price").click()
    expect(page.get_by_text("€5.00").first).to_be_visible()
    page.goto(room("ready/"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Everything is there")
    assert missing(page) == []
    page.get_by_role("button", name="Turn the lights on").click()
    expect(page.get_by_text("Your lights are on. Customers see you now.")).to_be_visible()

    # a poster for the door: made, printed on one page, its code read as a phone reads it
    page.goto(room("touchpoints/"))
    page.get_by_label("Name", exact=True).fill(f"Door of {name}")
    page.get_by_role("button", name="Make it").click()
    expect(page.get_by_text("It is made. Print it, or copy its link.")).to_be_visible()
    with page.expect_popup() as opened:
        page.get_by_role("button", name="Print the chosen ones").click()
    paper_page = opened.value
    expect(paper_page.get_by_text(f"Door of {name}")).to_be_visible()
    link = read_code(paper_page)
    assert link == paper_page.locator(".posterlink").inner_text()
    assert sheets(paper_page) == 1
    paper_page.close()

    # somebody stands at the door
    guest = new_page(PHONE, user_agent=A_PHONE)
    guest.goto(link)
    expect(guest.get_by_role("heading", level=1, name=name)).to_be_visible()
    site.advance(minutes=2)
    guest.get_by_role("link", name="Oat biscuits", exact=True).click()
    guest.get_by_role("button", name="Add to the order").click()
    guest.get_by_role("link", name="See the order").click()
    guest.get_by_role("link", name=re.compile("To the checkout")).click()
    guest.get_by_label("E-mail").fill("kim@example.com")
    guest.get_by_label("Cash at the counter").check()
    page.goto(room())
    expect(page.locator("body")).to_have_attribute("data-live", "on")
    guest.get_by_role("button", name="Order, pay at the counter").click()
    code = guest.locator(".codetext").inner_text()

    # the order comes in by itself, is accepted, made, and handed over by its code
    row = page.locator("#live tbody tr")
    expect(row).to_contain_text("Oat biscuits")
    expect(page.locator("[data-heard]")).to_contain_text("New order")
    row.get_by_role("button", name="Accept").click()
    row.get_by_role("button", name="Ready").click()
    expect(row.get_by_role("button", name="hand over")).to_be_visible()
    page.get_by_label("Ticket code").fill(code)
    page.get_by_role("button", name="Check").click()
    page.locator("#counter").get_by_role("button", name="Take €2.50 and hand over").click()
    expect(page.locator("#counter")).to_contain_text("Given 12:02.")
    site.settle()

    # what brought it: on today, and stage by stage, down to the order
    page.reload()
    brought = page.locator("#brought")
    expect(brought).to_contain_text("1 that stands, by its last contact")
    if device == "phone":
        brought.locator(".sources a").click()
    else:
        expect(brought.locator(".plot")).to_contain_text("Door of Kulma")
        brought.get_by_role("link", name="every path").click()
        stages = page.get_by_role("table", name="The five stages by touchpoint").locator("tr", has_text="Door of")
        expect(stages).to_contain_text("€2.50")
        stages.locator(".cell").nth(1).click()
    expect(page.get_by_text(f"Door of {name}").first).to_be_visible()
    page.locator("main").get_by_role("link", name=re.compile("^P-")).first.click()
    expect(page.get_by_text("Oat biscuits").first).to_be_visible()
    assert page.locator("[data-kind=contact]").filter(has_text=f"Door of {name}").count() >= 1


def read_code(page: Any) -> str:
    """What a camera reads from the printed code."""
    return page.evaluate(
        """async () => {
          const image = new Image();
          const drawn = new XMLSerializer().serializeToString(document.querySelector(".posterqr svg"));
          image.src = `data:image/svg+xml,${encodeURIComponent(drawn)}`;
          await image.decode();
          const canvas = Object.assign(document.createElement("canvas"), { width: 600, height: 600 });
          const context = canvas.getContext("2d");
          context.fillStyle = "#fff";
          context.fillRect(0, 0, 600, 600);
          context.drawImage(image, 40, 40, 520, 520);
          const zxing = await import("/static/vendor/zxing/reader/index.js");
          zxing.prepareZXingModule({ overrides: { locateFile: (name) => `/static/vendor/zxing/reader/${name}` } });
          const found = await zxing.readBarcodes(context.getImageData(0, 0, 600, 600), { formats: ["QRCode"] });
          return found[0]?.text ?? "";
        }"""
    )


def sheets(page: Any) -> int:
    """How many sheets of A4 the page takes on paper."""
    return len(re.findall(rb"/Type\s*/Page\b", page.pdf(format="A4", prefer_css_page_size=True)))


def hand_in(page: Any, file: Path) -> None:
    page.get_by_label("Spreadsheet").set_input_files(file)
    page.get_by_role("button", name="Hand it in").click()
    expect(page.get_by_role("heading", level=1, name="Which column is what")).to_be_visible()


def figures(page: Any) -> dict[str, int]:
    """The numbers of an import by name."""
    texts = page.locator(".figs.inline > div").all_inner_texts()
    return {words: int(count) for words, count in (text.split("\n", 1) for text in texts)}
