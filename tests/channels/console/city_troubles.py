"""Things that go wrong in a city, made the way they happen: a reaction breaks, a wrong sum arrives, nobody answers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings

from paseo.platform.outbox import queries, registry
from paseo.platform.outbox.models import Event
from paseo.platform.outbox.relay import retries
from paseo.platform.outbox.relay.delivery import Tally, deliver

REACTION = "insight.attribute_order"


class Unreachable(RuntimeError):
    pass


@contextmanager
def broken(name: str) -> Iterator[None]:
    """A reaction that cannot do its work."""

    def fail(*_: Any) -> None:
        raise Unreachable("the counting house is closed")

    whole = registry.reaction_named(name)
    assert whole is not None
    registry.unregister(name)
    registry.reaction(*whole.types, name=name, batch=whole.batch)(fail)
    try:
        yield
    finally:
        registry.unregister(name)
        registry.reaction(*whole.types, name=name, batch=whole.batch)(whole.function)


def dead_letter(order_id: UUID, now: datetime) -> UUID:
    """The confirmation of an order that its reaction could not take, until nobody tried any more."""
    event = Event.objects.get(type="ordering.order_confirmed", subject=f"order:{order_id}")
    with broken(REACTION):
        reaction = registry.reaction_named(REACTION)
        assert reaction is not None
        retries.remember(deliver([event], reaction, now, Tally()))
        Event.objects.filter(seq=event.seq).update(dispatched_at=now)
        for hour in range(1, int(settings.PASEO["EVENT_ATTEMPTS"]) + 1):
            retries.run_due(now + timedelta(hours=2 * hour), 10, Tally())
    return next(one.id for one in queries.dead_letters() if one.event.id == event.id)


def try_again(now: datetime) -> None:
    """What the relay does with failures that are due."""
    retries.run_due(now + timedelta(minutes=1), 100, Tally())
