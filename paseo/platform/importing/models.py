"""What was imported from where, how columns are mapped, and how runs went."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from paseo.platform.db.models import Row


class ImportedRow(models.Model):
    """The memory of one thing of one source. ``owner`` is the tenant's id, or "city" for the operator."""

    owner = models.CharField(max_length=36)
    kind = models.CharField(max_length=30)
    source = models.CharField(max_length=60)
    external_id = models.CharField(max_length=120)
    subject_id = models.UUIDField(null=True)
    content_hash = models.CharField(max_length=32)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner", "kind", "source", "external_id"], name="importing_row_once"),
        ]


class ColumnMapping(models.Model):
    """The mapping that an owner used last for a kind."""

    owner = models.CharField(max_length=36)
    kind = models.CharField(max_length=30)
    mapping = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "kind"], name="importing_mapping_once")]


class ImportRun(Row):
    """One run, for the page that shows it. ``report`` holds the counts so far."""

    STATES = ("waiting", "running", "done", "failed")

    owner = models.CharField(max_length=36, db_index=True)
    tenant_id = models.UUIDField(null=True)
    kind = models.CharField(max_length=30)
    source = models.CharField(max_length=60)
    file_name = models.CharField(max_length=200)
    path = models.CharField(max_length=400, blank=True)
    refusals_path = models.CharField(max_length=400, blank=True)
    dry_run = models.BooleanField(default=False)
    options = models.JSONField(default=dict)
    state = models.CharField(max_length=8, default="waiting")
    report = models.JSONField(default=dict)
    problem = models.CharField(max_length=500, blank=True)
    actor = models.CharField(max_length=100)
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "running", "done", "failed"]), name="importing_run_state"
            ),
        ]


class RunIssue(models.Model):
    """The first rows of a run that were not simply accepted; all of them are in the run's file of refusals."""

    MOST = 500

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="+")
    line = models.PositiveIntegerField()
    level = models.CharField(max_length=8)
    code = models.CharField(max_length=60)
    sentence = models.CharField(max_length=300)
    params = models.JSONField(default=dict)
    field = models.CharField(max_length=40, blank=True)
    values = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["run", "id"], name="importing_issue_run")]
