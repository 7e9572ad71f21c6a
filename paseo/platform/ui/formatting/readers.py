"""The reader's language, for Babel."""

from __future__ import annotations

from functools import cache

from babel import Locale
from django.utils.translation import get_language

_BABEL = {"en": "en_IE", "zh-hans": "zh_Hans_CN", "es": "es_ES"}
"""Day before month and a 24-hour clock for English: the language is not an address in the United States."""


@cache
def _locale(language: str) -> Locale:
    return Locale.parse(_BABEL.get(language) or _BABEL.get(language.split("-")[0], "en_IE"))


def reader_locale() -> Locale:
    """The Babel locale of the active language."""
    return _locale((get_language() or "en").lower())


def reader_language() -> str:
    """The active language as Django writes it: ``zh-hans``."""
    return (get_language() or "en").lower()
