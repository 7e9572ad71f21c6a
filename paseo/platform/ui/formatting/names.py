"""Names and texts of merchants: a dict from language to text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.utils.translation import get_language


def localized_with_language(texts: Any) -> tuple[str, str]:
    """The text and the language it is in: the reader's, a relative of it, the default, or the first there is."""
    if not isinstance(texts, Mapping):
        return ("" if texts is None else str(texts)), ""
    wanted = (get_language() or settings.LANGUAGE_CODE).lower()
    filled = {str(key).lower().replace("_", "-"): str(text) for key, text in texts.items() if text}
    for language in (wanted, wanted.split("-")[0]):
        if language in filled:
            return filled[language], language
    for language, text in filled.items():
        if language.split("-")[0] == wanted.split("-")[0]:
            return text, language
    for language, text in ((settings.LANGUAGE_CODE, filled.get(settings.LANGUAGE_CODE, "")), *filled.items()):
        if text:
            return text, language
    return "", ""


def localized(texts: Any) -> str:
    """The text of a merchant's dict for the reader."""
    return localized_with_language(texts)[0]
