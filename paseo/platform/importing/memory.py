"""What the database remembers of earlier runs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from paseo.platform.db.unit import operation
from paseo.platform.importing.models import ColumnMapping, ImportedRow

CITY = "city"


def owner_of(tenant_id: UUID | None) -> str:
    return CITY if tenant_id is None else str(tenant_id)


def mapping_of(owner: str, kind: str) -> dict[str, str]:
    return ColumnMapping.objects.filter(owner=owner, kind=kind).values_list("mapping", flat=True).first() or {}


@operation
def save_mapping(owner: str, kind: str, mapping: Mapping[str, str]) -> None:
    ColumnMapping.objects.update_or_create(owner=owner, kind=kind, defaults={"mapping": dict(mapping)})


def known(owner: str, kind: str, source: str, ids: Sequence[str]) -> dict[str, tuple[UUID | None, str]]:
    """Subject and content hash of the rows that an earlier run took. One statement."""
    rows = ImportedRow.objects.filter(owner=owner, kind=kind, source=source, external_id__in=ids)
    return {
        id: (subject, hash_) for id, subject, hash_ in rows.values_list("external_id", "subject_id", "content_hash")
    }


def remember(owner: str, kind: str, source: str, rows: Iterable[tuple[str, UUID | None, str]]) -> None:
    ImportedRow.objects.bulk_create(
        [
            ImportedRow(
                owner=owner, kind=kind, source=source, external_id=id, subject_id=subject_id, content_hash=content_hash
            )
            for id, subject_id, content_hash in rows
        ],
        update_conflicts=True,
        unique_fields=["owner", "kind", "source", "external_id"],
        update_fields=["subject_id", "content_hash"],
    )
