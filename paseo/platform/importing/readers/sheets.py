"""The first sheet of a workbook, row by row."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from paseo.platform.importing.readers.tables import unique_titles

Line = tuple[int, dict[str, str]]


def read(path: Path) -> tuple[list[str], Iterator[Line]]:
    try:
        with path.open("rb") as file:
            book = openpyxl.load_workbook(file, read_only=True, data_only=True)
            book.close()
        book = openpyxl.load_workbook(path.open("rb"), read_only=True, data_only=True)
    except (InvalidFileException, zipfile.BadZipFile, KeyError) as problem:
        raise ValueError("it is not a workbook.") from problem
    rows = _rows(book)
    try:
        _, titles = next(rows)
    except StopIteration:
        raise ValueError("its first sheet is empty.") from None
    columns = unique_titles([title.strip() for title in titles])
    return columns, ((line, dict(zip(columns, cells, strict=False))) for line, cells in rows)


def _rows(book: Any) -> Iterator[tuple[int, list[str]]]:
    try:
        sheet = book.worksheets[0]
        sheet.reset_dimensions()
        for line, cells in enumerate(sheet.iter_rows(values_only=True), 1):
            texts = [_text(cell) for cell in cells]
            if any(texts):
                yield line, texts
    finally:
        book.close()


def _text(cell: Any) -> str:
    """A barcode that the sheet keeps as a number is written without exponent or fraction."""
    match cell:
        case None:
            return ""
        case bool():
            return "1" if cell else "0"
        case float() if cell.is_integer():
            return str(int(cell))
        case datetime() | date():
            return cell.isoformat()
        case _:
            return str(cell).strip()
