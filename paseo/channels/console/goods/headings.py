"""Headings of a menu: those a store has, those that are ready to be taken, and one that is written anew."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext

from paseo.capabilities.catalog.values import SECTIONS, OfferView
from paseo.platform.ui.formatting import localized

NEW = "new"
_READY = "ready:"
_OWN = "own:"


@dataclass(frozen=True, slots=True)
class Headings:
    """``own`` in the order of the menu. A heading is chosen by its key: ``own:0``, ``ready:coffee``, ``new`` or none."""

    own: tuple[Mapping[str, str], ...]

    def key(self, texts: Mapping[str, str]) -> str:
        return next((f"{_OWN}{at}" for at, one in enumerate(self.own) if one == texts), "")

    def texts(self, key: str, new: Mapping[str, str] | None = None) -> dict[str, str]:
        """The heading of a key; nothing for one that is not there."""
        if key == NEW:
            return dict(new or {})
        if key.startswith(_READY):
            return dict(SECTIONS.get(key.removeprefix(_READY), {}))
        at = key.removeprefix(_OWN)
        return dict(self.own[int(at)]) if at.isdecimal() and int(at) < len(self.own) else {}

    @property
    def choices(self) -> list[tuple[str, Any]]:
        """For a select: none, the store's own, a new one, the ready-made ones that the store does not have yet."""
        had = {localized(texts) for texts in self.own}
        ready = [(f"{_READY}{key}", localized(texts)) for key, texts in SECTIONS.items() if localized(texts) not in had]
        own = [(f"{_OWN}{at}", localized(texts)) for at, texts in enumerate(self.own)]
        return [
            ("", gettext("Without a heading")),
            *([(gettext("On your menu"), own)] if own else []),
            (NEW, gettext("A new heading")),
            *([(gettext("Ready-made"), ready)] if ready else []),
        ]


def headings_of(offers: Sequence[OfferView] | Iterable[OfferView]) -> Headings:
    """The headings of what a store offers, each once, in the order of its menu."""
    seen: dict[str, Mapping[str, str]] = {}
    for offer in offers:
        if offer.section:
            seen.setdefault(str(sorted(offer.section.items())), offer.section)
    return Headings(tuple(dict(texts) for texts in seen.values()))
