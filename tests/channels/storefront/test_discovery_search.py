"""Words, touchpoints, the ground of the map, and what programs may read."""

import gzip
import json

import pytest

from paseo.capabilities.directory import operations as directory
from paseo.capabilities.journeys.models import Contact
from paseo.platform.db.unit import sql_count
from paseo.platform.identity.web.visitor import _id_of
from tests.channels.storefront.test_discovery_near import marks_of, names_of

PHONE = {"User-Agent": "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X)"}


@pytest.mark.parametrize("words", ["咖啡", "café", "Kaffee", "kahvila", "COFFEE", "cofee", "coffe", "koffee"])
def test_a_cafe_in_any_language(client, town, words):
    page = client.get("/search/", {"q": words}).content.decode()
    assert {"Aamu Roastery", "Aamu Kluuvi"} <= set(names_of(page))
    assert [mark["number"] for mark in marks_of(page)] == list(range(1, len(names_of(page)) + 1))


def test_a_misspelling_is_understood_and_said(client, town):
    page = client.get("/search/?q=cofee").content.decode()
    assert names_of(page) == ["Aamu Roastery", "Aamu Kluuvi"]
    assert "Showing results for <b>coffee</b>." in page
    page = client.get("/search/?q=cofee", headers={"Accept-Language": "zh-hans"}).content.decode()
    assert "已显示“<b>coffee</b>”的结果。" in page


def test_things_with_prices_where_they_are_nearest(client, town):
    page = client.get("/search/?q=rye+bread").content.decode()
    assert "Things on sale" in page
    assert page.index("Tähti Corner Shop") < page.index("Keittiömestarin Kellari")
    assert page.count("€3.15") == 2
    open_only = client.get("/search/?q=rye+bread&open=1").content.decode()
    assert "Keittiömestarin" not in open_only


def test_nothing_found_and_what_to_try(client, town):
    page = client.get("/search/", {"q": "<zzzz>"}).content.decode()
    assert "Nothing here is called “&lt;zzzz&gt;”." in page
    assert "/?category=cafe" in page
    for language, sentence in (("zh-hans", "这里没有叫“zzzz”的。"), ("es", "Aquí nada se llama «zzzz».")):
        assert sentence in client.get("/search/?q=zzzz", headers={"Accept-Language": language}).content.decode()


def test_an_empty_search_offers_ideas(client, town):
    assert "What are you looking for?" in client.get("/search/").content.decode()
    assert client.get("/search/", {"q": "x" * 5000}).status_code == 200


def test_few_statements_for_a_search(client, town):
    client.get("/search/?q=rye+bread")
    with sql_count() as sql:
        client.get("/search/?q=rye+bread")
    assert len([one for one in sql.all if "SAVEPOINT" not in one]) <= 12, sql.all


def test_a_search_is_a_contact(client, town):
    client.get("/search/?q=oat", headers=PHONE)
    contact = Contact.objects.get()
    assert (contact.kind, contact.extra) == ("search", {"query": "oat", "places": 0, "goods": 1})


def test_a_poster_leads_to_its_cafe_and_is_remembered(client, town):
    answer = client.get(f"/t/{town.tokens['poster']}", headers=PHONE)
    assert answer.status_code == 302
    assert answer["Location"] == f"/s/{town.slugs['cafe']}/"
    contact = Contact.objects.get()
    assert (contact.kind, contact.touchpoint_id, contact.campaign) == ("scan", town.touchpoints["poster"], "spring")
    assert contact.visitor_id == _id_of(client.cookies["paseo_visitor"].value)
    page = client.get(answer["Location"]).content.decode()
    assert "You scanned the poster of Aamu Roastery. You need no account to order." in page
    assert "You scanned the poster" not in client.get(answer["Location"]).content.decode()
    assert names_of(client.get("/").content.decode())[0] == "Aamu Roastery"


def test_a_label_leads_to_its_product(client, town):
    answer = client.get(f"/t/{town.tokens['label'].lower()}", follow=True, headers={**PHONE, "Accept-Language": "es"})
    page = answer.content.decode()
    assert "Mermelada de mora ártica" in page
    assert "Escaneaste una etiqueta de Tähti Corner Shop." in page


def test_a_program_that_looks_is_no_scan(client, town):
    client.get(f"/t/{town.tokens['poster']}", headers={"User-Agent": "WhatsApp/2.24 A"})
    assert Contact.objects.count() == 0


def test_a_poster_that_was_taken_down(client, town, now):
    directory.retire_touchpoint(
        merchant_id=town.merchants["cafe"], touchpoint_id=town.touchpoints["poster"], now=now, actor="test"
    )
    answer = client.get(f"/t/{town.tokens['poster']}")
    assert answer.status_code == 404
    assert "This code leads nowhere any more." in answer.content.decode()


def test_the_ground_of_the_map(client, db):
    answer = client.get("/basemap/base.geojson", headers={"Accept-Encoding": "gzip"})
    assert answer["Content-Encoding"] == "gzip"
    kinds = {feature["properties"]["kind"] for feature in json.loads(gzip.decompress(answer.content))["features"]}
    assert kinds == {"water", "green", "building", "rail", "main", "street", "path"}
    assert client.get("/basemap/base.geojson", headers={"If-None-Match": answer["ETag"]}).status_code == 304
    assert json.loads(client.get("/basemap/base.geojson").content)["type"] == "FeatureCollection"
    assert client.get("/basemap/moon.geojson").status_code == 404


def test_the_address_of_the_ground_lasts(client, town):
    page = client.get("/").content.decode()
    address = page.split('data-base="')[1].split('"')[0]
    assert client.get(address)["Cache-Control"] == "public, max-age=31536000, immutable"


def test_what_programs_may_read(client, town):
    robots = client.get("/robots.txt").content.decode()
    assert "Disallow: /orders/" in robots
    assert "Sitemap: http://localhost:8000/sitemap.xml" in robots
    sitemap = client.get("/sitemap.xml").content.decode()
    assert sitemap.count("<loc>") == 8
    assert "<loc>http://localhost:8000/s/youpo-noodle-house/</loc>" in sitemap
