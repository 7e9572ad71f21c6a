"""A day, a week, a month or any days of a store's calendar, and the way to the ones beside it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode

from django.http import HttpRequest
from django.utils.translation import gettext, pgettext

from paseo.kernel import clock
from paseo.kernel.periods import Period, day_of, day_period
from paseo.platform.ui.formatting import date_words
from paseo.platform.ui.formatting import day as day_words

KINDS = ("day", "week", "month", "days")
LONGEST = 400


@dataclass(frozen=True, slots=True)
class Span:
    """``last`` is the last day, included."""

    kind: str
    first: date
    last: date
    today: date
    zone: str

    @property
    def period(self) -> Period:
        return Period(day_period(self.first, self.zone).start, day_period(self.last, self.zone).end)

    @property
    def words(self) -> str:
        if self.first == self.last:
            return day_words(self.first, self.zone, today=self.today)
        ends = {"first": date_words(self.first, today=self.today), "last": date_words(self.last, today=self.today)}
        return gettext("%(first)s to %(last)s") % ends

    @property
    def query(self) -> str:
        """For links to what is behind a number of this span."""
        return urlencode(self.parts)

    @property
    def parts(self) -> dict[str, str]:
        if self.kind == "days":
            return {"span": "days", "from": self.first.isoformat(), "to": self.last.isoformat()}
        return {"span": self.kind, "day": self.first.isoformat()}

    @property
    def before(self) -> str:
        days = (self.last - self.first).days + 1
        if self.kind == "days":
            return urlencode({"span": "days", "from": self.first - timedelta(days), "to": self.first - timedelta(1)})
        return urlencode({"span": self.kind, "day": self.first - timedelta(1)})

    @property
    def after(self) -> str:
        """Empty where the next span has not begun."""
        first = self.last + timedelta(1)
        if first > self.today:
            return ""
        days = (self.last - self.first).days
        if self.kind == "days":
            return urlencode({"span": "days", "from": first, "to": first + timedelta(days)})
        return urlencode({"span": self.kind, "day": first})

    @property
    def choices(self) -> list[tuple[str, str, bool]]:
        """Day, week, month, each around the last day of this span."""
        words = {"day": pgettext("span", "Day"), "week": pgettext("span", "Week"), "month": pgettext("span", "Month")}
        at = min(self.last, self.today).isoformat()
        return [(text, urlencode({"span": kind, "day": at}), kind == self.kind) for kind, text in words.items()]


def span_of(request: HttpRequest, zone: str, *, usual: str = "day") -> Span:
    """What the address asks for; without a word, or with one that makes no sense, ``usual`` around today."""
    today = day_of(clock.now(), zone)
    kind = request.GET.get("span", usual)
    kind = kind if kind in KINDS else usual
    if kind == "days":
        first, last = _date(request.GET.get("from")), _date(request.GET.get("to"))
        if first and last and first <= last and (last - first).days < LONGEST:
            return Span("days", first, last, today, zone)
        kind = usual
    at = _date(request.GET.get("day")) or today
    if kind == "week":
        first = at - timedelta(days=at.weekday())
        return Span("week", first, first + timedelta(6), today, zone)
    if kind == "month":
        first = at.replace(day=1)
        following = (first + timedelta(days=32)).replace(day=1)
        return Span("month", first, following - timedelta(1), today, zone)
    return Span("day", at, at, today, zone)


def _date(text: str | None) -> date | None:
    try:
        found = date.fromisoformat(text or "")
    except ValueError:
        return None
    return found if 2000 <= found.year <= 2200 else None
