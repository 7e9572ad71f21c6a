"""What must hold for the numbers in a running database."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from uuid import UUID

from paseo.capabilities.insight import classifying, folding, rules
from paseo.capabilities.insight.models import StageCount
from paseo.capabilities.journeys import queries as journeys
from paseo.platform.audit.checks import Finding, auditor


@auditor("insight.rollup_equals_log")
def rollup_equals_log() -> Iterator[Finding]:
    """The rollup is what a recount of the contacts up to the mark gives."""
    end = folding.mark()
    counted: dict[UUID, tuple[int, int]] = defaultdict(lambda: (0, 0))
    buckets: dict[UUID, rules.Bucket] = {}
    known: rules.KnownDays = {}
    position = 0
    while contacts := journeys.contacts_after(position, up_to=end, limit=folding.PORTION):
        for bucket, (count, amount) in rules.fold(contacts, folding.zones_of(contacts), known).counts.items():
            before = counted[bucket.id]
            counted[bucket.id] = (before[0] + count, before[1] + amount)
            buckets[bucket.id] = bucket
        position = contacts[-1].seq
    for row in StageCount.objects.iterator():
        expected = counted.pop(row.id, (0, 0))
        if (row.count, row.amount_minor) != expected:
            yield Finding(
                "insight.rollup_equals_log",
                f"store:{row.store_id}",
                f"{row.measure} at {row.hour.isoformat()} says {row.count}, but the log says {expected[0]}.",
            )
    for bucket_id, (count, amount) in counted.items():
        if count or amount:
            bucket = buckets[bucket_id]
            yield Finding(
                "insight.rollup_equals_log",
                f"store:{bucket.store_id}",
                f"{count} of {bucket.measure} at {bucket.hour.isoformat()} are missing from the rollup.",
            )


@auditor("insight.journeys_follow_the_rule")
def journeys_follow_the_rule() -> Iterator[Finding]:
    """The mode of every order is what the rule says of its first touch and of whether its buyer was here before."""
    for row, right in classifying.misclassified():
        yield Finding(
            "insight.journeys_follow_the_rule",
            f"order:{row.order_id}",
            f"The order is kept as {row.journey}, but the rule says {right}.",
        )
