"""Carts, orders, their lines, and the shop's proposals."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from paseo.capabilities.ordering.states import CART, CHANGE, ORDER
from paseo.platform.db.models import Row

MODES = ("pickup", "here")


class Cart(Row):
    """What somebody wants from one store. ``lines`` is a small document that is always read and written whole;
    ``version`` rises with every write, so that two tabs never overwrite each other unseen."""

    visitor_id = models.UUIDField(null=True)
    person_id = models.UUIDField(null=True, db_index=True)
    store = models.ForeignKey("directory.Store", on_delete=models.PROTECT, related_name="+", db_index=False)
    mode = models.CharField(max_length=8, default="pickup")
    state = models.CharField(max_length=10, default=CART.initial)
    lines = models.JSONField(default=list)
    voucher_ids = models.JSONField(default=list)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=CART.states), name="ordering_cart_state"),
            models.CheckConstraint(condition=Q(mode__in=MODES), name="ordering_cart_mode"),
            models.CheckConstraint(
                condition=Q(visitor_id__isnull=False) | Q(person_id__isnull=False), name="ordering_cart_owner"
            ),
            models.UniqueConstraint(
                fields=["visitor_id", "store"],
                condition=Q(state="open", person_id=None),
                name="ordering_one_cart_of_visitor",
            ),
            models.UniqueConstraint(
                fields=["person_id", "store"], condition=Q(state="open"), name="ordering_one_cart_of_person"
            ),
        ]
        indexes = [
            models.Index(fields=["state", "updated_at"], name="ordering_cart_old"),
            models.Index(fields=["visitor_id", "state"], name="ordering_cart_visitor"),
        ]


class Order(Row):
    """An agreement between a buyer and a store. Amounts are frozen at placement, the operator's commission too.

    ``returned_minor`` is what was taken off or is on its way back; ``funded`` says who pays the discounts; ``slip`` is
    what the kitchen will read.
    """

    cart_id = models.UUIDField(unique=True, null=True)
    number = models.CharField(max_length=16, unique=True)
    store = models.ForeignKey("directory.Store", on_delete=models.PROTECT, related_name="+", db_index=False)
    merchant_id = models.UUIDField()
    person_id = models.UUIDField(null=True, db_index=True)
    visitor_id = models.UUIDField(null=True, db_index=True)
    access_hash = models.CharField(max_length=64)
    email = models.EmailField(blank=True)
    name = models.CharField(max_length=100, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    note = models.CharField(max_length=300, blank=True)
    locale = models.CharField(max_length=10, default="en")
    channel = models.CharField(max_length=10, default="web")
    external_ref = models.CharField(max_length=120, blank=True)
    first_touchpoint_id = models.UUIDField(null=True)
    last_touchpoint_id = models.UUIDField(null=True)
    mode = models.CharField(max_length=8)
    method = models.CharField(max_length=20)
    state = models.CharField(max_length=14, default=ORDER.initial)
    currency = models.CharField(max_length=3)
    tax_included = models.BooleanField(default=True)
    subtotal_minor = models.BigIntegerField()
    discount_minor = models.BigIntegerField(default=0)
    tax_minor = models.BigIntegerField(default=0)
    tip_minor = models.BigIntegerField(default=0)
    total_minor = models.BigIntegerField()
    returned_minor = models.BigIntegerField(default=0)
    operator_id = models.UUIDField(null=True)
    commission_bps = models.IntegerField(default=0)
    commission_minor = models.BigIntegerField(default=0)
    commission_tax_minor = models.BigIntegerField(default=0)
    funded = models.JSONField(default=dict)
    voucher_ids = models.JSONField(default=list)
    explain = models.JSONField(default=dict)
    slip = models.JSONField(default=list)
    placed_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    paid_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    promised_at = models.DateTimeField()
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ORDER.states), name="ordering_order_state"),
            models.CheckConstraint(condition=Q(mode__in=MODES), name="ordering_order_mode"),
            models.CheckConstraint(
                condition=Q(subtotal_minor__gte=0, discount_minor__gte=0, tip_minor__gte=0, total_minor__gte=0),
                name="ordering_order_amounts",
            ),
            models.CheckConstraint(
                condition=Q(returned_minor__gte=0) & Q(returned_minor__lte=F("total_minor")),
                name="ordering_order_returned",
            ),
            models.CheckConstraint(
                condition=Q(commission_bps__gte=0, commission_bps__lte=10_000), name="ordering_order_commission"
            ),
            models.UniqueConstraint(
                fields=["store", "external_ref"], condition=~Q(external_ref=""), name="ordering_external_once"
            ),
        ]
        indexes = [
            models.Index(fields=["store", "-placed_at"], name="ordering_of_store"),
            models.Index(fields=["merchant_id", "-placed_at"], name="ordering_of_merchant"),
            models.Index(fields=["state", "expires_at"], name="ordering_unpaid"),
            models.Index(fields=["email"], condition=~Q(email=""), name="ordering_of_email"),
        ]


class OrderLine(Row):
    """One line, frozen. ``total_minor`` is what the buyer pays for it; ``funded`` says who pays which discount."""

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="lines")
    position = models.PositiveSmallIntegerField()
    offer_id = models.UUIDField(null=True)
    variant_id = models.UUIDField(null=True, db_index=True)
    kind = models.CharField(max_length=8)
    names = models.JSONField(default=dict)
    options = models.JSONField(default=list)
    note = models.CharField(max_length=200, blank=True)
    quantity = models.PositiveIntegerField()
    unit_minor = models.BigIntegerField()
    options_minor = models.BigIntegerField(default=0)
    gross_minor = models.BigIntegerField()
    discount_minor = models.BigIntegerField(default=0)
    tax_rate = models.DecimalField(max_digits=6, decimal_places=4)
    tax_minor = models.BigIntegerField(default=0)
    total_minor = models.BigIntegerField()
    funded = models.JSONField(default=list)
    state = models.CharField(max_length=8, default="ok")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=["ok", "refused", "returned"]), name="ordering_line_state"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="ordering_line_quantity"),
            models.CheckConstraint(
                condition=Q(discount_minor__gte=0, discount_minor__lte=F("gross_minor")), name="ordering_line_discount"
            ),
            models.UniqueConstraint(fields=["order", "position"], name="ordering_line_position"),
        ]


class OrderChange(Row):
    """What the shop proposes. ``default`` is what happens when nobody answers until ``answer_by``."""

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="changes")
    kind = models.CharField(max_length=14)
    line = models.ForeignKey(OrderLine, null=True, on_delete=models.PROTECT, related_name="+")
    promised_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=10, default=CHANGE.initial)
    default = models.CharField(max_length=8)
    proposed_at = models.DateTimeField()
    proposed_by = models.CharField(max_length=80)
    answer_by = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    answered_by = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=CHANGE.states), name="ordering_change_state"),
            models.CheckConstraint(condition=Q(kind__in=["later", "line_sold_out"]), name="ordering_change_kind"),
            models.CheckConstraint(condition=Q(default__in=["agree", "decline"]), name="ordering_change_default"),
            models.UniqueConstraint(
                fields=["order", "kind", "line"], condition=Q(state="proposed"), name="ordering_change_once"
            ),
        ]
        indexes = [models.Index(fields=["answer_by"], condition=Q(state="proposed"), name="ordering_change_due")]
