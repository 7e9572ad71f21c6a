"""Opening hours: a week to fill in, or the line itself."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext, pgettext
from django.views.decorators.http import require_http_methods

from paseo.capabilities.directory import operations as directory
from paseo.capabilities.directory.refusals import BadHours
from paseo.channels.console.desk import scope_of, staff, store_of
from paseo.channels.console.shop.store import store_desk
from paseo.channels.console.shop.week import DAYS, HOLIDAY, SPANS, Week, filled_in, problems, read, written
from paseo.kernel import clock


def _day_names() -> dict[str, str]:
    return {
        "Mo": pgettext("weekday", "Monday"),
        "Tu": pgettext("weekday", "Tuesday"),
        "We": pgettext("weekday", "Wednesday"),
        "Th": pgettext("weekday", "Thursday"),
        "Fr": pgettext("weekday", "Friday"),
        "Sa": pgettext("weekday", "Saturday"),
        "Su": pgettext("weekday", "Sunday"),
        HOLIDAY: pgettext("weekday", "Public holidays"),
    }


@require_http_methods(["GET", "POST"])
@staff("store.edit")
def hours(request: HttpRequest, tenant_id: UUID) -> HttpResponse:
    store = store_of(request)
    if store is None:
        return HttpResponseRedirect(reverse("console:store-new", args=[tenant_id]))
    if request.method == "GET":
        week = read(store.hours)
        return _page(request, _rows(_given(week or Week()), {}), line=store.hours, week=week)
    by_line = request.POST.get("by") == "line"
    wrong = {} if by_line else problems(request.POST)
    if wrong:
        return _page(request, _rows(request.POST, wrong), line=store.hours, week=Week(), status=422)
    line = request.POST.get("line", "") if by_line else written(filled_in(request.POST))
    try:
        directory.set_hours(
            merchant_id=tenant_id, store_id=store.id, hours=line, now=clock.now(), actor=scope_of(request).actor
        )
    except BadHours:
        week = read(store.hours)
        rows = _rows(_given(week or Week()), {})
        return _page(request, rows, line=line, week=week, status=422, line_error=True)
    messages.success(request, gettext("The hours are saved. Customers see them now."))
    return HttpResponseRedirect(reverse("console:store-hours", args=[tenant_id]), status=303)


def _given(week: Week) -> dict[str, str]:
    """What the form would have sent for this week."""
    given = {"holidays": "same" if week.holiday is None else "own" if week.holiday else "closed"}
    for day in (*DAYS, HOLIDAY):
        for number, (opens, closes) in enumerate((week.holiday or ()) if day == HOLIDAY else week.spans(day)):
            given[f"{day}-{number}-opens"] = opens
            given[f"{day}-{number}-closes"] = "00:00" if closes == "24:00" else closes
    return given


def _rows(given: Any, wrong: dict[str, str]) -> dict[str, Any]:
    words = {
        "half": gettext("Write both, when it opens and when it closes."),
        "order": gettext("The second time has to begin after the first one ends."),
    }
    names = _day_names()
    rows = [
        {
            "day": day,
            "name": names[day],
            "spans": [
                {
                    "number": number,
                    "opens": given.get(f"{day}-{number}-opens", ""),
                    "closes": given.get(f"{day}-{number}-closes", ""),
                }
                for number in range(SPANS)
            ],
            "error": words.get(wrong.get(day, ""), ""),
            "first": bool(wrong) and day == next(iter(wrong)),
        }
        for day in (*DAYS, HOLIDAY)
    ]
    return {"days": rows[:-1], "holiday": rows[-1], "holidays": given.get("holidays", "same")}


def _page(
    request: HttpRequest,
    rows: dict[str, Any],
    *,
    line: str,
    week: Week | None,
    status: int = 200,
    line_error: bool = False,
) -> HttpResponse:
    context = store_desk(request, "store-hours", **rows, line=line, expert=week is None, line_error=line_error)
    return render(request, "console/shop/hours.html", context, status=status)
