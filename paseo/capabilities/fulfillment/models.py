"""Handovers and the counters of their plates."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from paseo.capabilities.fulfillment.states import HANDOVER
from paseo.platform.db.models import Row

KINDS = ("pickup", "here")


class PlateCounter(models.Model):
    """The last number given out by a store on a day of its own calendar."""

    store = models.ForeignKey("directory.Store", on_delete=models.PROTECT, related_name="+", db_index=False)
    day = models.DateField()
    last = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["store", "day"], name="fulfillment_counter_once")]


class Handover(Row):
    """The shop's side of one order; its id is the order's. ``slip`` is what the kitchen reads, frozen at the order."""

    store = models.ForeignKey("directory.Store", on_delete=models.PROTECT, related_name="+", db_index=False)
    merchant_id = models.UUIDField()
    kind = models.CharField(max_length=8)
    day = models.DateField()
    plate = models.CharField(max_length=3)
    code_id = models.UUIDField(null=True)
    state = models.CharField(max_length=14, default=HANDOVER.initial)
    customer = models.CharField(max_length=100, blank=True)
    slip = models.JSONField(default=list)
    note = models.CharField(max_length=300, blank=True)
    opened_at = models.DateTimeField()
    promised_at = models.DateTimeField()
    first_promised_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    ready_at = models.DateTimeField(null=True)
    arrived_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    state_before = models.CharField(max_length=14, blank=True)
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=HANDOVER.states), name="fulfillment_handover_state"),
            models.CheckConstraint(condition=Q(kind__in=KINDS), name="fulfillment_handover_kind"),
            models.UniqueConstraint(fields=["store", "day", "plate"], name="fulfillment_plate_once"),
        ]
        indexes = [
            models.Index(fields=["store", "state", "promised_at"], name="fulfillment_in_hand"),
            models.Index(fields=["store", "ended_at"], name="fulfillment_ended"),
            models.Index(fields=["state", "promised_at"], name="fulfillment_due"),
        ]
