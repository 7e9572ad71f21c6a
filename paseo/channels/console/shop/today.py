"""Today: what is in hand by due time, the day's figures, the counter, what needs somebody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_GET

from paseo.capabilities.directory.values import StoreCard
from paseo.capabilities.insight import queries as insight
from paseo.capabilities.insight.values import Flow
from paseo.capabilities.ledger import queries as ledger
from paseo.capabilities.ordering import queries as ordering
from paseo.capabilities.ordering.values import BoardEntry, DayTotals
from paseo.channels.console.desk import desk, is_part, scope_of, staff, store_of
from paseo.channels.console.goods.flow import DIRECT, flow_of, point_name
from paseo.channels.console.shop.counter import counter_context
from paseo.channels.console.shop.needs import by_hour, needs_of
from paseo.channels.console.shop.rooms import page_of
from paseo.channels.console.shop.slips import Slip, by_need, slip_of
from paseo.channels.console.shop.store import PAUSES
from paseo.kernel import clock
from paseo.kernel.money import Money
from paseo.kernel.periods import day_of, day_period
from paseo.platform.tenancy.values import Scope
from paseo.platform.ui.formatting import money, number, percent, weekday

IN_HAND = ("new", "kitchen", "shelf")


@dataclass(frozen=True, slots=True)
class Figure:
    """One number of the day. ``amount`` or ``words`` is the number, ``foot`` what it is measured against,
    ``second`` the same a week ago by this hour."""

    label: str
    words: str = ""
    amount: Money | None = None
    foot: str = ""
    second: str = ""
    href: str = ""


@require_GET
@staff("orders.see")
def today(request: HttpRequest, tenant_id: UUID) -> HttpResponse:
    """The whole page; for htmx only what changes by itself."""
    store, now = store_of(request), clock.now()
    if store is None:
        return render(request, "console/shop/no_store.html", desk(request, "today"))
    context = working(request, store, now, "today")
    if is_part(request):
        return render(request, "console/shop/today.html#live", {**context, "part": True})
    context |= counter_context(request, store, now)
    return render(request, "console/shop/today.html", desk(request, "today", **context))


def working(request: HttpRequest, store: StoreCard, now: datetime, back: str) -> dict[str, Any]:
    """What is in hand, by column and by need, with the figures above it."""
    scope = scope_of(request)
    columns = ordering.board(store.id, now=now)
    may_act = scope.may("orders.act", store.id)
    slips = {
        name: [slip_of(entry, scope.tenant_id, now, back=back, may_act=may_act) for entry in entries]
        for name, entries in columns.items()
    }
    in_hand = by_need([slip for name in IN_HAND for slip in slips[name]])
    return {
        "tenant_id": scope.tenant_id,
        "store": store,
        "zone": store.zone,
        "in_hand": in_hand,
        "columns": slips,
        "late": sum(slip.late for slip in in_hand),
        "figures": _figures(scope, store, columns, in_hand, now) if back == "today" else (),
        "counts": {"orders": len(slips["new"])},
        "may_pause": scope.may("store.edit", store.id),
        "pauses": PAUSES,
        "confirm_href": _confirm_href(scope, store, request),
        "may_trace": scope.may("insight.see", store.id),
    }


def _confirm_href(scope: Scope, store: StoreCard, request: HttpRequest) -> str:
    """Where somebody who may see money shows that it is them; empty when there is nothing to show."""
    if not scope.holds("money.see") or scope.may("money.see", store.id) or scope.confirmed:
        return ""
    return f"{reverse('identity:second-factor')}?{urlencode({'next': request.path})}"


def _figures(
    scope: Scope, store: StoreCard, columns: dict[str, list[BoardEntry]], in_hand: list[Slip], now: datetime
) -> tuple[Figure, ...]:
    week_ago = now - timedelta(days=7)
    totals = ordering.today(store.id, now=now)
    before = ordering.today(store.id, now=week_ago, until=week_ago)
    sums = _sums(store, totals, before, week_ago) if scope.may("money.see", store.id) else ()
    orders = Figure(
        gettext("Orders"),
        words=number(totals.orders),
        foot=ngettext("%(count)s now in hand", "%(count)s now in hand", len(in_hand)) % {"count": len(in_hand)},
        second=_last_week(week_ago, number(before.orders)) if before.orders else "",
        href=_placed_today(scope.tenant_id, store, now),
    )
    rest = (orders, _on_time(store, columns, now))
    if not sums:
        late = sum(slip.late for slip in in_hand)
        waits = len(columns["new"])
        return (
            *rest,
            Figure(gettext("Waiting for an answer"), words=str(waits), foot=gettext("accept or refuse them")),
            Figure(gettext("Late"), words=str(late), foot=gettext("past the promised time")),
        )
    return (sums[0], *rest, *sums[1:])


def _last_week(week_ago: datetime, number: str) -> str:
    return gettext("last %(weekday)s by now %(number)s") % {"weekday": weekday(week_ago), "number": number}


def _placed_today(tenant_id: UUID, store: StoreCard, now: datetime) -> str:
    asked = urlencode({"day": day_of(now, store.zone).isoformat(), "at": store.id})
    return f"{reverse('console:orders', args=[tenant_id])}?{asked}"


def _sums(store: StoreCard, totals: DayTotals, before: DayTotals, week_ago: datetime) -> tuple[Figure, ...]:
    unit = store.currency
    of_what = {"online": money(totals.online_minor, unit), "cash": money(totals.cash_minor, unit)}
    evening = page_of("money-day", store.merchant_id)
    taken = Figure(
        gettext("Taken today"),
        amount=Money(totals.sold_minor - totals.returned_minor, unit),
        foot=gettext("%(online)s online, %(cash)s in cash") % of_what,
        second=_last_week(week_ago, money(before.sold_minor - before.returned_minor, unit)) if before.orders else "",
        href=evening,
    )
    return (
        taken,
        Figure(gettext("Given back"), amount=Money(totals.returned_minor, unit), foot=_refused(totals), href=evening),
    )


def _refused(totals: DayTotals) -> str:
    ended = totals.cancelled + totals.refused
    return ngettext("%(count)s order cancelled", "%(count)s orders cancelled", ended) % {"count": ended}


def _on_time(store: StoreCard, columns: dict[str, list[BoardEntry]], now: datetime) -> Figure:
    """Of what was made ready today, how much by the first promise."""
    day = day_period(day_of(now, store.zone), store.zone)
    made = [
        entry.handover
        for name in ("shelf", "done")
        for entry in columns[name]
        if entry.handover.ready_at is not None and entry.handover.ready_at in day
    ]
    kept = sum(one.ready_at <= one.first_promised_at for one in made if one.ready_at is not None)
    if not made:
        return Figure(gettext("Ready on time"), words="–", foot=gettext("nothing made yet today"))
    foot = gettext("%(kept)s of %(made)s") % {"kept": kept, "made": len(made)}
    return Figure(gettext("Ready on time"), words=percent(kept / len(made)), foot=foot)


@require_GET
@staff("orders.see")
def needs(request: HttpRequest, tenant_id: UUID) -> HttpResponse:
    """What needs somebody, what is owed, and the orders by hour: beside today, or a page of its own without scripts."""
    store, now, scope = store_of(request), clock.now(), scope_of(request)
    if store is None:
        return render(request, "console/shop/no_store.html", desk(request, "today"))
    context: dict[str, Any] = {
        "tenant_id": tenant_id,
        "needs": needs_of(scope, store, now),
        "bars": by_hour(store, now),
        "week_ago": weekday(now - timedelta(days=7)),
        "owed": _owed(scope, store),
        "money_href": page_of("money", tenant_id),
    }
    if is_part(request):
        return render(request, "console/shop/needs.html#needs", context)
    return render(request, "console/shop/needs.html", desk(request, "today", **context))


@require_GET
@staff("insight.see")
def brought(request: HttpRequest, tenant_id: UUID) -> HttpResponse:
    """What brought today's orders; without htmx the same on the page of journeys."""
    store, now = store_of(request), clock.now()
    journeys = f"{reverse('console:insight', args=[tenant_id])}?{_on_this_day(store, now)}"
    if store is None or not is_part(request):
        return HttpResponseRedirect(journeys)
    rows = [one for one in insight.flows([store.id], day_period(day_of(now, store.zone), store.zone)) if one.count > 0]
    context = {
        "tenant_id": tenant_id,
        "store": store,
        "flow": flow_of(rows),
        "rows": _by_source(rows, tenant_id, store, now),
        "stands": sum(one.count for one in rows),
        "journeys": journeys,
    }
    return render(request, "console/shop/today.html#brought", context)


