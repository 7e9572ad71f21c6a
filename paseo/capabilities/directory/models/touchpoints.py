"""Where a phone meets a place."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from paseo.capabilities.directory.models.merchants import Merchant
from paseo.capabilities.directory.models.places import Place, Store
from paseo.platform.db.models import Row

TOUCHPOINT_KINDS = ("qr_poster", "link", "nfc", "label", "screen")


class Touchpoint(Row):
    """A poster, link, tag, label or screen. ``token`` is public and short: it stands behind ``/t/<token>``."""

    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="+")
    store = models.ForeignKey(Store, null=True, on_delete=models.PROTECT, related_name="+")
    place = models.ForeignKey(Place, null=True, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10)
    name = models.CharField(max_length=120)
    token = models.CharField(max_length=16, unique=True)
    campaign = models.CharField(max_length=80, blank=True)
    target = models.CharField(max_length=300, blank=True)
    active = models.BooleanField(default=True)
    created_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=TOUCHPOINT_KINDS), name="directory_touchpoint_kind"),
        ]
