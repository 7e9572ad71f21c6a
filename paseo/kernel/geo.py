"""Places on the earth. WGS-84 is a ``Point``; GCJ-02, which Chinese maps use, is a type of its own."""

from __future__ import annotations

from dataclasses import dataclass
from math import asin, atan2, cos, degrees, hypot, pi, radians, sin, sqrt

import h3

EARTH_M = 6_371_008.8  # mean radius, IUGG
RESOLUTION = 9  # cells of about 0.1 square kilometre


@dataclass(frozen=True, slots=True)
class Point:
    """WGS-84, in degrees."""

    lat: float
    lon: float

    def __post_init__(self) -> None:
        if not (-90 <= self.lat <= 90 and -180 <= self.lon <= 180):
            raise ValueError(f"{self.lat}, {self.lon} is not on the earth.")


@dataclass(frozen=True, slots=True)
class Gcj02Point:
    """GCJ-02, in degrees: 100 to 700 m away from WGS-84 inside China."""

    lat: float
    lon: float


def distance_m(a: Point, b: Point) -> float:
    """Great-circle distance in metres (haversine)."""
    lat_a, lat_b = radians(a.lat), radians(b.lat)
    half = sin((lat_b - lat_a) / 2) ** 2 + cos(lat_a) * cos(lat_b) * sin(radians(b.lon - a.lon) / 2) ** 2
    return 2 * EARTH_M * asin(min(1.0, sqrt(half)))


def bearing(a: Point, b: Point) -> float:
    """Initial bearing from ``a`` to ``b`` in degrees, 0 = north, clockwise, below 360."""
    lat_a, lat_b, east = radians(a.lat), radians(b.lat), radians(b.lon - a.lon)
    y = sin(east) * cos(lat_b)
    x = cos(lat_a) * sin(lat_b) - sin(lat_a) * cos(lat_b) * cos(east)
    return degrees(atan2(y, x)) % 360.0 % 360.0


WINDS = ("n", "ne", "e", "se", "s", "sw", "w", "nw")


def compass(angle: float) -> str:
    """One of eight winds for a bearing in degrees."""
    return WINDS[int((angle % 360) / 45 + 0.5) % 8]


def _signed(cell_text: str) -> int:
    value = int(h3.str_to_int(cell_text))
    return value - (1 << 64) if value >= 1 << 63 else value


def _text(cell_number: int) -> str:
    return str(h3.int_to_str(cell_number & ((1 << 64) - 1)))


def cell(point: Point, resolution: int = RESOLUTION) -> int:
    """The H3 cell of a point as a signed 64-bit integer, for a BIGINT column."""
    return _signed(h3.latlng_to_cell(point.lat, point.lon, resolution))


def ring(centre: int, k: int) -> list[int]:
    """The cells exactly ``k`` steps away from ``centre``."""
    if k == 0:
        return [centre]
    return [_signed(found) for found in h3.grid_ring(_text(centre), k)]


def disk(centre: int, k: int) -> list[int]:
    """All cells at most ``k`` steps away from ``centre``."""
    return [_signed(found) for found in h3.grid_disk(_text(centre), k)]


_SHORTEST_EDGE: dict[int, float] = {}


def covered_m(k: int, resolution: int = RESOLUTION) -> float:
    """A distance in metres within which every point lies in the disk of ``k`` rings around its centre's cell.

    A hexagon's neighbours reach at least one apothem (0.866 edges) further; H3's edges vary with place by up to a
    fifth around the mean, so 0.7 of the mean is used: a bound, not an estimate.
    """
    edge = _SHORTEST_EDGE.setdefault(resolution, h3.average_hexagon_edge_length(resolution, unit="m") * 0.7)
    return edge * 0.866 * 1.5 * k if k else 0.0


# Krasovsky 1940, as used by GCJ-02.
_A, _EE = 6_378_245.0, 0.00669342162296594323


def _outside_china(lat: float, lon: float) -> bool:
    return not (72.004 <= lon <= 137.8347 and 0.8293 <= lat <= 55.8271)


def _offset(lat: float, lon: float) -> tuple[float, float]:
    x, y = lon - 105.0, lat - 35.0
    waves = (20.0 * sin(6.0 * x * pi) + 20.0 * sin(2.0 * x * pi)) * 2.0 / 3.0
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x)) + waves
    north += (20.0 * sin(y * pi) + 40.0 * sin(y / 3.0 * pi)) * 2.0 / 3.0
    north += (160.0 * sin(y / 12.0 * pi) + 320.0 * sin(y * pi / 30.0)) * 2.0 / 3.0
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x)) + waves
    east += (20.0 * sin(x * pi) + 40.0 * sin(x / 3.0 * pi)) * 2.0 / 3.0
    east += (150.0 * sin(x / 12.0 * pi) + 300.0 * sin(x / 30.0 * pi)) * 2.0 / 3.0
    phi = radians(lat)
    magic = 1 - _EE * sin(phi) ** 2
    return (
        north * 180.0 / ((_A * (1 - _EE)) / (magic * sqrt(magic)) * pi),
        east * 180.0 / (_A / sqrt(magic) * cos(phi) * pi),
    )


def to_gcj02(point: Point) -> Gcj02Point:
    """The published obfuscation of WGS-84; the identity outside China."""
    if _outside_china(point.lat, point.lon):
        return Gcj02Point(point.lat, point.lon)
    north, east = _offset(point.lat, point.lon)
    return Gcj02Point(point.lat + north, point.lon + east)


def to_wgs84(point: Gcj02Point) -> Point:
    """The inverse by fixed-point iteration, to well below a centimetre."""
    if _outside_china(point.lat, point.lon):
        return Point(point.lat, point.lon)
    lat, lon = point.lat, point.lon
    for _ in range(30):
        guess = to_gcj02(Point(lat, lon))
        d_lat, d_lon = guess.lat - point.lat, guess.lon - point.lon
        lat, lon = lat - d_lat, lon - d_lon
        if hypot(d_lat, d_lon) < 1e-10:
            break
    return Point(lat, lon)
