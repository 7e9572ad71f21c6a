"""Goods go back to the shelf: an order was given up, cancelled or partly refused."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import F

from paseo.capabilities.inventory import statements
from paseo.capabilities.inventory.models import Hold, HoldLine
from paseo.capabilities.inventory.operations.lines import locked_hold, outstanding_lines, picked, write_off_lines
from paseo.capabilities.inventory.states import ACTIVE, CONVERTED, ISSUED, LIVING, RELEASED
from paseo.capabilities.inventory.values import Demand
from paseo.platform.db.unit import operation


@operation
def release(*, subject_id: UUID, now: datetime) -> bool:
    """Gives up the hold of an unpaid order. False when there is none any more: expiry was faster, or it never was."""
    return _give_back(subject_id, ACTIVE, statements.GIVE_BACK_HELD, now)


@operation
def deallocate(*, subject_id: UUID, now: datetime) -> bool:
    """Gives back what a paid order was promised and has not got yet. False when nothing was promised."""
    return _give_back(subject_id, CONVERTED, statements.GIVE_BACK_ALLOCATED, now)


@operation
def release_lines(*, subject_id: UUID, demands: Iterable[Demand], now: datetime) -> dict[UUID, int]:
    """Gives back a part, paid or not: the shop refused a line. Variant id to quantity given back.

    Untracked variants are passed over. Refuses ``NotSoMany`` and ``NoHold``.
    """
    hold = locked_hold(subject_id, LIVING)
    going = picked(outstanding_lines(hold.pk), demands)
    if going:
        write_off_lines(hold.pk, going, "released")
        change = statements.GIVE_BACK_HELD if hold.state == ACTIVE else statements.GIVE_BACK_ALLOCATED
        statements.move({line.item_id: n for line, n in going.items()}, change)
        if hold.state == CONVERTED:
            _finish(hold, now)
    return {line.variant_id: n for line, n in going.items()}


def _finish(hold: Hold, now: datetime) -> None:
    """A promise of which nothing is open any more is closed: issued when anything was, else released."""
    lines = HoldLine.objects.filter(hold_id=hold.pk)
    if lines.filter(quantity__gt=F("released") + F("issued")).exists():
        return
    state = ISSUED if lines.filter(issued__gt=0).exists() else RELEASED
    Hold.objects.filter(pk=hold.pk, state=CONVERTED).update(state=state, changed_at=now)


def _give_back(subject_id: UUID, state: str, change: str, now: datetime) -> bool:
    hold = Hold.objects.select_for_update().filter(subject_id=subject_id, state=state).first()
    if hold is None:
        return False
    statements.move_whole(subject_id, state, change)
    lines = HoldLine.objects.filter(hold_id=hold.pk)
    issued = state == CONVERTED and lines.filter(issued__gt=0).exists()
    lines.update(released=F("quantity") - F("issued"))
    Hold.objects.filter(pk=hold.pk).update(state=ISSUED if issued else RELEASED, slot=None, changed_at=now)
    return True
