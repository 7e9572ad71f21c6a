"""Names as they arrive from spreadsheets and other systems."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Mapping

MOST = 200


def clean_name(text: str, most: int = MOST) -> str:
    """Without HTML entities and tags, control characters and doubled spaces; at most ``most`` characters."""
    for _ in range(3):
        plain = html.unescape(text)
        if plain == text:
            break
        text = plain
    text = re.sub(r"</?[a-zA-Z][^<>]{0,80}>", " ", text)
    text = "".join(" " if unicodedata.category(letter) in {"Cc", "Cf", "Zl", "Zp"} else letter for letter in text)
    return " ".join(unicodedata.normalize("NFC", text).split())[:most].strip()


def clean_texts(texts: Mapping[str, str], most: int = MOST) -> dict[str, str]:
    """Clean texts by language; empty ones are left out."""
    clean = {language.lower(): clean_name(text, most) for language, text in texts.items()}
    return {language: text for language, text in clean.items() if text}


def says_something(name: str) -> bool:
    """Whether a name holds at least one letter of any script."""
    return any(letter.isalpha() for letter in name)
