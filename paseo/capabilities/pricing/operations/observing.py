"""What the shelf says."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from paseo.capabilities.pricing.models import PriceObservation
from paseo.kernel.money import Money
from paseo.platform.db.unit import add, operation


@operation
def observe_price(*, store_id: UUID, variant_id: UUID, amount: Money, now: datetime, actor: str = "") -> None:
    """Somebody read this price on the shelf. It appears in the parity report while it differs from the web."""
    add(
        PriceObservation(
            store_id=store_id,
            variant_id=variant_id,
            amount_minor=amount.minor,
            currency=amount.currency,
            seen_at=now,
            actor=actor,
        )
    )
