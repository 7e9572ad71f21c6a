"""Taking messages to their receivers: per endpoint one at a time and in order, all endpoints beside each other.

Posting happens in threads without a database; everything that is written is written by the one that calls ``run``.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import F, Q

from paseo.kernel import clock
from paseo.kernel.clock import Seed
from paseo.platform.db.unit import forbid_inside_unit, guarded, operation, transition
from paseo.platform.notices.operations import notify
from paseo.platform.outbox import queries as outbox
from paseo.platform.tenancy import queries as tenancy
from paseo.platform.webhooks import posting
from paseo.platform.webhooks.envelopes import CONTENT_TYPE, encoded
from paseo.platform.webhooks.models import Endpoint, Message, Secret
from paseo.platform.webhooks.posting import Post
from paseo.platform.webhooks.secrets import signature, unseal
from paseo.platform.webhooks.states import ENDPOINT
from paseo.platform.webhooks.values import Outcome

WIDE = 8
SPELL_S = 15.0
"""How long one run goes on taking up work, so that other tasks get their turn."""
LEASE = timedelta(seconds=60)
FIRST_PAUSE_S = 5.0
LONGEST_PAUSE_S = 3600.0
_seed = Seed(11)


@dataclass(frozen=True, slots=True)
class Parcel:
    endpoint_id: UUID
    message_id: UUID
    post: Post


def run(*, send: Callable[[Post], Outcome] = posting.send, wide: int = WIDE, spell: float = SPELL_S) -> int:
    """Posts what is due until nothing is, or ``spell`` is over; returns how many posts were made.

    Safe to be killed at any point: what was on its way is posted again once its lease has ended, with the same id.
    """
    forbid_inside_unit("Posting webhooks")
    until, made = time.monotonic() + spell, 0
    flying: dict[Future[Outcome], Parcel] = {}
    with ThreadPoolExecutor(max_workers=wide, thread_name_prefix="webhook") as pool:
        while True:
            if time.monotonic() < until and len(flying) < wide:
                for parcel in take(clock.now(), wide - len(flying)):
                    flying[pool.submit(send, parcel.post)] = parcel
            if not flying:
                return made
            done, _ = wait(flying, return_when=FIRST_COMPLETED)
            for future in done:
                settle(flying.pop(future), _outcome(future), clock.now())
                made += 1


def _outcome(future: Future[Outcome]) -> Outcome:
    try:
        return future.result()
    except Exception as error:
        return Outcome(0, error=f"{type(error).__name__}: {error}"[:300])


def is_due(now: datetime) -> bool:
    """Whether a run would find work."""
    return any(_due(now))


def _due(now: datetime) -> list[UUID]:
    """Endpoints that nobody is posting to, may be tried, and have something waiting, the longest waiting first."""
    ready = Endpoint.objects.filter(Q(busy_until=None) | Q(busy_until__lte=now), state="on", next_at__lte=now)
    ids = list(ready.order_by("next_at").values_list("id", flat=True))
    if not ids:
        return []
    waiting = set(
        Message.objects.filter(endpoint_id__in=ids, state=Message.State.WAITING)
        .order_by()
        .values_list("endpoint_id", flat=True)
        .distinct()
    )
    return [id for id in ids if id in waiting]


def take(now: datetime, limit: int) -> list[Parcel]:
    """Up to ``limit`` messages, one per endpoint, each under a lease of this worker."""
    parcels: list[Parcel] = []
    due = _due(now)
    if not due:
        return parcels
    settled = outbox.settled_seq(now)
    for endpoint_id in due:
        if len(parcels) == limit:
            break
        parcel = _take_one(endpoint_id, settled, now)
        if parcel is not None:
            parcels.append(parcel)
    return parcels


@operation
def _take_one(endpoint_id: UUID, settled: int, now: datetime) -> Parcel | None:
    free = Endpoint.objects.filter(Q(busy_until=None) | Q(busy_until__lte=now), id=endpoint_id, state="on")
    if not guarded(free, busy_until=now + LEASE):
        return None
    endpoint = Endpoint.objects.get(id=endpoint_id)
    message = (
        Message.objects.filter(endpoint=endpoint, state=Message.State.WAITING, event_seq__lte=settled)
        .order_by("event_seq")
        .first()
    )
    event = outbox.event(message.event_seq) if message else None
    if message is None or event is None or tenancy.tenant(endpoint.tenant_id).state != "active":
        Endpoint.objects.filter(id=endpoint_id).update(busy_until=None, next_at=now + timedelta(seconds=1))
        return None
    secrets = Secret.objects.filter(Q(until=None) | Q(until__gt=now), endpoint=endpoint).order_by("-made_at", "-id")
    body, stamp = encoded(event, reader=endpoint.tenant_id), int(now.timestamp())
    headers = {
        "content-type": CONTENT_TYPE,
        "user-agent": "Paseo-Webhooks/1",
        "webhook-id": str(event.id),
        "webhook-timestamp": str(stamp),
        "webhook-signature": signature([unseal(one.sealed) for one in secrets], str(event.id), stamp, body),
    }
    return Parcel(endpoint.id, message.id, Post(endpoint.url, headers, body))


@operation
def settle(parcel: Parcel, outcome: Outcome, now: datetime) -> None:
    """Writes down what became of a post, and when the endpoint may be tried next."""
    endpoint = Endpoint.objects.select_for_update().get(id=parcel.endpoint_id)
    rows = Message.objects.filter(id=parcel.message_id, state=Message.State.WAITING)
    message = rows.first()
    if message is None:  # removed while it was on its way, or another worker took over and was faster
        Endpoint.objects.filter(id=endpoint.id).update(busy_until=None)
        return
    said = {
        "tries": F("tries") + 1,
        "tried_at": now,
        "status": outcome.status,
        "answer": outcome.answer,
        "error": outcome.error[:300],
        "milliseconds": outcome.milliseconds,
    }
    if outcome.delivered:
        rows.update(state=Message.State.DELIVERED, **said)
        Endpoint.objects.filter(id=endpoint.id).update(
            busy_until=None, next_at=now, misses=0, failing_since=None, delivered_at=now
        )
        return
    since = endpoint.failing_since or now
    refusals = message.refusals + (0 if outcome.absent else 1)
    dead = refusals >= settings.PASEO["WEBHOOK_ATTEMPTS"]
    rows.update(refusals=refusals, state=Message.State.DEAD if dead else Message.State.WAITING, **said)
    misses = 0 if dead else endpoint.misses + 1
    rest = timedelta(0) if dead else pause(parcel.message_id, misses, outcome)
    Endpoint.objects.filter(id=endpoint.id).update(
        busy_until=None, next_at=now + rest, misses=misses, failing_since=since
    )
    patience = timedelta(days=settings.PASEO["WEBHOOK_OFF_DAYS"])
    if endpoint.state == "on" and (outcome.gone or now - since >= patience):
        _switch_off(endpoint, "gone" if outcome.gone else "failing", since, now)


def pause(message_id: UUID, misses: int, outcome: Outcome) -> timedelta:
    """5, 10, 20 … seconds, an hour at most, spread by ±25 %; never shorter than the receiver asked for."""
    seconds = min(FIRST_PAUSE_S * 2 ** min(misses - 1, 20), LONGEST_PAUSE_S)
    seconds *= _seed.stream(message_id, misses).uniform(0.75, 1.25)
    return timedelta(seconds=max(seconds, outcome.retry_after or 0))


def _switch_off(endpoint: Endpoint, why: str, since: datetime, now: datetime) -> None:
    transition(Endpoint, endpoint.id, ENDPOINT, "switch_off", was="on", now=now, actor="system", off_because=why)
    waiting = Message.objects.filter(endpoint=endpoint, state=Message.State.WAITING).count()
    told = {
        "name": endpoint.name, "url": endpoint.url, "why": why, "since": since, "waiting": waiting,
        "path": f"/console/{endpoint.tenant_id}/keys/webhooks/" if endpoint.tenant_kind != "operator" else "/console/city/webhooks/",
    }  # fmt: skip
    for person_id in tenancy.holders_of(endpoint.tenant_id, "keys.edit"):
        notify(person_id, "webhooks.switched_off", told, tenant_id=endpoint.tenant_id, now=now)
