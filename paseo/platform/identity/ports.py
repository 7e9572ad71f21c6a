"""What identity needs from above: somebody who carries letters."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol


class Letters(Protocol):
    """Carries one letter after the open unit has committed."""

    def __call__(self, *, email: str, kind: str, params: dict[str, object], locale: str, now: datetime) -> None: ...


_letters: list[Letters] = []


def carry_letters_with(letters: Letters) -> None:
    """Registers the carrier; the last one registered carries."""
    _letters[:] = [letters]


def send_letter(*, email: str, kind: str, params: dict[str, object], locale: str, now: datetime) -> None:
    if not _letters:
        raise LookupError("No carrier of letters is registered: is paseo.platform.notices installed?")
    _letters[0](email=email, kind=kind, params=params, locale=locale, now=now)
