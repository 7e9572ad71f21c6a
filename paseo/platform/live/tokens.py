"""Signed lists of topics: who holds the token may listen, until it ends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.core import signing

from paseo.kernel import clock

LIFE = timedelta(hours=12)
LONGEST = 4096
ENDS = ".access_ended"
"""An event of a type that ends so closes every stream that listens to its subject, and keeps it closed."""
_SALT = "paseo.live.topics"


@dataclass(frozen=True, slots=True)
class Topics:
    names: tuple[str, ...]
    since: datetime
    until: datetime


def topic_token(topics: Sequence[str], *, now: datetime | None = None) -> str:
    """A token for these topics, good for twelve hours. The caller has checked that the reader may see them."""
    if not topics or any("|" in topic or not topic for topic in topics):
        raise ValueError("A token needs topics such as order:<id>.")
    issued = int((now or clock.now()).timestamp())
    return signing.Signer(salt=_SALT).sign(f"{issued}|" + "|".join(topics))


def read_token(token: str, now: datetime) -> Topics | None:
    """The topics of a token, None when it was changed or has ended."""
    if len(token) > LONGEST:
        return None
    try:
        issued, *names = signing.Signer(salt=_SALT).unsign(token).split("|")
    except signing.BadSignature:
        return None
    since = datetime.fromtimestamp(int(issued), UTC)
    if now >= since + LIFE:
        return None
    return Topics(tuple(names), since, since + LIFE)


def events_url(topics: Sequence[str], **more: Any) -> str:
    """Where a page listens to these topics."""
    from urllib.parse import quote

    from django.conf import settings

    base = settings.PASEO.get("EVENTS_URL", "").rstrip("/")
    return f"{base}/events?topics={quote(topic_token(topics, **more))}"
