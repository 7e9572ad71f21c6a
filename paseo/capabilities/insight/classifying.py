"""By which declared mode an order came: from its first touch and whether its buyer was here before."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from uuid import UUID

from paseo.capabilities.directory import queries as directory
from paseo.capabilities.directory.values import TouchpointView
from paseo.capabilities.insight.models import Attribution
from paseo.capabilities.journeys.values import Classified, Met, classify

PORTION = 500


def classified(first_id: UUID | None, known: Mapping[UUID, TouchpointView], *, again: bool) -> Classified:
    """``known``: the touchpoints by id. One that is missing there is met, but nothing is known of it."""
    return classify(met(first_id, known), again=again)


def met(first_id: UUID | None, known: Mapping[UUID, TouchpointView]) -> Met | None:
    if first_id is None:
        return None
    point = known.get(first_id)
    return Met("", False) if point is None else Met(point.kind, bool(point.store_id or point.place_id))


def misclassified() -> Iterator[tuple[Attribution, str]]:
    """Orders whose journey is not what the rule says, each with what it says."""
    begin: UUID | None = None
    while True:
        rows = Attribution.objects.order_by("order_id")
        portion = list((rows if begin is None else rows.filter(order_id__gt=begin))[:PORTION])
        if not portion:
            return
        begin = portion[-1].order_id
        known = directory.touchpoints_by_id({row.first_touchpoint_id for row in portion if row.first_touchpoint_id})
        for row in portion:
            right = classified(row.first_touchpoint_id, known, again=row.again).mode
            if row.journey != right:
                yield row, right


def reclassify() -> int:
    """Writes what the rule says over what differs, and returns how many orders differed."""
    wrong: dict[str, list[UUID]] = defaultdict(list)
    for row, right in misclassified():
        wrong[right].append(row.order_id)
    for journey, ids in wrong.items():
        for start in range(0, len(ids), PORTION):
            Attribution.objects.filter(order_id__in=ids[start : start + PORTION]).update(journey=journey)
    return sum(len(ids) for ids in wrong.values())
