"""Façades: the square mark, the large front, the street strip."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import template
from django.utils.safestring import SafeString, mark_safe

from paseo.platform.ui import formatting
from paseo.platform.ui.drawing import facade
from paseo.platform.ui.values import House

register = template.Library()
COMPONENTS = "ui/components/"


def _look(category: str, kind: str, goods: str, fixed: Mapping[str, Any] | None) -> tuple[str, str]:
    by_kind, by_goods = facade.look_of(category)
    stored = fixed or {}
    kind = kind or str(stored.get("kind") or "") or by_kind
    goods = goods or str(stored.get("goods") or "") or by_goods
    return (kind if kind in facade.KINDS else "shop"), (goods if goods in facade.GOODS else "cup")


@register.simple_tag
def facade_mark(
    seed: Any,
    *,
    category: str = "",
    kind: str = "",
    goods: str = "",
    state: str = "lit",
    size: int = 56,
    fixed: Mapping[str, Any] | None = None,
) -> SafeString:
    """The square front: ``{% facade_mark store.id category=store.category state=lamp.state fixed=store.facade %}``."""
    kind, goods = _look(category, kind, goods, fixed)
    return mark_safe(facade.mark(str(seed), kind=kind, goods=goods, state=state, size=size, fixed=fixed))  # noqa: S308


@register.simple_tag
def facade_front(
    seed: Any,
    *,
    category: str = "",
    kind: str = "",
    goods: str = "",
    state: str = "lit",
    name: str = "",
    width: int = 260,
    height: int = 190,
    fixed: Mapping[str, Any] | None = None,
) -> SafeString:
    """One large house alone, as tall as ``height``, for the head of a place without a photo."""
    kind, goods = _look(category, kind, goods, fixed)
    drawn, tall = facade.front(
        str(seed), kind=kind, goods=goods, state=state, name=name, width=width, ground=118, storey=44, fixed=fixed
    )
    shown = min(height, round(tall) + 6)
    svg = f'<svg class="front" viewBox="0 {-shown} {width} {shown}" aria-hidden="true" focusable="false">{drawn}</svg>'
    return mark_safe(svg)  # noqa: S308


@register.inclusion_tag(COMPONENTS + "street.html")
def street(houses: Sequence[House], height: int = 168) -> dict[str, Any]:
    """The evening street: houses, nearest first, with the distances on the pavement."""
    shown = list(houses)[:12]
    return {
        "drawing": mark_safe(facade.street(shown, height=height)),  # noqa: S308
        "steps": [(facade.width_of(house), formatting.distance(house.distance)) for house in shown],
        "walk": any(house.distance is not None for house in shown),
    }
