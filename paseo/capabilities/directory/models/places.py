"""The nested places of a city, and the stores among them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from paseo.capabilities.directory.models.merchants import Merchant
from paseo.capabilities.directory.states import STORE
from paseo.platform.db.models import Row

PLACE_KINDS = ("city", "mall", "floor", "unit", "store")


class Place(Row):
    """Somewhere. ``owner_id`` is the tenant that may change it; ``name`` is a text in several languages."""

    owner_id = models.UUIDField(db_index=True)
    kind = models.CharField(max_length=8)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    name = models.JSONField(default=dict)
    lat = models.FloatField(db_index=True)
    lon = models.FloatField()
    cell9 = models.BigIntegerField(db_index=True)
    street = models.CharField(max_length=160, blank=True)
    house_number = models.CharField(max_length=30, blank=True)
    postal_code = models.CharField(max_length=16, blank=True)
    city = models.CharField(max_length=80, blank=True)
    country = models.CharField(max_length=2, blank=True)
    level = models.CharField(max_length=20, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=PLACE_KINDS), name="directory_place_kind"),
            models.CheckConstraint(
                condition=Q(lat__gte=-90, lat__lte=90, lon__gte=-180, lon__lte=180), name="directory_place_on_earth"
            ),
        ]


class Store(models.Model):
    """A place that sells. Its id is the id of its place. ``version`` rises with every change."""

    place = models.OneToOneField(Place, primary_key=True, on_delete=models.PROTECT, related_name="+")
    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="+")
    category = models.CharField(max_length=30, db_index=True)
    tags = models.JSONField(default=list)
    description = models.JSONField(default=dict)
    phone = models.CharField(max_length=20, blank=True)
    website = models.CharField(max_length=300, blank=True)
    hours = models.CharField(max_length=500, blank=True)
    zone = models.CharField(max_length=50)
    currency = models.CharField(max_length=3)
    region = models.CharField(max_length=10)
    services = models.JSONField(default=list)
    prep_minutes = models.PositiveSmallIntegerField(default=10)
    last_order_minutes = models.PositiveSmallIntegerField(null=True)
    auto_accept = models.BooleanField(default=False)
    state = models.CharField(max_length=10, default=STORE.initial)
    listed = models.BooleanField(default=False)
    pause_until = models.DateTimeField(null=True)
    pause_reason = models.CharField(max_length=200, blank=True)
    facade = models.JSONField(default=dict)
    photo_id = models.UUIDField(null=True)
    plate_letter = models.CharField(max_length=1)
    slug = models.SlugField(max_length=80, unique=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=STORE.states), name="directory_store_state"),
            models.CheckConstraint(condition=~Q(slug=""), name="directory_store_slug"),
        ]
