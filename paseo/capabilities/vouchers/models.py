"""Programs, vouchers, their uses, and the counters that stay right when many people come at once."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from paseo.capabilities.vouchers import states
from paseo.platform.db.models import Row


class Program(Row):
    """What a merchant gives or sells. ``effect`` is the discount of a coupon; ``contents`` what a deal contains."""

    merchant_id = models.UUIDField()
    kind = models.CharField(max_length=8, choices=[("coupon", "coupon"), ("deal", "deal")])
    names = models.JSONField(default=dict)
    terms = models.JSONField(default=dict, blank=True)
    effect = models.JSONField(default=dict, blank=True)
    contents = models.JSONField(default=list, blank=True)
    funder = models.CharField(max_length=8, default="merchant")
    variant_id = models.UUIDField(null=True, blank=True, unique=True)
    price_minor = models.BigIntegerField(default=0)
    currency = models.CharField(max_length=3)
    limit = models.PositiveIntegerField(null=True, blank=True)
    issued = models.IntegerField(default=0)
    per_person = models.PositiveIntegerField(null=True, blank=True)
    uses = models.PositiveIntegerField(default=1)
    counter = models.BooleanField(default=False)
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField(null=True, blank=True)
    valid_days = models.PositiveIntegerField(null=True, blank=True)
    store_ids = models.JSONField(null=True, blank=True)
    state = models.CharField(max_length=10, default=states.PROGRAM.initial)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(issued__gte=0), name="program_issued_not_negative"),
            models.CheckConstraint(
                condition=Q(limit__isnull=True) | Q(issued__lte=F("limit")), name="program_issued_within_limit"
            ),
            models.CheckConstraint(condition=Q(uses__gte=1), name="program_uses_at_least_one"),
            models.CheckConstraint(condition=Q(price_minor__gte=0), name="program_price_not_negative"),
            models.CheckConstraint(condition=Q(state__in=states.PROGRAM.states), name="program_state_known"),
        ]
        indexes = [models.Index(fields=["merchant_id", "state"], name="program_merchant_state")]


class Allowance(Row):
    """How many pieces of a program one owner has taken. One guarded upsert keeps it within ``per_person``."""

    program = models.ForeignKey(Program, models.CASCADE, related_name="+")
    owner = models.CharField(max_length=48)
    taken = models.IntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["program", "owner"], name="allowance_once_per_owner"),
            models.CheckConstraint(condition=Q(taken__gte=0), name="allowance_not_negative"),
        ]


class Voucher(Row):
    program = models.ForeignKey(Program, models.PROTECT, related_name="+")
    merchant_id = models.UUIDField()
    owner = models.CharField(max_length=48)
    state = models.CharField(max_length=10, default=states.VOUCHER.initial)
    uses_total = models.PositiveIntegerField(default=1)
    uses_left = models.IntegerField(default=1)
    code_id = models.UUIDField(null=True, blank=True)
    order_id = models.UUIDField(null=True, blank=True)
    sale = models.ForeignKey("Sale", models.PROTECT, null=True, blank=True, related_name="+")
    claimed_at = models.DateTimeField()
    valid_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(uses_left__gte=0) & Q(uses_left__lte=F("uses_total")), name="voucher_uses_in_range"
            ),
            models.CheckConstraint(condition=Q(state__in=states.VOUCHER.states), name="voucher_state_known"),
            models.CheckConstraint(
                condition=~Q(state="reserved") | Q(order_id__isnull=False), name="voucher_reserved_for_an_order"
            ),
            models.CheckConstraint(condition=~Q(state="used") | Q(uses_left=0), name="voucher_used_has_no_uses"),
        ]
        indexes = [
            models.Index(fields=["owner", "state"], name="voucher_owner_state"),
            models.Index(fields=["order_id"], name="voucher_order", condition=Q(order_id__isnull=False)),
            models.Index(fields=["program", "state"], name="voucher_program_state"),
            models.Index(fields=["valid_until"], name="voucher_to_expire", condition=Q(state="claimed")),
        ]


class VoucherUse(Row):
    """One spending of a voucher. ``key`` is ``order:<id>`` or ``redemption:<id>``; it counts once per voucher."""

    voucher = models.ForeignKey(Voucher, models.PROTECT, related_name="+")
    key = models.CharField(max_length=48)
    uses = models.PositiveIntegerField(default=1)
    store_id = models.UUIDField(null=True, blank=True)
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["voucher", "key"], condition=Q(undone_at__isnull=True), name="voucher_use_counts_once"
            ),
            models.CheckConstraint(condition=Q(uses__gte=1), name="voucher_use_at_least_one"),
        ]
        indexes = [models.Index(fields=["key"], name="voucher_use_key")]


class Sale(Row):
    """Pieces of a deal that an order bought: held while it is unpaid, then issued as vouchers, or given back."""

    program = models.ForeignKey(Program, models.PROTECT, related_name="+")
    order_id = models.UUIDField()
    line_id = models.UUIDField(unique=True)
    owner = models.CharField(max_length=48)
    quantity = models.PositiveIntegerField()
    state = models.CharField(max_length=8, default="held")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["held", "issued", "released", "refunded"]), name="voucher_sale_state_known"
            ),
            models.CheckConstraint(condition=Q(quantity__gte=1), name="voucher_sale_at_least_one"),
        ]
        indexes = [models.Index(fields=["order_id"], name="voucher_sale_order")]
