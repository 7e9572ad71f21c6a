"""Writes. Each is part of the caller's unit: what is taken back is not found."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from uuid import UUID

from paseo.platform.db.unit import operation
from paseo.platform.search import markers
from paseo.platform.search.models import SearchEntry, SearchForm, SearchWord
from paseo.platform.search.values import Entry
from paseo.platform.search.words import correctable, forms, tokens


@operation
def index(
    kind: str,
    subject_id: UUID,
    *,
    texts: Mapping[str, str],
    also: str = "",
    place_id: UUID | None = None,
    tenant_id: UUID | None = None,
    weight: int = 0,
) -> None:
    """Makes one thing findable, or replaces what was said about it before."""
    index_many(kind, [Entry(subject_id, texts, also, tenant_id, place_id, weight)])


@operation
def index_many(kind: str, entries: Iterable[Entry]) -> None:
    """Makes things findable: two statements, three when words occur for the first time."""
    rows: dict[UUID, SearchEntry] = {}
    words: set[str] = set()
    for entry in entries:
        row = rows[entry.subject_id] = _row(kind, entry)
        words |= correctable(row.body.split())
    if not rows:
        return
    SearchEntry.objects.bulk_create(
        rows.values(),
        update_conflicts=True,
        unique_fields=["kind", "subject_id"],
        update_fields=["head", "body", "weight"],
    )
    known = set(SearchWord.objects.filter(word__in=words).values_list("word", flat=True))
    fresh = sorted(words - known)
    if fresh:
        SearchWord.objects.bulk_create([SearchWord(word=word) for word in fresh], ignore_conflicts=True)
        SearchForm.objects.bulk_create([SearchForm(form=form, word=word) for word in fresh for form in forms(word)])


def _row(kind: str, entry: Entry) -> SearchEntry:
    head = tokens(" ".join(dict.fromkeys(entry.texts.values())))
    body = dict.fromkeys([*head, *tokens(entry.also), markers.of_kind(kind)])
    if entry.tenant_id is not None:
        body[markers.of_tenant(entry.tenant_id)] = None
    if entry.place_id is not None:
        body[markers.of_place(entry.place_id)] = None
    return SearchEntry(
        kind=kind, subject_id=entry.subject_id, head=" ".join(head), body=" ".join(body), weight=entry.weight
    )


@operation
def remove(kind: str, subject_id: UUID) -> None:
    """Makes a thing unfindable; one that never was is no error."""
    SearchEntry.objects.filter(kind=kind, subject_id=subject_id).delete()
