"""What both servers ask before they let a listener in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from paseo.platform.live.hub import Full, Hub
from paseo.platform.live.tokens import Topics, read_token


@dataclass(frozen=True, slots=True)
class Turned:
    """A listener that is not let in."""

    status: int
    sentence: str
    retry_after: int | None = None


@dataclass(frozen=True, slots=True)
class Welcome:
    topics: Topics
    last_event_id: int | None


def knock(hub: Hub, token: str, last_event_id: str, now: datetime) -> Turned | Welcome:
    topics = read_token(token, now)
    if topics is None:
        return Turned(403, "This page has been open for too long. Load it again.")
    try:
        hub.admit(topics)
    except Full:
        return Turned(503, "Too many pages are listening. The page still works when it is loaded again.", 30)
    return Welcome(topics, int(last_event_id) if last_event_id.isascii() and last_event_id.isdigit() else None)
