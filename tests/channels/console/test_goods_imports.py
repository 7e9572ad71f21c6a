"""A spreadsheet with errors in it: what each column is, a trial, the run, and the rows that were not taken."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from openpyxl import Workbook

from demo.town import Town
from paseo.capabilities.catalog import queries as catalog
from paseo.capabilities.inventory import queries as inventory
from paseo.capabilities.pricing import queries as pricing
from paseo.kernel import clock
from paseo.platform.importing import operations as importing
from paseo.platform.importing import queries as imports
from tests.channels.console.conftest import text_of

ROWS = [
    ["Tuote", "EAN", "Hinta", "Varasto", "Sisältö", "Allergeenit", "Hylly"],
    ["Rye crisps", "6408430000203", "2.95", "20", "180 g", "gluten", "A1"],
    ["Oat bar", "6408430000210", "1.40", "35", "40 g", "gluten, nuts", "A2"],
    ["Bad code", "6408430000211", "1.00", "5", "", "", "A3"],
    ["", "6408430000227", "3.00", "1", "", "", "A4"],
    ["Blueberry juice", "6408430000234", "free", "8", "1 l", "moonlight", "B1"],
    ["Salt", "", "0.90", "12", "1 kg", "", "B2"],
]


def sheet(rows: list[list[str]] = ROWS, name: str = "tukku.csv") -> SimpleUploadedFile:
    out = io.StringIO()
    csv.writer(out, delimiter=";").writerows(rows)
    return SimpleUploadedFile(name, out.getvalue().encode(), "text/csv")


@pytest.fixture
def grocer(at_work: Callable[..., Client], settings: Any, tmp_path: Any) -> Client:
    settings.VAR = tmp_path
    client = at_work("grocer")
    return client


@pytest.fixture
def go(town: Town) -> Callable[..., str]:
    return lambda name, *args: reverse(f"console:{name}", args=[town.merchants["grocer"], *args])


def hand_in(grocer: Client, go: Callable[..., str], file: SimpleUploadedFile) -> str:
    answer = grocer.post(go("imports"), {"file": file})
    assert answer.status_code == 303, text_of(answer)
    return str(answer["Location"])


def start(grocer: Client, address: str, town: Town, act: str, **changes: str) -> tuple[str, UUID]:
    said = {
        "act": act, "store": str(town.stores["grocer"]), "tax_class": "food", "f-name": "Tuote", "f-gtin": "EAN",
        "f-price": "Hinta", "f-stock": "Varasto", "f-content": "Sisältö", "f-allergens": "Allergeenit", **changes,
    }  # fmt: skip
    answer = grocer.post(address, said)
    assert answer.status_code == 303, text_of(answer)
    return str(answer["Location"]), UUID(re.search(r"runs/([0-9a-f-]{36})/", answer["Location"])[1])  # type: ignore[index]


def test_columns_are_guessed_shown_and_saved(grocer: Client, go: Callable[..., str], town: Town) -> None:
    address = hand_in(grocer, go, sheet())
    page = text_of(grocer.get(address))
    chosen = dict(re.findall(r'<select name="f-(\w+)".*?<option value="([^"]*)" selected>', page))
    assert {key: chosen[key] for key in ("name", "gtin", "price", "stock", "content", "allergens")} == {
        "name": "Tuote", "gtin": "EAN", "price": "Hinta", "stock": "Varasto", "content": "Sisältö", "allergens": "Allergeenit",
    }  # fmt: skip
    assert "Not used: Hylly" in page and "Rye crisps" in page
    start(grocer, address, town, "trial", **{"f-brand": "Hylly"})
    again = text_of(grocer.get(hand_in(grocer, go, sheet())))
    assert re.search(r'<select name="f-brand".*?<option value="Hylly" selected>', again)


def test_a_trial_judges_every_row_and_writes_nothing(
    grocer: Client, go: Callable[..., str], town: Town, now: datetime
) -> None:
    before = len(catalog.products_of(town.merchants["grocer"], limit=200).items)
    address, run_id = start(grocer, hand_in(grocer, go, sheet()), town, "trial")
    waiting = grocer.get(address)
    assert "every 1500ms" in text_of(waiting)
    importing.carry_out(run_id, now)
    page = text_of(grocer.get(address))
    assert "every 1500ms" not in page and "Trial finished" in page
    assert "The last digit of the barcode 6408430000211 does not fit the others." in page
    assert "There is no name." in page
    assert "free is not a price in EUR." in page
    assert "“moonlight” is not one of the fourteen allergens and was left out." in page
    assert re.search(r'Refused</dt><dd class="late">2<', page)
    assert "Import 4 rows" in page
    assert len(catalog.products_of(town.merchants["grocer"], limit=200).items) == before
    part = grocer.get(address, headers={"HX-Request": "true"})
    assert part.status_code == 200 and "<html" not in text_of(part)


@pytest.mark.covers("S6", part="goods from a spreadsheet; a second run changes nothing")
def test_the_run_takes_what_fits_and_a_second_one_changes_nothing(
    grocer: Client, go: Callable[..., str], town: Town, now: datetime
) -> None:
    store = town.stores["grocer"]
    _, run_id = start(grocer, hand_in(grocer, go, sheet()), town, "run")
    importing.carry_out(run_id, now)
    report = imports.run(town.merchants["grocer"], run_id).report
    assert (report["rows"], report["created"], report["refused"], report["warned"]) == (6, 4, 2, 2)
    _, crisps = catalog.variant_by_barcode(town.merchants["grocer"], "6408430000203") or (None, None)
    assert crisps
    assert pricing.prices(store, [crisps], now=now)[crisps].amount_minor == 295
    assert inventory.availability(store, [crisps]) == {crisps: 20}
    product_id, juice = catalog.variant_by_barcode(town.merchants["grocer"], "6408430000234") or (None, None)
    assert product_id and juice
    assert juice not in pricing.prices(store, [juice], now=now)
    assert catalog.product_of(town.merchants["grocer"], product_id).tax_class == "food"

    refused = grocer.get(go("import-refusals", run_id))
    assert refused["Content-Disposition"] == 'attachment; filename="tukku-refused.csv"'
    rows = list(csv.DictReader(io.StringIO(refused.content.decode())))
    assert [(row["line"], row["level"], row["Hylly"]) for row in rows if row["level"] == "refused"] == [
        ("4", "refused", "A3"),
        ("5", "refused", "A4"),
    ]

    _, again = start(grocer, hand_in(grocer, go, sheet()), town, "run")
    importing.carry_out(again, clock.now())
    report = imports.run(town.merchants["grocer"], again).report
    assert (report["created"], report["changed"], report["unchanged"], report["refused"]) == (0, 0, 4, 2)
    listed = text_of(grocer.get(go("imports")))
    assert listed.count("tukku.csv") == 2 and "Finished" in listed


def test_a_workbook_is_taken_as_well(grocer: Client, go: Callable[..., str], town: Town, now: datetime) -> None:
    book = Workbook()
    for row in ROWS[:3]:
        book.active.append(row)  # type: ignore[union-attr]
    out = io.BytesIO()
    book.save(out)
    file = SimpleUploadedFile("tukku.xlsx", out.getvalue())
    _, run_id = start(grocer, hand_in(grocer, go, file), town, "run")
    importing.carry_out(run_id, now)
    assert imports.run(town.merchants["grocer"], run_id).report["created"] == 2


def test_the_trial_becomes_the_run_with_one_press(
    grocer: Client, go: Callable[..., str], town: Town, now: datetime
) -> None:
    address, run_id = start(grocer, hand_in(grocer, go, sheet()), town, "trial")
    importing.carry_out(run_id, now)
    page = grocer.get(address).content.decode()
    action = re.search(r'action="([^"]*/import/columns/[^"]*)"', page)[1]  # type: ignore[index]
    form = page[page.index(action) : page.index("</form>", page.index(action))]
    hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form))
    assert hidden["f-price"] == "Hinta" and hidden["tax_class"] == "food"
    first, second = (grocer.post(action, {**hidden, "act": "run"})["Location"] for _ in range(2))
    assert first == second
    importing.carry_out(UUID(first.rstrip("/").rsplit("/", 1)[-1]), now)
    assert catalog.variant_by_barcode(town.merchants["grocer"], "6408430000210")


def test_files_that_are_none(grocer: Client, go: Callable[..., str], town: Town, settings: Any) -> None:
    nothing = grocer.post(go("imports"))
    assert nothing.status_code == 422 and "This field is required." in text_of(nothing)
    picture = grocer.post(go("imports"), {"file": SimpleUploadedFile("x.xlsx", b"PK\x03\x04 not a workbook")})
    assert picture.status_code == 422 and "cannot be read" in text_of(picture)
    settings.PASEO = {**settings.PASEO, "IMPORT_BYTES": 10}
    large = grocer.post(go("imports"), {"file": sheet()})
    assert large.status_code == 413 and "The file is larger than" in text_of(large)


def test_a_needed_column_is_missing(grocer: Client, go: Callable[..., str], town: Town) -> None:
    address = hand_in(grocer, go, sheet([["EAN", "Hinta"], ["6408430000203", "1.00"]]))
    answer = grocer.post(
        address, {"act": "trial", "store": str(town.stores["grocer"]), "tax_class": "food", "f-name": ""}
    )
    assert answer.status_code == 422 and "This field is required." in text_of(answer)


def test_a_file_of_another_firm_is_not_there(
    grocer: Client, go: Callable[..., str], town: Town, at_work: Callable[..., Client]
) -> None:
    address = hand_in(grocer, go, sheet())
    token = address.rstrip("/").rsplit("/", 1)[-1]
    owner = at_work("owner")
    own = reverse("console:import-columns", args=[town.merchants["cafe"], token])
    assert owner.get(own).status_code == 404
    assert grocer.get(address.replace(token, token[:-2] + "xx")).status_code == 404
