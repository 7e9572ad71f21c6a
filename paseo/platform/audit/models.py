"""The book of who did what. Rows are only ever added; the database itself refuses to change or remove them."""

from __future__ import annotations

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from paseo.platform.db.models import Row


class Look(Row):
    """What the auditor said one time. ``count`` may be more than the ``findings`` that are kept."""

    at = models.DateTimeField()
    actor = models.CharField(max_length=80)
    milliseconds = models.PositiveIntegerField()
    checks = models.PositiveSmallIntegerField()
    count = models.PositiveIntegerField()
    findings = models.JSONField()


class Entry(Row):
    at = models.DateTimeField()
    actor = models.CharField(max_length=80)
    action = models.CharField(max_length=80)
    subject = models.CharField(max_length=120)
    tenant_id = models.UUIDField(null=True, blank=True)
    why = models.CharField(max_length=500, blank=True, default="")
    before = models.JSONField(null=True, blank=True, encoder=DjangoJSONEncoder)
    after = models.JSONField(null=True, blank=True, encoder=DjangoJSONEncoder)

    class Meta:
        indexes = [
            models.Index(fields=["tenant_id", "-id"], name="audit_tenant"),
            models.Index(fields=["subject", "-id"], name="audit_subject"),
            models.Index(fields=["actor", "-id"], name="audit_actor"),
        ]
