"""From what brought people to how they ordered: the rows of insight as a drawing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from django.utils.text import Truncator
from django.utils.translation import gettext

from paseo.capabilities.insight.values import Flow as FlowRow
from paseo.platform.ui.values import Flow, FlowEnd
from paseo.platform.ui.wording import scene_words

DIRECT = "direct"
ROWS = 6
LONGEST_NAME = 19
"""Letters that fit beside a stream of the chart."""


def point_name(name: str, touchpoint_id: UUID | None) -> str:
    return name or (gettext("A touchpoint of another firm") if touchpoint_id else gettext("Came directly"))


def flow_of(rows: Sequence[FlowRow]) -> Flow | None:
    """Touchpoints to ways of ordering, the strongest by name and the rest as one, so that both sides add up."""
    if not rows:
        return None
    sums: dict[tuple[str, str], int] = defaultdict(int)
    for one in rows:
        sums[str(one.touchpoint_id or DIRECT), one.name] += one.count
    order = sorted(sums, key=lambda key: -sums[key])
    named = dict(order[: ROWS if len(order) <= ROWS else ROWS - 1])
    links: dict[tuple[str, str], int] = defaultdict(int)
    for one in rows:
        key = str(one.touchpoint_id or DIRECT)
        links[key if key in named else "rest", one.mode] += one.count
    sources = [
        FlowEnd(key, Truncator(point_name(name, None if key == DIRECT else UUID(key))).chars(LONGEST_NAME))
        for key, name in named.items()
    ]
    if len(order) > len(named):
        sources.append(FlowEnd("rest", gettext("All others")))
    modes = list(dict.fromkeys(one.mode for one in rows))
    targets = tuple(FlowEnd(mode, scene_words(mode) if mode else gettext("Otherwise"), mode) for mode in modes)
    return Flow(tuple(sources), targets, dict(links))
