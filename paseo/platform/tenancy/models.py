"""Tenants, grants and API keys."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from paseo.platform.db.models import Row


class Tenant(Row):
    class Kind(models.TextChoices):
        OPERATOR = "operator"
        MERCHANT = "merchant"
        DEVELOPER = "developer"

    class State(models.TextChoices):
        ACTIVE = "active"
        CLOSED = "closed"

    kind = models.CharField(max_length=12, choices=Kind.choices)
    name = models.CharField(max_length=200)
    state = models.CharField(max_length=12, choices=State.choices, default=State.ACTIVE)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=["operator", "merchant", "developer"]), name="tenancy_kind"),
            models.CheckConstraint(condition=Q(state__in=["active", "closed"]), name="tenancy_state"),
        ]


class Grant(Row):
    """A role in a tenant. Never deleted: ``revoked_at`` ends it, so that one can see who could do what, and when."""

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, related_name="+")
    person_id = models.UUIDField()
    role = models.CharField(max_length=32)
    place_id = models.UUIDField(null=True, blank=True)
    granted_at = models.DateTimeField()
    granted_by = models.CharField(max_length=80)
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.CharField(max_length=80, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "person_id", "role"],
                condition=Q(revoked_at__isnull=True, place_id__isnull=True),
                name="tenancy_grant_once",
            ),
            models.UniqueConstraint(
                fields=["tenant", "person_id", "role", "place_id"],
                condition=Q(revoked_at__isnull=True, place_id__isnull=False),
                name="tenancy_grant_once_per_place",
            ),
        ]
        indexes = [
            models.Index(fields=["person_id"], condition=Q(revoked_at__isnull=True), name="tenancy_grant_active"),
        ]


class ApiKey(Row):
    """A machine's way in. Only the hash is kept; ``prefix`` lets people tell their keys apart."""

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=80)
    prefix = models.CharField(max_length=16)
    key_hash = models.CharField(max_length=64, unique=True)
    rights = models.JSONField()
    place_ids = models.JSONField(null=True, blank=True)
    created_by = models.CharField(max_length=80)
    created_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["tenant", "created_at"], name="tenancy_key_tenant")]
