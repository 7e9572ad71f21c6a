from __future__ import annotations

from django.db import models


class Schedule(models.Model):
    """One sweep: when it is due next, who runs it now, and how the last run went."""

    name = models.CharField(max_length=80, primary_key=True)
    next_at = models.DateTimeField()
    running_until = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    milliseconds = models.PositiveIntegerField(default=0)
    runs = models.PositiveBigIntegerField(default=0)
    failures = models.PositiveIntegerField(default=0)
    failed_at = models.DateTimeField(null=True)
    error = models.TextField(blank=True, default="")
