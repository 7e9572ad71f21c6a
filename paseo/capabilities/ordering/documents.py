"""The lines of a cart as they are stored in its document."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from paseo.capabilities.ordering.refusals import CartTooLarge
from paseo.capabilities.ordering.values import CartLineView, WantedLine
from paseo.kernel.ids import new_id

MOST_LINES = 60
MOST_PIECES = 999
MOST_OPTIONS = 30


def stored(lines: Sequence[WantedLine]) -> list[dict[str, Any]]:
    """Refuses ``CartTooLarge``."""
    if len(lines) > MOST_LINES or any(
        not 1 <= line.quantity <= MOST_PIECES or len(line.option_ids) > MOST_OPTIONS for line in lines
    ):
        raise CartTooLarge(lines=MOST_LINES, quantity=MOST_PIECES)
    return [
        {
            "id": str(line.id or new_id()),
            "offer": str(line.offer_id),
            "n": line.quantity,
            "options": sorted(str(option) for option in line.option_ids),
            "note": line.note.strip()[:200],
            "seen": line.seen_minor,
        }
        for line in lines
    ]


def read(document: Sequence[dict[str, Any]]) -> tuple[CartLineView, ...]:
    return tuple(
        CartLineView(
            id=UUID(line["id"]),
            offer_id=UUID(line["offer"]),
            quantity=line["n"],
            option_ids=tuple(UUID(option) for option in line["options"]),
            note=line["note"],
            seen_minor=line["seen"],
        )
        for line in document
    )


def wanted(line: CartLineView, **changes: Any) -> WantedLine:
    """A stored line as a wish, with some of it changed."""
    fields: dict[str, Any] = {
        "offer_id": line.offer_id,
        "quantity": line.quantity,
        "option_ids": line.option_ids,
        "note": line.note,
        "seen_minor": line.seen_minor,
        "id": line.id,
    }
    return WantedLine(**{**fields, **changes})


def same_thing(line: CartLineView, other: WantedLine) -> bool:
    """The same offer with the same options and wishes: its pieces are counted together."""
    return (
        line.offer_id == other.offer_id
        and set(line.option_ids) == set(other.option_ids)
        and line.note == other.note.strip()[:200]
    )


def merged(mine: Sequence[CartLineView], theirs: Sequence[CartLineView]) -> list[WantedLine]:
    """Two carts as one: equal things keep the larger number, so that merging twice changes nothing."""
    result = [wanted(line) for line in mine]
    for line in theirs:
        wish = wanted(line)
        for position, known in enumerate(mine):
            if same_thing(known, wish):
                result[position] = wanted(known, quantity=max(known.quantity, line.quantity))
                break
        else:
            result.append(wish)
    return result[:MOST_LINES]
