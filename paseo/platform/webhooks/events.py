"""The one fact that webhooks publish themselves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from paseo.kernel.events import event


@event("webhooks.endpoint_pinged")
@dataclass(frozen=True)
class EndpointPinged:
    """Somebody wants to see whether the receiver answers. Only that endpoint gets it."""

    endpoint_id: UUID
    at: datetime

    @property
    def subject(self) -> str:
        return f"endpoint:{self.endpoint_id}"
