"""Events written in the transaction that made them true, and their delivery to reactions afterwards.

``emit(event)`` inside a unit writes the fact. The relay delivers it at least once; every reaction runs in its own
transaction and is recorded there, so that each pair of event and reaction takes effect exactly once. What fails is
tried again with growing pauses and then lies as a dead letter until a person retries or dismisses it.
"""

from paseo.platform.outbox.publishing import emit
from paseo.platform.outbox.registry import Envelope, reaction

__all__ = ["Envelope", "emit", "reaction"]
