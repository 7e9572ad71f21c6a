"""The auditor's own round, once a day."""

from __future__ import annotations

from django.tasks import task

from paseo.kernel import clock
from paseo.platform.audit.operations import look


@task
def look_at_everything() -> None:
    look(actor="system", now=clock.now())
