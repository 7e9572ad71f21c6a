"""Merchants, their contracts and papers."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from paseo.capabilities.directory.states import MERCHANT
from paseo.platform.db.models import Row


class Merchant(Row):
    """A business that sells. Its id is the id of its tenant."""

    operator_id = models.UUIDField(db_index=True)
    legal_name = models.CharField(max_length=200)
    business_id = models.CharField(max_length=60, blank=True)
    country = models.CharField(max_length=2, blank=True)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=20, blank=True)
    applicant_id = models.UUIDField(null=True)
    state = models.CharField(max_length=12, default=MERCHANT.initial, db_index=True)
    reason = models.CharField(max_length=300, blank=True)
    applied_at = models.DateTimeField()
    live_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=MERCHANT.states), name="directory_merchant_state"),
            models.UniqueConstraint(
                fields=["operator_id", "country", "business_id"],
                condition=~Q(business_id="") & ~Q(state__in=["refused", "closed"]),
                name="directory_merchant_business_id",
            ),
        ]


class Contract(Row):
    """Terms between the operator and a merchant. During the trial neither commission nor fee is taken."""

    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="+")
    commission_bps = models.IntegerField()
    monthly_fee_minor = models.BigIntegerField(default=0)
    currency = models.CharField(max_length=3)
    trial_until = models.DateTimeField(null=True)
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField(null=True)
    signed_at = models.DateTimeField()
    signed_by = models.CharField(max_length=100)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(commission_bps__gte=0, commission_bps__lte=10_000), name="directory_contract_commission"
            ),
            models.CheckConstraint(condition=Q(monthly_fee_minor__gte=0), name="directory_contract_fee"),
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gte=F("valid_from")), name="directory_contract_period"
            ),
            models.UniqueConstraint(fields=["merchant"], condition=Q(valid_until=None), name="directory_contract_open"),
        ]


class Paper(Row):
    """A document of an application. The file itself is kept private by media."""

    KINDS = ("registration", "identity", "licence", "bank", "other")

    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20)
    media_id = models.UUIDField()
    name = models.CharField(max_length=200)
    added_by = models.CharField(max_length=100)
    added_at = models.DateTimeField()
