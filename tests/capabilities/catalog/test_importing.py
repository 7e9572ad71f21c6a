from dataclasses import replace
from pathlib import Path

import pytest

from paseo.capabilities.catalog import queries
from paseo.capabilities.catalog.importing.parse import parse_row
from paseo.capabilities.catalog.models import Offer, Product, Variant
from paseo.capabilities.catalog.operations import add_by_barcode
from paseo.platform.db.unit import sql_count
from paseo.platform.importing import engine
from paseo.platform.importing.values import Context, Issue, Parsed
from paseo.platform.outbox.models import Event
from paseo.platform.search import queries as search

DATA = Path(__file__).resolve().parents[4] / "shared" / "data"
pytestmark = pytest.mark.django_db

LIST = """条码,品名,规格,过敏原,货号
6410405060457,Ruisleip&auml;,500 g,gluten,A1
036000291452,Tissues,,,A2
2000000000015,Cheese by weight,,"milk, love",
6410405060458,Wrong digit,,,
12345,Too short,,,
,Loose apples,,,A3
96385074,,,,
0036000291452,The same tissues,,,
4006381333931,123 %,,,
4003994155486,Other A1,,,A1
"""


@pytest.fixture
def context(merchant, now) -> Context:
    return Context(merchant, "test", now, "list.csv", {"language": "fi", "tax_class": "food"})


def save(folder, text=LIST, name="list.csv"):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def judge(context, **values):
    return parse_row({"gtin": "6410405060457", "name": "A", **values}, context)


@pytest.mark.parametrize(
    "text,amount,unit",
    [
        ("250 g", 250, "g"),
        ("1,5 l", 1500, "ml"),
        ("33cl", 330, "ml"),
        ("6 x 33 cl", 1980, "ml"),
        ("500g\u212e", 500, "g"),
        ("500克", 500, "g"),
        ("2 kpl", 2, "piece"),
        ("", None, ""),
    ],
)
def test_contents_as_people_write_them(context, text, amount, unit):
    found = judge(context, content=text)
    assert isinstance(found, Parsed) and not found.warnings
    assert (found.data.content_amount, found.data.content_unit) == (amount, unit)


@pytest.mark.parametrize("text", ["a bit", "1/2 l", "-3 g", "9" * 30])
def test_contents_that_are_none(context, text):
    found = judge(context, content=text)
    assert isinstance(found, Parsed) and found.data.content_amount is None


def test_allergens_in_any_language(context):
    found = judge(context, allergens="en:milk; Frutos de cáscara、花生, egg")
    assert found.data.allergens == ("eggs", "peanuts", "milk", "nuts") and not found.warnings


@pytest.mark.parametrize(
    "values,code",
    [
        ({"gtin": "6410405060458"}, "goods.gtin_check"),
        ({"gtin": "7.61E+12"}, "goods.gtin_digits"),
        ({"gtin": "1"}, "goods.gtin_length"),
        ({"name": "&nbsp;"}, "goods.no_name"),
        ({"name": "12"}, "goods.name_says_nothing"),
    ],
)
def test_rows_that_are_no_good(context, values, code):
    found = judge(context, **values)
    assert isinstance(found, Issue) and found.code == code


def test_a_spreadsheet_with_errors_in_it(tmp_path, context, merchant, store):
    told = []
    report = engine.run("goods", save(tmp_path), context, tell=told.append)
    assert (report.rows, report.accepted, report.warned, report.refused, report.created) == (10, 2, 2, 6, 4)
    assert [(row.line, row.level, row.issue.code) for row in told] == [
        (4, "warned", "goods.in_store"),
        (4, "warned", "goods.allergen"),
        (5, "refused", "goods.gtin_check"),
        (6, "refused", "goods.gtin_length"),
        (7, "warned", "goods.no_barcode"),
        (8, "refused", "goods.no_name"),
        (9, "refused", "importing.doubled"),
        (10, "refused", "goods.name_says_nothing"),
        (11, "refused", "goods.sku_taken"),
    ]
    bread = Product.objects.get(gtin="6410405060457")
    assert (bread.names, bread.allergens, bread.tax_class, bread.state) == (
        {"fi": "Ruisleipä"},
        ["gluten"],
        "food",
        "active",
    )
    assert [item.names["fi"] for item in queries.browse(store).items] == [
        "Ruisleipä",
        "Tissues",
        "Cheese by weight",
        "Loose apples",
    ]
    assert [item.names["fi"] for item in queries.browse(store, text="ruisleipa").items] == ["Ruisleipä"]
    assert Event.objects.filter(type="catalog.goods_imported").count() == 1


