"""Keeping the counters of the ratings beside the reviews, in the same unit."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.db.models import F

from paseo.capabilities.care.models import Tally
from paseo.kernel.ids import stable_id


def apply(store_id: UUID, change: Mapping[str, tuple[int, int]]) -> None:
    """Adds ``change`` to the store's tallies. Rows of new aspects are made first: a decrease never makes one."""
    if not change:
        return
    Tally.objects.bulk_create(
        [Tally(id=stable_id("tally", store_id, aspect), store_id=store_id, aspect=aspect) for aspect in change],
        ignore_conflicts=True,
    )
    for aspect in sorted(change):
        count, total = change[aspect]
        Tally.objects.filter(store_id=store_id, aspect=aspect).update(
            count=F("count") + count, total=F("total") + total
        )


def undo(change: Mapping[str, tuple[int, int]]) -> dict[str, tuple[int, int]]:
    return {aspect: (-count, -total) for aspect, (count, total) in change.items()}
