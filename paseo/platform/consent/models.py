"""What people agreed to, and what became of their wish to be forgotten."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from paseo.platform.db.models import Row


class Choice(Row):
    """One yes or no, with the version of the text that was on the page. Only ever added to: the last one counts."""

    person_id = models.UUIDField(null=True, blank=True)
    visitor_id = models.UUIDField(null=True, blank=True)
    purpose = models.CharField(max_length=20)
    given = models.BooleanField()
    text_version = models.PositiveSmallIntegerField()
    locale = models.CharField(max_length=12)
    source = models.CharField(max_length=40, blank=True, default="")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(person_id__isnull=False) | Q(visitor_id__isnull=False), name="consent_somebody"
            ),
        ]
        indexes = [
            models.Index(fields=["person_id", "-id"], name="consent_person"),
            models.Index(fields=["visitor_id", "-id"], name="consent_visitor"),
        ]


class Erasure(Row):
    """A person was erased: when, what was removed and what had to be kept, in numbers. No name, no address."""

    person_id = models.UUIDField(unique=True)
    at = models.DateTimeField()
    report = models.JSONField()
