"""Endpoints, their secrets, and one message per event and endpoint."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from paseo.platform.db.models import Row


class Endpoint(Row):
    """``busy_until`` is the lease of the worker that is posting to it; ``next_at`` when it may be tried again."""

    class OffBecause(models.TextChoices):
        ASKED = "asked"
        FAILING = "failing"
        GONE = "gone"

    tenant_id = models.UUIDField()
    tenant_kind = models.CharField(max_length=12)
    name = models.CharField(max_length=80)
    url = models.CharField(max_length=500)
    types = models.JSONField()
    state = models.CharField(max_length=8, default="on")
    off_because = models.CharField(max_length=8, choices=OffBecause.choices, blank=True, default="")
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=80)
    next_at = models.DateTimeField()
    busy_until = models.DateTimeField(null=True)
    misses = models.PositiveIntegerField(default=0)
    failing_since = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=["on", "off", "removed"]), name="webhooks_endpoint_state"),
        ]
        indexes = [models.Index(fields=["tenant_id", "created_at"], name="webhooks_endpoint_tenant")]


class Secret(Row):
    """What messages are signed with, encrypted. A replaced one is used beside the new one until ``until``."""

    endpoint = models.ForeignKey(Endpoint, on_delete=models.CASCADE, related_name="+")
    sealed = models.CharField(max_length=300)
    made_at = models.DateTimeField()
    until = models.DateTimeField(null=True)


class Message(Row):
    """``status`` is the last answer's, 0 when there was none; ``refusals`` are the tries that count."""

    class State(models.TextChoices):
        WAITING = "waiting"
        DELIVERED = "delivered"
        DEAD = "dead"

    endpoint = models.ForeignKey(Endpoint, on_delete=models.CASCADE, related_name="+")
    event_seq = models.BigIntegerField()
    event_id = models.UUIDField()
    type = models.CharField(max_length=80)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    made_at = models.DateTimeField()
    tries = models.PositiveIntegerField(default=0)
    refusals = models.PositiveSmallIntegerField(default=0)
    tried_at = models.DateTimeField(null=True)
    status = models.PositiveSmallIntegerField(default=0)
    answer = models.TextField(blank=True, default="")
    error = models.CharField(max_length=300, blank=True, default="")
    milliseconds = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["endpoint", "event_seq"], name="webhooks_message_once"),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "delivered", "dead"]), name="webhooks_message_state"
            ),
        ]
        indexes = [
            models.Index(
                fields=["endpoint", "event_seq"], condition=Q(state="waiting"), name="webhooks_message_waiting"
            ),
            models.Index(fields=["state", "made_at"], name="webhooks_message_age"),
        ]
