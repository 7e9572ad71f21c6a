"""The first page: what is open near here, on a list and on a map."""

import json
import re

import pytest

from paseo.platform.db.unit import sql_count


def names_of(html: str) -> list[str]:
    return [re.sub(r"<[^>]+>", "", name) for name in re.findall(r'class="pin">\d+</span>(.*?)</b>', html)]


def marks_of(html: str) -> list[dict]:
    return json.loads(re.search(r'<script id="marks" type="application/json">(.*?)</script>', html).group(1))


LIT = ["Tähti Corner Shop", "Youpo Noodle House", "Aamu Roastery", "Sivu Bookshop", "Aamu Kluuvi"]
DARK = ["Kolmen Sepän Apteekki", "Yrjönkadun luomuherkkukauppa ja viinibaari Keittiömestarin Kellari"]


def test_the_lit_first_and_each_group_by_distance(client, town):
    page = client.get("/").content.decode()
    lit, dark = page.split("Not open just now")
    assert names_of(lit) == LIT
    assert names_of(dark) == DARK
    assert '<ol class="board" start="6">' in dark
    for words in ("Until 23:00", "Last orders in 22 min", "140 m", "Helsinki", "Lights on near you"):
        assert words in lit
    assert "Closed, opens 15:00" in dark


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ["Lights on near you", "Until 23:00", "Say where you are", "Open now", "Pickup"]),
        (
            "zh-hans",
            ["附近亮着灯的店", "现在没有营业", "营业至 23:00", "告诉我们您在哪里", "正在营业", "油泼面馆", "晨光咖啡"],
        ),
        ("es", ["Ahora no están abiertos", "Hasta las 23:00", "Di dónde estás", "Abierto ahora", "Youpo Noodle House"]),
    ],
)
def test_three_languages(client, town, language, words):
    page = client.get("/", headers={"Accept-Language": language}).content.decode()
    for word in words:
        assert word in page


def test_the_map_has_the_numbers_of_the_list(client, town):
    page = client.get("/").content.decode()
    numbered = [mark for mark in marks_of(page) if "number" in mark]
    assert [mark["number"] for mark in numbered] == [1, 2, 3, 4, 5, 6, 7]
    assert [mark["name"] for mark in numbered] == names_of(page)
    assert [mark["state"] for mark in numbered] == ["lit", "lit", "lit", "lit", "half", "dark", "dark"]
    lights = [mark for mark in marks_of(page) if "number" not in mark]
    assert all(set(mark) == {"lat", "lon", "state"} for mark in lights), "a light has no words"


def test_filters_narrow_list_and_map_alike(client, town):
    page = client.get("/?open=1&service=here").content.decode()
    assert names_of(page) == ["Youpo Noodle House", "Aamu Roastery"]
    assert [mark["name"] for mark in marks_of(page) if "number" in mark] == names_of(page)
    assert "Lights on near you" in page
    assert names_of(client.get("/?category=cafe").content.decode()) == ["Aamu Roastery", "Aamu Kluuvi"]


def test_nothing_fits_and_what_to_do(client, town):
    page = client.get("/?category=cinema").content.decode()
    assert "Nothing near here fits all of that." in page
    assert 'href="/"' in page


def test_far_from_everything(client, town):
    page = client.get("/?at=0,0").content.decode()
    assert "No shop within 5 km." in page


def test_unknown_filters_and_positions_are_ignored(client, town):
    answer = client.get("/?category=nonsense&service=drone&at=91,north&n=abc")
    assert answer.status_code == 200
    assert len(names_of(answer.content.decode())) == 7


def test_the_position_is_remembered_to_a_hundred_metres(client, town):
    answer = client.get("/?at=60.169034,24.941823")
    assert answer.cookies["paseo_at"].value == "60.169,24.942"
    page = client.get("/").content.decode()
    assert names_of(page)[0] == "Aamu Roastery"
    assert "Aleksanterinkatu" in page
    assert client.get("/here/?at=").cookies["paseo_at"].value == ""
    assert names_of(client.get("/").content.decode())[0] == "Tähti Corner Shop"


def test_saying_where_one_is_by_a_street(client, town):
    page = client.get("/here/?street=aleksanterin").content.decode()
    assert "Aleksanterinkatu 50" in page
    assert "/here/?at=60.169%2C24.942" in page
    assert "No shop is known in “Nowhere Street”." in client.get("/here/?street=Nowhere+Street").content.decode()


def test_the_list_goes_on(client, town, monkeypatch):
    from paseo.channels.storefront import near

    monkeypatch.setattr(near, "ON_THE_MAP", 3)
    monkeypatch.setattr(near, "PAGE", 4)
    page = client.get("/").content.decode()
    assert len(names_of(page)) == 3
    assert "All 7" in page
    page = client.get("/?all=1&n=4").content.decode()
    assert page.count('class="mins"') == 4
    assert "/?all=1&amp;n=8" in page
    assert "Show more" not in client.get("/?all=1&n=8").content.decode()


def test_htmx_gets_the_list_alone(client, town):
    answer = client.get("/?open=1", headers={"HX-Request": "true"}).content.decode()
    assert answer.lstrip().startswith('<div id="near">')
    assert "<html" not in answer


def test_at_night_the_street_is_dark(client, town, clock):
    clock.advance(hours=15)
    page = client.get("/").content.decode()
    assert "Closed, opens 07:00" in page
    # Ascension Day: who opens at 06:30 on other Thursdays stays closed.
    assert "Nothing is open here now. Tähti Corner Shop is the first again: 07:00." in re.sub(r"<[^>]+>", "", page)
    assert "Near you" in page
    assert names_of(page)[0] == "Tähti Corner Shop", "the nearest first when all are dark"
    assert names_of(client.get("/?open=1").content.decode()) == []


def test_at_night_farther_lights_come_before_the_dark_next_door(client, town, clock, monkeypatch):
    from paseo.channels.storefront import near

    monkeypatch.setattr(near, "ON_THE_MAP", 3)
    monkeypatch.setattr(near, "LIT", 2)
    clock.advance(hours=10, minutes=30)  # 22:30: the corner shop until 23:00, the far deli is the other one awake
    page = client.get("/").content.decode()
    lit = names_of(page.split("Not open just now")[0])
    assert len(names_of(page)) == 3
    assert lit == names_of(client.get("/?open=1").content.decode())[:2]


def test_the_whole_list_keeps_its_one_order(client, town):
    page = client.get("/?all=1").content.decode()
    assert "Not open just now" not in page
    assert names_of(page)[:3] == ["Tähti Corner Shop", "Kolmen Sepän Apteekki", "Youpo Noodle House"]


def test_few_statements_and_no_account(client, town):
    client.get("/")
    with sql_count() as count:
        client.get("/")
    assert count.count <= 12, count.all
    assert not [one for one in count.all if "identity_" in one or "django_session" in one]


def test_a_new_installation_without_a_city(client, db, clock):
    from paseo.channels.storefront import here

    here.forget()
    page = client.get("/").content.decode()
    assert "No shop within 5 km." in page
    assert "In the city" in page
