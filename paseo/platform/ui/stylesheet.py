"""One style sheet out of the layered parts: one request instead of ten, without a build step.

The address carries a hash of the contents, so that it may be kept for ever. With DEBUG the parts are read each time.
"""

from __future__ import annotations

import re
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.templatetags.static import static

FOLDER = Path(__file__).parent / "static" / "ui" / "css"
PARTS = (
    "tokens", "base", "controls", "window", "facade", "plate", "line", "paper", "notices", "tables", "board",
    "charts", "map", "guest", "staff", "sheet", "adapt", "print",
)  # fmt: skip
_FONTS = (
    (
        "latin",
        "U+0000-00FF, U+0131, U+0152-0153, U+02BB-02BC, U+02C6, U+02DA, U+02DC, U+2000-206F, U+20AC, U+2122, U+2212",
    ),
    (
        "latin-ext",
        "U+0100-02BA, U+02BD-02C5, U+02C7-02CC, U+02CE-02D7, U+02DD-02FF, U+1E00-1E9F, U+1EF2-1EFF, U+20A0-20AB",
    ),
)
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_SPACE = re.compile(r"\s+")
_TIGHT = re.compile(r"\s*([{};,])\s*")


def _font_faces() -> str:
    """The sign face, where the installation fetched it; a weak connection never waits for it."""
    faces = []
    for subset, characters in _FONTS:
        for weight in (600, 700):
            name = f"vendor/fonts/barlow-semi-condensed-{subset}-{weight}-normal.woff2"
            if finders.find(name):
                faces.append(
                    f'@font-face{{font-family:"Barlow Semi Condensed";font-weight:{weight};font-display:optional;'
                    f'src:url("{static(name)}") format("woff2");unicode-range:{characters}}}'
                )
    return "".join(faces)


def preload_font() -> str:
    """The one font file every page needs first, or nothing where it was not fetched."""
    name = "vendor/fonts/barlow-semi-condensed-latin-700-normal.woff2"
    return static(name) if finders.find(name) else ""


# Quotation marks, dots and dashes exist in Latin and in Chinese fonts with different widths, and the first font that
# has them wins. This face takes them from a font of the page's own script.
_LATIN_MARKS = (
    "Avenir Next",
    "Segoe UI",
    "Roboto",
    "Noto Sans",
    "Helvetica Neue",
    "Arial",
    "Liberation Sans",
    "DejaVu Sans",
)
_MARKS = "U+B7,U+2013-2014,U+2018-201D,U+2022,U+2026"
_HAN_MARKS = (
    "PingFang SC",
    "Microsoft YaHei UI",
    "Microsoft YaHei",
    "Noto Sans CJK SC",
    "NotoSansCJKsc-Regular",
    "Noto Sans SC",
)


def _marks() -> str:
    def face(family: str, fonts: tuple[str, ...]) -> str:
        sources = ",".join(f'local("{font}")' for font in fonts)
        return f'@font-face{{font-family:"{family}";src:{sources};unicode-range:{_MARKS}}}'

    return face("Paseo Marks", _LATIN_MARKS) + face("Paseo Han Marks", _HAN_MARKS)


def _squeeze(source: str) -> str:
    return _TIGHT.sub(r"\1", _SPACE.sub(" ", _COMMENT.sub("", source))).strip()


def build() -> tuple[str, str]:
    """(the style sheet, a hash of it)."""
    text = "@layer tokens, base, parts, pages, adapt;" + _font_faces() + _marks()
    text += "".join(_squeeze((FOLDER / f"{part}.css").read_text(encoding="utf-8")) for part in PARTS)
    return text, sha256(text.encode()).hexdigest()[:12]


_kept = lru_cache(maxsize=1)(build)


def stylesheet() -> tuple[str, str]:
    return build() if settings.DEBUG else _kept()
