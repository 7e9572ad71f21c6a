"""The assortment of a store."""

from __future__ import annotations

from django.db import models

from paseo.capabilities.catalog.models.products import Product, Variant
from paseo.platform.db.models import Row


class Offer(Row):
    """One variant in one store. ``sold_out_until`` in the future hides nothing, but it cannot be ordered."""

    store = models.ForeignKey("directory.Store", on_delete=models.PROTECT, related_name="+")
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="+")
    variant = models.ForeignKey(Variant, on_delete=models.PROTECT, related_name="+")
    section = models.JSONField(default=dict)
    position = models.PositiveIntegerField(default=0)
    active = models.BooleanField(default=True)
    sold_out_until = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["store", "variant"], name="catalog_offer_once")]
        indexes = [models.Index(fields=["store", "position", "id"], name="catalog_offer_order")]
