"""Journeys: the five stages, what brought whom, and the orders and paths behind each number."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_GET

from paseo.capabilities.directory import queries as directory
from paseo.capabilities.directory.values import StoreCard
from paseo.capabilities.insight import queries
from paseo.capabilities.insight.values import STAGES, HourStages, ModelShare, TouchpointStages
from paseo.capabilities.insight.values import Stage as StageRow
from paseo.capabilities.journeys.values import MODE_KEYS
from paseo.capabilities.ordering import queries as ordering
from paseo.channels.console.desk import desk, is_part, own_store, scope_of, staff, store_of, stores_of
from paseo.channels.console.goods.flow import DIRECT, flow_of, point_name
from paseo.channels.console.goods.sending import id_or_404, show
from paseo.channels.console.goods.spans import Span, span_of
from paseo.channels.console.goods.ways import way_words, ways
from paseo.channels.console.goods.words import MODES, TOUCHPOINT_KINDS
from paseo.kernel.errors import NotFound
from paseo.kernel.money import Money
from paseo.kernel.periods import zone as zone_of
from paseo.platform.tenancy.values import Scope
from paseo.platform.ui.formatting import clock as clock_words
from paseo.platform.ui.formatting import percent
from paseo.platform.ui.values import Bar, Stage, Station


@dataclass(frozen=True, slots=True)
class View:
    """What one looks at: which days, which stores, through which touchpoint, campaign and way of ordering.

    ``journey``, a declared mode, narrows the list of orders only.
    """

    span: Span
    cards: tuple[StoreCard, ...]
    store: StoreCard | None
    touchpoint: str
    campaign: str
    mode: str
    journey: str

    @property
    def store_ids(self) -> list[UUID]:
        return [card.id for card in self.cards]

    @property
    def currency(self) -> str:
        return self.cards[0].currency

    @property
    def narrowed(self) -> dict[str, Any]:
        """For the queries; a touchpoint that is not asked for is left out, since None means "directly"."""
        found: dict[str, Any] = {"mode": self.mode or None}
        if self.touchpoint:
            found["touchpoint_id"] = None if self.touchpoint == DIRECT else UUID(self.touchpoint)
        return found

    @property
    def keep(self) -> str:
        """What stays when one goes to other days."""
        parts = {"at": str(self.store.id) if self.store else "", "touchpoint": self.touchpoint}
        parts |= {"campaign": self.campaign, "mode": self.mode}
        said = urlencode({key: value for key, value in parts.items() if value})
        return f"&{said}" if said else ""

    def query(self, **changes: str) -> str:
        parts = {
            **self.span.parts,
            "at": str(self.store.id) if self.store else "",
            "touchpoint": self.touchpoint,
            "campaign": self.campaign,
            "mode": self.mode,
            "journey": self.journey,
            **changes,
        }
        return urlencode({key: value for key, value in parts.items() if value})


def _view(request: HttpRequest) -> View | None:
    """None without a store. Refuses NotFound for a store or touchpoint of somebody else."""
    here = store_of(request)
    if here is None:
        return None
    asked = request.GET.get("at", "")
    only = own_store(request, id_or_404(asked)) if asked else None
    cards = (only,) if only else tuple(one for one in stores_of(request) if one.currency == here.currency)
    touchpoint = request.GET.get("touchpoint", "")
    if touchpoint and touchpoint != DIRECT:
        directory.touchpoint_of(scope_of(request).tenant_id, id_or_404(touchpoint))
    mode, journey = request.GET.get("mode", ""), request.GET.get("journey", "")
    return View(
        span_of(request, here.zone, usual="week"),
        cards,
        only,
        touchpoint,
        request.GET.get("campaign", "")[:80],
        mode if mode in MODES else "",
        journey if journey in MODE_KEYS else "",
    )


@require_GET
@staff("insight.see")
def insight(request: HttpRequest, tenant_id: UUID) -> HttpResponse:
    """The whole page; for htmx, when something happened, only the numbers."""
    view = _view(request)
    if view is None:
        return show(request, "no_store", "insight")
    context = _numbers(tenant_id, view)
    if is_part(request):
        return render(request, "console/goods/insight.html#numbers", _part(tenant_id, view) | context)
    points = _own_touchpoints(tenant_id, view)
    context |= {
        "points": [(str(one.id), one.name) for one in points],
        "campaigns": sorted({one.campaign for one in points if one.campaign}),
        "modes": [(key, gettext(words)) for key, words in MODES.items()],
        "cards": stores_of(request),
        "tab": "insight",
    }
    return render(request, "console/goods/insight.html", desk(request, "insight", **context))


def _part(tenant_id: UUID, view: View) -> dict[str, Any]:
    return {"tenant_id": tenant_id, "zone": view.cards[0].zone}


def _own_touchpoints(tenant_id: UUID, view: View) -> list[Any]:
    ids = set(view.store_ids)
    return [one for one in directory.touchpoints(tenant_id) if one.store_id is None or one.store_id in ids]


def _numbers(tenant_id: UUID, view: View) -> dict[str, Any]:
    period, ids = view.span.period, view.store_ids
    stages = queries.five_stages(ids, period, campaign=view.campaign or None, **view.narrowed)
    points = queries.by_touchpoint(ids, period)
    flows = [one for one in queries.flows(ids, period) if one.count > 0]
    models = queries.attribution_models(ids, period)
    earned = stages["conversion"].amount_minor
    behind_way = view.query(touchpoint="", campaign="", mode="", journey="")
    address = f"{reverse('console:insight-behind', args=[tenant_id, 'conversion'])}?{behind_way}&journey="
    return {
        "view": view,
        "span": view.span,
        "stages": [_stage(one, tenant_id, view) for one in stages.stages],
        "details": [(stage_words(one.stage), _details(one)) for one in stages.stages if one.details],
        "earned": Money(earned, view.currency),
        "rows": [_row(one, tenant_id, view) for one in points],
        "flow": flow_of(flows),
        "hours": _hours(queries.hours(ids, period), view),
        "models": _models(models["first"], models["last"], view.currency),
        "ways": ways(queries.journey_shares(ids, period), view.currency, address),
        "currency": view.currency,
    }


def stage_words(stage: str) -> str:
    return {
        "traffic": gettext("Traffic"),
        "conversion": gettext("Conversion"),
        "consumption": gettext("Consumption"),
        "feedback": gettext("Feedback"),
        "retention": gettext("Retention"),
    }[stage]


def _base(one: StageRow) -> str:
    """What a number is a share of, in words."""
    if one.base is None:
        return gettext("visits of people, once a day each")
    if not one.base:
        return gettext("nothing to compare with yet")
    share = percent(one.share or 0, 1)
    return {
        "conversion": gettext("%(share)s of visits ordered"),
        "consumption": gettext("%(share)s of orders received"),
        "feedback": gettext("%(share)s of those told how it was"),
        "retention": gettext("%(share)s of orders came from people who were here before"),
    }[one.stage] % {"share": share}


def _stage(one: StageRow, tenant_id: UUID, view: View) -> Stage:
    route = "insight-paths" if one.stage == "traffic" else "insight-behind"
    args = [tenant_id] if one.stage == "traffic" else [tenant_id, one.stage]
    href = f"{reverse(f'console:{route}', args=args)}?{view.query()}"
    return Stage(stage_words(one.stage), one.count, _base(one), href, one.stage)


def _details(one: StageRow) -> str:
    words = {
        "scan": lambda count: ngettext("%(count)s scan", "%(count)s scans", count),
        "view": lambda count: ngettext("%(count)s page opened", "%(count)s pages opened", count),
        "search": lambda count: ngettext("%(count)s search", "%(count)s searches", count),
        "exposure": lambda count: ngettext("shown in %(count)s list", "shown in %(count)s lists", count),
        "cart": lambda count: ngettext("%(count)s cart", "%(count)s carts", count),
        "return": lambda count: ngettext("%(count)s taken back", "%(count)s taken back", count),
    }
    parts = [words[key](count) % {"count": count} for key, count in one.details.items() if key in words]
    return gettext(", ").join(parts)


@dataclass(frozen=True, slots=True)
class PointRow:
    name: str
    kind: str
    campaign: str
    cells: tuple[tuple[int, str], ...]
    amount: Money


def _row(one: TouchpointStages, tenant_id: UUID, view: View) -> PointRow:
    key = str(one.touchpoint_id) if one.touchpoint_id else DIRECT
    query = view.query(touchpoint=key, campaign=one.campaign)
    cells = []
    for stage in STAGES:
        route = (
            reverse("console:insight-paths", args=[tenant_id])
            if stage == "traffic"
            else reverse("console:insight-behind", args=[tenant_id, stage])
        )
        cells.append((one[stage].count, f"{route}?{query}"))
    return PointRow(
        point_name(one.name, one.touchpoint_id),
        gettext(TOUCHPOINT_KINDS[one.kind]) if one.kind in TOUCHPOINT_KINDS else "",
        one.campaign,
        tuple(cells),
        Money(one["conversion"].amount_minor, view.currency),
    )


def _hours(rows: Sequence[HourStages], view: View) -> list[Bar]:
    """Orders by hour of the shop's clock, all days of the span together."""
    place = zone_of(view.cards[0].zone)
    counts: dict[int, int] = defaultdict(int)
    for one in rows:
        counts[one.hour.astimezone(place).hour] += one.counts.get("conversion", 0)
    used = [hour for hour, count in counts.items() if count]
    return [Bar(str(hour), counts[hour]) for hour in range(min(used), max(used) + 1)] if used else []


