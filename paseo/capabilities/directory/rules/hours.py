"""Opening hours as OpenStreetMap writes them: https://wiki.openstreetmap.org/wiki/Key:opening_hours.

A parsed expression is kept per text, and with it the stretch of time that was found last: until its end the answer for
every store with the same text costs one look into a dictionary.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import islice
from typing import Any

import opening_hours
from opening_hours import OpeningHours, validate

from paseo.kernel.periods import zone as zone_of

LOOK_AHEAD = 400  # changes; more than a year of a shop with a lunch break on most days
HORIZON = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Stretch:
    """A time without change: open, closed or unknown from ``start`` to ``until`` (None: no end is known).

    ``opens_at`` is the next opening after a stretch that is not open.
    """

    kind: str
    start: datetime
    until: datetime | None
    opens_at: datetime | None
    note: str

    def contains(self, instant: datetime) -> bool:
        return self.start <= instant and (self.until is None or instant < self.until)


def problem(text: str) -> bool:
    """Whether ``text`` is not a valid expression. Empty text is valid: the hours are not known."""
    return bool(text.strip()) and not validate(text)


_EASY = (
    (re.compile(r"\b(\d{1,2})[.:](\d{2})\b"), r"\1:\2"),
    (re.compile(r"(?<=\d)\s*[–—−]\s*(?=\d)"), "-"),
    (re.compile(r"\b(\d{1,2})-(\d{1,2})\b(?![:\d-])"), r"\1:00-\2:00"),
    (re.compile(r"\b(\d):(\d{2})\b"), r"0\1:\2"),
    (re.compile(r"\b(Mo|Tu|We|Th|Fr|Sa|Su|PH)(?=\d)"), r"\1 "),
    (re.compile(r"(\d:\d{2})\s+(?=(?:Mo|Tu|We|Th|Fr|Sa|Su|PH)\b)"), r"\1; "),
)
_DAYS = {
    "monday": "Mo", "tuesday": "Tu", "wednesday": "We", "thursday": "Th", "friday": "Fr", "saturday": "Sa",
    "sunday": "Su", "mon": "Mo", "tue": "Tu", "wed": "We", "thu": "Th", "fri": "Fr", "sat": "Sa", "sun": "Su",
    "ma": "Mo", "ti": "Tu", "ke": "We", "to": "Th", "pe": "Fr", "la": "Sa", "su": "Su", "daily": "Mo-Su",
    "lunes": "Mo", "martes": "Tu", "miércoles": "We", "jueves": "Th", "viernes": "Fr", "sábado": "Sa", "domingo": "Su",
    "周一": "Mo", "周二": "Tu", "周三": "We", "周四": "Th", "周五": "Fr", "周六": "Sa", "周日": "Su", "每天": "Mo-Su",
}  # fmt: skip


def repaired(text: str) -> str | None:
    """A valid expression for what people usually type ("ma-pe 10-18", "Mon-Fri 9.00–17.00"), or None."""
    text = " ".join(text.split())
    if not problem(text):
        return text
    guess = re.sub(r"[^\W\d_]+", lambda word: _DAYS.get(word[0].lower(), word[0]), text)
    for pattern, better in _EASY:
        guess = pattern.sub(better, guess)
    return None if problem(guess) else guess


@lru_cache(maxsize=8192)
def _parsed(text: str, zone: str, country: str) -> Any:
    try:
        return OpeningHours(text, timezone=zone_of(zone), country=country or None)
    except opening_hours.UnknownCountryError:  # type: ignore[attr-defined]
        return OpeningHours(text, timezone=zone_of(zone))


_latest: dict[tuple[str, str, str], Stretch] = {}
_LATEST_MOST = 50_000


def stretch(text: str, zone: str, country: str, now: datetime) -> Stretch:
    """The stretch that contains ``now``. Public holidays of ``country`` count where the text says ``PH``."""
    key = (text, zone, country)
    known = _latest.get(key)
    if known is not None and known.contains(now):
        return known
    if len(_latest) >= _LATEST_MOST:
        _latest.clear()
    found = _latest[key] = _find(text, zone, country, now)
    return found


def _find(text: str, zone: str, country: str, now: datetime) -> Stretch:
    if not text.strip() or problem(text):
        return Stretch("unknown", now, None, None, "")
    here = now.astimezone(zone_of(zone))
    pieces = islice(_parsed(text, zone, country).intervals(here), LOOK_AHEAD)
    first = next(pieces, None)
    if first is None:
        return Stretch("closed", now, None, None, "")
    kind, note, until = str(first[2]), first[3], _utc(first[1])
    opens_at = None
    for start, end, state, _ in pieces:
        if str(state) == kind and _utc(start) == until:
            until = _utc(end)
            continue
        if kind == "open":
            break
        if str(state) == "open":
            opens_at = _utc(start)
            break
        if start - here > HORIZON:
            break
    return Stretch(kind, now, until, opens_at, note)


def _utc(instant: datetime | None) -> datetime | None:
    return None if instant is None else instant.astimezone(UTC)


def opens_within(text: str, zone: str, country: str, start: datetime, end: datetime) -> bool:
    """Whether there is any open moment in [start, end)."""
    found = stretch(text, zone, country, start)
    return found.kind == "open" or (found.opens_at is not None and found.opens_at < end)