def test_a_second_run_changes_nothing(tmp_path, context, store):
    engine.run("goods", save(tmp_path), context)
    report = engine.run("goods", save(tmp_path), context)
    assert (report.created, report.changed, report.unchanged, report.refused) == (0, 0, 4, 6)
    assert set(Product.objects.values_list("version", flat=True)) == {1}


def test_a_file_of_another_name_knows_barcodes_again(tmp_path, context, store):
    path = save(tmp_path, "gtin,name\n6410405060457,Ruisleipä\n")
    assert engine.run("goods", path, context).created == 1
    report = engine.run("goods", path, replace(context, source="renamed.csv"))
    assert (report.created, report.changed, report.unchanged) == (0, 0, 1)


def test_a_change_keeps_the_product(tmp_path, context, merchant, store):
    engine.run("goods", save(tmp_path), context)
    id = Variant.objects.get(gtin="6410405060457").id
    report = engine.run("goods", save(tmp_path, LIST.replace("Ruisleip&auml;,500 g", "Ruisleipä uusi,450 g")), context)
    assert (report.created, report.changed, report.unchanged) == (0, 1, 3)
    variant = Variant.objects.select_related("product").get(gtin="6410405060457")
    assert (variant.id, variant.content_amount, variant.product.names["fi"]) == (id, 450, "Ruisleipä uusi")
    assert variant.product.allergens == ["gluten"]


def test_goods_of_two_merchants_are_two(tmp_path, context, other, store, others_store):
    path = save(tmp_path)
    engine.run("goods", path, context)
    assert engine.run("goods", path, replace(context, tenant_id=other)).created == 4
    assert Variant.objects.filter(gtin="6410405060457").count() == 2
    assert {offer.store_id for offer in Offer.objects.all()} == {store, others_store}


def test_nothing_is_put_into_a_store_of_another(tmp_path, context, store, others_store):
    elsewhere = replace(context, options={"store_ids": [str(others_store)]})
    report = engine.run("goods", save(tmp_path), elsewhere)
    assert report.created == 0 and report.reasons["directory.unknown_store"] == 5
    assert Product.objects.count() == 0 and Offer.objects.count() == 0


def test_shared_goods_can_be_taken_over_by_a_scan(tmp_path, context, merchant, now):
    assert engine.run("goods", save(tmp_path), replace(context, tenant_id=None)).created == 5
    assert queries.shared_by_barcode("6410405060457").names == {"fi": "Ruisleipä"}
    id = add_by_barcode(merchant_id=merchant, gtin="6410405060457", now=now, actor="me")
    assert queries.product_of(merchant, id).names == {"fi": "Ruisleipä"}


def test_batches_are_written_with_few_statements(tmp_path, context, store):
    from stdnum import ean

    lines = [f"{code}{ean.calc_check_digit(code)},Ware {n}" for n in range(500) for code in [f"64{n:010}"]]
    path = save(tmp_path, "gtin,name\n" + "\n".join(lines))
    with sql_count() as sql:
        assert engine.run("goods", path, context).created == 500
    assert sql.count <= 30, sql.count


@pytest.mark.data
@pytest.mark.skipif(not DATA.is_dir(), reason="the large data sets are not beside the repository")
def test_forty_thousand_real_goods(context):
    path = DATA / "products_off" / "products.csv.gz"
    shared = replace(context, tenant_id=None)
    report = engine.run("goods", path, shared)
    bad = sum(report.reasons.get(code, 0) for code in ("goods.gtin_check", "goods.gtin_length", "goods.gtin_digits"))
    assert report.rows == 40_310 and bad == 454
    assert report.reasons["goods.in_store"] >= 500
    again = engine.run("goods", path, shared)
    assert (again.created, again.changed, again.unchanged) == (0, 0, report.created)
    for words in ("chocolate", "巧克力", "leche", "ポテトチップス"):
        assert search.find("product", words, limit=5), words
