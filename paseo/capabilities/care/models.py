"""Rights, reviews with their earlier versions, replies, and the counters of the ratings."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from paseo.capabilities.care import states
from paseo.platform.db.models import Row


class ReviewRight(Row):
    """One consumed order line may be reviewed once, until ``expires_at``."""

    order_id = models.UUIDField()
    line_id = models.UUIDField(unique=True)
    store_id = models.UUIDField()
    merchant_id = models.UUIDField()
    owner = models.CharField(max_length=48)
    variant_id = models.UUIDField(null=True, blank=True)
    names = models.JSONField(default=dict, blank=True)
    consumed_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["order_id"], name="right_order"),
            models.Index(fields=["owner"], name="right_owner"),
        ]


class Review(Row):
    right = models.OneToOneField(ReviewRight, models.PROTECT, related_name="+")
    store_id = models.UUIDField()
    merchant_id = models.UUIDField()
    stars = models.PositiveSmallIntegerField()
    parts = models.JSONField(default=dict, blank=True)
    text = models.TextField(blank=True, default="")
    lang = models.CharField(max_length=12, blank=True, default="")
    signature = models.CharField(max_length=40, blank=True, default="")
    media_ids = models.JSONField(default=list, blank=True)
    state = models.CharField(max_length=10, default=states.REVIEW.initial)
    state_why = models.CharField(max_length=200, blank=True, default="")
    written_at = models.DateTimeField()
    edited_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(stars__gte=1, stars__lte=5), name="review_one_to_five_stars"),
            models.CheckConstraint(condition=Q(state__in=states.REVIEW.states), name="review_state_known"),
        ]
        indexes = [
            models.Index(fields=["store_id", "-id"], name="review_store", condition=Q(state="published")),
            models.Index(fields=["merchant_id", "-id"], name="review_merchant"),
        ]


class ReviewVersion(Row):
    """A review as it was before an edit. Only ever added to."""

    review = models.ForeignKey(Review, models.PROTECT, related_name="+")
    until = models.DateTimeField()
    stars = models.PositiveSmallIntegerField()
    parts = models.JSONField(default=dict, blank=True)
    text = models.TextField(blank=True, default="")
    media_ids = models.JSONField(default=list, blank=True)

    class Meta:
        indexes = [models.Index(fields=["review", "id"], name="review_version")]


class Reply(Row):
    review = models.OneToOneField(Review, models.PROTECT, related_name="+")
    text = models.TextField()
    lang = models.CharField(max_length=12, blank=True, default="")
    actor = models.CharField(max_length=80)
    at = models.DateTimeField()
    edited_at = models.DateTimeField(null=True, blank=True)


class Tally(Row):
    """Counter of one aspect of a store's published reviews.

    ``aspect`` is ``stars`` (the overall mark), ``stars:1`` … ``stars:5`` (how many gave it) or the name of a part.
    """

    store_id = models.UUIDField()
    aspect = models.CharField(max_length=12)
    count = models.IntegerField(default=0)
    total = models.IntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["store_id", "aspect"], name="tally_once"),
            models.CheckConstraint(condition=Q(count__gte=0, total__gte=0), name="tally_not_negative"),
        ]
