"""The words of the house objects: what a window says, what a scene is called, how a station is read aloud."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext, gettext_lazy, ngettext, pgettext, pgettext_lazy

from paseo.kernel.clock import now as clock_now
from paseo.platform.ui.formatting import clock, day, zone_in_use
from paseo.platform.ui.values import Station

_SCENES = {
    "here": pgettext_lazy("way of buying", "Eat in"),
    "pickup": pgettext_lazy("way of buying", "Pickup"),
    "delivery": pgettext_lazy("way of buying", "Delivery"),
    "voucher": pgettext_lazy("way of buying", "Ticket"),
    "booking": pgettext_lazy("way of buying", "Booking"),
    "freight": pgettext_lazy("way of buying", "Freight"),
    "member": pgettext_lazy("way of buying", "Member"),
}
_STATES = {
    "done": gettext_lazy("Done:"),
    "now": gettext_lazy("Now:"),
    "next": gettext_lazy("To come:"),
    "refused": gettext_lazy("Refused:"),
}
LAST_ORDERS = timedelta(minutes=30)


def scene_words(key: str) -> str:
    return str(_SCENES[key]) if key in _SCENES else key


def station_state_words(state: str) -> str:
    return str(_STATES[state])


def ticks_words(stations: Sequence[Station]) -> str:
    """What a row of dots says aloud: the station now, else the last one done or refused."""
    for station in stations:
        if station.state == "now":
            return station.words
    past = [station for station in stations if station.state in ("done", "refused")]
    return f"{station_state_words(past[-1].state)} {past[-1].words}" if past else ""


def lamp_words(lamp: Any, zone: Any = None, now: datetime | None = None) -> str:
    """Until when the lights are on; the last orders when they are near; when they come on again."""
    if isinstance(lamp, str):
        return {"lit": pgettext("shop", "Open"), "half": gettext("Closes soon")}.get(lamp, pgettext("shop", "Closed"))
    now = now or clock_now()
    state = str(getattr(lamp.state, "value", lamp.state))
    until, opens_at = getattr(lamp, "until", None), getattr(lamp, "opens_at", None)
    last_orders = getattr(lamp, "last_orders_at", None)
    if state == "dark":
        if opens_at is None and getattr(lamp, "reason", "") == "unknown":
            return gettext("Hours not known")
        return _closed_words(opens_at, zone, now)
    if state == "half" and last_orders is not None and now < last_orders:
        minutes = max(1, round((last_orders - now).total_seconds() / 60))
        return ngettext("Last orders in %(count)s min", "Last orders in %(count)s min", minutes) % {"count": minutes}
    if until is None:
        return gettext("Open day and night")
    if until - now > timedelta(hours=20):
        return gettext("Until %(day)s, %(time)s") % {"day": day(until, zone), "time": clock(until, zone)}
    return gettext("Until %(time)s") % {"time": clock(until, zone)}


def _closed_words(opens_at: datetime | None, zone: Any, now: datetime) -> str:
    if opens_at is None:
        return pgettext("shop", "Closed")
    place = zone_in_use(zone)
    if opens_at.astimezone(place).date() == now.astimezone(place).date():
        return gettext("Closed, opens %(time)s") % {"time": clock(opens_at, zone)}
    return gettext("Closed, opens %(day)s at %(time)s") % {
        "day": day(opens_at, zone, today=now.astimezone(place).date()),
        "time": clock(opens_at, zone),
    }
