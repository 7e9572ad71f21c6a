"""The board drawn: minutes and bearing, façade, name with its number on the map, window, ways of buying.

Hundreds of rows stand on one page, and a template takes eight times as long for each. What does not depend on where the
reader is gets kept per store, language and light; equal windows, arrows and distances are worded once for a list.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from paseo.capabilities.directory.values import Lamp
from paseo.channels.storefront.rows import Row
from paseo.platform.ui.formatting import distance, reader_language, walk_minutes
from paseo.platform.ui.formatting.places import MINUTES
from paseo.platform.ui.tags.filters import localized
from paseo.platform.ui.tags.fronts import facade_mark
from paseo.platform.ui.tags.small import arrow, scene
from paseo.platform.ui.wording import lamp_words

MOST_KEPT = 12_000

_Still = tuple[str, str, str, str]
_kept: dict[tuple[UUID, int, bool, str, str], _Still] = {}


@dataclass(frozen=True)
class Board:
    """Rows under one heading. ``start`` is the number of the first in the whole list."""

    rows: Sequence[Row]
    start: int = 1

    def __len__(self) -> int:
        return len(self.rows)

    @cached_property
    def drawn(self) -> SafeString:
        """The list as HTML, in the reader's language."""
        return _drawn(self)


def _drawn(board: Board) -> SafeString:
    unit, language = escape(str(MINUTES)), reader_language()
    worded: dict[tuple[Lamp, str], str] = {}
    arrows: dict[int, str] = {}
    distances: dict[int, str] = {}
    drawn = []
    for row in board.rows:
        lamp, zone, metres = row.store.lamp, row.card.zone, row.store.distance_m
        link, face, name, ways = _still(row, language)
        if (window := worded.get((lamp, zone))) is None:
            window = f'<span class="lamp {lamp.state}">{escape(lamp_words(lamp, zone))}</span>'
            worded[lamp, zone] = window
        angle, tens = round(row.store.bearing), round(metres / 10)
        if (turned := arrows.get(angle)) is None:
            turned = arrows[angle] = arrow(angle, row.wind)
        if (far := distances.get(tens)) is None:
            far = distances[tens] = escape(distance(tens * 10))
        mark = f' data-mark="{row.number}"' if row.number else ""
        pin = f'<span class="pin">{row.number}</span>' if row.number else ""
        drawn.append(
            f'<li><a href="{link}"{mark}><span class="mins"><b>{walk_minutes(metres)}</b><span class="u">{unit}</span>'
            f'{turned}<small>{far}</small></span>{face}<span class="who"><b class="nm">{pin}{name}{window}</span></span>'
            f"{ways}</a></li>"
        )
    start = f' start="{board.start}"' if board.start > 1 else ""
    return mark_safe(f'<ol class="board"{start}>{"".join(drawn)}</ol>')  # noqa: S308


def _still(row: Row, language: str) -> _Still:
    """Link, façade, name with kind (its two elements stay open for the window), ways of buying."""
    card, state = row.card, row.store.lamp.state
    key = (card.id, card.version, card.sells, state, language)
    if (kept := _kept.get(key)) is not None:
        return kept
    if len(_kept) >= MOST_KEPT:
        _kept.clear()
    ways = "".join(scene(service, words=True) for service in row.services)
    made = _kept[key] = (
        escape(row.href),
        facade_mark(card.id, category=card.category, state=state, fixed=card.facade),
        f'{localized(card.name)}</b><span class="facts"><span class="meta kind">{escape(row.category)}</span>',
        f'<span class="scenes">{ways}</span>',
    )
    return made
