"""Everything in the city that waits for a person, oldest first, each with the one thing to do about it."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext, gettext_noop, ngettext

from paseo.capabilities.directory import queries as directory
from paseo.capabilities.directory.values import MerchantView, StoreCard
from paseo.capabilities.fulfillment import queries as fulfillment
from paseo.capabilities.fulfillment.values import HandoverView
from paseo.capabilities.insight.values import Trouble
from paseo.channels.console.city.frame import age
from paseo.channels.console.city.machinery import of_machinery
from paseo.channels.console.city.problem import Problem
from paseo.platform.tenancy.values import Scope
from paseo.platform.ui.formatting import localized
from paseo.platform.ui.text import sentence
from paseo.platform.ui.values import Act

APPLICATIONS = 500
SILENT = 200
ANSWER_WITHIN = timedelta(minutes=5)
TITLES = {
    "parked_payment": gettext_noop("Payment parked"),
    "stuck_refund": gettext_noop("Refund has not arrived"),
    "silent_payment": gettext_noop("Payment without an answer"),
}
ACTS = {
    "parked_payment": gettext_noop("Decide on the money"),
    "stuck_refund": gettext_noop("Look after the refund"),
    "silent_payment": gettext_noop("Ask the payment service"),
}


def is_claimed(merchant: MerchantView) -> bool:
    """Somebody applied; a merchant that an import made of a place on the map has nobody behind it."""
    return bool(merchant.business_id or merchant.email)


def applications(scope: Scope) -> list[MerchantView]:
    """Merchants that wait for a person of the operator, oldest first."""
    found: list[MerchantView] = []
    for state in ("applied", "in_review"):
        found += directory.merchants(operator_id=scope.tenant_id, state=state, limit=APPLICATIONS)
    return sorted((one for one in found if is_claimed(one)), key=lambda one: one.applied_at)


def problems(scope: Scope, troubles: tuple[Trouble, ...], waiting: list[MerchantView], now: datetime) -> list[Problem]:
    """``troubles`` are insight's; shops that do not answer, merchants that wait and the installation's are added."""
    found = _together([trouble for trouble in troubles if _may(scope, trouble)], now)
    if scope.may("orders.see"):
        late = {trouble.subject for trouble in troubles if trouble.key == "late_order"}
        found += _silent_shops(late, now)
    if scope.may("merchant.approve"):
        found += [_application(merchant, now) for merchant in waiting]
    found += of_machinery(scope, now)
    found.sort(key=lambda problem: problem.since)
    return found


def _silent_shops(late: set[str], now: datetime) -> list[Problem]:
    """Orders that a shop has not answered, one line for each shop. Those that are late already stand there as late."""
    silent = fulfillment.unanswered(before=now - ANSWER_WITHIN, limit=SILENT)
    by_store: dict[UUID, list[HandoverView]] = {}
    for one in silent:
        if f"order:{one.id}" not in late:
            by_store.setdefault(one.store_id, []).append(one)
    cards = directory.stores(by_store) if by_store else {}
    return [_silent(found, cards.get(store_id), now) for store_id, found in by_store.items()]


def _silent(found: list[HandoverView], card: StoreCard | None, now: datetime) -> Problem:
    """``found`` is oldest first."""
    count, first = len(found), found[0]
    words = ngettext("%(count)s order without an answer", "%(count)s orders without an answer", count)
    name = localized(card.name) if card else ""
    told = words % {"count": count}
    address = (
        reverse("console:city-order", args=[first.id]) if count == 1 else f"{reverse('console:city-orders')}#urgent"
    )
    return Problem(
        key=f"silent:{first.store_id}",
        since=first.opened_at,
        waits=age(first.opened_at, now),
        title=gettext("%(what)s, %(where)s") % {"what": told, "where": name} if name else told,
        detail=gettext("Nobody there has accepted it yet."),
        act=Act(gettext("Open the order") if count == 1 else gettext("See the orders"), address),
        count=count,
        store_id=first.store_id,
        phone=card.phone if card else "",
    )


def _may(scope: Scope, trouble: Trouble) -> bool:
    needed = {"late_order": "orders.see", "dead_letter": "events.repair"}.get(trouble.key, "money.see")
    return scope.may(needed)


def _together(troubles: list[Trouble], now: datetime) -> list[Problem]:
    """Late orders of one shop are one line, and so are events that the same reaction could not take."""
    groups: dict[tuple[object, ...], list[Trouble]] = {}
    for trouble in troubles:
        alike: tuple[object, ...] = (trouble.subject,)
        if trouble.key == "late_order":
            alike = (trouble.store_id,)
        elif trouble.key == "dead_letter":
            alike = (trouble.params.get("type"), trouble.params.get("reaction"))
        groups.setdefault((trouble.key, *alike), []).append(trouble)
    return [_told(group, now) for group in groups.values()]


def _told(group: list[Trouble], now: datetime) -> Problem:
    """``group`` is oldest first, as the troubles came."""
    trouble, count = group[0], len(group)
    words, act = _words(trouble, count)
    store = localized(trouble.params.get("store", {}))
    return Problem(
        key=trouble.subject,
        since=trouble.since,
        waits=age(trouble.since, now),
        title=gettext("%(what)s, %(where)s") % {"what": words, "where": store} if store else words,
        detail=sentence(trouble.sentence, trouble.params),
        act=act,
        count=count,
        store_id=trouble.store_id if trouble.key == "late_order" else None,
    )


def _words(trouble: Trouble, count: int) -> tuple[str, Act]:
    number = {"count": count}
    if trouble.key == "late_order":
        address = _address(trouble) if count == 1 else f"{reverse('console:city-orders')}#urgent"
        return (
            ngettext("%(count)s late order", "%(count)s late orders", count) % number,
            Act(ngettext("Open the order", "See the late orders", count), address),
        )
    if trouble.key == "dead_letter":
        return (
            ngettext("%(count)s event not delivered", "%(count)s events not delivered", count) % number,
            Act(ngettext("Repair the delivery", "Repair the deliveries", count), _address(trouble)),
        )
    return gettext(TITLES[trouble.key]), Act(gettext(ACTS[trouble.key]), _address(trouble))


def _address(trouble: Trouble) -> str:
    kind, _, id = trouble.subject.partition(":")
    if kind == "order":
        return reverse("console:city-order", args=[id])
    if kind == "payment":
        return reverse("console:city-payment", args=[id])
    if kind == "refund":
        return reverse("console:city-refund", args=[id])
    return f"{reverse('console:events')}#failure-{id}"


def _application(merchant: MerchantView, now: datetime) -> Problem:
    fresh = merchant.state == "applied"
    return Problem(
        key=f"merchant:{merchant.id}",
        since=merchant.applied_at,
        waits=age(merchant.applied_at, now),
        title=gettext("%(name)s wants to join") % {"name": merchant.legal_name},
        detail=gettext("Nobody has looked at the papers yet.") if fresh else gettext("The review has begun."),
        act=Act(gettext("Review the application"), reverse("console:city-merchant", args=[merchant.id])),
    )
