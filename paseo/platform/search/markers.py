"""Words that nobody types: they narrow a search to a kind, a tenant or a place inside the index itself."""

from __future__ import annotations

from uuid import UUID


def of_kind(kind: str) -> str:
    return f"zzkind{kind}"


def of_tenant(tenant_id: UUID) -> str:
    return f"zztenant{tenant_id.hex}"


def of_place(place_id: UUID) -> str:
    return f"zzplace{place_id.hex}"
