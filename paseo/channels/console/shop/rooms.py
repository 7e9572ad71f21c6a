"""Addresses of the console's pages by what one wants to do there."""

from __future__ import annotations

from uuid import UUID

from django.urls import reverse

from paseo.capabilities.directory.values import ReadinessItem

_MENDED_AT = {
    "merchant.papers": ("ready", "#papers"),
    "store.add": ("store-new", ""),
    "store.edit": ("store", ""),
    "store.hours": ("store-hours", ""),
    "catalog.add": ("catalog", ""),
    "catalog.assortment": ("assortment", ""),
    "catalog.products": ("catalog", ""),
    "pricing.prices": ("prices", ""),
    "pricing.parity": ("prices", ""),
}


def page_of(room: str, tenant_id: UUID) -> str:
    return reverse(f"console:{room}", args=[tenant_id])


def mended_at(item: ReadinessItem, tenant_id: UUID) -> str:
    """The page on which a missing thing is put right; empty when somebody else has to do it."""
    room, anchor = _MENDED_AT.get(item.where, ("", ""))
    address = page_of(room, tenant_id) if room else ""
    chosen = (
        f"?store={item.subject_id}"
        if item.subject_id and item.key.startswith(("store", "assortment", "prices"))
        else ""
    )
    return f"{address}{chosen}{anchor}" if address else ""
