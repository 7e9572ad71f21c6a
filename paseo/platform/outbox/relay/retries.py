"""What failed: the next try, the growing pause before it, and the end of all tries."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import F

from paseo.kernel.clock import Seed
from paseo.platform.db.unit import guarded, operation, transition
from paseo.platform.outbox.models import Event, Failure
from paseo.platform.outbox.registry import Reaction, reaction_named
from paseo.platform.outbox.relay.delivery import Failed, SeenBefore, Tally, deliver_one, told
from paseo.platform.outbox.states import FAILURE

log = logging.getLogger("paseo.outbox")
FIRST_PAUSE = 2.0
LONGEST_PAUSE = 3600.0
_seed = Seed(7)


def pause(event_id: object, reaction: str, attempts: int) -> timedelta:
    """2, 4, 8 … seconds, an hour at most, spread by ±25 % so that what failed together does not return together."""
    seconds = min(FIRST_PAUSE * 2 ** (attempts - 1), LONGEST_PAUSE)
    return timedelta(seconds=seconds * _seed.stream(event_id, reaction, attempts).uniform(0.75, 1.25))


def remember(failed: Iterable[Failed]) -> None:
    Failure.objects.bulk_create(
        [
            Failure(
                event=one.event,
                reaction=one.reaction.name,
                attempts=1,
                next_at=one.at + pause(one.event.id, one.reaction.name, 1),
                error=told(one.error),
                first_at=one.at,
                last_at=one.at,
            )
            for one in failed
        ],
        ignore_conflicts=True,
    )


def set_aside(pairs: Iterable[tuple[Event, Reaction]], now: datetime) -> None:
    """After a relay died in the middle: its events are tried one by one, each try counted before it begins, so that one
    that kills the process ends as a dead letter instead of killing every relay that follows."""
    Failure.objects.bulk_create(
        [
            Failure(event=event, reaction=reaction.name, next_at=now, first_at=now, last_at=now)
            for event, reaction in pairs
        ],
        ignore_conflicts=True,
    )


def run_due(now: datetime, limit: int, tally: Tally) -> int:
    """Tries what is due again; returns the number of tries."""
    # In two steps: a join would make the planner walk through all events when there are no failures to tell it better.
    waiting = Failure.objects.filter(state="waiting", next_at__lte=now).order_by("next_at")
    ids = list(waiting.values_list("pk", flat=True)[:limit])
    due = list(Failure.objects.filter(pk__in=ids).select_related("event").order_by("next_at")) if ids else []
    for failure in due:
        _try_again(failure, now, tally)
    return len(due)


def _try_again(failure: Failure, now: datetime, tally: Tally) -> None:
    attempt = failure.attempts + 1
    if attempt > settings.PASEO["EVENT_ATTEMPTS"]:
        # Only a try that never came back leads here: otherwise it was buried when it failed.
        _bury(failure, "The process ended while this reaction was running.", now, tally)
        return
    mine = guarded(
        Failure.objects.filter(pk=failure.pk, state="waiting", attempts=failure.attempts),
        attempts=F("attempts") + 1,
        last_at=now,
        next_at=now + pause(failure.event.id, failure.reaction, attempt),
    )
    if not mine:
        return
    reaction = reaction_named(failure.reaction)
    try:
        if reaction is None:
            raise LookupError(f"No reaction is named {failure.reaction}.")
        deliver_one(failure.event, reaction)
    except SeenBefore:
        tally.skipped += 1
        _resolve(failure, now)
    except Exception as error:
        log.warning("%s failed on %s, try %d", failure.reaction, failure.event.id, attempt, exc_info=True)
        if attempt >= settings.PASEO["EVENT_ATTEMPTS"]:
            _bury(failure, told(error), now, tally)
        else:
            tally.failed += 1
            Failure.objects.filter(pk=failure.pk, state="waiting").update(error=told(error))
    else:
        tally.delivered += 1
        _resolve(failure, now)


@operation
def _resolve(failure: Failure, now: datetime) -> None:
    transition(Failure, failure.pk, FAILURE, "resolve", now=now, actor="relay")


@operation
def _bury(failure: Failure, error: str, now: datetime, tally: Tally) -> None:
    tally.failed += 1
    log.error("%s gave up on %s %s", failure.reaction, failure.event.type, failure.event.id)
    transition(Failure, failure.pk, FAILURE, "bury", now=now, actor="relay", error=error)
