"""What is on the menu: a dish with everything about it, barcodes, headings, sold out, and the view of a customer."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from demo.town import Town
from paseo.capabilities.catalog import operations as catalog_operations
from paseo.capabilities.catalog import queries as catalog
from paseo.capabilities.catalog.values import DraftVariant
from paseo.capabilities.inventory import queries as inventory
from paseo.capabilities.pricing import queries as pricing
from tests.channels.console.conftest import text_of

DISH = {
    "key": "a-form",
    "kind": "dish",
    "names_en": "Karelian pie",
    "names_zh-hans": "卡累利阿派",
    "names_es": "",
    "descriptions_en": "Rye crust, rice, egg butter.",
    "price": "3,50",
    "tax_class": "reduced",
    "allergens": ["gluten", "milk", "eggs"],
    "under": "own:1",
    "g0-kind": "choice",
    "g0-name-en": "On top",
    "g0-min": "0",
    "g0-max": "2",
    "g0-o0-name-en": "Egg butter",
    "g0-o0-delta": "0.80",
    "g0-o0-allergens": ["eggs", "milk"],
    "g0-o1-name-en": "Smoked salmon",
    "g0-o1-delta": "2.10",
    "g0-o2-name-en": "",
    "g0-o2-delta": "",
    "g1-kind": "without",
    "g1-name-en": "Leave out",
    "g1-min": "0",
    "g1-max": "1",
    "g1-o0-name-en": "Butter",
    "g1-o0-delta": "",
}


@pytest.fixture
def owner(at_work: Callable[..., Client]) -> Client:
    return at_work("owner")


@pytest.fixture
def go(town: Town) -> Callable[..., str]:
    return lambda name, *args: reverse(f"console:{name}", args=[town.merchants["cafe"], *args])


def dish(town: Town, **changes: Any) -> dict[str, Any]:
    said = {**DISH, "store": str(town.stores["cafe"]), "stores": [str(town.stores["cafe"])], **changes}
    return {name: value for name, value in said.items() if value is not None}


def picture() -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (800, 600), "#a5482a").save(out, "JPEG")
    return SimpleUploadedFile("pie.jpg", out.getvalue(), "image/jpeg")


def test_a_dish_with_options_and_allergens_is_looked_at_and_then_live(
    owner: Client, go: Callable[..., str], town: Town, now: datetime, client: Client
) -> None:
    made = owner.post(go("product-new"), dish(town, photo=picture()))
    assert made.status_code == 303
    product_id = re.search(r"catalog/([0-9a-f-]{36})/preview/", made["Location"])[1]  # type: ignore[index]
    product = catalog.product_of(town.merchants["cafe"], product_id)  # type: ignore[arg-type]
    assert product.state == "draft"
    assert dict(product.names) == {"en": "Karelian pie", "zh-hans": "卡累利阿派"}
    assert product.allergens == ("gluten", "eggs", "milk")
    assert [(group.kind, group.min, group.max) for group in product.groups] == [("choice", 0, 2), ("without", 0, 1)]
    assert [(one.names["en"], one.delta_minor, one.allergens) for one in product.groups[0].options] == [
        ("Egg butter", 80, ("eggs", "milk")),
        ("Smoked salmon", 210, ()),
    ]
    assert len(product.media_ids) == 1

    preview = text_of(owner.get(made["Location"]))
    for words in (
        "Nobody sees this yet.",
        "Karelian pie",
        "€3.50",
        "Contains gluten, eggs, milk.",
        "+€2.10",
        "Leave out",
    ):
        assert words in preview, words
    chinese = text_of(owner.get(made["Location"] + "?in=zh-hans"))
    assert "卡累利阿派" in chinese and "含麸质、鸡蛋、牛奶。" in chinese
    assert "customers read another one" in text_of(owner.get(made["Location"] + "?in=es"))

    page = f"/s/{town.slugs['cafe']}/"
    assert "Karelian pie" not in text_of(client.get(page))
    assert owner.post(go("product-state", product_id, "activate")).status_code == 303
    assert "Karelian pie" in text_of(client.get(page))
    assert "From the oven" in str([one.section for one in catalog.offers_of_store(town.stores["cafe"])])


def test_the_same_form_twice_is_one_dish(owner: Client, go: Callable[..., str], town: Town) -> None:
    first, second = (owner.post(go("product-new"), dish(town)) for _ in range(2))
    assert first["Location"] == second["Location"]
    assert len(catalog.products_of(town.merchants["cafe"], text="Karelian").items) == 1
    other = owner.post(go("product-new"), dish(town, names_en="Karelian pie, large"))
    assert other["Location"] != first["Location"]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"names_en": "", "names_zh-hans": ""}, "Write a name in at least one language."),
        ({"price": "cheap"}, "Write an amount like 4.20."),
        ({"price": "-1"}, "An amount cannot be negative."),
        ({"gtin": "6408430000013"}, "The last digit does not fit the others."),
        ({"gtin": "64084300"}, "The last digit does not fit the others."),
        ({"gtin": "640843"}, "A barcode has 8, 12, 13 or 14 digits."),
        ({"gtin": "64o8430000012"}, "A barcode has digits only."),
        ({"content": "much"}, "Write the content like"),
        ({"g0-min": "3"}, "The least number of choices is greater than the most possible."),
        ({"g0-name-en": ""}, "Give the group a name"),
        ({"g0-o0-name-en": ""}, "Give this option a name."),
        ({"g0-o1-delta": "a bit"}, "Write an amount like 4.20."),
        ({"g1-o0-delta": "1.00"}, "Leaving something out does not change the price."),
        ({"under": "new", "new_en": ""}, "Write the heading."),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_nothing_is_made(
    owner: Client, go: Callable[..., str], town: Town, changes: dict[str, str], words: str
) -> None:
    answer = owner.post(go("product-new"), dish(town, **changes))
    page = text_of(answer)
    assert answer.status_code == 422
    assert words in page
    assert "autofocus" in page
    assert 'value="卡累利阿派"' in page or "names_zh-hans" in changes
    assert not catalog.products_of(town.merchants["cafe"], text="Karelian").items


def test_a_barcode_of_ones_own_is_refused_in_words(owner: Client, go: Callable[..., str], town: Town) -> None:
    answer = owner.post(go("product-new"), dish(town, gtin="6408430000012"))
    assert answer.status_code == 409
    assert "You already sell something with the barcode 6408430000012." in text_of(answer)


def test_more_room_for_options_without_a_script(owner: Client, go: Callable[..., str], town: Town) -> None:
    page = text_of(owner.post(go("product-new"), dish(town, more="g0")))
    assert 'name="g0-o5-delta"' in page and 'name="g0-o6-delta"' not in page
    assert 'value="Smoked salmon"' in page
    page = text_of(owner.post(go("product-new"), dish(town, more="group")))
    assert 'name="g2-kind"' in page
    assert not catalog.products_of(town.merchants["cafe"], text="Karelian").items


def test_the_facts_of_a_product(owner: Client, go: Callable[..., str], town: Town) -> None:
    bun = town.products["bun"]
    said = {"names_en": "Cardamom bun", "names_es": "", "tax_class": "food", "allergens": ["gluten"], "brand": "Aamu"}
    assert owner.post(go("product", bun), said).status_code == 303
    product = catalog.product_of(town.merchants["cafe"], bun)
    assert (dict(product.names), product.tax_class, product.allergens) == ({"en": "Cardamom bun"}, "food", ("gluten",))
    wrong = owner.post(go("product", bun), {**said, "names_en": "", "allergens": ["salt"]})
    assert wrong.status_code == 422 and "Write a name in at least one language." in text_of(wrong)


def test_options_change_one_by_one_or_as_a_whole(owner: Client, go: Callable[..., str], town: Town) -> None:
    product = catalog.product_of(town.merchants["cafe"], town.products["flat_white"])
    milk = product.groups[0]
    whole, oat = milk.options

    def form(**changes: str) -> dict[str, Any]:
        said = {"act": "save", "g0-kind": "choice", "g0-min": "1", "g0-max": "1"}
        said |= {f"g0-name-{code}": text for code, text in milk.names.items()}
        for at, option in enumerate((whole, oat)):
            said |= {f"g0-o{at}-name-{code}": text for code, text in option.names.items()}
            said |= {f"g0-o{at}-id": str(option.id), f"g0-o{at}-delta": "0.50" if option is oat else ""}
            said |= {f"g0-o{at}-allergens": option.allergens}  # type: ignore[dict-item]
        return said | changes

    address = go("options", product.id, milk.id)
    assert owner.post(address, form(**{"g0-o1-delta": "0.60"})).status_code == 303
    changed = catalog.product_of(town.merchants["cafe"], product.id).groups[0]
    assert (changed.id, changed.options[1].id, changed.options[1].delta_minor) == (milk.id, oat.id, 60)

    soy = {"g0-o2-name-en": "Soy milk", "g0-o2-delta": "0.40", "g0-o2-allergens": "soy"}
    assert owner.post(address, form(**soy)).status_code == 303
    made = catalog.product_of(town.merchants["cafe"], product.id).groups[-1]
    assert [option.names["en"] for option in made.options] == ["Whole milk", "Oat milk", "Soy milk"]
    assert made.id != milk.id and made.options[2].allergens == ("soy",)

    removed = owner.post(go("options", product.id, made.id), {"act": "remove"})
    assert removed.status_code == 303
    assert [one.names["en"] for one in catalog.product_of(town.merchants["cafe"], product.id).groups] == ["Extras"]


def test_a_size_with_its_barcode(owner: Client, go: Callable[..., str], town: Town) -> None:
    beans = town.products["beans"]
    said = {"new-names_en": "500 g", "new-gtin": "6408430000036", "new-content": "500 g", "new-sku": "B-500"}
    assert owner.post(go("variant-new", beans), said).status_code == 303
    variants = catalog.product_of(town.merchants["cafe"], beans).variants
    assert [(one.gtin, one.content_amount, one.sku) for one in variants][-1] == ("6408430000036", 500, "B-500")
    taken = owner.post(go("variant-new", beans), {**said, "new-names_en": "Again"})
    assert taken.status_code == 409 and "You already sell something with the barcode" in text_of(taken)
    last = variants[-1].id
    assert owner.post(go("variant", beans, last), {"act": "off"}).status_code == 303
    assert not catalog.product_of(town.merchants["cafe"], beans).variants[-1].active


def test_a_photo_that_is_none(owner: Client, go: Callable[..., str], town: Town) -> None:
    bad = SimpleUploadedFile("x.jpg", b"<svg onload=alert(1)>", "image/jpeg")
    answer = owner.post(go("product-photos", town.products["bun"]), {"act": "add", "photo": bad})
    assert answer.status_code == 422 and "This is not a picture we can show." in text_of(answer)
    added = owner.post(go("product-photos", town.products["bun"]), {"act": "add", "photo": picture()})
    assert added.status_code == 303
    (photo,) = catalog.product_of(town.merchants["cafe"], town.products["bun"]).media_ids
    owner.post(go("product-photos", town.products["bun"]), {"act": "remove", "photo": str(photo)})
    assert catalog.product_of(town.merchants["cafe"], town.products["bun"]).media_ids == ()


def test_sold_out_and_back(owner: Client, go: Callable[..., str], town: Town, client: Client) -> None:
    offer = town.offers["cafe.bun"]
    assert owner.post(go("offer-act", offer, "out")).status_code == 303
    assert "Sold out for today" in text_of(client.get(f"/s/{town.slugs['cafe']}/"))
    assert "sold out until tomorrow, 00:00" in text_of(owner.get(go("catalog"), {"store": town.stores["cafe"]}))
    owner.post(go("offer-act", offer, "back"))
    assert not catalog.offer_views([offer])[offer].sold_out_until
    past = owner.post(go("offer-act", offer, "out"), {"until": "2026-05-12T10:00"})
    assert past.status_code == 422 and "Choose a moment in the future." in text_of(past)
    assert owner.post(go("offer-act", offer, "eat")).status_code == 404


def test_the_order_of_the_menu_and_its_headings(owner: Client, go: Callable[..., str], town: Town) -> None:
    store = town.stores["cafe"]
    address = go("assortment") + f"?store={store}"
    before = catalog.offers_of_store(store)
    page = text_of(owner.get(address))
    assert page.index("Flat white") < page.index("Salmon soup")
    places = {f"at-{one.id}": str(20 - at) for at, one in enumerate(before)}
    heads = {
        f"under-{one.id}": f"own:{['Coffee', 'From the oven', 'Lunch', 'To take home'].index(one.section['en'])}"
        for one in before
    }
    said = {
        **places,
        **heads,
        f"out-{town.offers['cafe.pie']}": "on",
        "own0_en": "Coffee bar",
        "own0_zh-hans": "咖啡",
        "own0_es": "Café",
    }
    said |= {f"own{at}_en": name for at, name in enumerate(["From the oven", "Lunch", "To take home"], 1)}
    assert owner.post(address, said).status_code == 303
    after = catalog.offers_of_store(store)
    assert [one.names["en"] for one in after] == [
        "Aamu house beans", "Aamu house beans", "Salmon soup", "Cardamom bun", "Filter coffee", "Flat white",
    ]  # fmt: skip
    assert after[-1].section == {"en": "Coffee bar", "zh-hans": "咖啡", "es": "Café"}
    assert {one.id for one in after} < {one.id for one in before}


def test_on_and_off_the_menu_of_a_store(owner: Client, go: Callable[..., str], town: Town) -> None:
    soup, kluuvi = town.products["soup"], town.stores["kluuvi"]
    prefix = f"s{kluuvi.hex[:8]}"
    address = go("product-store", soup, kluuvi)
    said = {"act": "offer", f"{prefix}-under": "new", f"{prefix}-new_en": "Soups", f"{prefix}-new_zh-hans": "汤"}
    assert owner.post(address, said).status_code == 303
    (offer,) = [one for one in catalog.offers_of_store(kluuvi) if one.product_id == soup]
    assert offer.section == {"en": "Soups", "zh-hans": "汤"}
    assert owner.post(address, {"act": "withdraw"}).status_code == 303
    assert soup not in {one.product_id for one in catalog.offers_of_store(kluuvi)}


def test_a_known_barcode_is_filled_in(owner: Client, go: Callable[..., str], town: Town, now: datetime) -> None:
    catalog_operations.add_product(
        merchant_id=None, kind="good", names={"en": "Oat biscuits", "zh-hans": "燕麦饼干"}, brand="Kaura", tax_class="food",
        allergens=["gluten"], variants=[DraftVariant(gtin="6408430000197", content="200 g")], active=True, now=now, actor="system",
    )  # fmt: skip
    at = {"store": str(town.stores["cafe"])}
    page = text_of(owner.get(go("product-barcode"), {**at, "gtin": "6408 4300 00197"}))
    assert "Others know this barcode" in page and 'value="Oat biscuits"' in page and "200 g" in page
    said = {**at, "gtin": "6408430000197", "name": "Oat biscuits", "price": "2.95", "pieces": "12", "under": ""}
    assert owner.post(go("product-barcode"), said).status_code == 303
    product_id, variant_id = catalog.variant_by_barcode(town.merchants["cafe"], "6408430000197") or (None, None)
    assert product_id and variant_id
    product = catalog.product_of(town.merchants["cafe"], product_id)
    assert (product.state, product.allergens, dict(product.names)) == (
        "active", ("gluten",), {"en": "Oat biscuits", "zh-hans": "燕麦饼干"},
    )  # fmt: skip
    assert pricing.prices(town.stores["cafe"], [variant_id], now=now)[variant_id].amount_minor == 295
    assert inventory.availability(town.stores["cafe"], [variant_id]) == {variant_id: 12}
    again = owner.get(go("product-barcode"), {**at, "gtin": "6408430000197"})
    assert again.status_code == 303 and str(product_id) in again["Location"]


def test_an_unknown_barcode_needs_a_name_and_a_wrong_one_is_told(
    owner: Client, go: Callable[..., str], town: Town
) -> None:
    at = {"store": str(town.stores["cafe"])}
    assert "nobody has entered it yet" in text_of(owner.get(go("product-barcode"), {**at, "gtin": "6408430000197"}))
    wrong = owner.get(go("product-barcode"), {**at, "gtin": "6408430000198"})
    assert wrong.status_code == 422 and "The last digit does not fit the others." in text_of(wrong)
    unnamed = owner.post(go("product-barcode"), {**at, "gtin": "6408430000197", "name": ""})
    assert unnamed.status_code == 422
    assert catalog.variant_by_barcode(town.merchants["cafe"], "6408430000197") is None


def test_the_list_says_what_keeps_something_from_being_ordered(
    owner: Client, go: Callable[..., str], town: Town
) -> None:
    owner.post(go("product-new"), dish(town, price="", stores=[]))
    page = text_of(owner.get(go("catalog"), {"store": town.stores["cafe"], "q": "Karelian"}))
    assert "No price" in page and "not in this store" in page and "Draft" in page
    product = catalog.products_of(town.merchants["cafe"], text="Karelian").items[0]
    page = text_of(owner.get(go("product", product.id)))
    assert "It has no price yet." in page and "No store has it on its menu yet." in page
    assert "Nothing is called that." in text_of(owner.get(go("catalog"), {"q": "nothing like it"}))


def test_a_shop_without_a_store_is_told_what_comes_first(
    at_work: Callable[..., Client], town: Town, now: datetime
) -> None:
    from paseo.capabilities.directory import operations as directory

    merchant = directory.apply_merchant(
        legal_name="Uusi Oy", applicant_id=town.people["aino"], country="FI", now=now, actor="system"
    )
    new = at_work("aino", confirmed=True)
    for name in ("catalog", "assortment", "prices", "stock", "insight", "touchpoints", "money"):
        page = new.get(reverse(f"console:{name}", args=[merchant]))
        assert page.status_code == 200, name
    assert "Add your first store" in text_of(new.get(reverse("console:prices", args=[merchant])))
