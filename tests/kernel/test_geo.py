import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from paseo.kernel.geo import (
    Gcj02Point,
    Point,
    bearing,
    cell,
    compass,
    covered_m,
    disk,
    distance_m,
    ring,
    to_gcj02,
    to_wgs84,
)

VECTORS = [  # evil-transform's published test values
    (31.1774276, 121.5272106, 31.17530398364597, 121.531541859215),
    (22.543847, 113.912316, 22.540796131694766, 113.9171764808363),
    (39.911954, 116.377817, 39.91334545536069, 116.38404722455657),
]


@pytest.mark.parametrize(("lat", "lon", "to_lat", "to_lon"), VECTORS)
def test_gcj02_agrees_with_known_points(lat, lon, to_lat, to_lon):
    moved = to_gcj02(Point(lat, lon))
    assert moved.lat == pytest.approx(to_lat, abs=1e-6)
    assert moved.lon == pytest.approx(to_lon, abs=1e-6)


@given(st.floats(20, 50), st.floats(80, 130))
def test_gcj02_comes_back(lat, lon):
    back = to_wgs84(to_gcj02(Point(lat, lon)))
    assert distance_m(back, Point(lat, lon)) < 0.01


def test_outside_china_nothing_moves():
    assert to_gcj02(Point(60.17, 24.94)) == Gcj02Point(60.17, 24.94)


def test_distance_and_bearing_of_known_places():
    helsinki, tallinn = Point(60.1699, 24.9384), Point(59.4370, 24.7536)
    assert distance_m(helsinki, tallinn) == pytest.approx(82_100, rel=0.01)
    assert compass(bearing(helsinki, tallinn)) == "s"
    assert compass(bearing(Point(0, 0), Point(0, 1))) == "e"
    assert [compass(angle) for angle in (0, 22.4, 22.6, 337.6, 359.9)] == ["n", "n", "ne", "n", "n"]
    with pytest.raises(ValueError, match="not on the earth"):
        Point(91, 0)


def test_cells_fit_a_signed_column_and_rings_are_whole():
    home = cell(Point(60.17, 24.94))
    assert -(2**63) <= home < 2**63
    assert ring(home, 0) == [home]
    assert len(ring(home, 2)) == 12
    assert set(disk(home, 2)) == {home, *ring(home, 1), *ring(home, 2)}


@settings(max_examples=300)
@given(st.floats(-70, 70), st.floats(-179, 179), st.integers(1, 6), st.floats(0, 360), st.floats(0, 1))
def test_the_covered_distance_is_a_bound(lat, lon, k, angle, share):
    from math import cos, radians, sin

    centre = Point(lat, lon)
    reach = covered_m(k) * share / 111_320
    other = Point(lat + reach * cos(radians(angle)), lon + reach * sin(radians(angle)) / cos(radians(lat)))
    if distance_m(centre, other) <= covered_m(k):
        assert cell(other) in disk(cell(centre), k)
