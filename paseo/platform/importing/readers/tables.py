"""CSV in its many dialects: delimiter and character set are found out, lines are counted as an editor counts them."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

Line = tuple[int, dict[str, str]]
Opener = Callable[[Path], IO[bytes]]

SAMPLE = 256 * 1024
csv.field_size_limit(1_000_000)


def read(path: Path, opener: Opener) -> tuple[list[str], Iterator[Line]]:
    with opener(path) as file:
        sample = file.read(SAMPLE)
    encoding = _encoding(sample)
    delimiter = _delimiter(sample.decode(encoding, "replace"))
    rows = _rows(path, opener, encoding, delimiter)
    try:
        _, titles = next(rows)
    except StopIteration:
        raise ValueError("it has no line with column titles.") from None
    columns = _unique([title.strip() for title in titles])
    return columns, _as_dicts(rows, columns)


def _rows(path: Path, opener: Opener, encoding: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    with opener(path) as file:
        text = io.TextIOWrapper(file, encoding=encoding, errors="replace", newline="")
        lines = (line.replace("\0", "") for line in text)
        reader = csv.reader(lines, delimiter=delimiter)
        while True:
            first = reader.line_num + 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as problem:
                raise ValueError(f"line {first}: {problem}.") from problem
            if any(cell.strip() for cell in cells):
                yield first, cells


def _as_dicts(rows: Iterator[tuple[int, list[str]]], columns: list[str]) -> Iterator[Line]:
    for line, cells in rows:
        yield line, dict(zip(columns, (cell.strip() for cell in cells), strict=False))


def _encoding(sample: bytes) -> str:
    if sample.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    whole = sample[: sample.rfind(b"\n") + 1] or sample
    for name in ("utf-8-sig", "gb18030"):
        try:
            text = whole.decode(name)
        except UnicodeDecodeError:
            continue
        if name == "utf-8-sig" or _looks_chinese(text):
            return name
    return "cp1252"


def _looks_chinese(text: str) -> bool:
    """Whether the characters beyond ASCII are mostly common Chinese ones: Latin-1 read as GB18030 gives rare ones."""
    foreign = [letter for letter in text if ord(letter) > 127]
    common = sum(letter.encode("gb2312", "ignore") != b"" for letter in foreign)
    return bool(foreign) and common > 0.9 * len(foreign)


def _delimiter(text: str) -> str:
    first = next((line for line in text.splitlines() if line.strip()), "")
    return max(",;\t|", key=lambda mark: (len(next(csv.reader([first], delimiter=mark))), -",;\t|".index(mark)))


def _unique(titles: list[str]) -> list[str]:
    """Empty titles become letters as in a spreadsheet, doubled ones get a number."""
    seen: dict[str, int] = {}
    columns = []
    for at, title in enumerate(titles):
        title = title or f"Column {at + 1}"
        seen[title] = seen.get(title, 0) + 1
        columns.append(title if seen[title] == 1 else f"{title} {seen[title]}")
    return columns


unique_titles = _unique
