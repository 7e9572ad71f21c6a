import random
from itertools import pairwise
from math import cos, radians, sin

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from paseo.capabilities.directory import operations, queries, stored
from paseo.capabilities.directory.models import Place, Store
from paseo.capabilities.directory.rules import near
from paseo.kernel.geo import Point, cell, distance_m
from paseo.kernel.ids import stable_id
from paseo.platform.db.unit import sql_count

from .conftest import SENATE_SQUARE, make_live, make_merchant, make_store

points = st.builds(Point, st.floats(-75, 75), st.floats(-179.9, 179.9))


def moved(point: Point, metres: float, angle: float) -> Point:
    north, east = metres * cos(angle), metres * sin(angle)
    lon = point.lon + east / (111_195 * cos(radians(point.lat)))
    return Point(point.lat + north / 111_195, (lon + 180) % 360 - 180)


@given(point=points, other=points)
def test_the_quick_distance_is_the_distance(point, other):
    quick = near.quick_distance(point.lat, point.lon, cos(radians(point.lat)), other.lat, other.lon)
    assert quick == pytest.approx(distance_m(point, other), rel=1e-12, abs=1e-6)


@settings(max_examples=200, deadline=None)
@given(point=points, share=st.floats(0, 1), angle=st.floats(0, 6.283))
def test_nothing_nearer_than_the_cover_is_outside_the_waves(point, share, angle):
    walked = set()
    for number in range(len(near.WAVES)):
        cells, covered = near.wave(point, number)
        walked |= {cell_number for _, cell_number in cells}
        other = moved(point, covered * share, angle)
        if distance_m(point, other) < covered:
            assert cell(other) in walked


@settings(max_examples=200, deadline=None)
@given(point=points, share=st.floats(0, 1), angle=st.floats(0, 6.283))
def test_no_place_in_a_cell_is_nearer_than_its_least_distance(point, share, angle):
    other = moved(point, 3_000 * share, angle)
    assert near.least_distance(point, cell(other)) <= distance_m(point, other)


@settings(max_examples=200, deadline=None)
@given(point=points, radius=st.floats(50, 80_000), share=st.floats(0, 1), angle=st.floats(0, 6.283))
def test_coarse_ranges_hold_everything_within_the_radius(point, radius, share, angle):
    other = moved(point, radius * share, angle)
    if distance_m(point, other) <= radius:
        assert any(low <= cell(other) <= high for low, high in near.coarse_ranges(point, radius))


@settings(max_examples=200, deadline=None)
@given(point=points, near_m=st.floats(50, 9_000), far_m=st.floats(50, 80_000), share=st.floats(0, 1))
def test_what_was_read_is_not_read_again_and_nothing_is_left_out(point, near_m, far_m, share):
    wide, read = near.coarse_ranges(point, far_m), near.coarse_ranges(point, near_m)
    rest = near.without(wide, read)
    number = cell(moved(point, far_m * share, 1.0))

    def inside(ranges) -> bool:
        return any(low <= number <= high for low, high in ranges)

    assert inside(rest) == (inside(wide) and not inside(read))
    assert all(low <= high for low, high in rest)
    assert all(before[1] < after[0] for before, after in pairwise(rest))


def test_ranges_without_what_was_read():
    assert near.without([(0, 9), (20, 29)], [(3, 5), (8, 22)]) == [(0, 2), (6, 7), (23, 29)]
    assert near.without([(0, 9)], []) == [(0, 9)]
    assert near.without([(0, 9)], [(0, 9)]) == []