@dataclass(frozen=True, slots=True)
class ModelRow:
    name: str
    first: ModelShare | None
    last: ModelShare | None
    first_amount: Money
    last_amount: Money


def _models(first: Sequence[ModelShare], last: Sequence[ModelShare], currency: str) -> list[ModelRow]:
    """Each touchpoint by the first and by the last touch; both columns add up to the same."""
    by_id: dict[UUID | None, list[ModelShare | None]] = {}
    for place, shares in enumerate((first, last)):
        for one in shares:
            by_id.setdefault(one.touchpoint_id, [None, None])[place] = one
    rows = []
    for touchpoint_id, (begun, ended) in by_id.items():
        name = next(one.name for one in (begun, ended) if one is not None)
        amounts = [Money(one.amount_minor if one else 0, currency) for one in (begun, ended)]
        rows.append(ModelRow(point_name(name, touchpoint_id), begun, ended, amounts[0], amounts[1]))
    return rows


# What is behind a number


@require_GET
@staff("insight.see")
def behind(request: HttpRequest, tenant_id: UUID, stage: str) -> HttpResponse:
    """The orders that a number counts, newest first."""
    view = _view(request)
    if view is None or stage not in STAGES or stage == "traffic":
        raise NotFound
    found = queries.orders_behind(
        view.store_ids, view.span.period, stage, journey=view.journey or None, **view.narrowed
    )
    scope = scope_of(request)
    known = ordering.summaries([one.order_id for one in found], scope=scope)
    names = directory.touchpoints_by_id(
        {one for row in found for one in (row.first_touchpoint_id, row.last_touchpoint_id) if one}
    )

    def name(touchpoint_id: UUID | None) -> str:
        return point_name(names[touchpoint_id].name if touchpoint_id in names else "", touchpoint_id)

    rows = [
        {
            "order": known.get(one.order_id),
            "href": reverse("console:order", args=[tenant_id, one.order_id]) if _sees_orders(scope) else "",
            "at": one.at,
            "mode": one.mode,
            "kept": Money(one.kept_minor, one.currency),
            "first": name(one.first_touchpoint_id),
            "last": name(one.last_touchpoint_id),
            "again": one.again,
            "why": gettext(one.reason) if view.journey else "",
        }
        for one in found
    ]
    context: dict[str, Any] = {
        "view": view,
        "span": view.span,
        "stage": stage,
        "words": stage_words(stage),
        "rows": rows,
        "total": Money(sum(one.kept_minor for one in found), view.currency),
        "through": _through(tenant_id, view),
        "way": way_words(view.journey),
        "tab": "insight",
    }
    if is_part(request):
        return render(request, "console/goods/insight_behind.html#orders", _part(tenant_id, view) | context)
    return show(request, "insight_behind", "insight", **context)