@dataclass(frozen=True, slots=True)
class Source:
    """A touchpoint and the orders of today that it brought. ``share`` is of the strongest, for the bar."""

    name: str
    count: int
    share: str
    href: str


def _by_source(rows: Sequence[Flow], tenant_id: UUID, store: StoreCard, now: datetime) -> list[Source]:
    sums: dict[tuple[UUID | None, str], int] = {}
    for one in rows:
        key = (one.touchpoint_id, point_name(one.name, one.touchpoint_id))
        sums[key] = sums.get(key, 0) + one.count
    behind, most = reverse("console:insight-behind", args=[tenant_id, "conversion"]), max(sums.values(), default=1)
    return [
        Source(
            name,
            count,
            f"{count / most:.1%}",
            f"{behind}?{_on_this_day(store, now)}&{urlencode({'touchpoint': touchpoint_id or DIRECT})}",
        )
        for (touchpoint_id, name), count in sorted(sums.items(), key=lambda pair: (-pair[1], pair[0][1]))
    ]


def _on_this_day(store: StoreCard | None, now: datetime) -> str:
    asked = {"span": "day", "day": day_of(now, store.zone).isoformat(), "at": store.id} if store else {}
    return urlencode(asked)


def _owed(scope: Scope, store: StoreCard) -> Money | None:
    """What the operator owes the merchant, fees for cash taken off; None for those who may not see it."""
    if not scope.may("money.see", store.id) or scope.place_ids is not None:
        return None
    held = ledger.balance(scope.tenant_id, "merchant_payable", store.currency).posted
    return held - ledger.balance(scope.tenant_id, "commission_receivable", store.currency).posted
