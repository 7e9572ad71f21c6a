"""Verdicts on GTINs: GS1 check digits, and numbers that only mean something inside one shop."""

from __future__ import annotations

import re
from dataclasses import dataclass

from stdnum import ean

LENGTHS = (8, 12, 13, 14)


@dataclass(frozen=True, slots=True)
class Barcode:
    """``code`` is how it is stored: 8, 13 or 14 digits. ``in_store`` numbers are given by a shop to itself."""

    code: str
    in_store: bool


def read_barcode(text: str) -> Barcode | str:
    """The barcode in ``text``, or why it is none: "empty", "digits", "length" or "check".

    A UPC of 12 digits is written with a leading zero and a GTIN-14 that begins with zero without it, so that one thing
    has one number however it was scanned. Spaces, hyphens and the ".0" of spreadsheets are ignored.
    """
    digits = re.sub(r"[\s\-\u2010\u2013]", "", text.strip().removesuffix(".0"))
    if not digits:
        return "empty"
    if not digits.isascii() or not digits.isdigit():
        return "digits"
    if len(digits) not in LENGTHS:
        return "length"
    if not ean.is_valid(digits):
        return "check"
    if len(digits) == 12:
        digits = "0" + digits
    elif len(digits) == 14 and digits[0] == "0":
        digits = digits[1:]
    return Barcode(digits, _in_store(digits))


def _in_store(digits: str) -> bool:
    """Restricted circulation: 02, 04 and 20 to 29 before 13 digits, 0 and 2 before 8 (GS1 General Specifications)."""
    if len(digits) == 8:
        return digits[0] in "02"
    return len(digits) == 13 and (digits[0] == "2" or digits[:2] in {"02", "04"})
