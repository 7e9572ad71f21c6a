"""Photos, shown to everybody, and papers, shown to few."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from paseo.platform.db.models import Row


class Media(Row):
    class Kind(models.TextChoices):
        IMAGE = "image"
        PAPER = "paper"

    tenant = models.ForeignKey("tenancy.Tenant", on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    sha256 = models.CharField(max_length=64)
    content_type = models.CharField(max_length=40)
    name = models.CharField(max_length=120, blank=True, default="")
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)
    bytes = models.PositiveBigIntegerField()
    actor = models.CharField(max_length=80)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "kind", "sha256"], name="media_once_per_tenant"),
            models.UniqueConstraint(
                fields=["kind", "sha256", "actor"], condition=Q(tenant__isnull=True), name="media_once_per_person"
            ),
        ]
