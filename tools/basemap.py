"""Draws the base map of the demo city from an OpenStreetMap extract: compact GeoJSON, one collection with layers.

    python tools/basemap.py EXTRACT.osm.pbf demo/data/helsinki-basemap.geojson.gz

Every feature has ``layer`` (water, green, square, building, street, rail, label) and mostly ``class`` and ``name``;
they come in the order in which they are drawn. Lines are simplified to half a meter.
"""

from __future__ import annotations

import gzip
import json
import sys
from collections.abc import Iterable, Sequence
from itertools import pairwise
from math import cos, hypot, radians
from pathlib import Path
from typing import Any

import osmium

Corner = tuple[float, float]
LAYERS = ("water", "green", "square", "building", "rail", "street", "label")
TOLERANCE_M = {"water": 1.0, "green": 1.0, "square": 0.7, "building": 0.5, "rail": 0.7, "street": 0.7}
STREETS = {
    "motorway": "major", "trunk": "major", "primary": "major", "primary_link": "major", "secondary": "major",
    "secondary_link": "major", "tertiary": "middle", "unclassified": "minor", "residential": "minor",
    "living_street": "minor", "pedestrian": "walk", "service": "service", "footway": "foot", "path": "foot",
    "cycleway": "foot", "steps": "foot",
}  # fmt: skip
GREEN = {
    "leisure": {"park", "garden", "pitch", "playground", "dog_park"},
    "landuse": {"grass", "forest", "cemetery", "village_green", "recreation_ground", "flowerbed", "meadow"},
    "natural": {"scrub", "wood", "heath", "grassland", "wetland"},
}


def main(extract: Path, target: Path) -> None:
    features = [*_areas(extract), *_lines(extract), *_labels(extract)]
    features.sort(key=lambda feature: LAYERS.index(feature["properties"]["layer"]))
    west, south, east, north = _box(extract)
    collection = {
        "type": "FeatureCollection",
        "attribution": "© OpenStreetMap contributors, ODbL 1.0",
        "bbox": [west, south, east, north],
        "features": features,
    }
    text = json.dumps(collection, ensure_ascii=False, separators=(",", ":"))
    target.write_bytes(gzip.compress(text.encode(), 9, mtime=0))
    print(f"{len(features)} features, {target.stat().st_size / 1e6:.2f} MB")


def _box(extract: Path) -> tuple[float, float, float, float]:
    box = osmium.io.Reader(str(extract)).header().box()
    if box.valid():
        return box.bottom_left.lon, box.bottom_left.lat, box.top_right.lon, box.top_right.lat
    nodes = [
        (thing.location.lon, thing.location.lat)
        for thing in osmium.FileProcessor(str(extract), osmium.osm.NODE)
        if thing.tags
    ]
    lons, lats = sorted(lon for lon, _ in nodes), sorted(lat for _, lat in nodes)
    edge = len(nodes) // 500
    return lons[edge], lats[edge], lons[-1 - edge], lats[-1 - edge]


def _areas(extract: Path) -> Iterable[dict[str, Any]]:
    for thing in osmium.FileProcessor(str(extract)).with_areas():
        if not isinstance(thing, osmium.osm.Area):
            continue
        tags = {tag.k: tag.v for tag in thing.tags}
        layer, kind = _area_class(tags)
        if not layer:
            continue
        polygons = []
        for outer in thing.outer_rings():
            rings = [_ring(outer, TOLERANCE_M[layer])]
            rings += [_ring(inner, TOLERANCE_M[layer]) for inner in thing.inner_rings(outer)]
            if len(rings[0]) >= 4:
                polygons.append([ring for ring in rings if len(ring) >= 4])
        if polygons:
            shape = {"type": "Polygon", "coordinates": polygons[0]}
            if len(polygons) > 1:
                shape = {"type": "MultiPolygon", "coordinates": polygons}
            yield _feature(shape, layer, kind, tags.get("name", "") if layer in {"green", "square", "water"} else "")


