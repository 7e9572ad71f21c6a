"""Addresses on the web: readable, stable, unique."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

_LATIN = str.maketrans({"ß": "ss", "ø": "o", "đ": "d", "ł": "l", "æ": "ae", "œ": "oe", "þ": "th", "&": " and "})


def slug_base(names: Mapping[str, str], extra: str = "") -> str:
    """Latin letters, digits and hyphens from the first name that has any; "store" when none has."""
    for name in names.values():
        plain = unicodedata.normalize("NFKD", name.casefold().translate(_LATIN)).encode("ascii", "ignore").decode()
        plain = re.sub(r"['’]", "", plain)
        base = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
        if len(base) >= 2:
            tail = re.sub(r"[^a-z0-9]+", "-", extra.casefold()).strip("-")
            return f"{base[:50].strip('-')}-{tail[:20]}".strip("-") if tail else base[:60].strip("-")
    return "store"


def plate_letter(names: Mapping[str, str]) -> str:
    """The letter on a store's plate: the first Latin letter of its names, "P" when there is none."""
    return next((letter.upper() for letter in slug_base(names) if letter.isalpha()), "P") if names else "P"
