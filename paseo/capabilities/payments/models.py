"""Payments, what gateways told about them, and refunds."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from paseo.capabilities.payments.states import PAYMENT, REFUND
from paseo.platform.db.models import Row


class Payment(Row):
    """One try to pay for ``subject_id`` (an order). ``captured_*`` is what really arrived, and the message that
    told it."""

    subject_id = models.UUIDField(db_index=True)
    tenant_id = models.UUIDField()
    payer_key = models.CharField(max_length=80)
    method = models.CharField(max_length=20)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    state = models.CharField(max_length=16, default=PAYMENT.initial)
    gateway_ref = models.CharField(max_length=80, blank=True)
    redirect_url = models.TextField(blank=True)
    return_url = models.CharField(max_length=300, blank=True)
    captured_minor = models.BigIntegerField(default=0)
    captured_currency = models.CharField(max_length=3, blank=True)
    refunding_minor = models.BigIntegerField(default=0)
    refunded_minor = models.BigIntegerField(default=0)
    trouble = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    captured_at = models.DateTimeField(null=True)
    captured_event = models.CharField(max_length=80, blank=True)
    captured_notice = models.JSONField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=PAYMENT.states), name="payments_payment_state"),
            models.CheckConstraint(condition=Q(amount_minor__gte=0), name="payments_payment_amount"),
            models.CheckConstraint(
                condition=Q(refunding_minor__gte=F("refunded_minor"))
                & Q(refunding_minor__lte=F("captured_minor"))
                & Q(refunded_minor__gte=0),
                name="payments_payment_refunds",
            ),
            models.UniqueConstraint(
                fields=["subject_id"],
                condition=Q(state__in=["captured", "partly_refunded"]),
                name="payments_one_success",
            ),
            models.UniqueConstraint(
                fields=["method", "captured_event"],
                condition=~Q(captured_event=""),
                name="payments_captured_event_once",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "created_at"], name="payments_open"),
            models.Index(fields=["tenant_id", "captured_at"], name="payments_by_day"),
        ]


class GatewayNotice(Row):
    """A signed message of a gateway, as it came. ``payment_id`` may name a payment that we do not know (yet).

    The message that captured a payment stands in the payment itself.
    """

    gateway = models.CharField(max_length=20)
    event_id = models.CharField(max_length=80)
    kind = models.CharField(max_length=40)
    payment_id = models.UUIDField(null=True, db_index=True)
    body = models.JSONField()
    received_at = models.DateTimeField()
    outcome = models.CharField(max_length=20)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["gateway", "event_id"], name="payments_notice_once")]


class RefusedNotices(models.Model):
    """That messages in a gateway's name come with a wrong signature: since when without an hour's rest, and last."""

    gateway = models.CharField(max_length=20, primary_key=True)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()


class Refund(Row):
    """Money on its way back. ``key`` is the id under which the gateway does it once: the refund's own, or a fresh one
    when a person lets it be tried anew after the gateway has kept a failure under the old one.

    ``round`` counts those tries; ``elsewhere`` is how a person settled it by hand.
    """

    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="+")
    subject_id = models.UUIDField(db_index=True)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    reason = models.CharField(max_length=40)
    note = models.CharField(max_length=300, blank=True)
    state = models.CharField(max_length=12, default=REFUND.initial)
    gateway_ref = models.CharField(max_length=80, blank=True)
    requested_at = models.DateTimeField()
    requested_by = models.CharField(max_length=80)
    expected_by = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    key = models.UUIDField(unique=True)
    elsewhere = models.CharField(max_length=8, blank=True)
    round = models.PositiveSmallIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True)
    trouble = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=REFUND.states), name="payments_refund_state"),
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="payments_refund_amount"),
            models.CheckConstraint(
                condition=Q(elsewhere="") | Q(elsewhere__in=["bank", "gateway"], state="done"),
                name="payments_refund_elsewhere",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "next_try_at"], name="payments_refund_due"),
        ]
