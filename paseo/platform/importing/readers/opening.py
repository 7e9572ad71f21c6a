"""Finding out what a file is, by its content first and its name second."""

from __future__ import annotations

import gzip
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from django.conf import settings

from paseo.platform.importing.readers import geojson, osm, sheets, tables
from paseo.platform.importing.refusals import TooLarge, UnreadableFile

Line = tuple[int, dict[str, str]]
LARGEST_WORKBOOK = 200_000_000
"""Bytes of all parts of a workbook together, unpacked: its shared words are read whole."""


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
            _check_workbook(path, most)
            return Reader("table", *sheets.read(path))
        if name.endswith((".osm.pbf", ".osm", ".pbf")) or b"OSMHeader" in head[:64]:
            return Reader("osm", osm.COLUMNS, osm.read(path))
        if head.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"{"):
            return Reader("geojson", *geojson.read(path, _binary))
        return Reader("table", *tables.read(path, _binary))
    except (OSError, EOFError, ValueError, KeyError) as problem:
        raise UnreadableFile(name=name, why=str(problem)[:200] or type(problem).__name__) from problem


UNPACKED = 4
"""How many times the largest file a packed one may unfold to: more is a bomb."""


def _check_workbook(path: Path, most: int) -> None:
    """A workbook is a zip whose parts say how long they are; reading stops there, so what they say is enough."""
    try:
        parts = zipfile.ZipFile(path)
    except zipfile.BadZipFile as problem:
        raise ValueError("it is not a workbook.") from problem
    with parts:
        if sum(part.file_size for part in parts.infolist()) > min(most, LARGEST_WORKBOOK):
            raise TooLarge(megabytes=min(most, LARGEST_WORKBOOK) // 1_000_000)


class _Bounded(gzip.GzipFile):
    """Unpacks up to a limit. ValueError beyond."""

    most = 0

    def read1(self, size: int = -1) -> bytes:
        return self._counted(super().read1(size))

    def read(self, size: int | None = -1) -> bytes:
        return self._counted(super().read(self.most + 1 if size is None or size < 0 else size))

    def _counted(self, piece: bytes) -> bytes:
        if self.tell() > self.most:
            raise ValueError("it unfolds to more than can be read.")
        return piece


def _is_gzip(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(2) == b"\x1f\x8b"


def _binary(path: Path) -> IO[bytes]:
    if not _is_gzip(path):
        return path.open("rb")
    packed = _Bounded(path, "rb")
    packed.most = UNPACKED * int(settings.PASEO["IMPORT_BYTES"])
    return packed  # type: ignore[return-value]


def _head(path: Path, size: int = 4096) -> bytes:
    with _binary(path) as file:
        return file.read(size)
