from __future__ import annotations

from django.tasks import task

from paseo.kernel import clock
from paseo.platform.jobs import enqueue_once
from paseo.platform.webhooks import sending


@task
def send_waiting() -> None:
    """Everything that is due; when that is more than fits into one spell, others have their turn in between."""
    sending.run()
    if sending.is_due(clock.now()):
        enqueue_once(send_waiting)
