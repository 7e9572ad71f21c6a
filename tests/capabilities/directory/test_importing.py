import json
from dataclasses import replace
from pathlib import Path

import pytest

from paseo.capabilities.directory import queries
from paseo.capabilities.directory.importing import parse_row
from paseo.capabilities.directory.models import Merchant, Store
from paseo.kernel.geo import Point
from paseo.platform.importing import engine
from paseo.platform.importing.values import Context, Issue, Parsed

DATA = Path(__file__).resolve().parents[4] / "shared" / "data"
pytestmark = pytest.mark.django_db
data = pytest.mark.skipif(not DATA.is_dir(), reason="the large data sets are not beside the repository")


@pytest.fixture
def context(operator, now) -> Context:
    return Context(None, "test", now, "osm", {"country": "FI", "language": "fi", "zone": "Europe/Helsinki"})


def judge(context, **values):
    return parse_row({"name": "Kahvila", "lat": "60.17", "lon": "24.94", "amenity": "cafe", **values}, context)


def test_a_store_of_openstreetmap(context):
    found = judge(
        context,
        name_zh="咖啡馆",
        hours="ma-pe 8-20",
        phone="09 123456; 040 1",
        website="kahvila.fi",
        cuisine="coffee_shop;cake",
        external_id="node/1",
        street="Katu",
        house_number="1",
        city="Helsinki",
        country="Finland",
    )
    assert isinstance(found, Parsed) and found.external_id == "node/1"
    draft = found.data
    assert draft.name == {"fi": "Kahvila", "zh-hans": "咖啡馆"}
    assert (draft.category, draft.point, draft.hours) == ("cafe", Point(60.17, 24.94), "Mo-Fr 08:00-20:00")
    assert (draft.phone, draft.website, draft.tags) == ("+3589123456", "https://kahvila.fi", ("coffee_shop", "cake"))
    assert draft.address.line == "Katu 1, Helsinki" and draft.address.country == "FI"
    assert [str(issue) for issue in found.warnings] == [
        "The opening hours “ma-pe 8-20” were read as “Mo-Fr 08:00-20:00”."
    ]


@pytest.mark.parametrize(
    "values,code",
    [
        ({"name": "?"}, "stores.no_name"),
        ({"lat": "?"}, "stores.no_position"),
        ({"lat": "91"}, "stores.no_position"),
        ({"lat": "0", "lon": "0"}, "stores.null_island"),
        ({"amenity": "bench"}, "stores.not_a_store"),
        ({"amenity": "", "shop": "vacant"}, "stores.not_a_store"),
    ],
)
def test_rows_that_are_no_store(context, values, code):
    found = judge(context, **values)
    assert isinstance(found, Issue) and found.code == code


def test_what_is_wrong_but_not_needed_is_left_out_with_a_warning(context):
    found = judge(context, hours="by moonlight", phone="call me", website="our page")
    assert isinstance(found, Parsed)
    assert [issue.code for issue in found.warnings] == ["stores.hours", "stores.phone", "stores.website"]
    assert (found.data.hours, found.data.phone, found.data.website) == ("", "", "")


def test_without_a_number_name_and_position_are_the_identity(context):
    one, same, other = judge(context), judge(context, lat="60.170004"), judge(context, lat="60.171")
    assert one.external_id == same.external_id != other.external_id


def features(*stores) -> str:
    return json.dumps(
        {
            "features": [
                {
                    "type": "Feature",
                    "id": id,
                    "properties": {"name": name, "shop": shop, "opening_hours": hours, "addr:city": "Helsinki"},
                    "geometry": {"type": "Point", "coordinates": [24.94, 60.17]},
                }
                for id, name, shop, hours in stores
            ]
        }
    )


def test_a_city_from_geojson(tmp_path, context, now):
    path = tmp_path / "city.geojson"
    path.write_text(
        features(("a", "R-kioski", "kiosk", "24/7"), ("b", "R-kioski", "kiosk", ""), ("c", "Teatori", "tea", "x"))
    )
    report = engine.run("stores", path, context)
    assert (report.accepted, report.warned, report.refused, report.created) == (2, 1, 0, 3)
    assert Merchant.objects.count() == 2, "one merchant for two stores of one name"
    [one, two] = Store.objects.filter(merchant__legal_name="R-kioski").order_by("slug")
    assert (one.slug, two.slug) == ("r-kioski", "r-kioski-2")
    shown = queries.nearest(Point(60.17, 24.94), now=now)
    assert len(shown) == 3 and not shown[0].card.sells, "seen in the city, but not selling yet"
    assert engine.run("stores", path, context).unchanged == 3

    path.write_text(
        features(
            ("a", "R-kioski", "kiosk", "Mo-Fr 07:00-22:00"),
            ("b", "R-kioski", "kiosk", ""),
            ("c", "Teatori", "tea", "x"),
        )
    )
    report = engine.run("stores", path, context)
    assert (report.created, report.changed, report.unchanged) == (0, 1, 2)
    assert {queries.store(one.pk).hours, queries.store(two.pk).hours} == {"Mo-Fr 07:00-22:00", ""}
    assert set(Store.objects.values_list("slug", flat=True)) == {"r-kioski", "r-kioski-2", "teatori"}


def test_stores_of_one_merchant_stay_its_own(tmp_path, context, merchant, now):
    path = tmp_path / "mine.csv"
    path.write_text("编号,店名,纬度,经度,类别\n1,我的店,60.17,24.94,咖啡馆\n")
    mine = replace(context, tenant_id=merchant)
    assert engine.run("stores", path, mine).created == 1
    [card] = queries.stores_of_merchant(merchant)
    assert (card.name, card.category, card.state, card.listed, card.slug) == (
        {"fi": "我的店"},
        "cafe",
        "preparing",
        False,
        "store",
    )
    assert queries.nearest(Point(60.17, 24.94), now=now) == []


@data
@pytest.mark.data
def test_the_real_city(context, now):
    path = DATA / "osm" / "helsinki-centre.osm.pbf"
    report = engine.run("stores", path, context)
    assert report.rows == report.accepted + report.warned + report.refused
    assert report.created > 800 and report.created == report.accepted + report.warned
    assert set(report.reasons) <= {
        "stores.not_a_store",
        "stores.hours",
        "stores.hours_read_as",
        "stores.phone",
        "stores.website",
    }
    again = engine.run("stores", path, context)
    assert (again.created, again.changed, again.unchanged) == (0, 0, report.created)
    centre = Point(60.1699, 24.9384)
    assert len(queries.nearest(centre, now=now, open_only=True)) == 20
    cafes = queries.nearest(centre, now=now, category="cafe", limit=100)
    found = {item.card.id for item in queries.nearest(centre, now=now, text="咖啡", limit=500)}
    assert len(cafes) > 70 and {item.card.id for item in cafes} <= found


@data
@pytest.mark.data
def test_real_restaurants_and_food_trucks(context, now):
    mexico = replace(
        context,
        options={"country": "MX", "language": "es", "zone": "America/Mexico_City", "category": "restaurant"},
        source="mx",
    )
    report = engine.run("stores", DATA / "restaurants_mx" / "geoplaces2.csv", mexico)
    assert report.rows == 98 and report.refused == 0
    trucks = replace(context, options={"country": "US", "category": "fast_food"}, source="sf")
    report = engine.run(
        "stores", DATA / "sf_food_trucks" / "permits.csv", trucks, mapping={"lat": "Latitude", "lon": "Longitude"}
    )
    assert report.rows == 384 and report.reasons["stores.null_island"] == 24
