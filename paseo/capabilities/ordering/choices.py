"""The option groups of products, kept in this process for a few seconds for the order path."""

from __future__ import annotations

import time
from collections.abc import Iterable
from uuid import UUID

from paseo.capabilities.catalog import queries as catalog
from paseo.capabilities.catalog.values import GroupView

SECONDS = 5.0
MOST = 20_000
_known: dict[UUID, tuple[float, tuple[GroupView, ...]]] = {}


def groups_of(product_ids: Iterable[UUID]) -> dict[UUID, tuple[GroupView, ...]]:
    """At most two statements for the products that are not at hand."""
    tick = time.monotonic()
    found: dict[UUID, tuple[GroupView, ...]] = {}
    missing = []
    for product_id in product_ids:
        known = _known.get(product_id)
        if known is not None and known[0] > tick:
            found[product_id] = known[1]
        else:
            missing.append(product_id)
    if missing:
        loaded = catalog.groups(missing)
        if len(_known) + len(missing) > MOST:
            _known.clear()
        for product_id in missing:
            found[product_id] = loaded.get(product_id, ())
            _known[product_id] = (tick + SECONDS, found[product_id])
    return found


def forget() -> None:
    """Groups are read again, for tests."""
    _known.clear()
