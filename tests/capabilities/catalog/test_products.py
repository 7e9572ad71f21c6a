from datetime import timedelta

import pytest

from paseo.capabilities.catalog import operations, queries
from paseo.capabilities.catalog.models import Product
from paseo.capabilities.catalog.refusals import (
    BadBarcode,
    BarcodeTaken,
    CodeTaken,
    UnknownBarcode,
    UnknownOffer,
    UnknownProduct,
)
from paseo.capabilities.catalog.values import DraftGroup, DraftOption, DraftVariant, Listing
from paseo.capabilities.directory import queries as directory
from paseo.capabilities.directory.refusals import UnknownStore
from paseo.kernel.errors import Invalid
from paseo.kernel.ids import new_id
from paseo.platform.db.unit import sql_count
from paseo.platform.outbox.models import Event

pytestmark = pytest.mark.django_db

MILK = DraftGroup(
    {"en": "Milk", "es": "Leche"},
    (DraftOption({"en": "Cow"}, allergens=("milk",)), DraftOption({"en": "Oat"}, 50)),
    min=1,
)
WITHOUT = DraftGroup(
    {"en": "Without"}, (DraftOption({"en": "No onions"}), DraftOption({"en": "No salt"})), kind="without"
)


@pytest.fixture
def latte(merchant, now):
    return operations.add_product(
        merchant_id=merchant,
        kind="dish",
        names={"en": "Latte", "zh-Hans": "拿铁"},
        category="coffee",
        tax_class="food",
        allergens=["milk"],
        variants=[DraftVariant({"en": "Small"}), DraftVariant({"en": "Large"}, content="0,4 l")],
        groups=[MILK, WITHOUT],
        active=True,
        now=now,
        actor="test",
    )


def list_all(merchant, store, product, now, section=None):
    ids = [variant.id for variant in queries.product_of(merchant, product).variants]
    listings = [Listing(id, section or {"en": "Coffee"}) for id in ids]
    offers = operations.offer_variants(merchant_id=merchant, store_id=store, listings=listings, now=now, actor="test")
    return [offers[id] for id in ids]


def test_a_product_with_all_that_belongs_to_it(latte, merchant):
    product = queries.product(latte)
    assert (product.names, product.state, product.allergens) == (
        {"en": "Latte", "zh-hans": "拿铁"},
        "active",
        ("milk",),
    )
    assert [(variant.names, variant.content_amount, variant.content_unit) for variant in product.variants] == [
        ({"en": "Small"}, None, ""),
        ({"en": "Large"}, 400, "ml"),
    ]
    milk, without = product.groups
    assert (milk.min, milk.max, [option.delta_minor for option in milk.options]) == (1, 1, [0, 50])
    assert (without.kind, without.max, [option.kind for option in without.options]) == ("without", 2, ["without"] * 2)
    assert Event.objects.filter(type="catalog.product_changed").count() == 1


@pytest.mark.parametrize(
    "wrong,field",
    [
        ({"kind": "dream"}, "kind"),
        ({"names": {"en": " "}}, "names"),
        ({"tax_class": "high"}, "tax_class"),
        ({"allergens": ["milk", "love"]}, "allergens"),
        ({"variants": [DraftVariant(content="some")]}, "content"),
        ({"groups": [DraftGroup({"en": "Without"}, (DraftOption({"en": "x"}, 10),), kind="without")]}, "options"),
        ({"groups": [DraftGroup({"en": "Milk"}, (DraftOption({"en": "x"}),), min=2, max=2)]}, "options"),
        ({"groups": [DraftGroup({"en": "Milk"}, ())]}, "options"),
    ],
)
def test_impossible_products_are_refused_whole(merchant, now, wrong, field):
    given = {"merchant_id": merchant, "kind": "dish", "names": {"en": "A"}, "now": now, "actor": "test", **wrong}
    with pytest.raises(Invalid) as refused:
        operations.add_product(**given)
    assert set(refused.value.fields) == {field}


def test_a_draft_is_seen_by_its_merchant_only(merchant, other, store, now):
    id = operations.add_product(merchant_id=merchant, kind="dish", names={"en": "Soup"}, now=now, actor="test")
    [offer] = list_all(merchant, store, id, now)
    assert queries.product_of(merchant, id).state == "draft"
    with pytest.raises(UnknownProduct):
        queries.product(id)
    with pytest.raises(UnknownProduct):
        queries.product_of(other, id)
    assert queries.browse(store).items == ()
    assert not queries.offers([offer])[offer].active
    operations.activate_product(merchant_id=merchant, product_id=id, now=now, actor="test")
    assert [item.id for item in queries.browse(store).items] == [offer]
    assert queries.offers([offer])[offer].can_be_ordered(now)
    operations.retire_product(merchant_id=merchant, product_id=id, now=now, actor="test")
    assert queries.browse(store).items == ()


