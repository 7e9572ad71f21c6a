"""Charts as SVG with a table beside them: bars, lines, bands and flows. Nothing but the values is drawn.

Series are told by lightness, dash and name at the mark; the last comparable day is a grey stroke; now is the lamp.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import pgettext

from paseo.platform.ui.drawing.icons import SCENE_ICONS, SHAPES
from paseo.platform.ui.formatting import number
from paseo.platform.ui.values import Bar, Flow, FlowEnd, Series

FIVE_WIDTH = 92
DASHES = ("", "7 4", "2 4", "10 3 2 3", "1 3", "14 5")
INKS = tuple(f"var(--c{i})" for i in range(1, 7))


def _svg(width: float, height: float, label: str, contents: str) -> SafeString:
    """Never blown up: words in a chart stay about as large as the words around it."""
    return mark_safe(  # noqa: S308
        f'<svg class="plot" style="min-width:{width * 0.8:.0f}px;max-width:{width * 1.25:.0f}px" '
        f'viewBox="0 0 {width:g} {height:g}" role="img" aria-label="{escape(label)}" focusable="false">{contents}</svg>'
    )


def _text(x: float, y: float, words: Any, anchor: str = "start", classes: str = "") -> str:
    css = f' class="{classes}"' if classes else ""
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{css}>{escape(str(words))}</text>'


def bars(items: Sequence[Bar], label: str, unit: str = "", before: str = "") -> dict[str, Any]:
    each, tall, foot, head = 44.0, 110.0, 22.0, 18.0
    most = max([max(item.value, item.before or 0) for item in items] or [0]) or 1
    drawn = ""
    for i, item in enumerate(items):
        left, height = i * each + 6, item.value / most * tall
        top = head + tall - height
        css = "bar now" if item.now else "bar"
        drawn += f'<path class="{css}" d="M{left:.1f} {top:.1f}h32v{height:.1f}h-32z"/>'
        level = head + tall - (item.before or 0) / most * tall
        above = level if item.before is not None and top - 20 < level <= top + 2 else top
        drawn += _text(left + 16, above - 6, item.shown or number(item.value), "middle", "figure")
        drawn += _text(left + 16, head + tall + 16, item.words, "middle")
        if item.before is not None:
            drawn += f'<path class="case" d="M{left - 4:.1f} {level:.1f}h40"/>'
            drawn += f'<path class="before" d="M{left - 4:.1f} {level:.1f}h40"/>'
    width = max(each, len(items) * each)
    drawn += f'<path class="ground" d="M0 {head + tall:.1f}h{width:.1f}"/>'
    has_before = any(item.before is not None for item in items)
    head_row = ["", unit or label, *([before or pgettext("chart", "Before")] if has_before else [])]
    rows = [
        [item.words, item.shown or number(item.value), *([number(item.before or 0)] if has_before else [])]
        for item in items
    ]
    return {
        "drawing": _svg(width, head + tall + foot, label, drawn),
        "label": label,
        "head": head_row,
        "rows": rows,
        "key": before if has_before else "",
    }


def _spread(wanted: list[float], gap: float, low: float, high: float) -> list[float]:
    """Label heights as near as possible to where they belong, at least ``gap`` apart."""
    order = sorted(range(len(wanted)), key=lambda i: wanted[i])
    placed = dict.fromkeys(order, 0.0)
    last = low - gap
    for i in order:
        last = placed[i] = max(wanted[i], last + gap)
    over = last - high
    if over > 0:
        ceiling = high
        for i in reversed(order):
            placed[i] = min(placed[i], ceiling)
            ceiling = placed[i] - gap
    return [placed[i] for i in range(len(wanted))]


def lines(series: Sequence[Series], ticks: Sequence[str], label: str, now: int | None = None) -> dict[str, Any]:
    width, tall, head, right = 420.0, 140.0, 12.0, 96.0
    most = max([value for one in series for value in one.values] or [0]) or 1
    count = max(2, len(ticks))
    across = (width - right - 8) / (count - 1)
    drawn = f'<path class="ground" d="M4 {head + tall:.1f}h{width - right:.1f}"/>'
    ends = []
    for i, one in enumerate(series):
        points = [(4 + across * j, head + tall - value / most * tall) for j, value in enumerate(one.values)]
        path = "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
        dash = f' stroke-dasharray="{DASHES[i % 6]}"' if DASHES[i % 6] else ""
        drawn += f'<path class="series" stroke="{INKS[i % 6]}"{dash} d="{path}"/>' if points else ""
        ends.append(points[-1] if points else (4.0, head + tall))
        if now is not None and points and i == 0:
            x, y = points[min(now, len(points) - 1)]
            drawn += f'<circle class="nowdot" cx="{x:.1f}" cy="{y:.1f}" r="5"/>'
    for i, y in enumerate(_spread([y for _, y in ends], 15, head + 4, head + tall)):
        drawn += _text(ends[i][0] + 8, y + 4, series[i].words, "start", "name")
    step = max(1, round(count / 7))
    for j, words in enumerate(ticks):
        if j % step == 0 or (j == len(ticks) - 1 and (len(ticks) - 1) % step >= step / 2):
            drawn += _text(4 + across * j, head + tall + 16, words, "start" if j == 0 else "middle")
    rows = [
        [words, *(number(one.values[j]) if j < len(one.values) else "" for one in series)]
        for j, words in enumerate(ticks)
    ]
    return {
        "drawing": _svg(width, head + tall + 24, label, drawn),
        "label": label,
        "head": ["", *(one.words for one in series)],
        "rows": rows,
        "key": "",
    }


def stack(series: Sequence[Series], ticks: Sequence[str], label: str) -> dict[str, Any]:
    width, tall, head, right = 420.0, 140.0, 12.0, 96.0
    count = max(2, len(ticks))
    sums = [sum(one.values[j] for one in series if j < len(one.values)) for j in range(len(ticks))]
    most, across = max(sums or [0]) or 1, (width - right - 8) / (count - 1)
    below, drawn, middles = [0] * len(ticks), "", []
    for i, one in enumerate(series):
        above = [below[j] + (one.values[j] if j < len(one.values) else 0) for j in range(len(ticks))]
        upper = [f"{4 + across * j:.1f} {head + tall - above[j] / most * tall:.1f}" for j in range(len(ticks))]
        lower = [f"{4 + across * j:.1f} {head + tall - below[j] / most * tall:.1f}" for j in range(len(ticks))]
        if upper:
            drawn += f'<path class="band" fill="{INKS[i % 6]}" d="M{"L".join(upper)}L{"L".join(reversed(lower))}z"/>'
            middles.append(head + tall - (above[-1] + below[-1]) / 2 / most * tall)
        below = above
    for i, y in enumerate(_spread(middles, 15, head + 4, head + tall)):
        drawn += _text(width - right + 6, y + 4, series[i].words, "start", "name")
    step = max(1, round(count / 7))
    drawn += "".join(
        _text(4 + across * j, head + tall + 16, words, "start" if j == 0 else "middle")
        for j, words in enumerate(ticks)
        if j % step == 0
    )
    rows = [
        [words, *(number(one.values[j]) if j < len(one.values) else "" for one in series)]
        for j, words in enumerate(ticks)
    ]
    return {
        "drawing": _svg(width, head + tall + 24, label, drawn),
        "label": label,
        "head": ["", *(one.words for one in series)],
        "rows": rows,
        "key": "",
    }


def flow(value: Flow, label: str, left: str = "", right: str = "") -> dict[str, Any]:
    width, gap, start, end = 720.0, 12.0, 190.0, 540.0
    total = sum(value.links.values()) or 1
    sides = max(len(value.sources), len(value.targets))
    scale = (max(120.0, 34.0 * sides) if sides > 1 else 44.0) / total
    outs = {
        source.key: sum(value.links.get((source.key, target.key), 0) for target in value.targets)
        for source in value.sources
    }
    ins = {
        target.key: sum(value.links.get((source.key, target.key), 0) for source in value.sources)
        for target in value.targets
    }

    def columns(ends: Sequence[FlowEnd], sums: dict[str, int]) -> tuple[dict[str, float], float]:
        at, y = {}, 6.0
        for one in ends:
            at[one.key] = y
            y += max(22.0, sums[one.key] * scale) + gap
        return at, y

    left_at, left_end = columns(value.sources, outs)
    right_at, right_end = columns(value.targets, ins)
    drawn, from_y, to_y = "", dict(left_at), dict(right_at)
    for i, source in enumerate(value.sources):
        for target in value.targets:
            thick = value.links.get((source.key, target.key), 0) * scale
            if not thick:
                continue
            y1, y2, middle = from_y[source.key], to_y[target.key], (start + end) / 2
            drawn += (
                f'<path class="stream" fill="{INKS[i % 6]}" d="M{start:.1f} {y1:.1f}C{middle:.1f} {y1:.1f} '
                f"{middle:.1f} {y2:.1f} {end:.1f} {y2:.1f}"
                f"v{thick:.1f}C{middle:.1f} {y2 + thick:.1f} {middle:.1f} {y1 + thick:.1f} {start:.1f} "
                f'{y1 + thick:.1f}z"/>'
            )
            from_y[source.key] += thick
            to_y[target.key] += thick
    for i, source in enumerate(value.sources):
        top, tall = left_at[source.key], max(3.0, outs[source.key] * scale)
        drawn += f'<path fill="{INKS[i % 6]}" d="M{start - 6:.1f} {top:.1f}h6v{tall:.1f}h-6z"/>'
        drawn += _text(start - 14, top + tall / 2 + 5, number(outs[source.key]), "end", "figure")
        drawn += _text(start - 50, top + tall / 2 + 5, source.words, "end", "name")
    for target in value.targets:
        top, tall = right_at[target.key], max(3.0, ins[target.key] * scale)
        x, y = end + 14, top + tall / 2
        drawn += f'<path class="bar" d="M{end:.1f} {top:.1f}h6v{tall:.1f}h-6z"/>'
        if target.scene in SCENE_ICONS:
            drawn += (
                f'<g transform="translate({x:.1f} {y - 10:.1f}) scale(.83)" '
                f'class="pictogram">{SHAPES[SCENE_ICONS[target.scene]]}</g>'
            )
            x += 28
        drawn += _text(x, y + 5, number(ins[target.key]), "start", "figure") + _text(
            x + 36, y + 5, target.words, "start", "name"
        )
    rows = [
        [source.words, target.words, number(value.links[(source.key, target.key)])]
        for source in value.sources
        for target in value.targets
        if value.links.get((source.key, target.key))
    ]
    return {
        "drawing": _svg(width, max(left_end, right_end), label, drawn),
        "label": label,
        "head": [left or pgettext("chart", "From"), right or pgettext("chart", "To"), pgettext("chart", "Count")],
        "rows": rows,
        "key": "",
    }
