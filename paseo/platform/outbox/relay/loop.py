"""The relay's round: what is new, then what is due again."""

from __future__ import annotations

import time
from datetime import datetime

from paseo.kernel import clock
from paseo.platform.db.unit import unit
from paseo.platform.outbox.models import Event
from paseo.platform.outbox.registry import Reaction, reactions_to
from paseo.platform.outbox.relay import retries
from paseo.platform.outbox.relay.delivery import Failed, Tally, deliver
from paseo.platform.outbox.relay.leader import Leader


class _Progress:
    """When this process last finished something, on the monotonic clock: a watchdog reads it."""

    at = time.monotonic()

    def made(self) -> None:
        self.at = time.monotonic()


progress = _Progress()
_leader: Leader | None = None


def run_once(limit: int = 200, *, now: datetime | None = None, leader: Leader | None = None) -> int:
    """Delivers up to ``limit`` new events and tries due failures again; returns how many of both.

    Does nothing while another relay leads. Safe to be killed at any point.
    """
    global _leader
    _leader = leader = leader or _leader or Leader()
    now = now or clock.now()
    leads, after_a_death = leader.lead(now)
    progress.made()
    if not leads:
        return 0
    tally = Tally()
    done = _new(limit, now, tally, one_by_one=after_a_death)
    done += retries.run_due(now, limit, tally)
    if tally.delivered or tally.skipped or tally.failed:
        leader.count(tally.delivered, tally.skipped, tally.failed)
    return done


def _new(limit: int, now: datetime, tally: Tally, *, one_by_one: bool) -> int:
    events = list(Event.objects.filter(dispatched_at__isnull=True).order_by("seq")[:limit])
    if not events:
        return 0
    work: dict[str, tuple[Reaction, list[Event]]] = {}
    for event in events:
        for reaction in reactions_to(event.type):
            work.setdefault(reaction.name, (reaction, []))[1].append(event)
    failed: list[Failed] = []
    if not one_by_one:
        for reaction, its_events in sorted(work.values(), key=lambda one: one[0].order):
            failed += deliver(its_events, reaction, now, tally)
            progress.made()
    with unit():
        if one_by_one:
            retries.set_aside([(event, reaction) for reaction, its in work.values() for event in its], now)
        if failed:
            retries.remember(failed)
        Event.objects.filter(seq__in=[event.seq for event in events]).update(dispatched_at=now)
    return len(events)


def release() -> None:
    """Gives the lead away on a clean stop."""
    if _leader is not None:
        _leader.release()


class ReactionFailed(AssertionError):
    """Raised by ``drain`` in place of a later retry."""


def drain(limit: int = 500) -> int:
    """Delivers until the outbox is empty, whoever leads; returns the number of events. A failing reaction raises."""
    total = 0
    while events := list(Event.objects.filter(dispatched_at__isnull=True).order_by("seq")[:limit]):
        now = clock.now()
        tally = Tally()
        for event in events:
            for reaction in reactions_to(event.type):
                for one in deliver([event], reaction, now, tally):
                    raise ReactionFailed(f"{reaction.name} failed on {event.type}: {one.error!r}") from one.error
        Event.objects.filter(seq__in=[event.seq for event in events]).update(dispatched_at=now)
        total += len(events)
    return total
