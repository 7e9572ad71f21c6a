"""Named places of an OpenStreetMap extract: nodes as they are, ways by the middle of their corners."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import osmium

Line = tuple[int, dict[str, str]]
KEYS = ("shop", "amenity", "tourism", "leisure", "craft")
COLUMNS = [
    "id", "lat", "lon", "name", "name:en", "name:zh", "name:es", "name:fi", "name:sv", "name:de", "shop", "amenity",
    "tourism", "leisure", "craft", "cuisine", "opening_hours", "phone", "website", "addr:street", "addr:housenumber",
    "addr:postcode", "addr:city", "addr:country", "level", "brand", "operator", "description", "wheelchair",
]  # fmt: skip
_OTHER_NAMES = {"contact:phone": "phone", "contact:website": "website", "url": "website", "name:zh-Hans": "name:zh"}


def read(path: Path) -> Iterator[Line]:
    """Rows are numbered in the order of the file; the id is "node/1" or "way/2"."""
    objects: Any = osmium.FileProcessor(str(path)).with_locations().with_filter(osmium.filter.KeyFilter(*KEYS))
    number = 0
    try:
        for thing in objects:
            tags = {tag.k: tag.v for tag in thing.tags}
            if "name" not in tags and "brand" not in tags:
                continue
            where = _where(thing)
            if where is None:
                continue
            number += 1
            row = {column: tags[column] for column in COLUMNS if column in tags}
            for other, column in _OTHER_NAMES.items():
                if other in tags:
                    row.setdefault(column, tags[other])
            row.setdefault("name", tags.get("brand", ""))
            row["id"] = f"{'node' if thing.is_node() else 'way'}/{thing.id}"
            row["lat"], row["lon"] = (repr(round(value, 7)) for value in where)
            yield number, row
    except RuntimeError as problem:
        raise ValueError(f"it is not an OpenStreetMap extract ({problem}).") from problem


def _where(thing: Any) -> tuple[float, float] | None:
    if thing.is_node():
        return (thing.location.lat, thing.location.lon) if thing.location.valid() else None
    if not thing.is_way():
        return None
    corners = [(node.location.lat, node.location.lon) for node in thing.nodes if node.location.valid()]
    if len(corners) > 1 and corners[0] == corners[-1]:
        corners.pop()
    if not corners:
        return None
    return sum(lat for lat, _ in corners) / len(corners), sum(lon for _, lon in corners) / len(corners)
