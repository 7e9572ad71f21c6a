"""What every page knows without asking."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language

from paseo.kernel.clock import now

SCHEME_COOKIE = "paseo_scheme"
SCHEMES = ("light", "dark")
_HTML_LANGUAGES = {"zh-hans": "zh-Hans"}
_SHORT = {"en": "EN", "zh-hans": "中", "es": "ES"}


def scheme_of(request: HttpRequest) -> str:
    """``light`` or ``dark`` when the reader chose one, else nothing: the device decides."""
    chosen = request.COOKIES.get(SCHEME_COOKIE, "")
    return chosen if chosen in SCHEMES else ""


def interface(request: HttpRequest) -> dict[str, Any]:
    """Languages, light or dark, where we are, what time it is, and whether this is a demo."""
    language = (get_language() or settings.LANGUAGE_CODE).lower()
    return {
        "ui": {
            "language": language,
            "html_language": _HTML_LANGUAGES.get(language, language),
            "language_short": _SHORT.get(language, language.upper()),
            "languages": [
                {"code": code, "name": name, "html": _HTML_LANGUAGES.get(code, code), "current": code == language}
                for code, name in settings.LANGUAGES
            ],
            "scheme": scheme_of(request),
            "path": request.get_full_path(),
            "now": now(),
            "demo": getattr(settings, "DEMO", False),
        }
    }
