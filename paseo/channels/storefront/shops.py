"""Stores by their address on this site."""

from __future__ import annotations

from paseo.capabilities.directory import queries as directory
from paseo.capabilities.directory.refusals import UnknownStore
from paseo.capabilities.directory.values import StoreCard


def shown_store(slug: str) -> StoreCard:
    """A store that everybody may see: one that is listed, also when it is dark. Refuses UnknownStore."""
    card = directory.store(slug)
    if not card.listed:
        raise UnknownStore
    return card
