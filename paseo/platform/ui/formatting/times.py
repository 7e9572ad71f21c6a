"""Instants as clock times and days, in the zone of the shop (activated by the page) or the house's default zone."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_skeleton
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext, ngettext

from paseo.kernel.clock import now as clock_now
from paseo.platform.ui.formatting.readers import reader_locale


def zone_in_use(zone: tzinfo | str | None = None) -> tzinfo:
    """``zone`` if given, else the zone activated for this request, else the default zone of this installation."""
    if isinstance(zone, str) and zone:
        return ZoneInfo(zone)
    if isinstance(zone, tzinfo):
        return zone
    current = timezone.get_current_timezone()
    if str(current) != settings.TIME_ZONE:
        return current
    return ZoneInfo(getattr(settings, "PASEO", {}).get("DEFAULT_TIME_ZONE", settings.TIME_ZONE))


def _local(value: datetime, zone: Any) -> datetime:
    return value.astimezone(zone_in_use(zone)) if value.tzinfo else value


def clock(value: datetime | time | None, zone: Any = None) -> str:
    """``18:05``: always 24 hours, the same in every language, so that it can be compared with the clock on the wall."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        value = _local(value, zone)
    return f"{value.hour:02d}:{value.minute:02d}"


def _as_date(value: datetime | date, zone: Any) -> date:
    return _local(value, zone).date() if isinstance(value, datetime) else value


def day(value: datetime | date | None, zone: Any = None, *, today: date | None = None) -> str:
    """``today``, ``tomorrow``, ``yesterday``, or ``Sat 21 Nov``; with the year when it is another one."""
    if value is None:
        return ""
    shown = _as_date(value, zone)
    today = today or clock_now().astimezone(zone_in_use(zone)).date()
    if shown == today:
        return gettext("today")
    if shown == today + timedelta(days=1):
        return gettext("tomorrow")
    if shown == today - timedelta(days=1):
        return gettext("yesterday")
    return date_words(shown, today=today)


def date_words(value: datetime | date | None, zone: Any = None, *, today: date | None = None) -> str:
    """``Sat 21 Nov``, with the year when it is another one."""
    if value is None:
        return ""
    shown = _as_date(value, zone)
    today = today or clock_now().astimezone(zone_in_use(zone)).date()
    skeleton = "MMMEd" if shown.year == today.year else "yMMMd"
    return str(format_skeleton(skeleton, shown, locale=reader_locale()))


def weekday(value: datetime | date, zone: Any = None) -> str:
    """``Monday``."""
    return str(format_date(_as_date(value, zone), "EEEE", locale=reader_locale()))


def day_and_clock(value: datetime | None, zone: Any = None, *, today: date | None = None) -> str:
    """``18:05`` when it is today, else ``Sat 21 Nov 18:05``."""
    if value is None:
        return ""
    reference = today or clock_now().astimezone(zone_in_use(zone)).date()
    if _as_date(value, zone) == reference:
        return clock(value, zone)
    return gettext("%(day)s, %(time)s") % {"day": day(value, zone, today=reference), "time": clock(value, zone)}


def moment(value: datetime, zone: Any = None, *, today: date | None = None) -> str:
    """When something happened, always with its day: ``today at 18:06``, ``Sat 21 Nov at 18:06``."""
    reference = today or clock_now().astimezone(zone_in_use(zone)).date()
    return gettext("%(day)s at %(time)s") % {"day": day(value, zone, today=reference), "time": clock(value, zone)}


def countdown(until: datetime, now: datetime | None = None) -> str:
    """The rest of a time limit: ``6:41`` below an hour, else ``2 h``. Never negative."""
    rest = max(0, int((until - (now or clock_now())).total_seconds()))
    if rest >= 3600:
        return ngettext("%(hours)s h", "%(hours)s h", rest // 3600) % {"hours": rest // 3600}
    return f"{rest // 60}:{rest % 60:02d}"
