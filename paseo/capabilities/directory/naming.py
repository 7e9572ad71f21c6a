"""One line by which people know a place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.utils.translation import get_language

from paseo.capabilities.directory import stored


def in_language(texts: Mapping[str, str], language: str | None = None) -> str:
    """The text in the reader's language, else in the first language it was written in."""
    wanted = (language or get_language() or "en").lower()
    for code in (wanted, wanted.split("-")[0]):
        if code in texts:
            return texts[code]
    return next(iter(texts.values()), "")


def names_of(ids: Sequence[UUID]) -> dict[UUID, str]:
    """ "Zucchini, Fabianinkatu 4" by id; places that are not stores are left out."""
    lines = {}
    for id, card in stored.cards(ids).items():
        street = " ".join(part for part in (card.address.street, card.address.house_number) if part)
        lines[id] = ", ".join(part for part in (in_language(card.name), street) if part)
    return lines
