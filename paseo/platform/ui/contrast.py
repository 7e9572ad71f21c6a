"""Contrast of the token pairs that carry words or marks, computed from the style sheet itself (WCAG 2.2)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from paseo.platform.ui.stylesheet import FOLDER

WORDS, MARKS = 4.5, 3.0
GROUNDS = ("pavement", "paper", "paper-2", "sheet")
SCENES = ("here", "pickup", "delivery", "voucher", "booking", "freight", "member")

_DECLARATION = re.compile(r"--([\w-]+):\s*([^;]+);")
_BOTH = re.compile(r"light-dark\(\s*(#[0-9a-f]{3,8})\s*,\s*(#[0-9a-f]{3,8})\s*\)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Pair:
    front: str
    ground: str
    least: float
    day: float
    night: float

    @property
    def ok(self) -> bool:
        return min(self.day, self.night) >= self.least


def read_tokens(source: str) -> dict[str, tuple[str, str]]:
    """Each color token of ``:root`` as (by day, by night)."""
    found: dict[str, tuple[str, str]] = {}
    root = source.split("[data-scheme", 1)[0]
    for name, value in _DECLARATION.findall(root):
        both = _BOTH.fullmatch(value.strip())
        if both:
            found[name] = (both[1].lower(), both[2].lower())
        elif re.fullmatch(r"#[0-9a-fA-F]{3,8}", value.strip()):
            found[name] = (value.strip().lower(),) * 2
    return found


@lru_cache(maxsize=1)
def tokens() -> dict[str, tuple[str, str]]:
    return read_tokens((FOLDER / "tokens.css").read_text(encoding="utf-8"))


def luminance(color: str) -> float:
    digits = color.lstrip("#")
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    parts = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def ratio(one: str, other: str) -> float:
    """Contrast of two colors, 1 to 21."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def _wanted() -> list[tuple[str, str, float]]:
    pairs: list[tuple[str, str, float]] = []
    for ground in GROUNDS:
        pairs += [(front, ground, WORDS) for front in ("ink", "ink-2", "ink-3", "enamel-ink", "go", "stop")]
        pairs += [("edge", ground, MARKS)]
        pairs += [(f"ln-{scene}", ground, MARKS) for scene in SCENES]
    pairs += [
        ("on-enamel", "enamel", WORDS),
        ("on-lamp", "lamp", WORDS),
        ("ink", "lamp-wash", WORDS),
        ("ink-2", "lamp-wash", WORDS),
    ]
    pairs += [
        ("go", "go-wash", WORDS),
        ("stop", "stop-wash", WORDS),
        ("ink", "go-wash", WORDS),
        ("ink", "stop-wash", WORDS),
    ]
    pairs += [("enamel-ink", "enamel-wash", WORDS), ("ink", "enamel-wash", WORDS), ("ink-2", "enamel-wash", WORDS)]
    pairs += [("on-dusk", ground, WORDS) for ground in ("dusk", "dusk-2", "toast")] + [
        ("on-dusk-2", ground, WORDS) for ground in ("dusk", "dusk-2")
    ]
    pairs += [("lamp", ground, MARKS) for ground in ("dusk", "dusk-2", "toast")]
    pairs += [
        ("map-label", "map-land", WORDS),
        ("map-label", "map-street", WORDS),
        ("paper", "ink", WORDS),
        ("paper", "stop", WORDS),
    ]
    pairs += [("on-enamel", f"sc-{scene}", WORDS) for scene in SCENES]
    pairs += [(f"c{i}", "paper", MARKS) for i in range(1, 7)]
    return pairs


def pairs() -> list[Pair]:
    """Every pair the design relies on, with its contrast by day and by night."""
    known = tokens()
    return [
        Pair(
            front,
            ground,
            least,
            round(ratio(known[front][0], known[ground][0]), 2),
            round(ratio(known[front][1], known[ground][1]), 2),
        )
        for front, ground, least in _wanted()
    ]