def _scatter(merchant_id, now, count: int, spread_m: float, seed: int) -> dict:
    """``count`` stores around the square, denser towards its middle."""
    dice = random.Random(seed)
    hours = ["24/7", "Mo-Fr 08:00-20:00", "Mo-Su 18:00-23:00", ""]
    placed = {}
    places, stores = [], []
    for number in range(count):
        at = moved(SENATE_SQUARE, spread_m * dice.random() ** 2, dice.random() * 6.283)
        id = stable_id("scattered", seed, number)
        placed[id] = (at, dice.choice(hours), dice.choice(["cafe", "books"]))
        places.append(
            Place(
                id=id,
                owner_id=merchant_id,
                kind="store",
                name={"en": f"S{number}"},
                lat=at.lat,
                lon=at.lon,
                cell9=cell(at),
                country="FI",
            )
        )
        stores.append(
            Store(
                place_id=id,
                merchant_id=merchant_id,
                category=placed[id][2],
                hours=placed[id][1],
                zone="Europe/Helsinki",
                currency="EUR",
                region="FI",
                services=["pickup"],
                state="open",
                listed=True,
                plate_letter="S",
                slug=f"s-{seed}-{number}",
                created_at=now,
            )
        )
    Place.objects.bulk_create(places)
    Store.objects.bulk_create(stores)
    return placed


@pytest.mark.django_db
@pytest.mark.parametrize("count,spread", [(400, 500), (150, 3_000), (60, 9_000), (15, 4_000)])
def test_nearest_is_what_brute_force_finds(merchant, now, count, spread):
    placed = _scatter(merchant, now, count, spread, seed=count)

    @settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(
        metres=st.floats(0, spread * 1.2),
        angle=st.floats(0, 6.283),
        limit=st.sampled_from([1, 5, 20]),
        open_only=st.booleans(),
        category=st.sampled_from([None, "cafe"]),
        max_m=st.sampled_from([300, 2_000, 5_000]),
    )
    def check(metres, angle, limit, open_only, category, max_m):
        point = moved(SENATE_SQUARE, metres, angle)
        found = queries.nearest(point, now=now, limit=limit, open_only=open_only, category=category, max_m=max_m)
        expected = sorted(
            (distance_m(point, at), id)
            for id, (at, hours, kind) in placed.items()
            if distance_m(point, at) <= max_m
            and (category is None or kind == category)
            and (not open_only or hours in {"24/7", "Mo-Fr 08:00-20:00"})
        )[:limit]
        assert [item.card.id for item in found] == [id for _, id in expected]
        assert [item.distance_m for item in found] == pytest.approx([metres for metres, _ in expected], abs=1e-6)

    check()


@pytest.mark.django_db
def test_few_statements(merchant, now):
    _scatter(merchant, now, 300, 800, seed=7)
    stored.forget_everything()
    with sql_count() as sql:
        assert len(queries.nearest(SENATE_SQUARE, now=now, open_only=True)) == 20
    assert sql.count == 2, sql.all
    far = moved(SENATE_SQUARE, 3_500, 1.0)
    stored.forget_everything()
    with sql_count() as sql:
        assert len(queries.nearest(far, now=now, open_only=True)) == 20
    assert sql.count == 3, sql.all


@pytest.mark.django_db(transaction=True)
def test_kept_cells_forget_changes_at_once(operator, now):
    merchant_id = make_live(make_merchant("Kahvila Oy", "1", now), now)
    [store] = queries.stores_of_merchant(merchant_id)
    assert len(queries.nearest(SENATE_SQUARE, now=now)) == 1
    with sql_count() as sql:
        queries.nearest(SENATE_SQUARE, now=now, limit=1)
        queries.store(store.slug)
        queries.store(store.slug)
    assert sql.count == 1, sql.all
    operations.pause_store(merchant_id=merchant_id, store_id=store.id, reason="Power cut", now=now, actor="staff")
    [paused] = queries.nearest(SENATE_SQUARE, now=now)
    assert (paused.lamp.reason, paused.card.pause_reason) == ("paused", "Power cut")
    assert queries.nearest(SENATE_SQUARE, now=now, open_only=True) == []
    operations.close_store(merchant_id=merchant_id, store_id=store.id, reason="Moved", now=now, actor="staff")
    assert queries.nearest(SENATE_SQUARE, now=now) == []


