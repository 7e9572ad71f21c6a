"""What a worker runs as soon as something was queued."""

from __future__ import annotations

from django.tasks import task

from paseo.platform.notices.sending import send_due


@task
def send_waiting() -> None:
    """Everything that is due; what fails is due again later."""
    while send_due():
        pass
