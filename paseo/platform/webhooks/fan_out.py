"""From one event to a message for each endpoint that wants it: a reaction, so every event passes exactly once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from paseo.kernel import clock
from paseo.kernel.events import event_types
from paseo.platform.jobs import enqueue_once
from paseo.platform.outbox import Envelope, reaction
from paseo.platform.tenancy import queries as tenancy
from paseo.platform.webhooks import ports
from paseo.platform.webhooks.audience import PING, right_for, wants
from paseo.platform.webhooks.models import Endpoint, Message

NAME = "webhooks.fan_out"


def register() -> None:
    """Takes every event that is offered; call it once all packages have declared theirs."""
    types = dict.fromkeys(name for name, _ in event_types() if name == PING or right_for(name))
    reaction(*types, name=NAME, batch=True)(fan_out)


def fan_out(pairs: Sequence[tuple[Any, Envelope]]) -> None:
    endpoints = list(Endpoint.objects.filter(state="on"))
    if not endpoints:
        return
    firms = tenancy.tenants({endpoint.tenant_id for endpoint in endpoints})
    alive = [endpoint for endpoint in endpoints if firms[endpoint.tenant_id].state == "active"]
    known = any(endpoint.tenant_kind == "operator" for endpoint in alive)
    operators = ports.operators_of({envelope.tenant_id for _, envelope in pairs if envelope.tenant_id}) if known else {}
    now = clock.now()
    messages = [
        Message(endpoint=endpoint, event_seq=envelope.seq, event_id=envelope.id, type=envelope.type, made_at=now)
        for _, envelope in pairs
        for endpoint in alive
        if _is_for(endpoint, envelope, operators.get(envelope.tenant_id) if envelope.tenant_id else None)
    ]
    if messages:
        from paseo.platform.webhooks.tasks import send_waiting

        Message.objects.bulk_create(messages, ignore_conflicts=True)
        enqueue_once(send_waiting)


def _is_for(endpoint: Endpoint, envelope: Envelope, operator: UUID | None) -> bool:
    if envelope.type == PING:
        return envelope.subject == f"endpoint:{endpoint.id}"
    if envelope.tenant_id is None:
        return False
    reads = envelope.tenant_id == endpoint.tenant_id or operator == endpoint.tenant_id
    return reads and wants(endpoint.types, envelope.type)
