"""GeoJSON features one after the other, however large the collection.

Columns are ``lat``, ``lon`` and all properties.
"""

from __future__ import annotations

import codecs
import json
from collections.abc import Callable, Iterator
from itertools import chain, islice
from pathlib import Path
from typing import IO, Any

Line = tuple[int, dict[str, str]]
CHUNK = 1 << 16
_decoder = json.JSONDecoder()


def read(path: Path, opener: Callable[[Path], IO[bytes]]) -> tuple[list[str], Iterator[Line]]:
    """Columns are those of the first thousand features; properties that come later are given as well."""
    features = _features(path, opener)
    first = list(islice(features, 1_000))
    if not first:
        raise ValueError("it has no features.")
    rows = [(number, _row(feature)) for number, feature in enumerate(first, 1)]
    columns = list(dict.fromkeys(column for _, row in rows for column in row))
    rest = ((number, _row(feature)) for number, feature in enumerate(features, len(first) + 1))
    return columns, chain(rows, rest)


def _features(path: Path, opener: Callable[[Path], IO[bytes]]) -> Iterator[dict[str, Any]]:
    with opener(path) as file:
        decode = codecs.getincrementaldecoder("utf-8-sig")("replace")
        text, at, started = "", 0, False
        while True:
            chunk = file.read(CHUNK)
            text, at = text[at:] + decode.decode(chunk, final=not chunk), 0
            if not started:
                opening = text.find('"features"')
                bracket = text.find("[", opening) if opening >= 0 else -1
                if bracket < 0:
                    if not chunk:
                        raise ValueError("it is JSON, but not a GeoJSON collection of features.")
                    continue
                at, started = bracket + 1, True
            while True:
                while at < len(text) and text[at] in " \r\n\t,":
                    at += 1
                if at < len(text) and text[at] == "]":
                    return
                try:
                    feature, at = _decoder.raw_decode(text, at)
                except ValueError:
                    break
                if isinstance(feature, dict):
                    yield feature
            if not chunk:
                raise ValueError("it ends in the middle of a feature.")


def _row(feature: dict[str, Any]) -> dict[str, str]:
    properties = feature.get("properties") or {}
    row = {str(key): _text(value) for key, value in properties.items() if value is not None}
    tags = properties.get("tags")
    if isinstance(tags, dict):
        row |= {str(key): _text(value) for key, value in tags.items()}
    if "id" in feature and "id" not in row:
        row["id"] = str(feature["id"])
    centre = _centre((feature.get("geometry") or {}).get("coordinates"))
    if centre is not None:
        row["lon"], row["lat"] = (repr(round(value, 7)) for value in centre)
    return row


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _centre(coordinates: Any) -> tuple[float, float] | None:
    """The point itself, or the middle of the corners of the first ring."""
    if not isinstance(coordinates, list) or not coordinates:
        return None
    while isinstance(coordinates[0], list) and coordinates[0] and isinstance(coordinates[0][0], list):
        coordinates = coordinates[0]
    if isinstance(coordinates[0], (int, float)):
        return (float(coordinates[0]), float(coordinates[1])) if len(coordinates) >= 2 else None
    corners = coordinates[:-1] if len(coordinates) > 3 and coordinates[0] == coordinates[-1] else coordinates
    return sum(c[0] for c in corners) / len(corners), sum(c[1] for c in corners) / len(corners)
