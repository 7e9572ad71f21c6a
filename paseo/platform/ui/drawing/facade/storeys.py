"""Storeys above the ground floor, and roofs. Drawn upwards from ``y``; returns the drawing and its highest point."""

from __future__ import annotations

from paseo.platform.ui.drawing.facade.shapes import box, dot, glass, n, shape, stroke
from paseo.platform.ui.drawing.facade.style import DIM, Style

WARM = "#f0c468"


def storeys(style: Style, y: float, width: float, height: float) -> tuple[str, float]:
    if style.kind == "mall":
        return _floors(style, y, width, height)
    top = y - style.storeys * height
    drawn = box(0, top, width, style.storeys * height, style.wall_color)
    for level in range(style.storeys):
        drawn += "".join(
            _window(style, level, bay, y - (level + 1) * height + height * 0.24, width, height)
            for bay in range(style.bays)
        )
        drawn += box(0, y - level * height - 2, width, 2, "#000", ".16")
    roof, rise = (_cornice, _gable, _mansard, _stepped)[style.roof](style, top, width)
    return drawn + roof, top - rise


def _window(style: Style, level: int, bay: int, y: float, width: float, storey: float) -> str:
    across, tall = min(13.0, width / style.bays * 0.5), storey * 0.54
    cx = width * (bay + 0.5) / style.bays
    fill = WARM if (style.bits >> (level * 4 + bay)) & 3 == 0 else DIM
    left = cx - across / 2
    if style.window == 1:
        arch = (
            f"M{n(left)} {n(y + tall)}v{n(across / 2 - tall)}a{n(across / 2)} {n(across / 2)} 0 0 1 {n(across)}"
            f" 0v{n(tall - across / 2)}z"
        )
        drawn = shape(arch, fill)
    elif style.window == 2:
        drawn = box(left - 1.5, y, across / 2, tall, fill) + box(cx + 1.5, y, across / 2, tall, fill)
    else:
        cross = f"M{n(cx)} {n(y)}v{n(tall)}M{n(left)} {n(y + tall * 0.4)}h{n(across)}"
        drawn = box(left, y, across, tall, fill) + stroke(cross, style.wall_color, 1.2)
    return drawn + box(left - 2, y + tall, across + 4, 1.6, "#fff", ".16")


def _floors(style: Style, y: float, width: float, height: float) -> tuple[str, float]:
    """A mall shows its floors by number."""
    top = y - style.storeys * height
    drawn = box(0, top, width, style.storeys * height, "#46566b")
    for level in range(style.storeys):
        ceiling = y - (level + 1) * height
        state = "lit" if style.open and (level < style.storeys - 1 or style.storeys == 1) else "dark"
        drawn += glass(style, 3, ceiling + 6, width - 6, height - 12, state=state, muntin="#46566b")
        drawn += box(0, ceiling + height - 3, width, 3, "#2b3846") + box(5, ceiling + 9, 12, 13, "#1b3f86")
        drawn += (
            f'<text x="11" y="{n(ceiling + 19.5)}" text-anchor="middle" font-size="10" font-weight="700" fill="#fff" '
            f'style="font-family:var(--face-sign)">{level + 2}</text>'
        )
    return drawn + box(-2, top - 4, width + 4, 5, "#2b3846"), top - 4


def _cornice(style: Style, top: float, width: float) -> tuple[str, float]:
    return box(-2, top - 4, width + 4, 5, "#20262e") + box(0, top + 1, width, 3, "#000", ".2"), 4


def _gable(style: Style, top: float, width: float) -> tuple[str, float]:
    slope = f"M0 {n(top)}L{n(width / 2)} {n(top - 18)}L{n(width)} {n(top)}"
    return shape(slope + "z", style.wall_color) + stroke(slope + "z", "#0005", 2.5) + dot(
        width / 2, top - 6, 3, DIM
    ), 18


def _mansard(style: Style, top: float, width: float) -> tuple[str, float]:
    drawn = shape(f"M0 {n(top)}l4-15h{n(width - 8)}l4 15z", "#2a323d")
    for i, share in enumerate((0.28, 0.72)):
        fill = WARM if (style.bits >> (20 + i)) & 1 else DIM
        drawn += shape(f"M{n(width * share - 6)} {n(top - 1)}v-9l6-4 6 4v9z", "#3a4450") + box(
            width * share - 3, top - 8, 6, 7, fill
        )
    return drawn + box(width - 16, top - 23, 6, 10, "#4a3c34"), 15


def _stepped(style: Style, top: float, width: float) -> tuple[str, float]:
    steps = "".join(box(width * i * 0.14, top - i * 4.5, width * (1 - 0.28 * i), 5, style.wall_color) for i in range(4))
    return steps + box(0, top, width, 2, "#fff", ".12"), 15
