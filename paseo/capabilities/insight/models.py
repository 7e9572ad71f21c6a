"""The rollup with its mark and visits, in the stream database beside the log; attributions beside the orders."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from paseo.capabilities.journeys.values import MODE_KEYS
from paseo.platform.db.models import Row


class StageCount(Row):
    """How often one measure happened in one hour of a shop, under one touchpoint, campaign and mode.

    ``id`` is derived from all of these. ``hour`` is the instant at which the hour of the shop's own clock began.
    """

    stream = True

    store_id = models.UUIDField()
    merchant_id = models.UUIDField(null=True, blank=True)
    touchpoint_id = models.UUIDField(null=True, blank=True)
    campaign = models.CharField(max_length=80, blank=True, default="")
    mode = models.CharField(max_length=12, blank=True, default="")
    hour = models.DateTimeField()
    stage = models.CharField(max_length=12)
    measure = models.CharField(max_length=12)
    count = models.IntegerField(default=0)
    amount_minor = models.BigIntegerField(default=0)

    class Meta:
        indexes = [
            models.Index(fields=["store_id", "hour"], name="stage_store_hour"),
            models.Index(fields=["merchant_id", "hour"], name="stage_merchant_hour"),
        ]


class Visit(Row):
    """A visitor was at a shop on a day of the shop, by one way. ``id`` is derived from all of these, ``day_key`` from
    visitor, shop and day, so that neither tells who it was."""

    stream = True

    day_key = models.UUIDField()
    touchpoint_id = models.UUIDField(null=True, blank=True)
    day = models.DateField()

    class Meta:
        indexes = [
            models.Index(fields=["day_key"], name="visit_day_key"),
            models.Index(fields=["day"], name="visit_day"),
        ]


class Mark(models.Model):
    """Up to which contact the log has been folded."""

    stream = True

    name = models.CharField(max_length=20, primary_key=True)
    seq = models.BigIntegerField(default=0)


class Attribution(models.Model):
    """One confirmed order: which touchpoint was met first, which last, and what became of the order.

    ``mode`` is the way of ordering (pickup, here), ``journey`` the declared mode of journeys that it came by.
    """

    order_id = models.UUIDField(primary_key=True)
    store_id = models.UUIDField()
    merchant_id = models.UUIDField()
    visitor_id = models.UUIDField(null=True, blank=True)
    person_id = models.UUIDField(null=True, blank=True)
    mode = models.CharField(max_length=12, blank=True, default="")
    journey = models.CharField(max_length=40)
    channel = models.CharField(max_length=20, blank=True, default="")
    currency = models.CharField(max_length=3)
    total_minor = models.BigIntegerField()
    returned_minor = models.BigIntegerField(default=0)
    first_touchpoint_id = models.UUIDField(null=True, blank=True)
    first_campaign = models.CharField(max_length=80, blank=True, default="")
    last_touchpoint_id = models.UUIDField(null=True, blank=True)
    last_campaign = models.CharField(max_length=80, blank=True, default="")
    again = models.BooleanField(default=False)
    confirmed_at = models.DateTimeField()
    completed_at = models.DateTimeField(null=True, blank=True)
    returned_at = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    reviews = models.PositiveIntegerField(default=0)
    reviewed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(returned_minor__gte=0), name="attribution_returned_not_negative"),
            models.CheckConstraint(condition=Q(journey__in=MODE_KEYS), name="attribution_journey_declared"),
        ]
        indexes = [
            models.Index(fields=["store_id", "confirmed_at"], name="attribution_store"),
            models.Index(fields=["merchant_id", "confirmed_at"], name="attribution_merchant"),
            models.Index(fields=["store_id", "completed_at"], name="attribution_completed"),
            models.Index(fields=["confirmed_at"], name="attribution_confirmed"),
            models.Index(
                fields=["store_id", "returned_at"], name="attribution_returned", condition=Q(returned_at__isnull=False)
            ),
            models.Index(
                fields=["person_id", "store_id"], name="attribution_person", condition=Q(person_id__isnull=False)
            ),
            models.Index(
                fields=["visitor_id", "store_id"], name="attribution_visitor", condition=Q(visitor_id__isnull=False)
            ),
        ]
