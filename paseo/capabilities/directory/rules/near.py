"""The nearest places by expanding rings of H3 cells: exact, and stopping only when nothing nearer can be left."""

from __future__ import annotations

from functools import lru_cache
from math import asin, ceil, cos, radians, sin, sqrt

import h3

from paseo.kernel.geo import EARTH_M, RESOLUTION, Point, cell, distance_m, ring

WAVES = ((0, 2), (3, 6))
COARSE = (7, 6, 5, 4)
MOST_RINGS = 8
"""A wider radius is covered by coarser cells: a statement with hundreds of ranges takes longer than its rows."""
_MASK = (1 << 64) - 1


def quick_distance(lat: float, lon: float, cos_lat: float, to_lat: float, to_lon: float) -> float:
    """The haversine distance in metres from a point whose ``cos_lat`` is known; equal to ``geo.distance_m``."""
    north, east = sin(radians(to_lat - lat) / 2), sin(radians(to_lon - lon) / 2)
    half = north * north + cos_lat * cos(radians(to_lat)) * east * east
    return 2 * EARTH_M * asin(min(1.0, sqrt(half)))


Placed = tuple[int, float, float, float]
"""A cell, its centre, and the radius of the circle around its corners in metres."""


@lru_cache(maxsize=65_536)
def _placed(cell_number: int) -> Placed:
    text = h3.int_to_str(cell_number & _MASK)
    centre = Point(*h3.cell_to_latlng(text))
    reach = max(distance_m(centre, Point(*corner)) for corner in h3.cell_to_boundary(text))
    return cell_number, centre.lat, centre.lon, reach + 1.0  # a metre for the roundness of edges


@lru_cache(maxsize=4096)
def _between(centre: int, inner: int, outer: int) -> tuple[Placed, ...]:
    """The cells from ``inner`` to ``outer`` steps away from a cell."""
    return tuple(_placed(number) for k in range(inner, outer + 1) for number in ring(centre, k))


def _least(point: Point, cos_lat: float, placed: Placed) -> float:
    return max(0.0, quick_distance(point.lat, point.lon, cos_lat, placed[1], placed[2]) - placed[3])


def least_distance(point: Point, cell_number: int) -> float:
    """No place in the cell is nearer to ``point`` than this, in metres."""
    return _least(point, cos(radians(point.lat)), _placed(cell_number))


def wave(point: Point, number: int) -> tuple[list[tuple[float, int]], float]:
    """The cells of a wave with their least distances, nearest first, and how far this and earlier waves cover.

    Every place nearer than the second value lies in the cells of this wave or an earlier one.
    """
    centre, cos_lat = cell(point), cos(radians(point.lat))
    inner, outer = WAVES[number]
    cells = sorted((_least(point, cos_lat, placed), placed[0]) for placed in _between(centre, inner, outer))
    beyond = _between(centre, outer + 1, outer + 1)
    return cells, min(_least(point, cos_lat, placed) for placed in beyond)


def coarse_ranges(point: Point, radius_m: float) -> list[tuple[int, int]]:
    """Ranges of fine cell numbers that surely hold every place within ``radius_m``.

    All fine cells below one coarse cell have consecutive numbers. A fine cell may stick out of its coarse ancestor, by
    less than the width of a cell two steps finer than that, so the radius is widened by it.
    """
    rings = {coarse: _rings(radius_m, coarse) for coarse in COARSE}
    coarse = next((one for one in COARSE if rings[one] <= MOST_RINGS), COARSE[-1])
    centre = h3.latlng_to_cell(point.lat, point.lon, coarse)
    numbers = sorted(h3.str_to_int(text) for text in h3.grid_disk(centre, rings[coarse]))
    low_bits = (1 << (3 * (15 - coarse))) - 1
    mask = ((1 << (3 * (RESOLUTION - coarse))) - 1) << (3 * (15 - RESOLUTION))
    resolution = (RESOLUTION - coarse) << 52
    ranges: list[tuple[int, int]] = []
    step = 1 << (3 * (15 - RESOLUTION))
    for number in numbers:
        low = (number & ~low_bits) + resolution | (step - 1)
        if ranges and ranges[-1][1] + step == low:
            ranges[-1] = (ranges[-1][0], low | mask)
        else:
            ranges.append((low, low | mask))
    return ranges


def without(ranges: list[tuple[int, int]], read: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """What of ``ranges`` does not lie in ``read``; both sorted and free of overlaps, as is the answer."""
    left: list[tuple[int, int]] = []
    for low, high in ranges:
        for known_low, known_high in read:
            if known_high < low or known_low > high:
                continue
            if known_low > low:
                left.append((low, known_low - 1))
            low = known_high + 1
        if low <= high:
            left.append((low, high))
    return left


def _rings(radius_m: float, coarse: int) -> int:
    wide: float = radius_m + 4 * h3.average_hexagon_edge_length(coarse + 2, unit="m")
    edge: float = h3.average_hexagon_edge_length(coarse, unit="m") * 0.7
    return max(1, ceil(wide / (edge * 1.299)) + 1)


def wanted_radius(found: int, within_m: float, limit: int, max_m: float) -> float:
    """How far to look next when ``found`` of ``limit`` lay within ``within_m``; everything when too few were found."""
    if found < 5:
        return max_m
    return min(max_m, within_m * sqrt(limit / found) * 2)
