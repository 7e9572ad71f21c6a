"""Work that nobody waits for: sweeps at intervals, and tasks enqueued with a unit.

``@every(seconds=60, name="inventory.expire_holds")`` on ``function(now)`` makes a sweep; several tickers run it once.
``enqueue(task, **arguments)`` writes a ``django.tasks`` task with the open unit. ``worker.Worker`` runs both, and the
relay of events.
"""

from paseo.platform.jobs.registry import every
from paseo.platform.jobs.tasks import enqueue, enqueue_once

__all__ = ["enqueue", "enqueue_once", "every"]
