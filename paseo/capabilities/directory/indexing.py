"""Stores in the search index: names first, then category, kitchen and street."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from uuid import UUID

from paseo.capabilities.directory.models import Store
from paseo.capabilities.directory.rules.cuisines import words_for
from paseo.capabilities.directory.values import CATEGORIES
from paseo.platform.search import operations as search
from paseo.platform.search.values import Entry

KIND = "store"


def _entry(store: Store) -> Entry:
    place, category = store.place, CATEGORIES[store.category]
    also = [*category.name.values(), category.words, words_for(store.tags), place.street, place.city]
    return Entry(
        subject_id=store.pk,
        texts=dict(place.name),
        also=" ".join(also),
        tenant_id=store.merchant_id,
        place_id=store.pk,
    )


_waiting: ContextVar[list[Entry] | None] = ContextVar("waiting", default=None)


def index(store: Store) -> None:
    waiting = _waiting.get()
    if waiting is None:
        search.index_many(KIND, [_entry(store)])
    else:
        waiting.append(_entry(store))


@contextmanager
def together() -> Iterator[None]:
    """Stores that are made or changed inside are indexed at its end, with few statements."""
    entries: list[Entry] = []
    token = _waiting.set(entries)
    try:
        yield
    finally:
        _waiting.reset(token)
    search.index_many(KIND, entries)


def index_all(batch: int = 500) -> int:
    done, rows = 0, []
    for store in Store.objects.exclude(state="closed").select_related("place").iterator(chunk_size=batch):
        rows.append(_entry(store))
        if len(rows) == batch:
            search.index_many(KIND, rows)
            done, rows = done + len(rows), []
    search.index_many(KIND, rows)
    return done + len(rows)


def remove(store_id: UUID) -> None:
    search.remove(KIND, store_id)
