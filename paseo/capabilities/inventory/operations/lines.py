"""The lines of one hold, under the lock of that hold."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Case, F, Value, When

from paseo.capabilities.inventory.models import Hold, HoldLine
from paseo.capabilities.inventory.refusals import NoHold, NotSoMany
from paseo.capabilities.inventory.values import Demand, summed


@dataclass(frozen=True, slots=True)
class OpenLine:
    id: int
    item_id: UUID
    variant_id: UUID
    outstanding: int


def locked_hold(subject_id: UUID, states: Collection[str]) -> Hold:
    """The newest hold of the order in one of the states, locked; refuses ``NoHold``."""
    rows = Hold.objects.select_for_update().filter(subject_id=subject_id, state__in=states)
    found = rows.order_by("-created_at", "-id").first()
    if found is None:
        raise NoHold()
    return found


def outstanding_lines(hold_id: UUID) -> list[OpenLine]:
    rows = HoldLine.objects.filter(hold_id=hold_id, quantity__gt=F("released") + F("issued")).order_by("item_id")
    rest = F("quantity") - F("released") - F("issued")
    return [OpenLine(*row) for row in rows.annotate(rest=rest).values_list("id", "item_id", "item__variant_id", "rest")]


def picked(lines: list[OpenLine], demands: Iterable[Demand] | None) -> dict[OpenLine, int]:
    """What is taken of which line: everything, or the demanded. Untracked variants have no line and are passed over.

    Refuses ``NotSoMany``.
    """
    if demands is None:
        return {line: line.outstanding for line in lines}
    by_variant = {line.variant_id: line for line in lines}
    chosen = {}
    for variant_id, n in summed(demands).items():
        line = by_variant.get(variant_id)
        if line is None:
            continue
        if n > line.outstanding:
            raise NotSoMany(variant_id=variant_id, outstanding=line.outstanding)
        chosen[line] = n
    return dict(sorted(chosen.items(), key=lambda pair: pair[0].item_id))


def write_off_lines(hold_id: UUID, quantities: Mapping[OpenLine, int], column: str) -> None:
    """Adds to ``released`` or ``issued`` of the lines; the CHECK keeps them within the quantity."""
    case = Case(*(When(id=line.id, then=Value(n)) for line, n in quantities.items()))
    HoldLine.objects.filter(hold_id=hold_id, id__in=[line.id for line in quantities]).update(
        **{column: F(column) + case}
    )
