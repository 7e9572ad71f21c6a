"""Finding out what a file is, by its content first and its name second."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from django.conf import settings

from paseo.platform.importing.readers import geojson, osm, sheets, tables
from paseo.platform.importing.refusals import TooLarge, UnreadableFile

Line = tuple[int, dict[str, str]]


@dataclass(slots=True)
class Reader:
    """``columns`` are known before the first row; ``rows`` can be walked once."""

    format: str
    columns: list[str]
    rows: Iterator[Line]


def open_file(path: Path, name: str = "") -> Reader:
    """A reader for the file; ``name`` is what the user called it. Refuses UnreadableFile, TooLarge."""
    name = name or path.name
    most = settings.PASEO["IMPORT_BYTES"]
    try:
        if path.stat().st_size > most:
            raise TooLarge(megabytes=most // 1_000_000)
        head = _head(path)
        if not head.strip():
            raise UnreadableFile(name=name, why="it is empty.")
        if head.startswith(b"PK\x03\x04"):
            return Reader("table", *sheets.read(path))
        if name.endswith((".osm.pbf", ".osm", ".pbf")) or b"OSMHeader" in head[:64]:
            return Reader("osm", osm.COLUMNS, osm.read(path))
        if head.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"{"):
            return Reader("geojson", *geojson.read(path, _binary))
        return Reader("table", *tables.read(path, _binary))
    except (OSError, EOFError, ValueError, KeyError) as problem:
        raise UnreadableFile(name=name, why=str(problem)[:200] or type(problem).__name__) from problem


def _is_gzip(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(2) == b"\x1f\x8b"


def _binary(path: Path) -> IO[bytes]:
    return gzip.open(path, "rb") if _is_gzip(path) else path.open("rb")  # type: ignore[return-value]


def _head(path: Path, size: int = 4096) -> bytes:
    with _binary(path) as file:
        return file.read(size)
