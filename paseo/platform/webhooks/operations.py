"""Naming endpoints, changing their secrets, switching them, sending again.

``by`` is the scope of whoever acts. Each function is one unit; what is not this firm's is NotFound.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q

from paseo.kernel.errors import N_, Invalid, NotFound
from paseo.kernel.ids import new_id
from paseo.kernel.states import NotAllowed
from paseo.platform.audit.operations import record
from paseo.platform.db.unit import operation, transition
from paseo.platform.jobs import enqueue_once
from paseo.platform.outbox import emit
from paseo.platform.tenancy.refusals import MoreThanOwn
from paseo.platform.tenancy.values import Scope
from paseo.platform.webhooks.addresses import check_url
from paseo.platform.webhooks.audience import is_known, right_for
from paseo.platform.webhooks.events import EndpointPinged
from paseo.platform.webhooks.models import Endpoint, Message, Secret
from paseo.platform.webhooks.refusals import SwitchedOff, TooManyEndpoints
from paseo.platform.webhooks.secrets import new_secret, seal
from paseo.platform.webhooks.states import ENDPOINT
from paseo.platform.webhooks.values import Issued

MOST = 20
OVERLAP = timedelta(hours=24)
"""How long a replaced secret goes on signing beside the new one."""


@operation
def add_endpoint(*, by: Scope, url: str, types: Iterable[str], name: str, now: datetime) -> Issued:
    """Names an address for events of ``types`` (``ordering.order_paid``, or ``ordering.*``); shows its secret this once.

    Refuses AddressRefused, Invalid, MoreThanOwn for kinds of events that the giver may not see, TooManyEndpoints,
    NotAllowedHere without ``keys.edit``.
    """
    wanted = _allowed(by, types)
    address = check_url(url)
    if Endpoint.objects.filter(tenant_id=by.tenant_id).exclude(state="removed").count() >= MOST:
        raise TooManyEndpoints(most=MOST)
    row = Endpoint.objects.create(
        id=new_id(),
        tenant_id=by.tenant_id,
        tenant_kind=by.kind,
        name=name.strip()[:80],
        url=address,
        types=wanted,
        created_at=now,
        created_by=by.actor,
        next_at=now,
    )
    secret = _add_secret(row, now)
    _record(by, "added", row, now, url=address, types=wanted)
    return Issued(row.id, secret)


@operation
def edit_endpoint(*, by: Scope, endpoint_id: UUID, url: str, types: Iterable[str], name: str, now: datetime) -> None:
    """Moves an endpoint or changes what it is told; what waits goes to the new address. Refuses as ``add_endpoint``."""
    row = _own(by, endpoint_id)
    wanted, address = _allowed(by, types), check_url(url)
    Endpoint.objects.filter(pk=row.pk).update(url=address, types=wanted, name=name.strip()[:80], next_at=now, misses=0)
    _record(by, "edited", row, now, url=address, types=wanted)
    enqueue_once(_sender())


@operation
def rotate_secret(*, by: Scope, endpoint_id: UUID, now: datetime) -> str:
    """A new secret, shown this once. The one before signs beside it for a day; older ones end at once."""
    row = _own(by, endpoint_id)
    Secret.objects.filter(Q(until__gt=now), endpoint=row).update(until=now)
    Secret.objects.filter(endpoint=row, until__isnull=True).update(until=now + OVERLAP)
    secret = _add_secret(row, now)
    _record(by, "secret_rotated", row, now)
    return secret


@operation
def switch_on(*, by: Scope, endpoint_id: UUID, now: datetime) -> None:
    """Begins again with what waits. Again: nothing."""
    row = _own(by, endpoint_id)
    try:
        transition(
            Endpoint, row.id, ENDPOINT, "switch_on", now=now, actor=by.actor, off_because="", next_at=now, misses=0,
            failing_since=None,
        )  # fmt: skip
    except NotAllowed:
        return
    _record(by, "switched_on", row, now)
    enqueue_once(_sender())


@operation
def switch_off(*, by: Scope, endpoint_id: UUID, now: datetime) -> None:
    """Sends nothing more and collects nothing more; what waits stays. Again: nothing."""
    row = _own(by, endpoint_id)
    try:
        transition(Endpoint, row.id, ENDPOINT, "switch_off", now=now, actor=by.actor, off_because="asked")
    except NotAllowed:
        return
    _record(by, "switched_off", row, now)


@operation
def remove_endpoint(*, by: Scope, endpoint_id: UUID, now: datetime) -> None:
    """Ends an endpoint with its secrets and what waits for it. Again: NotFound."""
    row = _own(by, endpoint_id)
    transition(Endpoint, row.id, ENDPOINT, "remove", now=now, actor=by.actor)
    Secret.objects.filter(endpoint=row).delete()
    Message.objects.filter(endpoint=row).delete()
    _record(by, "removed", row, now, url=row.url)


@operation
def ping(*, by: Scope, endpoint_id: UUID, now: datetime) -> None:
    """Sends a test event down the way that all events go. Refuses SwitchedOff."""
    row = _own(by, endpoint_id)
    if row.state != "on":
        raise SwitchedOff
    Endpoint.objects.filter(pk=row.pk).update(next_at=now)
    emit(EndpointPinged(row.id, now), tenant_id=row.tenant_id, at=now)


@operation
def send_again(*, by: Scope, endpoint_id: UUID, now: datetime, message_id: UUID | None = None) -> int:
    """Lets a message go once more, or without ``message_id`` every dead letter; with the same ids. Returns how many."""
    row = _own(by, endpoint_id)
    if row.state != "on":
        raise SwitchedOff
    rows = Message.objects.filter(endpoint=row)
    if message_id is None:
        rows = rows.filter(state=Message.State.DEAD)
    else:
        rows = rows.filter(id=message_id)
        if not rows.exists():
            raise NotFound
    count = rows.exclude(state=Message.State.WAITING).update(state=Message.State.WAITING, refusals=0)
    Endpoint.objects.filter(pk=row.pk).update(next_at=now, misses=0)
    enqueue_once(_sender())
    return count


@operation
def forget_old(*, delivered_before: datetime, dead_before: datetime, limit: int = 5000) -> int:
    """Deletes messages that nobody asks for any more; returns how many."""
    old = Message.objects.filter(
        Q(state=Message.State.DELIVERED, made_at__lt=delivered_before)
        | Q(state=Message.State.DEAD, made_at__lt=dead_before)
    ).values_list("pk", flat=True)[:limit]
    return Message.objects.filter(pk__in=list(old)).delete()[0]


def _own(by: Scope, endpoint_id: UUID) -> Endpoint:
    """The row, locked. Also an operator has only its own endpoints, not those of its merchants."""
    _require(by)
    row = (
        Endpoint.objects.select_for_update()
        .filter(id=endpoint_id, tenant_id=by.tenant_id)
        .exclude(state="removed")
        .first()
    )
    if row is None:
        raise NotFound
    return row


def _require(by: Scope) -> None:
    by.require("keys.edit")
    if by.place_ids is not None:
        raise MoreThanOwn


def _allowed(by: Scope, types: Iterable[str]) -> list[str]:
    _require(by)
    wanted = sorted(set(types))
    if not wanted:
        raise Invalid(fields={"types": N_("Choose at least one kind of event.")})
    for pattern in wanted:
        right = right_for(pattern)
        if right is None or not is_known(pattern):
            raise Invalid(fields={"types": N_("One of these events does not exist.")})
        if not by.holds(right):
            raise MoreThanOwn
        by.require(right)
    return wanted


def _add_secret(row: Endpoint, now: datetime) -> str:
    secret = new_secret()
    Secret.objects.create(id=new_id(), endpoint=row, sealed=seal(secret), made_at=now)
    return secret


def _sender() -> object:
    from paseo.platform.webhooks.tasks import send_waiting

    return send_waiting


def _record(by: Scope, what: str, row: Endpoint, now: datetime, **after: object) -> None:
    record(by.actor, f"webhooks.{what}", f"endpoint:{row.id}", tenant_id=row.tenant_id, after=after or None, at=now)
