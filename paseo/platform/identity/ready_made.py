"""Ready-made sign-ins for a demo installation: one press instead of a letter. Dead unless ``PASEO_DEMO`` is set."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings


@dataclass(frozen=True)
class ReadyMade:
    """``label`` says who it is, ``next`` where they start."""

    email: str
    label: str
    next: str = "/"


Source = Callable[[], list[ReadyMade]]
_sources: list[Source] = []


def ready_made_sign_ins(source: Source) -> Source:
    """Registers a source of ready-made sign-ins, asked whenever the sign-in page is shown in a demo."""
    if source not in _sources:
        _sources.append(source)
    return source


def offered() -> list[ReadyMade]:
    if not settings.DEMO:
        return []
    return [ready for source in _sources for ready in source()]
