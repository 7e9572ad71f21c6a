"""Whether the work in the background is keeping up."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from paseo.kernel import clock
from paseo.platform.audit.checks import Finding, auditor
from paseo.platform.jobs import queries as jobs
from paseo.platform.outbox import queries as outbox

LATE = timedelta(minutes=5)
FAILING = 3


@auditor("outbox.nothing_waits_too_long")
def nothing_waits_too_long() -> Iterator[Finding]:
    """Events are handed out within minutes, or nobody runs a worker."""
    relay = outbox.relay()
    if relay.oldest_pending_at is not None and clock.now() - relay.oldest_pending_at > LATE:
        yield Finding(
            "outbox.nothing_waits_too_long",
            "relay:events",
            f"{relay.pending} events wait, the oldest since {relay.oldest_pending_at:%Y-%m-%d %H:%M} UTC.",
        )


@auditor("outbox.no_dead_letters")
def no_dead_letters() -> Iterator[Finding]:
    """Every event has reached every reaction, or a person has dismissed it."""
    for letter in outbox.dead_letters():
        yield Finding(
            "outbox.no_dead_letters",
            letter.event.subject,
            f"{letter.reaction} could not take {letter.event.type}: {letter.sentence}",
        )


@auditor("jobs.sweeps_succeed")
def sweeps_succeed() -> Iterator[Finding]:
    """No sweep fails several times in a row."""
    for run in jobs.job_runs():
        if run.failures >= FAILING:
            yield Finding(
                "jobs.sweeps_succeed",
                f"sweep:{run.name}",
                f"It has failed {run.failures} times in a row: {run.sentence}",
            )
