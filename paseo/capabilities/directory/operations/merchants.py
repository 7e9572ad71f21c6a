"""What all operations on merchants share."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from paseo.capabilities.directory.models import Merchant
from paseo.capabilities.directory.refusals import UnknownMerchant
from paseo.capabilities.directory.states import MERCHANT
from paseo.platform.db.unit import transition


def require_merchant(merchant_id: UUID) -> Merchant:
    found = Merchant.objects.filter(id=merchant_id).first()
    if found is None:
        raise UnknownMerchant
    return found


def move_merchant(
    merchant_id: UUID, verb: str, now: datetime, actor: str, reason: str = "", was: str | None = None, **columns: Any
) -> str:
    """One step of the merchant's machine. The reason is kept with the step, and on the merchant for its owner."""
    try:
        moved = transition(
            Merchant, merchant_id, MERCHANT, verb, was=was, now=now, actor=actor, reason=reason, **columns
        )
    except Merchant.DoesNotExist:
        raise UnknownMerchant from None
    if reason:
        Merchant.objects.filter(id=merchant_id).update(reason=reason[:300])
    return moved
