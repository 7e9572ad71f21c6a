"""Opening hours as a week that people fill in, and as the line that OpenStreetMap writes.

A week is what most shops have: up to two spans a day, and what holds on public holidays. Whatever else the notation can
say (months, odd weeks, "sunset") stays a line, which experts write themselves.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
HOLIDAY = "PH"
SPANS = 2
_DAY = re.compile(r"(Mo|Tu|We|Th|Fr|Sa|Su)(?:-(Mo|Tu|We|Th|Fr|Sa|Su))?\Z")
_SPAN = re.compile(r"([01]?\d|2[0-4]):([0-5]\d)-([01]?\d|2\d):([0-5]\d)\Z")
_RULE = re.compile(r"((?:(?:Mo|Tu|We|Th|Fr|Sa|Su|PH)[-,]?)+)\s+(.+)\Z")

Span = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Week:
    """``days`` has the spans of each of ``DAYS``; a day without any is closed. ``holiday`` None: as on the weekday."""

    days: Mapping[str, tuple[Span, ...]] = field(default_factory=dict)
    holiday: tuple[Span, ...] | None = None

    def spans(self, day: str) -> tuple[Span, ...]:
        return self.days.get(day, ())


def written(week: Week) -> str:
    """The line for a week; equal neighbours stand together: ``Mo-Fr 08:00-20:00; Sa 10:00-18:00; Su off``."""
    rules = []
    start = 0
    for at in range(1, len(DAYS) + 1):
        if at < len(DAYS) and week.spans(DAYS[at]) == week.spans(DAYS[start]):
            continue
        names = DAYS[start] if at - start == 1 else f"{DAYS[start]}-{DAYS[at - 1]}"
        rules.append(f"{names} {_times(week.spans(DAYS[start]))}")
        start = at
    if week.holiday is not None:
        rules.append(f"{HOLIDAY} {_times(week.holiday)}")
    if all(not week.spans(day) for day in DAYS) and not week.holiday:
        return ""
    return "; ".join(rules)


def _times(spans: tuple[Span, ...]) -> str:
    return ",".join(f"{opens}-{closes}" for opens, closes in spans) if spans else "off"


def read(text: str) -> Week | None:
    """The week that a line means, None when it says more than a week can hold."""
    text = text.strip().rstrip(";")
    if not text:
        return Week()
    if text == "24/7":
        return Week(dict.fromkeys(DAYS, (("00:00", "24:00"),)))
    days: dict[str, tuple[Span, ...]] = {}
    holiday: tuple[Span, ...] | None = None
    for rule in text.split(";"):
        parsed = _rule(rule.strip())
        if parsed is None:
            return None
        names, spans = parsed
        for name in names:
            if name == HOLIDAY:
                holiday = spans
            else:
                days[name] = spans
    return Week(days, holiday)


def _rule(rule: str) -> tuple[list[str], tuple[Span, ...]] | None:
    found = _RULE.match(rule)
    if found is None:
        return None
    names: list[str] = []
    for part in found[1].split(","):
        if part == HOLIDAY:
            names.append(HOLIDAY)
            continue
        day = _DAY.match(part)
        if day is None:
            return None
        first, last = DAYS.index(day[1]), DAYS.index(day[2] or day[1])
        names += [DAYS[at % 7] for at in range(first, (last if last >= first else last + 7) + 1)]
    if found[2].strip() in {"off", "closed"}:
        return names, ()
    spans = []
    for part in found[2].replace(" ", "").split(","):
        span = _SPAN.match(part)
        if span is None:
            return None
        closes = int(span[3])
        spans.append((f"{int(span[1]):02d}:{span[2]}", f"{closes if closes <= 24 else closes - 24:02d}:{span[4]}"))
    return (names, tuple(spans)) if len(spans) <= SPANS else None


def problems(given: Mapping[str, str]) -> dict[str, str]:
    """Which day of a filled-in form cannot be: a span with one end, or two that overlap. Day to the key of the problem."""
    found = {}
    for day in (*DAYS, HOLIDAY):
        spans = []
        for number in range(SPANS):
            opens, closes = given.get(f"{day}-{number}-opens", ""), given.get(f"{day}-{number}-closes", "")
            if bool(opens) != bool(closes):
                found[day] = "half"
            elif opens:
                spans.append((opens, closes))
        if len(spans) == SPANS and not (spans[0][0] < spans[0][1] <= spans[1][0]):
            found.setdefault(day, "order")
    return found


def filled_in(given: Mapping[str, str]) -> Week:
    """The week of a form without problems."""

    def spans(day: str) -> tuple[Span, ...]:
        pairs = ((given.get(f"{day}-{n}-opens", ""), given.get(f"{day}-{n}-closes", "")) for n in range(SPANS))
        # An input cannot say 24:00; midnight as the end of a day is written so.
        return tuple((opens, "24:00" if closes == "00:00" else closes) for opens, closes in pairs if opens and closes)

    choice = given.get("holidays", "same")
    holiday = {"same": None, "closed": ()}.get(choice, spans(HOLIDAY))
    return Week({day: spans(day) for day in DAYS}, holiday)