def _area_class(tags: dict[str, str]) -> tuple[str, str]:
    if tags.get("natural") == "water" or tags.get("landuse") in {"basin", "pond"}:
        return "water", "pond"
    if tags.get("building", "no") != "no" and tags.get("location") != "underground":
        return "building", ""
    for key, values in GREEN.items():
        if tags.get(key) in values:
            return "green", "park" if tags.get("leisure") in {"park", "garden"} else "grass"
    if tags.get("place") == "square" or (tags.get("highway") == "pedestrian" and tags.get("layer", "0") == "0"):
        return "square", ""
    return "", ""


def _lines(extract: Path) -> Iterable[dict[str, Any]]:
    coast: list[list[Corner]] = []
    for thing in osmium.FileProcessor(str(extract)).with_locations():
        if not thing.is_way():
            continue
        tags = {tag.k: tag.v for tag in thing.tags}
        corners = [(node.location.lon, node.location.lat) for node in thing.nodes if node.location.valid()]
        if len(corners) < 2:
            continue
        if tags.get("natural") == "coastline":
            coast.append(corners)
        inside = tags.get("tunnel", "no") != "no" or tags.get("indoor", "no") != "no"
        below = inside or tags.get("layer", "0").startswith("-")
        if tags.get("area") == "yes" or below:
            continue
        if kind := STREETS.get(tags.get("highway", "")):
            name = tags.get("name", "") if kind != "foot" else ""
            yield _feature(_line(corners, TOLERANCE_M["street"]), "street", kind, name)
        elif tags.get("railway") in {"rail", "tram", "light_rail"} and tags.get("service") != "yard":
            kind = "tram" if tags["railway"] == "tram" else "rail"
            yield _feature(_line(corners, TOLERANCE_M["rail"]), "rail", kind, "")
    for ring in sea(coast, _box(extract)):
        simple = simplified(ring, TOLERANCE_M["water"])
        yield _feature({"type": "Polygon", "coordinates": [_rounded(simple)]}, "water", "sea", "")


def _labels(extract: Path) -> Iterable[dict[str, Any]]:
    for thing in osmium.FileProcessor(str(extract), osmium.osm.NODE):
        tags = {tag.k: tag.v for tag in thing.tags}
        kind = "suburb" if tags.get("place") in {"suburb", "quarter", "neighbourhood"} else ""
        kind = kind or ("station" if tags.get("railway") == "station" else "")
        if kind and tags.get("name"):
            at = [round(thing.location.lon, 6), round(thing.location.lat, 6)]
            yield _feature({"type": "Point", "coordinates": at}, "label", kind, tags["name"])


def _feature(shape: dict[str, Any], layer: str, kind: str, name: str) -> dict[str, Any]:
    properties = {"layer": layer} | ({"class": kind} if kind else {}) | ({"name": name} if name else {})
    return {"type": "Feature", "properties": properties, "geometry": shape}


def _ring(nodes: Any, tolerance: float) -> list[list[float]]:
    return _rounded(simplified([(node.lon, node.lat) for node in nodes], tolerance))


def _line(corners: Sequence[Corner], tolerance: float) -> dict[str, Any]:
    return {"type": "LineString", "coordinates": _rounded(simplified(corners, tolerance))}


def _rounded(corners: Iterable[Corner]) -> list[list[float]]:
    kept: list[list[float]] = []
    for lon, lat in corners:
        corner = [round(lon, 6), round(lat, 6)]
        if not kept or kept[-1] != corner:
            kept.append(corner)
    return kept


def simplified(corners: Sequence[Corner], tolerance_m: float) -> list[Corner]:
    """The line without corners that lie nearer than ``tolerance_m`` to the line through the others."""
    if len(corners) < 3:
        return list(corners)
    stretch = cos(radians(corners[0][1])) * 111_320
    keep = {0, len(corners) - 1}
    open_parts = [(0, len(corners) - 1)]
    if corners[0] == corners[-1]:
        far = max(range(len(corners)), key=lambda at: _apart(corners[0], corners[at], stretch))
        keep.add(far)
        open_parts = [(0, far), (far, len(corners) - 1)]
    while open_parts:
        first, last = open_parts.pop()
        inner = range(first + 1, last)
        if not inner:
            continue
        at = max(inner, key=lambda at: _off(corners[at], corners[first], corners[last], stretch))
        if _off(corners[at], corners[first], corners[last], stretch) > tolerance_m:
            keep.add(at)
            open_parts += [(first, at), (at, last)]
    return [corners[at] for at in sorted(keep)]


