from __future__ import annotations

from django.db import models
from django.db.models import Q

from paseo.kernel.ids import new_id
from paseo.platform.db.models import Row


class Event(models.Model):
    """A fact. ``seq`` rises, but on PostgreSQL a lower number may become visible after a higher one."""

    seq = models.BigAutoField(primary_key=True)
    id = models.UUIDField(unique=True, default=new_id, editable=False)
    type = models.CharField(max_length=80)
    version = models.PositiveSmallIntegerField(default=1)
    subject = models.CharField(max_length=80)
    tenant_id = models.UUIDField(null=True)
    place_id = models.UUIDField(null=True)
    at = models.DateTimeField()
    body = models.JSONField()
    dispatched_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["seq"], condition=Q(dispatched_at__isnull=True), name="outbox_event_pending"),
            models.Index(fields=["subject", "seq"], name="outbox_event_subject"),
            models.Index(fields=["tenant_id", "seq"], name="outbox_event_tenant"),
        ]


class Delivery(models.Model):
    """Written in the transaction of the reaction itself: this reaction has seen this event."""

    event_seq = models.BigIntegerField()
    reaction = models.CharField(max_length=80)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["event_seq", "reaction"], name="outbox_delivery_once")]


class Failure(Row):
    """A reaction that could not take an event: waiting for its next try, dead, or dealt with."""

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="+")
    reaction = models.CharField(max_length=80)
    state = models.CharField(max_length=12, default="waiting")
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField()
    error = models.TextField(blank=True, default="")
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["event", "reaction"], name="outbox_failure_once")]
        indexes = [models.Index(fields=["state", "next_at"], name="outbox_failure_waiting")]


class Relay(models.Model):
    """One row: which relay leads until when, and what all of them have done."""

    name = models.CharField(max_length=20, primary_key=True)
    holder = models.CharField(max_length=60, blank=True, default="")
    until = models.DateTimeField(null=True)
    delivered = models.BigIntegerField(default=0)
    skipped = models.BigIntegerField(default=0)
    failed = models.BigIntegerField(default=0)
