"""How far, how long on foot, and which way."""

from __future__ import annotations

from django.utils.translation import gettext, gettext_lazy, pgettext_lazy

from paseo.platform.ui.formatting.amounts import number

METRES_PER_MINUTE = 80
DETOUR = 1.25
"""Streets are a quarter longer than the bee line, on average of European and Chinese city grids."""

_WINDS = {
    "n": gettext_lazy("north"),
    "ne": gettext_lazy("north-east"),
    "e": gettext_lazy("east"),
    "se": gettext_lazy("south-east"),
    "s": gettext_lazy("south"),
    "sw": gettext_lazy("south-west"),
    "w": gettext_lazy("west"),
    "nw": gettext_lazy("north-west"),
}
MINUTES = pgettext_lazy("minutes on foot", "min")


def distance(metres: float | None) -> str:
    """``40 m``, ``310 m`` (to 10 m), ``1.2 km``."""
    if metres is None:
        return ""
    if metres < 995:
        rounded = max(10, round(metres / 10) * 10)
        return gettext("%(metres)s m") % {"metres": rounded}
    return gettext("%(kilometres)s km") % {"kilometres": number(round(metres / 1000, 1 if metres < 9950 else 0))}


def walk_minutes(metres: float | None) -> int:
    """Minutes on foot for a bee line of ``metres``; at least one."""
    return max(1, round((metres or 0) * DETOUR / METRES_PER_MINUTE))


def compass_words(wind: str) -> str:
    """``north-west`` for ``"nw"``."""
    return str(_WINDS[wind])
