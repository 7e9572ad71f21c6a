"""What a house looks like: parameters from the hash of its seed, each of which a merchant may fix."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from functools import lru_cache
from hashlib import sha256
from typing import Any

AWNINGS = ("oxblood", "bottle", "navy", "rust", "slate", "ochre", "plum", "moss")
WALLS = ("#6a5a4c", "#53616b", "#7a6444", "#694f55", "#4c6156", "#7a563f", "#62605a", "#46566b", "#7b6a5c", "#5a5670")
FRAMES = ("#1b222c", "#2e2621", "#1d2e29", "#2a2533")
DOORS = ("left", "right", "centre")
LIT, GLOW, DARK, SLAT, DIM = "#ffd26a", "#fff0c2", "#1d2733", "#33414f", "#222d3a"

STYLE: dict[str, tuple[Any, ...]] = {
    "awning": tuple(range(8)),
    "form": (0, 1, 2, 3),  # scallop, straight, bordered, canopy
    "wall": tuple(range(10)),
    "storeys": (1, 2, 3, 4),
    "roof": (0, 1, 2, 3),  # cornice, gable, mansard, stepped
    "bays": (2, 3, 4),
    "window": (0, 1, 2),  # cross, arch, pair
    "door": DOORS,
    "frame": (0, 1, 2, 3),
}
"""The parameters a merchant may fix, and their values."""


@dataclass(frozen=True, slots=True)
class Style:
    awning: int
    form: int
    wall: int
    storeys: int
    roof: int
    bays: int
    window: int
    door: str
    frame: int
    bits: int
    kind: str = "shop"
    goods: str = "cup"
    state: str = "lit"
    name: str = ""
    plain: bool = False  # fewer, larger parts for small drawings

    @property
    def open(self) -> bool:
        return self.state != "dark"

    @property
    def awning_color(self) -> str:
        return f"var(--aw-{AWNINGS[self.awning]})"

    @property
    def wall_color(self) -> str:
        return WALLS[self.wall]

    @property
    def frame_color(self) -> str:
        return FRAMES[self.frame]


_NAMES = frozenset(field.name for field in fields(Style))


@lru_cache(maxsize=4096)
def _of_seed(seed: str) -> Style:
    byte = sha256(seed.encode()).digest()
    return Style(
        awning=byte[0] % 8,
        form=byte[1] % 4,
        wall=byte[2] % 10,
        storeys=1 + byte[3] % 3,
        roof=byte[4] % 4,
        bays=2 + byte[5] % 3,
        window=byte[6] % 3,
        door=DOORS[byte[7] % 3],
        frame=byte[8] % 4,
        bits=int.from_bytes(byte[9:17], "big"),
    )


def style_of(seed: str, fixed: Mapping[str, Any] | None = None, **more: Any) -> Style:
    """The style of ``seed`` with what is fixed. What a merchant stored and is not drawable is passed by."""
    chosen = {name: value for name, value in (fixed or {}).items() if name in STYLE and value in STYLE[name]}
    chosen |= {name: value for name, value in more.items() if name in _NAMES and value is not None}
    return replace(_of_seed(seed), **chosen)