def _sees_orders(scope: Scope) -> bool:
    return scope.holds("orders.see")


def _through(tenant_id: UUID, view: View) -> str:
    """The touchpoint one looks through, in words."""
    if not view.touchpoint:
        return ""
    if view.touchpoint == DIRECT:
        return gettext("Came directly")
    return directory.touchpoint_of(tenant_id, UUID(view.touchpoint)).name


@require_GET
@staff("insight.see")
def paths(request: HttpRequest, tenant_id: UUID) -> HttpResponse:
    """Paths as kinds and times. Nothing in them says who it was."""
    view = _view(request)
    if view is None:
        raise NotFound
    touchpoint = {key: value for key, value in view.narrowed.items() if key == "touchpoint_id"}
    found = queries.paths_behind(view.store_ids, view.span.period, **touchpoint)
    names = directory.touchpoints_by_id(
        {step.touchpoint_id for one in found for step in one.steps if step.touchpoint_id}
    )
    context: dict[str, Any] = {
        "view": view,
        "span": view.span,
        "paths": [_line(one.steps, names) for one in found],
        "through": _through(tenant_id, view),
        "tab": "insight",
    }
    if is_part(request):
        return render(request, "console/goods/insight_paths.html#paths", _part(tenant_id, view) | context)
    return show(request, "insight_paths", "insight", **context)


_CHANGES = {"order", "payment", "return"}


def _line(steps: Sequence[Any], names: dict[UUID, Any]) -> tuple[Any, list[Station]]:
    stations = []
    for step in steps:
        kind = "end" if step.kind == "redemption" else "change" if step.kind in _CHANGES else "contact"
        name = names[step.touchpoint_id].name if step.touchpoint_id in names else ""
        state = "refused" if step.kind == "return" else "done"
        stations.append(Station(step_words(step.kind), state, kind, clock_words(step.at), name))  # type: ignore[arg-type]
    return steps[0].at, stations


def step_words(kind: str) -> str:
    words = {
        "exposure": gettext("Saw it in a list"),
        "scan": gettext("Scanned"),
        "visit": gettext("Came by"),
        "view": gettext("Opened the page"),
        "search": gettext("Searched"),
        "cart": gettext("Filled a cart"),
        "order": gettext("Ordered"),
        "payment": gettext("Paid"),
        "redemption": gettext("Received it"),
        "review": gettext("Told how it was"),
        "return": gettext("Taken back"),
    }
    return words.get(kind, kind)
