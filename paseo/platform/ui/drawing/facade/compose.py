"""Whole houses, marks and strips."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any

from paseo.platform.ui.drawing.facade.grounds import GROUNDS, Plot
from paseo.platform.ui.drawing.facade.shapes import box, dot, n
from paseo.platform.ui.drawing.facade.storeys import storeys
from paseo.platform.ui.drawing.facade.style import GLOW, SLAT, Style, style_of
from paseo.platform.ui.values import House

SKY = "#2a3a52"
GROUND, STOREY, ROOF = 78, 30, 24
"""Heights on the street strip."""
_LOW = {"stall": 0.92, "campus": 0.92, "warehouse": 1.05}
_WIDTHS = {"mall": 138, "cinema": 120, "stall": 82, "campus": 112, "warehouse": 120, "garage": 112, "pharmacy": 88}
_WIDE = frozenset({"mall", "cinema", "ktv"})


def front(
    seed: str,
    *,
    kind: str = "shop",
    goods: str = "cup",
    state: str = "lit",
    name: str = "",
    width: float = 104,
    ground: float = 78,
    storey: float = 38,
    most_storeys: int = 4,
    fixed: Mapping[str, Any] | None = None,
) -> tuple[str, float]:
    """One house standing on y = 0 and growing upwards: (SVG group contents, height)."""
    kind = kind if kind in GROUNDS else "shop"
    style = style_of(seed, fixed, kind=kind, goods=goods, state=state, name=name)
    draw = GROUNDS[kind]
    if kind in _LOW:
        height = ground * _LOW[kind]
        return draw(style, Plot(2, -height, width - 4, height)), height
    if kind == "garage":
        style = replace(style, storeys=1)
    elif kind == "mall":
        style = replace(style, storeys=(fixed or {}).get("storeys") or 3)
    if style.storeys > most_storeys:
        style = replace(style, storeys=max(1, most_storeys))
    upper, top = storeys(style, -ground - 2, width, storey)
    pad = 0 if kind in ("mall", "cinema") else 3
    drawn = upper + box(0, -ground - 2, width, ground + 2, "#46566b" if kind == "mall" else style.wall_color)
    drawn += draw(style, Plot(pad, -ground, width - 2 * pad, ground))
    if kind == "cinema":
        high = storey * 1.6
        drawn += box(width - 16, -ground - high, 13, high + 6, "#15101a")
        drawn += "".join(
            dot(width - 9.5, -ground - high + 7 + i * 9, 2.2, GLOW if style.open else SLAT) for i in range(6)
        )
    return drawn + box(width - 1.5, top + 6, 1.5, -top - 6, "#000", ".25"), -top


@lru_cache(maxsize=4096)
def _mark(seed: str, kind: str, goods: str, state: str, size: int, fixed: str) -> str:
    kind = kind if kind in GROUNDS else "shop"
    plain = size < 48
    style: Style = style_of(seed, json.loads(fixed), kind=kind, goods=goods, state=state, plain=plain)
    if style.door == "centre":
        style = replace(style, door="left")  # one wide window: the goods are what is recognised
    if plain and style.form == 3:
        style = replace(style, form=2)  # a canopy vanishes at 40 px
    inset = 3 if kind in _WIDE or plain else 5
    top = 5 if kind == "warehouse" else 3 if plain else 7
    sky = SKY if kind in _LOW else style.wall_color
    drawn = (
        box(0, 0, 64, 64, sky)
        + GROUNDS[kind](style, Plot(inset, top, 64 - 2 * inset, 62 - top))
        + box(0, 61.5, 64, 2.5, "#14191f")
    )
    return (
        f'<svg class="mark" width="{size}" height="{size}" viewBox="0 0 64 64" aria-hidden="true" '
        f'focusable="false">{drawn}</svg>'
    )


def mark(
    seed: str,
    *,
    kind: str = "shop",
    goods: str = "cup",
    state: str = "lit",
    size: int = 56,
    fixed: Mapping[str, Any] | None = None,
) -> str:
    """The ground floor in a square of ``size`` px."""
    return _mark(str(seed), kind, goods, state, int(size), json.dumps(dict(fixed or {}), sort_keys=True, default=str))


def width_of(house: House) -> int:
    """The width of a house on the strip: its own, or that of its kind, varied a little by its seed."""
    return house.width or _WIDTHS.get(house.kind, 96 + style_of(house.seed).bits % 3 * 8)


def street(houses: Iterable[House], *, height: int = 190) -> str:
    """A strip of at most twelve houses, nearest first. It is a picture: the list beside it repeats everything."""
    x, drawn = 0, ""
    fitting = int((height - GROUND - ROOF) // STOREY)  # no house loses its roof
    for house in list(houses)[:12]:
        width = width_of(house)
        house_drawn, _ = front(
            house.seed,
            kind=house.kind,
            goods=house.goods,
            state=house.state,
            name=house.name,
            width=width,
            ground=GROUND,
            storey=STOREY,
            most_storeys=fitting,
            fixed=house.fixed,
        )
        drawn += f'<g transform="translate({x} {height})">{house_drawn}</g>'
        x += width
    return (
        f'<svg class="street" width="{x}" height="{n(height)}" viewBox="0 0 {x} {n(height)}" '
        f'aria-hidden="true" focusable="false">{drawn}</svg>'
    )