@pytest.fixture
def street(live_merchant, now):
    """A café, a bookshop, a tea room and a closed bar on one street."""
    more = [
        ({"en": "Paper Trail", "zh-hans": "纸径书店"}, "books", 100, "Mo-Su 00:00-24:00"),
        ({"fi": "Théhuone"}, "cafe", 200, "24/7"),
        ({"en": "Night Owl"}, "bar", 300, "Mo-Su 20:00-03:00"),
    ]
    ids = {"Square Café": queries.stores_of_merchant(live_merchant)[0].id}
    for name, category, metres, hours in more:
        at = moved(SENATE_SQUARE, metres, 0.0)
        id = make_store(
            live_merchant,
            now,
            name=name,
            category=category,
            point=at,
            hours=hours,
            tags=["tea"] if metres == 200 else [],
        )
        operations.open_store(merchant_id=live_merchant, store_id=id, now=now, actor="test")
        ids[next(iter(name.values()))] = id
    return ids


@pytest.mark.django_db
@pytest.mark.parametrize(
    "text,names",
    [
        ("咖啡", ["Square Café", "Théhuone"]),
        ("café", ["Square Café", "Théhuone"]),
        ("Kaffee", ["Square Café", "Théhuone"]),
        ("kahvila", ["Square Café", "Théhuone"]),
        ("kahvlia", ["Square Café", "Théhuone"]),
        ("cafetería", ["Square Café", "Théhuone"]),
        ("书店", ["Paper Trail"]),
        ("librería", ["Paper Trail"]),
        ("té", ["Théhuone"]),
        ("aleksanterinkatu", ["Square Café", "Paper Trail", "Théhuone", "Night Owl"]),
        ("submarine", []),
    ],
)
def test_words_of_all_languages_find(street, now, text, names):
    by_id = {id: name for name, id in street.items()}
    assert [by_id[item.card.id] for item in queries.nearest(SENATE_SQUARE, now=now, text=text)] == names


@pytest.mark.django_db
def test_filters(street, now):
    def names(**filters):
        by_id = {id: name for name, id in street.items()}
        return [by_id[item.card.id] for item in queries.nearest(SENATE_SQUARE, now=now, **filters)]

    assert names() == ["Square Café", "Paper Trail", "Théhuone", "Night Owl"]
    assert names(open_only=True) == ["Square Café", "Paper Trail", "Théhuone"]
    assert names(category="bar") == ["Night Owl"]
    assert names(service="here") == ["Square Café", "Théhuone", "Night Owl"]
    assert names(max_m=150) == ["Square Café", "Paper Trail"]
    assert names(text="café", open_only=True, service="here") == ["Square Café", "Théhuone"]


@pytest.mark.django_db
def test_bearing_and_distance(street, now):
    _, books, *_ = queries.nearest(SENATE_SQUARE, now=now)
    assert books.distance_m == pytest.approx(100, abs=0.1)
    assert min(books.bearing, 360 - books.bearing) < 0.1


@pytest.mark.django_db
def test_a_name_comes_before_a_kind(street, now, live_merchant):
    at = moved(SENATE_SQUARE, 900, 2.0)
    id = make_store(live_merchant, now, name={"en": "Books and Coffee"}, category="gifts", point=at)
    operations.open_store(merchant_id=live_merchant, store_id=id, now=now, actor="test")
    found = queries.search_places("coffee", point=SENATE_SQUARE, now=now)
    assert [item.card.id for item in found] == [id, street["Square Café"], street["Théhuone"]]


@pytest.mark.django_db
def test_the_map_and_the_kinds(street, now):
    south_west, north_east = moved(SENATE_SQUARE, 50, 3.9), moved(SENATE_SQUARE, 230, 0.3)
    with sql_count() as sql:
        pins = queries.in_view(south_west, north_east, now=now)
    assert sql.count == 2
    assert {pin.id for pin in pins} == {street["Square Café"], street["Paper Trail"], street["Théhuone"]}
    assert {pin.lamp.state for pin in pins} == {"lit"}
    world = Point(-90, -180), Point(90, 180)
    assert len(queries.in_view(*world, now=now, open_only=True)) == 3
    assert len(queries.in_view(*world, now=now, category="bar")) == 1
    assert [(count.category.key, count.stores) for count in queries.categories()] == [
        ("cafe", 2),
        ("bar", 1),
        ("books", 1),
    ]
