"""A phone met a poster, a label, a tag: from there to the right page, and the meeting is remembered."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from paseo.capabilities.directory import queries as directory
from paseo.capabilities.directory.refusals import UnknownStore
from paseo.capabilities.directory.values import StoreCard, TouchpointView
from paseo.capabilities.journeys import operations as journeys
from paseo.channels.storefront.context import CHANNEL, user_agent
from paseo.channels.storefront.here import remember
from paseo.kernel import clock
from paseo.platform.identity.web import ensure_visitor
from paseo.platform.ui.formatting import localized


@require_GET
def scan(request: HttpRequest, token: str) -> HttpResponse:
    """Records the scan and goes on to the target. Refuses UnknownTouchpoint."""
    now = clock.now()
    point = directory.touchpoint(token)
    visitor_id = ensure_visitor(request)
    journeys.record(
        "scan",
        now=now,
        visitor_id=visitor_id,
        touchpoint_id=point.id,
        campaign=point.campaign,
        store_id=point.store_id,
        merchant_id=point.merchant_id,
        channel=CHANNEL,
        user_agent=user_agent(request),
    )
    store = _store(point)
    response = HttpResponseRedirect(_target(point, store))
    # Whoever scans a code stands where it hangs.
    if point.place_id is not None:
        remember(response, directory.place(point.place_id).point)
    elif store is not None:
        remember(response, store.point)
    if store is not None:
        messages.info(request, _greeting(point.kind, store))
    ensure_visitor(request, response)
    response["Cache-Control"] = "no-store"
    return response


def _store(point: TouchpointView) -> StoreCard | None:
    if point.store_id is None:
        return None
    try:
        return directory.store(point.store_id)
    except UnknownStore:
        return None


def _target(point: TouchpointView, store: StoreCard | None) -> str:
    if point.target:
        return point.target
    return reverse("storefront:store", args=[store.slug]) if store else reverse("storefront:home")


def _greeting(kind: str, store: StoreCard) -> str:
    if not store.sells:
        return gettext("This is %(store)s.") % {"store": localized(store.name)}
    words = {
        "qr_poster": gettext("You scanned the poster of %(store)s. You need no account to order."),
        "label": gettext("You scanned a label at %(store)s. You need no account to order."),
        "link": gettext("This is %(store)s. You need no account to order."),
    }.get(kind, gettext("You are at %(store)s. You need no account to order."))
    return words % {"store": localized(store.name)}
