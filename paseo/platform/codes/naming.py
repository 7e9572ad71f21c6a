"""What a place is called. The package that knows places registers itself, since codes lie below it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from uuid import UUID

_names: list[Callable[[Sequence[UUID]], dict[UUID, str]]] = []


def name_places_with(function: Callable[[Sequence[UUID]], dict[UUID, str]]) -> None:
    """Registers the function that names places: ids to one line such as "Zucchini, Fabianinkatu 4"."""
    _names[:] = [function]


def names_of(place_ids: Sequence[UUID]) -> list[str]:
    """Names of those places that have one, in the order given."""
    if not _names or not place_ids:
        return []
    known = _names[0](place_ids)
    return [known[place_id] for place_id in place_ids if place_id in known]


def where(place_id: UUID | None, terminal: str) -> str:
    """A place and a counter in words."""
    return ", ".join([*names_of([place_id] if place_id else []), *([terminal] if terminal else [])])
