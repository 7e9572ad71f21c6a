"""What needs somebody in the shop, each with the one page that settles it, and the orders hour by hour."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext, ngettext

from paseo.capabilities.care import queries as care
from paseo.capabilities.catalog import queries as catalog
from paseo.capabilities.directory.values import StoreCard
from paseo.capabilities.fulfillment import queries as fulfillment
from paseo.capabilities.insight import queries as insight
from paseo.capabilities.inventory import queries as inventory
from paseo.capabilities.pricing import queries as pricing
from paseo.channels.console.shop.rooms import page_of
from paseo.kernel.periods import Period, day_of, day_period
from paseo.kernel.periods import zone as zone_of
from paseo.platform.tenancy.values import Scope
from paseo.platform.ui.formatting import clock, localized, money
from paseo.platform.ui.values import Bar

LOW = 3
SHOWN = 3
LEFT_ON_THE_SHELF = timedelta(hours=1)
QUOTED = 90
LEAST_HOURS = 6


@dataclass(frozen=True, slots=True)
class Need:
    icon: str
    words: str
    detail: str
    act: str
    href: str


def needs_of(scope: Scope, store: StoreCard, now: datetime) -> list[Need]:
    """In the order in which they cost the shop something. Only what this person may settle."""
    found: list[Need] = []
    if store.merchant_state != "live" and scope.may("store.edit", store.id):
        href = reverse("console:ready", args=[scope.tenant_id])
        found.append(
            Need("store", gettext("Not live yet"), gettext("Customers do not see you."), gettext("See why"), href)
        )
    found += _left_on_the_shelf(scope, store, now)
    if scope.may("stock.edit", store.id):
        found += _nearly_gone(scope, store)
    if scope.may("prices.edit", store.id):
        found += _prices_that_differ(scope, store, now)
    if scope.may("insight.see", store.id):
        found += _unanswered_reviews(scope, store)
    return found


def _left_on_the_shelf(scope: Scope, store: StoreCard, now: datetime) -> Iterator[Need]:
    for one in fulfillment.board(store.id, now=now).ready:
        if one.ready_at is not None and now - one.ready_at > LEFT_ON_THE_SHELF:
            yield Need(
                "clock",
                gettext("%(plate)s is still on the shelf") % {"plate": one.plate},
                gettext("Ready since %(time)s, not collected") % {"time": clock(one.ready_at)},
                gettext("Look"),
                reverse("console:order", args=[scope.tenant_id, one.id]),
            )


def _names(variant_ids: list[UUID]) -> dict[UUID, str]:
    names = catalog.variant_names(variant_ids) if variant_ids else {}
    return {
        key: " ".join(filter(None, (localized(product), localized(variant))))
        for key, (product, variant) in names.items()
    }


def _nearly_gone(scope: Scope, store: StoreCard) -> Iterator[Need]:
    href = page_of("stock", scope.tenant_id)
    items = inventory.low_stock(store.id, at_most=LOW, limit=SHOWN)
    names = _names([item.variant_id for item in items])
    for item in items:
        left = item.available or 0
        words = ngettext("%(name)s, %(count)s left", "%(name)s, %(count)s left", left)
        detail = (
            gettext("Cannot be ordered any more")
            if not left
            else gettext("%(count)s kept for orders") % {"count": item.held + item.allocated}
        )
        named = {"name": names.get(item.variant_id, ""), "count": left}
        yield Need("box", words % named, detail, gettext("Count"), href)


def _prices_that_differ(scope: Scope, store: StoreCard, now: datetime) -> Iterator[Need]:
    href = page_of("prices", scope.tenant_id)
    gaps = pricing.parity_exceptions(scope.tenant_id, now=now)
    gaps = [gap for gap in gaps if gap.store_id in (None, store.id)][:SHOWN]
    names = _names([gap.variant_id for gap in gaps])
    for gap in gaps:
        sums = {"till": money(gap.counter_minor, gap.currency), "online": money(gap.online_minor, gap.currency)}
        words = gettext("%(name)s differs") % {"name": names.get(gap.variant_id, "")}
        yield Need("tag", words, gettext("till %(till)s, online %(online)s") % sums, gettext("Fix"), href)


def _unanswered_reviews(scope: Scope, store: StoreCard) -> Iterator[Need]:
    href = page_of("reviews", scope.tenant_id)
    for review in care.reviews_of_merchant(scope.tenant_id, store_ids=[store.id], unanswered=True, limit=SHOWN):
        text = review.text if len(review.text) <= QUOTED else f"{review.text[:QUOTED].rstrip()}…"
        detail = gettext("“%(words)s”") % {"words": text} if text else localized(review.names)
        words = gettext("New review, %(stars)s of 5") % {"stars": review.stars}
        yield Need("star", words, detail, gettext("Reply"), href)


def by_hour(store: StoreCard, now: datetime) -> list[Bar]:
    """Orders of today by hour of the shop's clock, with the same weekday a week ago as grey strokes."""
    place = zone_of(store.zone)
    today = day_of(now, store.zone)
    current = _counted(store, day_period(today, store.zone), place)
    before = _counted(store, day_period(today - timedelta(days=7), store.zone), place)
    this_hour = now.astimezone(place).hour
    hours = [hour for hour, count in (*before.items(), *current.items()) if count]
    if not hours:
        return []
    first, last = min(hours), max(*hours, this_hour)
    return [
        Bar(
            str(hour),
            current.get(hour, 0),
            before.get(hour, 0) if any(before.values()) else None,
            now=hour == this_hour,
            shown="" if hour <= this_hour else "\u00a0",
        )
        for hour in range(first, min(23, max(last, first + LEAST_HOURS - 1)) + 1)
    ]


def _counted(store: StoreCard, period: Period, place: object) -> dict[int, int]:
    counts: dict[int, int] = {}
    for one in insight.hours([store.id], period):
        hour = one.hour.astimezone(place).hour  # type: ignore[arg-type]
        counts[hour] = counts.get(hour, 0) + one.counts.get("conversion", 0)
    return counts