def test_editing_changes_only_what_is_given(latte, merchant, now):
    operations.edit_product(
        merchant_id=merchant, product_id=latte, changes={"brand": "Own"}, now=now + timedelta(hours=1), actor="test"
    )
    product = queries.product(latte)
    assert (product.brand, product.names["en"], product.version) == ("Own", "Latte", 2)


def test_barcodes_are_checked_and_belong_to_one_variant_of_a_merchant(merchant, other, now):
    def add(owner, gtin, sku=""):
        return operations.add_product(
            merchant_id=owner,
            kind="good",
            names={"en": "Cola"},
            variants=[DraftVariant(gtin=gtin, sku=sku)],
            now=now,
            actor="test",
        )

    first = add(merchant, "036000291452", "A1")
    assert queries.product_of(merchant, first).variants[0].gtin == "0036000291452"
    with pytest.raises(BadBarcode):
        add(merchant, "036000291453")
    with pytest.raises(BarcodeTaken):
        add(merchant, "0036000291452")
    with pytest.raises(CodeTaken):
        add(merchant, "", "A1")
    assert add(other, "036000291452", "A1") != first, "another merchant sells the same thing"
    assert queries.variant_by_barcode(merchant, "0036000291452") == (
        first,
        queries.product_of(merchant, first).variants[0].id,
    )


def test_a_scan_takes_over_what_everybody_knows(merchant, now):
    scan = {"merchant_id": merchant, "now": now, "actor": "test"}
    with pytest.raises(UnknownBarcode):
        operations.add_by_barcode(gtin="6410405060457", **scan)
    operations.add_product(
        merchant_id=None,
        kind="good",
        names={"fi": "Ruisleipä", "zh-hans": "黑麦面包"},
        allergens=["gluten"],
        active=True,
        tax_class="food",
        variants=[DraftVariant(gtin="6410405060457", content="500 g")],
        now=now,
        actor="test",
    )
    taken = operations.add_by_barcode(gtin="6410405060457", **scan)
    product = queries.product_of(merchant, taken)
    assert (product.names["zh-hans"], product.allergens, product.tax_class) == ("黑麦面包", ("gluten",), "food")
    assert (product.variants[0].content_amount, product.variants[0].content_unit) == (500, "g")
    assert operations.add_by_barcode(gtin="6410405060457", **scan) == taken, "the same scan again"
    new = operations.add_by_barcode(gtin="96385074", name="Gum", **scan)
    assert queries.product_of(merchant, new).names == {"en": "Gum"}
    with pytest.raises(BadBarcode):
        operations.add_by_barcode(gtin="96385075", name="Gum", **scan)


def test_the_menu_in_pages(merchant, store, now):
    for number in range(45):
        id = operations.add_product(
            merchant_id=merchant, kind="good", names={"en": f"Thing {number:02}"}, active=True, now=now, actor="test"
        )
        list_all(merchant, store, id, now)
    seen, after, pages = [], "", 0
    while True:
        with sql_count() as sql:
            page = queries.browse(store, limit=20, after=after)
        assert sql.count == 1
        seen += [item.names["en"] for item in page.items]
        pages, after = pages + 1, page.after
        if not after:
            break
    assert pages == 3 and seen == [f"Thing {number:02}" for number in range(45)]


def test_words_find_offers_in_a_store_and_in_the_city(latte, merchant, store, other, others_store, now):
    list_all(merchant, store, latte, now)
    tea = operations.add_product(
        merchant_id=other, kind="dish", names={"en": "Tea", "es": "Té"}, active=True, now=now, actor="t"
    )
    list_all(other, others_store, tea, now)
    for words in ("latte", "拿铁", "latt", "late", "coffee"):
        assert {item.product_id for item in queries.browse(store, text=words).items} == {latte}, words
        assert {item.product_id for item in queries.find(words)} == {latte}, words
    assert queries.browse(store, text="té").items == ()
    assert [item.store_id for item in queries.find("té")] == [others_store]
    assert queries.find("té", store_ids=[store]) == []
    assert queries.find("té", merchant_id=merchant) == []
    with sql_count() as sql:
        queries.browse(store, text="latte")
    assert sql.count == 2


def test_what_an_order_needs_in_one_statement_each(latte, merchant, store, now):
    offers = list_all(merchant, store, latte, now)
    with sql_count() as sql:
        lines = queries.offers([*offers, new_id()])
    assert sql.count == 1 and set(lines) == set(offers)
    line = lines[offers[1]]
    assert (line.store_id, line.product_id, line.kind, line.tax_class, line.variant_names) == (
        store,
        latte,
        "dish",
        "food",
        {"en": "Large"},
    )
    cow, oat = queries.product(latte).groups[0].options
    with sql_count() as sql:
        chosen = queries.options([oat.id, cow.id])
    assert sql.count == 1 and chosen[oat.id].delta_minor == 50 and chosen[oat.id].kind == "choice"
    with sql_count() as sql:
        first = queries.required_choices([latte])
        again = queries.required_choices([latte])
    assert sql.count == 1 and first == again
    assert [(least, most) for _, least, most in first[latte]] == [(1, 1), (0, 2)]
    operations.remove_group(merchant_id=merchant, group_id=queries.product(latte).groups[0].id, now=now, actor="test")
    assert [(least, most) for _, least, most in queries.required_choices([latte])[latte]] == [(0, 2)]


