"""Giving events to reactions, each in its own unit, each at most once."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError

from paseo.kernel.events import decode
from paseo.platform.db.inserting import insert
from paseo.platform.db.prepared import Prepared
from paseo.platform.db.unit import unit
from paseo.platform.outbox.models import Delivery, Event
from paseo.platform.outbox.registry import Envelope, Reaction

log = logging.getLogger("paseo.outbox")

TOGETHER = 16
"""Events in one unit of a batch reaction: few enough that no order waits long behind them."""


_taken = Prepared(
    lambda name, seqs: Delivery.objects.filter(reaction=name, event_seq__in=seqs).order_by().values_list("event_seq")
)


class SeenBefore(Exception):
    """The reaction has already taken this event."""


@dataclass
class Tally:
    delivered: int = 0
    skipped: int = 0
    failed: int = 0


@dataclass(frozen=True)
class Failed:
    event: Event
    reaction: Reaction
    error: BaseException
    at: datetime


def envelope_of(event: Event) -> Envelope:
    return Envelope(
        event.seq, event.id, event.type, event.version, event.subject, event.tenant_id, event.place_id, event.at
    )


def fact_of(event: Event) -> Any:
    return decode(event.type, event.version, event.body)


def deliver_one(event: Event, reaction: Reaction) -> None:
    """Runs one reaction on one event. Raises ``SeenBefore``, or whatever the reaction raises."""
    with unit():
        try:
            insert([Delivery(event_seq=event.seq, reaction=reaction.name)])
        except IntegrityError:
            raise SeenBefore from None
        fact, envelope = fact_of(event), envelope_of(event)
        if reaction.batch:
            reaction.function([(fact, envelope)])
        else:
            reaction.function(fact, envelope)


def deliver_batch(events: Sequence[Event], reaction: Reaction) -> int:
    """Runs a batch reaction on all events that it has not taken yet, in one unit; returns how many those were."""
    with unit():
        seen = {seq for (seq,) in _taken(reaction.name, [event.seq for event in events])}
        fresh = [event for event in events if event.seq not in seen]
        if fresh:
            insert([Delivery(event_seq=event.seq, reaction=reaction.name) for event in fresh])
            reaction.function([(fact_of(event), envelope_of(event)) for event in fresh])
    return len(fresh)


def deliver(events: Sequence[Event], reaction: Reaction, now: datetime, tally: Tally) -> list[Failed]:
    """Gives the events to the reaction and returns those it could not take."""
    if reaction.batch and len(events) > 1:
        return [
            one
            for start in range(0, len(events), TOGETHER)
            for one in _deliver_together(events[start : start + TOGETHER], reaction, now, tally)
        ]
    return _deliver_alone(events, reaction, now, tally)


def _deliver_together(events: Sequence[Event], reaction: Reaction, now: datetime, tally: Tally) -> list[Failed]:
    try:
        fresh = deliver_batch(events, reaction)
    except Exception:
        log.warning("%s failed on %d events together; trying one by one", reaction.name, len(events), exc_info=True)
        return _deliver_alone(events, reaction, now, tally)
    tally.delivered += fresh
    tally.skipped += len(events) - fresh
    return []


def _deliver_alone(events: Sequence[Event], reaction: Reaction, now: datetime, tally: Tally) -> list[Failed]:
    failed = []
    for event in events:
        try:
            deliver_one(event, reaction)
        except SeenBefore:
            tally.skipped += 1
        except Exception as error:
            log.warning("%s failed on %s %s", reaction.name, event.type, event.id, exc_info=True)
            tally.failed += 1
            failed.append(Failed(event, reaction, error, now))
        else:
            tally.delivered += 1
    return failed


def told(error: BaseException) -> str:
    """An error as a person in the console reads it: what it was and where it came from."""
    return "".join(traceback.format_exception(error, limit=-4))[-4000:]
