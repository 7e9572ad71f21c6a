"""The task by which a worker carries out an import."""

from __future__ import annotations

from uuid import UUID

from django.tasks import task

from paseo.kernel import clock
from paseo.platform.importing import operations


@task
def run_import(run_id: str) -> None:
    operations.carry_out(UUID(run_id), clock.now())