def test_an_option_can_be_taken_off_the_menu(latte, merchant, other, now):
    oat = queries.product(latte).groups[0].options[1]
    with pytest.raises(UnknownProduct):
        operations.edit_option(merchant_id=other, option_id=oat.id, active=False, now=now, actor="test")
    operations.edit_option(merchant_id=merchant, option_id=oat.id, active=False, now=now, actor="test")
    assert len(queries.product(latte).groups[0].options) == 1
    with pytest.raises(Invalid):
        without = queries.product(latte).groups[1].options[0]
        operations.edit_option(merchant_id=merchant, option_id=without.id, delta_minor=1, now=now, actor="test")


def test_an_assortment_is_exactly_what_was_set(latte, merchant, store, now):
    small, large = [variant.id for variant in queries.product_of(merchant, latte).variants]
    first = operations.set_assortment(
        merchant_id=merchant, store_id=store, listings=[Listing(small), Listing(large)], now=now, actor="test"
    )
    second = operations.set_assortment(
        merchant_id=merchant,
        store_id=store,
        listings=[Listing(large, {"en": "Big", "zh-hans": "大"})],
        now=now,
        actor="test",
    )
    assert second == {large: first[large]}, "the offer keeps its id"
    [shown] = queries.offers_of_store(store)
    assert (shown.variant_id, shown.section) == (large, {"en": "Big", "zh-hans": "大"})
    assert queries.sections(store) == [{"en": "Big", "zh-hans": "大"}]
    assert [item.id for item in queries.browse(store, section="大").items] == [shown.id]
    assert len(queries.offers_of_store(store, with_inactive=True)) == 2
    operations.withdraw_offers(merchant_id=merchant, store_id=store, variant_ids=[large], now=now, actor="test")
    assert queries.offers_of_store(store) == []


def test_nobody_reaches_into_another_shop(latte, merchant, other, store, others_store, now):
    [offer, _] = list_all(merchant, store, latte, now)
    variant = queries.product(latte).variants[0].id
    listing = [Listing(variant)]
    common = {"now": now, "actor": "test"}
    with pytest.raises(UnknownStore):
        operations.set_assortment(merchant_id=other, store_id=store, listings=listing, **common)
    with pytest.raises(UnknownProduct):
        operations.set_assortment(merchant_id=other, store_id=others_store, listings=listing, **common)
    with pytest.raises(UnknownOffer):
        operations.mark_sold_out(merchant_id=other, offer_id=offer, **common)
    with pytest.raises(UnknownProduct):
        operations.edit_product(merchant_id=other, product_id=latte, changes={"brand": "x"}, **common)
    with pytest.raises(UnknownProduct):
        operations.edit_variant(merchant_id=other, variant_id=variant, active=False, **common)
    with pytest.raises(UnknownProduct):
        operations.add_options(merchant_id=other, product_id=latte, groups=[MILK], **common)
    assert queries.products_of(other).items == ()
    assert queries.products_of(other, text="latte").items == ()
    assert [item.id for item in queries.products_of(merchant, text="latte").items] == [latte]


def test_sold_out_until_the_stores_day_ends(latte, merchant, store, now):
    offer, _ = list_all(merchant, store, latte, now)
    until = operations.mark_sold_out(merchant_id=merchant, offer_id=offer, now=now, actor="test")
    assert until.isoformat() == "2026-05-13T21:00:00+00:00", "midnight in Helsinki"
    line = queries.offers([offer])[offer]
    assert not line.can_be_ordered(now) and line.can_be_ordered(until)
    assert queries.offer_views([offer])[offer].sold_out(now)
    operations.back_in_stock(merchant_id=merchant, offer_id=offer, now=now, actor="test")
    operations.back_in_stock(merchant_id=merchant, offer_id=offer, now=now, actor="test")
    assert queries.offers([offer])[offer].can_be_ordered(now)
    assert Event.objects.filter(type="catalog.offer_sold_out").count() == 2


def test_readiness_asks_for_something_to_sell(merchant, store, latte, now):
    def missing():
        return {item.key for item in directory.readiness(merchant).missing}

    assert "products" not in missing() and "assortment" in missing()
    list_all(merchant, store, latte, now)
    assert "assortment" not in missing()
    Product.objects.update(state="draft")
    assert {"products", "assortment"} <= missing()
