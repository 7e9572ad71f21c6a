"""Ground floors, one per kind of place. ``k`` is the scale: 1 at 74 units of height."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from paseo.platform.ui.drawing.facade.shapes import awning, box, dot, fascia, glass, n, shape, stroke, ware
from paseo.platform.ui.drawing.facade.style import DARK, GLOW, LIT, SLAT, Style


@dataclass(frozen=True, slots=True)
class Plot:
    x: float
    y: float
    width: float
    height: float

    @property
    def k(self) -> float:
        return self.height / 74

    @property
    def middle(self) -> float:
        return self.x + self.width / 2

    @property
    def floor(self) -> float:
        return self.y + self.height


def shop(style: Style, at: Plot) -> str:
    x, y, w, h, k = at.x, at.y, at.width, at.height, at.k
    sign = 15 * k if style.name else (2 if style.plain else 5) * k
    shade = (24 if style.plain else 19) * k
    drawn = box(x, y, w, h, style.frame_color)
    if style.name:
        drawn += fascia(style, x, y, w, sign)
    top = y + sign + shade * 0.6
    tall = h - sign - shade * 0.6 - 8 * k
    door_width = max(13 * k, w * (0.24 if style.plain else 0.2))
    door = {"left": x + 3, "right": x + w - door_width - 3}.get(style.door, at.middle - door_width / 2)
    scale = 1.55 if style.plain else 1.05 if style.name or w > 60 else 1.25
    for left, wide in ((x + 3, door - x - 5), (door + door_width + 2, x + w - 5 - door - door_width)):
        if wide < 8:
            continue
        drawn += glass(style, left, top, wide, tall)
        count = 2 if wide > 50 * k and not style.plain else 1
        for i in range(count):
            drawn += ware(style, left + wide * (i + 0.5) / count - 11.5 * k * scale, top + tall, scale * k)
    drawn += glass(style, door, top, door_width, tall + 8 * k - 1.5)
    if style.plain:
        # At 40 px a door is told by its frame and a lower panel, not by a handle.
        drawn += box(door, top + tall * 0.66, door_width, tall * 0.34 + 8 * k - 1.5, style.frame_color)
    else:
        drawn += dot(door + door_width - 3, top + tall * 0.62, 1.2, style.frame_color)
    if style.open:
        drawn += box(x + 3, top, w - 6, shade * 0.4 + 6 * k, "#7a4f12", ".38")
    return drawn + awning(style, x, y + sign, w, shade)


def salon(style: Style, at: Plot) -> str:
    k = at.k
    x = at.x + 2 if style.door == "right" else at.x + at.width - 7 * k
    y = at.y + (15 if style.name else 5) * k + 20 * k
    pole = box(x, y, 5 * k, 26 * k, "#f4efe4")
    for i, color in enumerate(("#a5282a", "#25406f", "#a5282a")):
        pole += shape(
            f"M{n(x)} {n(y + (3 + i * 8) * k)}l{n(5 * k)} {n(-3 * k)}v{n(3 * k)}l{n(-5 * k)} {n(3 * k)}z", color
        )
    caps = box(x - 1, y - 2 * k, 5 * k + 2, 2 * k, "#c9a24a") + box(x - 1, y + 26 * k, 5 * k + 2, 2 * k, "#c9a24a")
    return shop(style, at) + pole + caps


def pharmacy(style: Style, at: Plot) -> str:
    x, y, w, h, k = at.x, at.y, at.width, at.height, at.k
    sign = max(15 * k if style.name else 5 * k, 13 * k)
    drawn = box(x, y, w, h, style.frame_color) + fascia(style, x, y, w, sign, "#eef3ee", "#14573b")
    top, tall, door_width = y + sign, h - sign - 8 * k, max(13 * k, w * 0.2)
    door = {"left": x + 3, "right": x + w - door_width - 3}.get(style.door, at.middle - door_width / 2)
    for left, wide in ((x + 3, door - x - 5), (door + door_width + 2, x + w - 5 - door - door_width)):
        if wide < 8:
            continue
        drawn += glass(style, left, top, wide, tall)
        if style.open:
            shelf = top + tall * 0.62
            drawn += stroke(f"M{n(left)} {n(shelf)}h{n(wide)}", "#3a2a18")
            if not style.plain:
                drawn += ware(style, left + wide / 2 - 8 * k, shelf, 0.7 * k, "bottle")
            drawn += ware(style, left + wide / 2 - 11 * k, top + tall, 0.9 * k, "bottle")
    drawn += glass(style, door, top, door_width, tall + 8 * k - 1.5)
    arm = (4.4 if style.plain else 3.4) * k
    back = (13 if style.plain else 10) * k
    cx, cy = x + w - back - 1, top + back + 3 * k
    cross = (
        f"M{n(cx - arm)} {n(cy - 2.4 * arm)}h{n(2 * arm)}v{n(1.4 * arm)}h{n(1.4 * arm)}v{n(2 * arm)}h{n(-1.4 * arm)}"
        f"v{n(1.4 * arm)}h{n(-2 * arm)}v{n(-1.4 * arm)}h{n(-1.4 * arm)}v{n(-2 * arm)}h{n(1.4 * arm)}z"
    )
    return (
        drawn
        + box(cx - back, cy - back, 2 * back, 2 * back, "#0a0f15")
        + shape(cross, "#39d98a" if style.open else "#3c5349")
    )


def garage(style: Style, at: Plot) -> str:
    x, y, w, h, k = at.x, at.y, at.width, at.height, at.k
    sign = max(15 * k if style.name else 5 * k, 12 * k)
    drawn = box(x, y, w, h, style.wall_color) + fascia(style, x, y, w, sign, style.awning_color, "#fff")
    left, top, wide, tall = x + w * 0.07, y + sign + 5 * k, w * 0.66, h - sign - 5 * k
    down = tall * {"lit": 0.3, "half": 0.66}.get(style.state, 1)
    drawn += box(left, top, wide, tall, LIT) + box(left, top, wide, down, "#8d97a1")
    drawn += stroke(rungs_of(left, top, wide, down), "#66707a")
    if style.open:
        car = (
            f"M{n(left + wide * 0.14)} {n(at.floor)}v{n(-9 * k)}l{n(4 * k)} {n(-8 * k)}h{n(wide * 0.5)}"
            f"l{n(4 * k)} {n(8 * k)}v{n(9 * k)}z"
        )
        drawn += shape(car, "#2b3542")
        drawn += box(left + wide * 0.2, at.floor - 8 * k, 4 * k, 2.5 * k, GLOW) + box(
            left + wide * 0.72, at.floor - 8 * k, 4 * k, 2.5 * k, GLOW
        )
    drawn += box(x + w * 0.79, top, w * 0.15, tall, style.frame_color)
    return drawn + box(x + w * 0.81, top + 3 * k, w * 0.11, tall * 0.35, LIT if style.open else DARK)


def rungs_of(x: float, y: float, width: float, height: float) -> str:
    return "".join(f"M{n(x)} {n(y + 3 + i * 4)}h{n(width)}" for i in range(int(height // 4)))


def stall(style: Style, at: Plot) -> str:
    x, y, w, h, k = at.x, at.y, at.width, at.height, at.k
    wood, post = "#7b5b39", "#a88d62"
    drawn = box(x + 5, y + 18 * k, 2, h - 18 * k, post) + box(x + w - 7, y + 18 * k, 2, h - 18 * k, post)
    if style.state == "lit":
        drawn += box(x + 7, y + 26 * k, w - 14, h - 50 * k, LIT, ".85") + dot(at.middle, y + 31 * k, 3.4 * k, GLOW)
    elif style.state == "half":
        drawn += box(x + 7, y + 26 * k, w - 14, h - 50 * k, LIT, ".85") + box(
            x + 7, y + 26 * k, w - 14, (h - 50 * k) * 0.5, "#5b4d38"
        )
    else:
        drawn += box(x + 7, y + 26 * k, w - 14, h - 50 * k, DARK)
    counter = at.floor - 24 * k
    drawn += box(x + 3, counter, w - 6, 24 * k, wood)
    planks = (
        f"M{n(x + 3)} {n(at.floor - 12 * k)}h{n(w - 6)}M{n(x + w / 3)} {n(counter)}v{n(24 * k)}"
        f"M{n(x + w * 2 / 3)} {n(counter)}v{n(24 * k)}"
    )
    drawn += stroke(planks, "#5a4228")
    if style.open:
        count = 2 if style.plain else 3
        scale = 1.1 if style.plain else 0.82
        for i in range(count):
            drawn += ware(style, x + 4 + (w - 8) * (i + 0.5) / count - 11 * k * scale, counter, scale * k)
    drawn += shape(
        f"M{n(x)} {n(y + 20 * k)}L{n(at.middle)} {n(y + 2 * k)}L{n(x + w)} {n(y + 20 * k)}z", style.awning_color
    )
    drawn += awning(style, x, y + 19 * k, w, 11 * k, form=0)
    return drawn + (fascia(style, x + 6, at.floor - 13 * k, w - 12, 12 * k, "#2e2216") if style.name else "")


def cinema(style: Style, at: Plot) -> str:
    x, y, w, h, k = at.x, at.y, at.width, at.height, at.k
    drawn = box(x, y, w, h, "#3a2430")
    for i in range(4):
        drawn += glass(style, x + w * 0.2 + i * w * 0.155, y + 33 * k, w * 0.135, h - 33 * k)
    for left in (x + w * 0.04, x + w * 0.84):
        drawn += box(left, y + 36 * k, w * 0.12, 22 * k, "#e9dfc8") + box(
            left + 1.5, y + 38 * k, w * 0.12 - 3, 10 * k, style.awning_color
        )
    drawn += shape(f"M{n(x - 2)} {n(y + 10 * k)}h{n(w + 4)}l-4 {n(19 * k)}h{n(-w + 4)}z", "#15101a")
    drawn += fascia(style, x + 5, y + 13 * k, w - 10, 12 * k, "#f6ecd2" if style.open else "#7d786c", "#2a1a22")
    lamp = GLOW if style.open else SLAT
    count = 7 if style.plain else 11
    return drawn + "".join(dot(x + 2 + i * (w - 4) / (count - 1), y + 29 * k, 1.6 * k, lamp) for i in range(count))


def ktv(style: Style, at: Plot) -> str:
    x, y, w, h, k = at.x, at.y, at.width, at.height, at.k
    pink, blue = ("#ff7ac6", "#6fe3ff") if style.open else ("#5a4a58", "#46555c")
    drawn = box(x, y, w, h, "#1a1426")
    drawn += (
        f'<rect x="{n(x + 4)}" y="{n(y + 4 * k)}" width="{n(w - 8)}" height="{n(h - 8 * k)}" rx="{n(8 * k)}" '
        f'fill="none" stroke="{pink}" stroke-width="{n(2 * k)}"/>'
    )
    mx, my = x + w * 0.3, y + h * (0.62 if style.name else 0.5)
    line = (3.2 if style.plain else 2.2) * k
    drawn += (
        f'<g fill="none" stroke="{blue}" stroke-width="{n(line)}"><rect x="{n(mx - 5 * k)}" y="{n(my - 19 * k)}'
        f'" width="{n(10 * k)}" height="{n(18 * k)}" rx="{n(5 * k)}"/>'
    )
    drawn += (
        f'<path d="M{n(mx - 10 * k)} {n(my - 8 * k)}c0 {n(14 * k)} {n(20 * k)} {n(14 * k)} {n(20 * k)} '
        f'0M{n(mx)} {n(my + 3 * k)}v{n(9 * k)}M{n(mx - 6 * k)} {n(my + 12 * k)}h{n(12 * k)}"/></g>'
    )
    door = (x + w * 0.56, y + h * 0.4, w * 0.26, h * 0.6)
    drawn += glass(style, *door, muntin="#1a1426") + (box(*door, pink, ".35") if style.open else "")
    if style.name:
        drawn += fascia(style, x + 8, y + 9 * k, w - 16, 15 * k, "none", pink)
    return drawn


def campus(style: Style, at: Plot) -> str:
    x, y, w, h, k = at.x, at.y, at.width, at.height, at.k
    stone = "#b9a98c"
    drawn = dot(x + w * 0.14, y + h * 0.42, h * 0.2, "#35503f") + dot(x + w * 0.88, y + h * 0.48, h * 0.17, "#2e4a3c")
    drawn += box(x + w * 0.13, y + h * 0.55, 2, h * 0.45, "#3c2f25") + box(
        x + w * 0.87, y + h * 0.6, 2, h * 0.4, "#3c2f25"
    )
    for left in (0.2, 0.68):
        drawn += box(x + w * left, y + h * 0.2, w * 0.12, h * 0.8, stone)
    drawn += fascia(replace(style, state="lit"), x + w * 0.16, y + h * 0.1, w * 0.68, h * 0.16, "#cdbf9f", "#2b2419")
    drawn += box(x + w * 0.16, y + h * 0.26, w * 0.68, 2, "#0005")
    gate = (x + w * 0.32, y + h * 0.29, w * 0.36, h * 0.71)
    if style.open:
        drawn += (
            box(*gate, LIT, ".35")
            + dot(x + w * 0.26, y + h * 0.36, 2.6 * k, GLOW)
            + dot(x + w * 0.74, y + h * 0.36, 2.6 * k, GLOW)
        )
        drawn += (
            f'<path fill="#8e8166" opacity=".55" d="M{n(x + w * 0.42)} {n(at.floor)}l{n(w * 0.05)} '
            f'{n(-h * 0.2)}h{n(w * 0.06)}l{n(w * 0.05)} {n(h * 0.2)}z"/>'
        )
    bars = {"dark": range(15), "half": range(8)}.get(style.state, (0, 1, 2, 12, 13, 14))
    step = w * 0.36 / 14
    return drawn + stroke(
        "".join(f"M{n(gate[0] + i * step)} {n(y + h * 0.42)}V{n(at.floor)}" for i in bars), "#0d1218", 1.3
    )


def mall(style: Style, at: Plot) -> str:
    x, y, w, h, k = at.x, at.y, at.width, at.height, at.k
    steel = "#3c4a58"
    drawn = box(x, y, w, h, steel) + glass(style, x + 3, y + 16 * k, w - 6, h - 16 * k, muntin=steel)
    drawn += box(x + w * 0.33, y + 24 * k, w * 0.34, h - 24 * k, "#17202a")
    for i in range(4):
        drawn += glass(
            style, x + w * (0.35 + i * 0.08), y + 27 * k, w * 0.065, h - 27 * k, state="lit" if style.open else "dark"
        )
    drawn += box(x + w * 0.26, y + 20 * k, w * 0.48, 4 * k, "#0d141c") + fascia(
        style, x, y, w, 14 * k, style.awning_color, "#fff"
    )
    return (
        drawn + ware(style, x + 5, at.floor, 0.8 * k, "shirt") + ware(style, x + w - 23 * k, at.floor, 0.8 * k, "phone")
    )


def warehouse(style: Style, at: Plot) -> str:
    x, y, w, h, k = at.x, at.y, at.width, at.height, at.k
    drawn = shape(
        f"M{n(x)} {n(y + 12 * k)}L{n(at.middle)} {n(y)}L{n(x + w)} {n(y + 12 * k)}V{n(at.floor)}H{n(x)}z", "#5a6570"
    )
    drawn += stroke("".join(f"M{n(x + i * 6)} {n(y + 14 * k)}V{n(at.floor)}" for i in range(1, int(w // 6))), "#4c5660")
    drawn += fascia(style, x + 4, y + 14 * k, w - 8, 12 * k, "#25303b", "#e8eef3")
    for i in range(2):
        left, wide = x + w * (0.06 + 0.47 * i), w * 0.41
        state = style.state if i == 0 else {"lit": "half"}.get(style.state, "dark")
        drawn += box(left - 1.5, y + 30 * k, wide + 3, h - 30 * k, "#171d23")
        drawn += glass(style, left, y + 32 * k, wide, h - 42 * k, state=state, muntin="#171d23")
        if i == 0 and style.open:
            drawn += box(left + wide * 0.14, at.floor - 26 * k, wide * 0.34, 16 * k, "#7b5b39")
            drawn += box(left + wide * 0.52, at.floor - 20 * k, wide * 0.3, 10 * k, "#9a7547")
        drawn += box(left, at.floor - 10 * k, wide, 3 * k, "#ffc02e")
        drawn += "".join(box(left + j * wide / 5, at.floor - 10 * k, wide / 10, 3 * k, "#16202e") for j in range(5))
    return drawn


GROUNDS: dict[str, Callable[[Style, Plot], str]] = {
    "shop": shop,
    "salon": salon,
    "pharmacy": pharmacy,
    "garage": garage,
    "stall": stall,
    "cinema": cinema,
    "ktv": ktv,
    "campus": campus,
    "mall": mall,
    "warehouse": warehouse,
}
