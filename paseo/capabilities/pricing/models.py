"""Price lists, prices, tax rates and what shelves were seen to say."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from paseo.capabilities.pricing.values import CHANNELS
from paseo.platform.db.models import Row


class PriceList(Row):
    """``store`` None: for all stores of the merchant."""

    merchant = models.ForeignKey("directory.Merchant", on_delete=models.PROTECT, related_name="+")
    store = models.ForeignKey("directory.Store", null=True, on_delete=models.PROTECT, related_name="+")
    channel = models.CharField(max_length=8, default="any")
    currency = models.CharField(max_length=3)
    tax_included = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(channel__in=CHANNELS), name="pricing_list_channel"),
            models.UniqueConstraint(
                fields=["merchant", "store", "channel"], condition=~Q(store=None), name="pricing_list_of_store"
            ),
            models.UniqueConstraint(
                fields=["merchant", "channel"], condition=Q(store=None), name="pricing_list_of_merchant"
            ),
        ]


class Price(Row):
    """Valid from ``valid_from`` up to, and without, ``valid_until``; None means until further notice."""

    list = models.ForeignKey(PriceList, on_delete=models.PROTECT, related_name="prices", db_index=False)
    variant = models.ForeignKey("catalog.Variant", on_delete=models.PROTECT, related_name="+")
    amount_minor = models.BigIntegerField()
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField(null=True)
    actor = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount_minor__gte=0), name="pricing_price_not_negative"),
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gt=F("valid_from")), name="pricing_price_period"
            ),
            models.UniqueConstraint(fields=["list", "variant", "valid_from"], name="pricing_price_start"),
            models.UniqueConstraint(
                fields=["list", "variant"], condition=Q(valid_until=None), name="pricing_price_one_open"
            ),
        ]


class TaxRate(models.Model):
    """The rate of a tax class in a region from an instant on, until the next one."""

    region = models.CharField(max_length=10)
    tax_class = models.CharField(max_length=10)
    rate = models.DecimalField(max_digits=6, decimal_places=5)
    valid_from = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["region", "tax_class", "valid_from"], name="pricing_rate_start"),
            models.CheckConstraint(condition=Q(rate__gte=0, rate__lt=1), name="pricing_rate_share"),
        ]


class PriceObservation(Row):
    """Somebody read a price on a shelf. The newest of a variant in a store counts."""

    store = models.ForeignKey("directory.Store", on_delete=models.PROTECT, related_name="+", db_index=False)
    variant = models.ForeignKey("catalog.Variant", on_delete=models.PROTECT, related_name="+")
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    seen_at = models.DateTimeField()
    actor = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount_minor__gte=0), name="pricing_observation_not_negative")
        ]
        indexes = [models.Index(fields=["store", "variant", "seen_at"], name="pricing_observation_newest")]
