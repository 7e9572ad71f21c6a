"""Reads of fulfillment."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count

from paseo.capabilities.directory import queries as directory
from paseo.capabilities.directory.values import StoreCard
from paseo.capabilities.fulfillment import rules
from paseo.capabilities.fulfillment.models import Handover
from paseo.capabilities.fulfillment.refusals import ClosedThen, NoHandover, NotServed, StoreClosed, StorePaused, TooSoon
from paseo.capabilities.fulfillment.states import OPEN, WAITING
from paseo.capabilities.fulfillment.values import Board, HandoverView, Promise
from paseo.capabilities.fulfillment.views import handover_view
from paseo.platform.db.prepared import Prepared

IN_HAND_SECONDS = 5.0
MOST_KEPT = 5_000
FARTHEST = timedelta(days=7)
_in_hand: dict[UUID, tuple[float, int]] = {}


def in_hand(store_id: UUID) -> int:
    """How many orders the store has not made ready yet; known to a few seconds. At most one statement."""
    tick = time.monotonic()
    known = _in_hand.get(store_id)
    if known is not None and known[0] > tick:
        return known[1]
    count = Handover.objects.filter(store_id=store_id, state__in=WAITING).count()
    if len(_in_hand) >= MOST_KEPT:
        _in_hand.clear()
    _in_hand[store_id] = (tick + IN_HAND_SECONDS, count)
    return count


def forget() -> None:
    """Drops what is known about queues, for tests."""
    _in_hand.clear()


def promise(card: StoreCard, now: datetime, *, mode: str = "pickup", wanted_at: datetime | None = None) -> Promise:
    """When an order placed now can be ready: opening hours, preparation and what is in hand before it.

    A closed store that says when it opens promises for then. ``wanted_at`` is the buyer's own later time.
    Refuses ``NotServed``, ``StorePaused``, ``StoreClosed``, ``TooSoon``, ``ClosedThen``.
    """
    if mode not in card.services:
        raise NotServed(mode=mode)
    if not card.sells:
        raise StoreClosed
    lamp = directory.lamp(card, now)
    if not lamp.is_open and lamp.reason == "paused" and lamp.opens_at is None:
        raise StorePaused
    waiting = in_hand(card.id)
    earliest = rules.promise_after(now, waiting, card.prep_minutes)
    found = Promise(earliest, "queue" if waiting >= rules.PLACES_IN_KITCHEN else "now", waiting)
    if (
        not lamp.is_open
        or (lamp.last_orders_at is not None and now > lamp.last_orders_at)
        or (lamp.until is not None and earliest > lamp.until)
    ):
        opens_at = lamp.opens_at if not lamp.is_open else _opens_after(card, lamp.until, now)
        if opens_at is None:
            raise StoreClosed
        found = Promise(rules.promise_after(opens_at, 0, card.prep_minutes), "opening", waiting)
    if wanted_at is None or wanted_at <= found.at:
        if wanted_at is not None and wanted_at < found.at - timedelta(minutes=1):
            raise TooSoon(earliest=found.at)
        return found
    if wanted_at > now + FARTHEST or not directory.lamp(card, wanted_at).is_open:
        raise ClosedThen(wanted=wanted_at)
    return Promise(wanted_at, "wanted", waiting)


def _opens_after(card: StoreCard, closes: datetime | None, now: datetime) -> datetime | None:
    if closes is None:
        return None
    then = directory.lamp(card, max(closes, now))
    return then.opens_at if not then.is_open else max(closes, now)


def handover(order_id: UUID) -> HandoverView:
    """Refuses ``NoHandover``."""
    row = Handover.objects.filter(id=order_id).first()
    if row is None:
        raise NoHandover
    return handover_view(row)


_of_orders = Prepared(lambda order_ids: Handover.objects.filter(id__in=order_ids))


def handovers(order_ids: Iterable[UUID]) -> dict[UUID, HandoverView]:
    """Handovers by order; orders without one are left out."""
    return {row.id: handover_view(row) for row in _of_orders(list(order_ids))}


def with_handover(order_ids: Iterable[UUID]) -> set[UUID]:
    """Which of these orders a shop has. One statement, without what is in them."""
    return set(Handover.objects.filter(id__in=list(order_ids)).values_list("id", flat=True))


def board(store_id: UUID, *, now: datetime, done_hours: int = 12, done_limit: int = 50) -> Board:
    """What a store has in hand, due first, and what it lately handed over. Two statements."""
    rows = [
        handover_view(row)
        for row in Handover.objects.filter(store_id=store_id, state__in=OPEN).order_by("promised_at", "id")
    ]
    done = Handover.objects.filter(
        store_id=store_id, state="handed_over", ended_at__gte=now - timedelta(hours=done_hours)
    )
    return Board(
        store_id=store_id,
        requested=tuple(row for row in rows if row.state == "requested"),
        preparing=tuple(row for row in rows if row.state in {"accepted", "preparing"}),
        ready=tuple(row for row in rows if row.state == "ready"),
        handed_over=tuple(handover_view(row) for row in done.order_by("-ended_at")[:done_limit]),
    )


def in_hand_by_store(store_ids: Sequence[UUID]) -> dict[UUID, int]:
    """Open orders per store, for lists of many stores. One statement."""
    rows = Handover.objects.filter(store_id__in=list(store_ids), state__in=OPEN).values_list("store_id")
    return dict(rows.annotate(n=Count("id")).order_by())


def late(store_ids: Sequence[UUID] | None, *, now: datetime, limit: int = 100) -> list[HandoverView]:
    """Orders whose promise is broken, oldest promise first."""
    rows = Handover.objects.filter(state__in=WAITING, promised_at__lt=now)
    if store_ids is not None:
        rows = rows.filter(store_id__in=list(store_ids))
    return [handover_view(row) for row in rows.order_by("promised_at")[:limit]]


def uncollected(*, before: datetime, limit: int = 100) -> list[HandoverView]:
    """Ready since before an instant and still on the shelf."""
    rows = Handover.objects.filter(state="ready", ready_at__lt=before).order_by("ready_at")
    return [handover_view(row) for row in rows[:limit]]


def unanswered(*, before: datetime, limit: int = 100) -> list[HandoverView]:
    """Asked of the shop before an instant, promised for before now, and still not accepted."""
    rows = Handover.objects.filter(state="requested", opened_at__lt=before).order_by("opened_at")
    return [handover_view(row) for row in rows[:limit]]
