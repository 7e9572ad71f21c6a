"""Which operator runs the platform for which merchant."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from paseo.capabilities.directory.models import Merchant


def operators_of(merchant_ids: Collection[UUID]) -> dict[UUID, UUID]:
    """The operator of each merchant; what is not a merchant is left out."""
    return dict(Merchant.objects.filter(id__in=list(merchant_ids)).values_list("id", "operator_id"))


def merchants_of(operator_id: UUID) -> list[UUID]:
    return list(Merchant.objects.filter(operator_id=operator_id).values_list("id", flat=True))
