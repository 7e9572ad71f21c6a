"""Charts with their tables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import template

from paseo.platform.ui.drawing import charts
from paseo.platform.ui.values import Flow, Series

register = template.Library()
COMPONENTS = "ui/components/"


@register.inclusion_tag(COMPONENTS + "chart.html")
def bars(items: Sequence[Any], label: str, unit: str = "", before: str = "") -> dict[str, Any]:
    """Bars from nought. ``before`` names what the grey strokes are."""
    return charts.bars(items, label, unit, before)


@register.inclusion_tag(COMPONENTS + "chart.html")
def lines(series: Sequence[Series], ticks: Sequence[str], label: str, now: int | None = None) -> dict[str, Any]:
    """Lines named at their ends, each with its own dash."""
    return charts.lines(series, ticks, label, now)


@register.inclusion_tag(COMPONENTS + "chart.html")
def stack(series: Sequence[Series], ticks: Sequence[str], label: str) -> dict[str, Any]:
    """Bands on top of each other, named inside or beside."""
    return charts.stack(series, ticks, label)


@register.inclusion_tag(COMPONENTS + "chart.html")
def flow(value: Flow, label: str, left: str = "", right: str = "") -> dict[str, Any]:
    """From where to where. Both sides add up."""
    return charts.flow(value, label, left, right)
