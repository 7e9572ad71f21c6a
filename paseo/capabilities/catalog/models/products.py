"""Products, their variants and their options."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from paseo.capabilities.catalog.states import PRODUCT
from paseo.capabilities.catalog.values.kinds import GROUP_KINDS, PRODUCT_KINDS, TAX_CLASSES
from paseo.platform.db.models import Row


class Product(Row):
    """``merchant`` None is a shared product: known by its barcode, sold by nobody until a merchant takes it over."""

    merchant = models.ForeignKey("directory.Merchant", null=True, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8)
    names = models.JSONField()
    descriptions = models.JSONField(default=dict)
    brand = models.CharField(max_length=120, blank=True)
    category = models.CharField(max_length=60, blank=True)
    tax_class = models.CharField(max_length=10, default="standard")
    allergens = models.JSONField(default=list)
    ingredients = models.CharField(max_length=2000, blank=True)
    media_ids = models.JSONField(default=list)
    gtin = models.CharField(max_length=14, null=True, db_index=True)  # noqa: DJ001 - absent is not the same as empty
    state = models.CharField(max_length=8, default=PRODUCT.initial)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=PRODUCT_KINDS), name="catalog_product_kind"),
            models.CheckConstraint(condition=Q(state__in=PRODUCT.states), name="catalog_product_state"),
            models.CheckConstraint(condition=Q(tax_class__in=TAX_CLASSES), name="catalog_product_tax_class"),
            models.UniqueConstraint(
                fields=["gtin"], condition=Q(merchant=None, gtin__isnull=False), name="catalog_shared_gtin"
            ),
        ]


class Variant(Row):
    """What is priced, counted and scanned. ``merchant`` repeats the product's, so that barcodes are unique in it."""

    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="+")
    merchant = models.ForeignKey("directory.Merchant", null=True, on_delete=models.PROTECT, related_name="+")
    sku = models.CharField(max_length=60, blank=True)
    gtin = models.CharField(max_length=14, null=True)  # noqa: DJ001 - absent is not the same as empty
    names = models.JSONField(default=dict)
    content_amount = models.PositiveIntegerField(null=True)
    content_unit = models.CharField(max_length=5, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant", "gtin"], condition=Q(gtin__isnull=False), name="catalog_variant_gtin"
            ),
            models.UniqueConstraint(fields=["merchant", "sku"], condition=~Q(sku=""), name="catalog_variant_sku"),
        ]


class OptionGroup(Row):
    """Choose between ``min`` and ``max`` of the options. The kind "without" holds exclusions."""

    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, default="choice")
    names = models.JSONField()
    min = models.PositiveSmallIntegerField(default=0)
    max = models.PositiveSmallIntegerField(default=1)
    position = models.PositiveSmallIntegerField(default=0)
    active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=GROUP_KINDS), name="catalog_group_kind"),
            models.CheckConstraint(condition=Q(min__lte=F("max"), max__gte=1), name="catalog_group_limits"),
        ]


class Option(Row):
    """One answer. ``delta_minor`` is added to the unit price, in the currency of the store; zero for exclusions."""

    group = models.ForeignKey(OptionGroup, on_delete=models.PROTECT, related_name="+")
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="+")
    names = models.JSONField()
    delta_minor = models.BigIntegerField(default=0)
    allergens = models.JSONField(default=list)
    position = models.PositiveSmallIntegerField(default=0)
    active = models.BooleanField(default=True)
