from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from paseo.platform.db.models import Row


class Code(Row):
    code_hash = models.CharField(max_length=64, unique=True)
    length = models.PositiveSmallIntegerField(default=12)
    purpose = models.CharField(max_length=40)
    subject_id = models.UUIDField(db_index=True)
    tenant_id = models.UUIDField()
    place_ids = models.JSONField(null=True)
    uses_total = models.PositiveIntegerField(default=1)
    uses_left = models.IntegerField(default=1)
    valid_from = models.DateTimeField(null=True)
    valid_until = models.DateTimeField(null=True)
    state = models.CharField(max_length=8, default="active")
    blocked_for = models.CharField(max_length=200, blank=True, default="")
    undone = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(uses_left__gte=0) & Q(uses_left__lte=F("uses_total")), name="codes_code_uses_in_range"
            )
        ]


class Redemption(Row):
    code = models.ForeignKey(Code, on_delete=models.PROTECT, related_name="+")
    scan_id = models.UUIDField(unique=True)
    uses = models.PositiveIntegerField()
    at = models.DateTimeField()
    tenant_id = models.UUIDField()
    place_id = models.UUIDField(null=True)
    terminal = models.CharField(max_length=80, blank=True, default="")
    actor = models.CharField(max_length=80, blank=True, default="")
    state = models.CharField(max_length=8, default="done")
    undone_at = models.DateTimeField(null=True)
    undone_by = models.CharField(max_length=80, blank=True, default="")

    class Meta:
        indexes = [models.Index(fields=["code", "at"], name="codes_redemption_code")]
        constraints = [models.CheckConstraint(condition=Q(uses__gte=1), name="codes_redemption_uses")]


class Scan(Row):
    """One try, whatever came of it. Only ever added to."""

    at = models.DateTimeField()
    tenant_id = models.UUIDField(null=True)
    place_id = models.UUIDField(null=True)
    terminal = models.CharField(max_length=80, blank=True, default="")
    actor = models.CharField(max_length=80, blank=True, default="")
    code_id = models.UUIDField(null=True)
    redemption_id = models.UUIDField(null=True)
    outcome = models.CharField(max_length=12)
    guess = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(fields=["terminal", "at"], condition=Q(guess=True), name="codes_scan_guess_terminal"),
            models.Index(fields=["tenant_id", "at"], name="codes_scan_tenant"),
            models.Index(fields=["code_id", "at"], name="codes_scan_code"),
        ]
