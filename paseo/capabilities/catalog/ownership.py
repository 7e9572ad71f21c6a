"""Whose rows: those of one merchant, or the shared ones that belong to nobody."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q


def of(merchant_id: UUID | None) -> Q:
    return Q(merchant__isnull=True) if merchant_id is None else Q(merchant_id=merchant_id)