def _apart(a: Corner, b: Corner, stretch: float) -> float:
    return hypot((b[0] - a[0]) * stretch, (b[1] - a[1]) * 111_320)


def _off(point: Corner, start: Corner, end: Corner, stretch: float) -> float:
    """Distance in meters from the segment."""
    px, py = (point[0] - start[0]) * stretch, (point[1] - start[1]) * 111_320
    ex, ey = (end[0] - start[0]) * stretch, (end[1] - start[1]) * 111_320
    length = ex * ex + ey * ey
    share = 0.0 if length == 0 else max(0.0, min(1.0, (px * ex + py * ey) / length))
    return hypot(px - share * ex, py - share * ey)


def sea(coast: list[list[Corner]], box: tuple[float, float, float, float]) -> list[list[Corner]]:
    """Rings of water inside the box: the coast has land on its left, so water is walked clockwise along the border."""
    pieces = [piece for line in _joined(coast) for piece in _clipped(line, box)]
    rings = [piece for piece in pieces if piece[0] == piece[-1] and len(piece) > 3]
    open_ones = [piece for piece in pieces if piece[0] != piece[-1]]
    while open_ones:
        ring = list(open_ones.pop())
        while True:
            end = _around(ring[-1], box)
            candidates = [(ring[0], None), *((piece[0], piece) for piece in open_ones)]
            start, following = min(candidates, key=lambda item: (_around(item[0], box) - end) % 4.0)
            ring += _border(end, _around(start, box), box)
            if following is None:
                ring.append(ring[0])
                break
            open_ones.remove(following)
            ring += following
        rings.append(ring)
    return rings


def _joined(lines: list[list[Corner]]) -> list[list[Corner]]:
    by_start = {line[0]: line for line in lines}
    ends = {line[-1] for line in lines}
    joined = []
    while by_start:
        first = next((start for start in by_start if start not in ends), next(iter(by_start)))
        line = list(by_start.pop(first))
        while line[-1] in by_start:
            line += by_start.pop(line[-1])[1:]
        joined.append(line)
    return joined


def _clipped(line: list[Corner], box: tuple[float, float, float, float]) -> list[list[Corner]]:
    pieces: list[list[Corner]] = []
    piece: list[Corner] = []
    for a, b in pairwise(line):
        part = _segment(a, b, box)
        if part is None:
            if piece:
                pieces.append(piece)
            piece = []
            continue
        if piece and piece[-1] == part[0]:
            piece.append(part[1])
        else:
            if piece:
                pieces.append(piece)
            piece = [*part]
    return [*pieces, piece] if piece else pieces


def _segment(a: Corner, b: Corner, box: tuple[float, float, float, float]) -> tuple[Corner, Corner] | None:
    """The part of a segment inside the box (Liang and Barsky)."""
    west, south, east, north = box
    dx, dy, first, last = b[0] - a[0], b[1] - a[1], 0.0, 1.0
    for step, room in ((-dx, a[0] - west), (dx, east - a[0]), (-dy, a[1] - south), (dy, north - a[1])):
        if step == 0:
            if room < 0:
                return None
            continue
        share = room / step
        if step < 0:
            first = max(first, share)
        else:
            last = min(last, share)
    if first > last:
        return None
    at = lambda share: a if share == 0 else b if share == 1 else (a[0] + share * dx, a[1] + share * dy)  # noqa: E731
    return at(first), at(last)


def _around(point: Corner, box: tuple[float, float, float, float]) -> float:
    """How far along the border a point lies, clockwise from the north-west corner: 0 to 4."""
    west, south, east, north = box
    x, y = (point[0] - west) / (east - west), (point[1] - south) / (north - south)
    sides = [(1 - y, x), (1 - x, 1 + (1 - y)), (y, 2 + (1 - x)), (x, 3 + y)]
    return min(sides)[1] % 4.0


def _border(start: float, end: float, box: tuple[float, float, float, float]) -> list[Corner]:
    west, south, east, north = box
    corners = [(west, north), (east, north), (east, south), (west, south)]
    span, passed, at = (end - start) % 4.0, [], start
    while (following := int(at) + 1) - start < span:
        passed.append(corners[following % 4])
        at = float(following)
    return passed


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
