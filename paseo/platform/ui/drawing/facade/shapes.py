"""The few strokes all houses are made of. Coordinates are rounded to a tenth: shorter, and the same everywhere."""

from __future__ import annotations

from django.utils.html import escape

from paseo.platform.ui.drawing.facade.goods import GOODS
from paseo.platform.ui.drawing.facade.style import DARK, GLOW, LIT, SLAT, Style


def n(value: float) -> str:
    """``12``, ``3.5``: a tenth of a unit, without idle zeros."""
    text = f"{value:.1f}".removesuffix(".0")
    return "0" if text == "-0" else text


def box(x: float, y: float, width: float, height: float, fill: str, opacity: str = "") -> str:
    extra = f' opacity="{opacity}"' if opacity else ""
    return f'<path fill="{fill}"{extra} d="M{n(x)} {n(y)}h{n(width)}v{n(height)}h{n(-width)}z"/>'


def dot(x: float, y: float, radius: float, fill: str) -> str:
    return f'<circle cx="{n(x)}" cy="{n(y)}" r="{n(radius)}" fill="{fill}"/>'


def shape(path: str, fill: str) -> str:
    return f'<path fill="{fill}" d="{path}"/>'


def stroke(path: str, color: str, width: float = 1) -> str:
    return f'<path stroke="{color}" stroke-width="{n(width)}" fill="none" d="{path}"/>'


def words(text: str, x: float, y: float, size: float, fill: str) -> str:
    return (
        f'<text x="{n(x)}" y="{n(y)}" text-anchor="middle" font-size="{n(size)}" font-weight="700" '
        f'style="font-family:var(--face-sign)" fill="{fill}">{escape(text)}</text>'
    )


def rungs(x: float, y: float, width: float, count: int, step: float, first: float) -> str:
    return "".join(f"M{n(x)} {n(y + first + i * step)}h{n(width)}" for i in range(count))


def glass(style: Style, x: float, y: float, width: float, height: float, *, state: str = "", muntin: str = "") -> str:
    """Lit: light. Half lit: a blind drawn half down. Dark: a shutter. Told by shape as well as by light."""
    state = state or style.state
    step = 7 if style.plain else 4
    if state == "dark":
        return box(x, y, width, height, DARK) + stroke(rungs(x, y, width, int(height // step), step, 3), SLAT)
    drawn = box(x, y, width, height, LIT) + box(x, y, width, height * 0.3, GLOW, ".7")
    if state == "half":
        blind = height * 0.52
        drawn += box(x, y, width, blind, "#5b4d38")
        drawn += stroke(rungs(x, y, width, int(blind // (step - 0.5)), step - 0.5, 2.5), "#7b6a4e")
        return drawn + box(x, y + blind - 1.5, width, 1.5, "#2e2619")
    if width > 26 and not style.plain:
        bar = f"M{n(x)} {n(y + height * 0.3)}h{n(width)}M{n(x + width / 2)} {n(y)}v{n(height * 0.3)}"
        drawn += stroke(bar, muntin or style.frame_color, 1.2)
    return drawn


def ware(style: Style, x: float, y: float, scale: float, key: str = "") -> str:
    """A silhouette of the goods; when the shop is dark it is painted on the shutter."""
    ink = "#3a2a18" if style.open else "#4d5d70"
    path = GOODS.get(key or style.goods, GOODS["cup"])
    return (
        f'<path fill="{ink}" fill-rule="evenodd" transform="translate({n(x)} {n(y)}) scale({scale:.2f})" d="{path}"/>'
    )


def text_units(text: str) -> float:
    """Width of a text in em: a Chinese character is one, a letter about half."""
    return sum(1.0 if ord(character) > 0x2E7F else 0.54 for character in text)


def fitting(text: str, most: float) -> str:
    """The name as far as it can be read on a sign ``most`` em wide, cut at a word where there is one.

    The sign is decoration; the full name stands in words beside it.
    """
    if text_units(text) <= most:
        return text
    kept = ""
    for word in text.split():
        longer = f"{kept} {word}".strip()
        if text_units(longer) > most:
            break
        kept = longer
    if kept:
        return kept.rstrip("-–,&:·+ ")
    while text and text_units(text) > most - 0.5:
        text = text[:-1]
    return text + "…"


def fascia(
    style: Style, x: float, y: float, width: float, height: float, fill: str = "#121922", ink: str = "#ffe3a0"
) -> str:
    """The board above the window, with the name if there is one."""
    drawn = box(x, y, width, height, fill)
    if style.name:
        smallest = height * 0.56
        name = fitting(style.name, (width - 6) / smallest)
        size = min(height * 0.7, (width - 6) / max(1.0, text_units(name)))
        drawn += words(name, x + width / 2, y + height / 2 + size * 0.35, size, ink if style.open else "#9aa3af")
    return drawn


def awning(style: Style, x: float, y: float, width: float, height: float, form: int | None = None) -> str:
    form = style.form if form is None else form
    color = style.awning_color
    if form == 3:
        light = GLOW if style.open else SLAT
        return (
            box(x - 2, y, width + 4, height * 0.34, color)
            + box(x - 2, y + height * 0.34, width + 4, 1.4, "#0008")
            + dot(x + width / 2, y + height * 0.62, height * 0.14, light)
        )
    stripes = 5 if style.plain else max(5, int(width // (9 if width > 60 else 10)) | 1)
    each, drawn = width / stripes, ""
    for i in range(stripes):
        fill = color if i % 2 == 0 or form == 2 else "var(--aw-cloth)"
        left = x + i * each
        drop = max(0.5, height - each / 2)
        end = f"h{-each:.2f}z" if form == 1 else f"a{each / 2:.2f} {each / 2:.2f} 0 0 1 {-each:.2f} 0z"
        drawn += shape(f"M{left:.2f} {n(y)}h{each:.2f}v{drop:.2f}{end}", fill)
    if form == 2:
        drawn += box(x, y + height - each, width, 2, "var(--aw-cloth)")
    return drawn + box(x, y, width, height * 0.22, "#000", ".22") + box(x, y + height * 0.62, width, 1, "#000", ".16")
