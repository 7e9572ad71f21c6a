"""The line of an order: how its buyer came, what has happened, what is to come."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext, pgettext

from paseo.capabilities.directory import queries as directory
from paseo.capabilities.directory.values import StoreCard
from paseo.capabilities.fulfillment.values import HandoverView
from paseo.capabilities.journeys import queries as journeys
from paseo.capabilities.ordering.values import ChangeView, OrderView
from paseo.channels.console.shop.reasons import ENDED, RETURNED
from paseo.channels.console.shop.slips import named
from paseo.kernel.money import Money
from paseo.platform.ui.formatting import clock, day_and_clock, money
from paseo.platform.ui.values import Station

CONTACTS_SHOWN = 6


def line_of(order: OrderView, store: StoreCard, now: datetime, *, with_path: bool) -> list[Station]:
    """Contacts first (without who it was), then the order itself; exactly one station is now while it is in hand."""
    contacts = _contacts(order.id, store) if with_path else []
    return [*contacts, *_own(order, store)]


def _contacts(order_id: UUID, store: StoreCard) -> list[Station]:
    words = {
        "exposure": gettext("Saw the shop in a list"),
        "scan": gettext("Scanned a code"),
        "visit": gettext("Came to the page"),
        "view": gettext("Looked at the menu"),
        "search": gettext("Searched"),
        "cart": gettext("Put something into the cart"),
    }
    steps = [step for step in journeys.anonymous_path(subject_id=order_id, store_id=store.id) if step.kind in words]
    ids = {step.touchpoint_id for step in steps if step.touchpoint_id is not None}
    names = {key: view.name for key, view in directory.touchpoints_by_id(ids).items()} if ids else {}
    shown: list[Station] = []
    for step in steps[:1] + steps[1:][-(CONTACTS_SHOWN - 1) :]:
        name = names.get(step.touchpoint_id, "") if step.touchpoint_id else ""
        station = Station(words[step.kind], "done", "contact", day_and_clock(step.at, store.zone), name)
        if not shown or (shown[-1].words, shown[-1].detail) != (station.words, station.detail):
            shown.append(station)
    return shown


def _own(order: OrderView, store: StoreCard) -> list[Station]:
    summary, handover = order.summary, order.handover
    zone = store.zone
    events: list[tuple[datetime, Station]] = [
        (summary.placed_at, Station(gettext("Ordered"), "done", "step", day_and_clock(summary.placed_at, zone)))
    ]
    if summary.paid_at is not None:
        how = gettext("in cash") if summary.method == "cash" else gettext("by card")
        paid = Station(gettext("Paid"), "done", "change", day_and_clock(summary.paid_at, zone), how)
        events.append((summary.paid_at, paid))
    events += [
        (
            payment.created_at,
            Station(gettext("Payment declined"), "refused", "change", day_and_clock(payment.created_at, zone)),
        )
        for payment in order.payments
        if payment.state == "declined"
    ]
    events += [(change.proposed_at, _change(change, order, zone)) for change in order.changes]
    events += [
        (
            refund.requested_at,
            Station(
                gettext("%(sum)s to be given back, refused by the payment service") % {"sum": money(refund.amount)}
                if refund.state == "failed"
                else gettext("%(sum)s given back") % {"sum": money(refund.amount)},
                "refused" if refund.state == "failed" else "done",
                "change",
                day_and_clock(refund.requested_at, zone),
                refund.note or gettext(RETURNED.get(refund.reason, "")) if refund.reason in RETURNED else refund.note,
            ),
        )
        for refund in order.refunds
    ]
    if handover is not None:
        events += _reached(handover, zone)
    if summary.is_over and summary.ended_at is not None and summary.state != "completed":
        events.append((summary.ended_at, _ending(order, zone)))
    events.sort(key=lambda pair: pair[0])
    return [station for _, station in events] + _to_come(order, store)


def _reached(handover: HandoverView, zone: str) -> list[tuple[datetime, Station]]:
    moments = (
        (handover.accepted_at, gettext("Accepted"), "step"),
        (handover.started_at, gettext("In the kitchen"), "step"),
        (handover.ready_at, gettext("On the shelf"), "step"),
        (handover.arrived_at, gettext("The customer is here"), "contact"),
        (handover.ended_at if handover.state == "handed_over" else None, gettext("Handed over"), "end"),
    )
    now_at = {"accepted": 0, "preparing": 1, "ready": 2}.get(handover.state)
    return [
        (at, Station(words, "now" if place == now_at else "done", kind, day_and_clock(at, zone)))  # type: ignore[arg-type]
        for place, (at, words, kind) in enumerate(moments)
        if at is not None
    ]


def _change(change: ChangeView, order: OrderView, zone: str) -> Station:
    answers = {
        "proposed": gettext("no answer yet"),
        "agreed": gettext("agreed"),
        "declined": gettext("declined"),
        "lapsed": gettext("no answer, counts as agreed"),
        "withdrawn": gettext("taken back"),
    }
    if change.kind == "later":
        words = gettext("Asked for %(time)s") % {"time": clock(change.promised_at, zone)}
    else:
        line = next((line for line in order.lines if line.id == change.line_id), None)
        words = gettext("%(thing)s sold out") % {"thing": named(line.names) if line else ""}
    state = "refused" if change.state == "declined" else "done"
    return Station(words, state, "step", day_and_clock(change.proposed_at, zone), answers.get(change.state, ""))  # type: ignore[arg-type]


def _ending(order: OrderView, zone: str) -> Station:
    words = {
        "cancelled": gettext("Cancelled"),
        "refused": gettext("Refused by the shop"),
        "expired": gettext("Not paid in time"),
        "not_collected": gettext("Not collected"),
    }[order.summary.state]
    at = order.summary.ended_at
    why = gettext(ENDED[order.summary.reason]) if order.summary.reason in ENDED else order.summary.reason
    return Station(words, "refused", "end", day_and_clock(at, zone), why)


def _to_come(order: OrderView, store: StoreCard) -> list[Station]:
    """What is still ahead, with its promise."""
    summary, handover = order.summary, order.handover
    if summary.is_over:
        return []
    if summary.state == "placed":
        until = (
            gettext("until %(time)s") % {"time": day_and_clock(summary.expires_at, store.zone)}
            if summary.expires_at
            else ""
        )
        return [Station(gettext("Waiting for payment"), "now", "change", until)]
    if handover is None:
        return [Station(gettext("Tickets are with the customer"), "now", "step")]
    about = gettext("about %(time)s") % {"time": day_and_clock(handover.promised_at, store.zone)}
    ahead: list[Station] = []
    if handover.state == "requested":
        ahead.append(Station(gettext("Accept or refuse"), "now", "step"))
    if handover.state in {"requested", "accepted", "preparing"}:
        ahead.append(Station(gettext("On the shelf"), "next", "step", about))
    due = Money(summary.total_minor - summary.returned_minor, summary.currency)
    cash = summary.method == "cash" and not summary.is_paid
    words = pgettext("station", "Counter")
    detail = gettext("%(sum)s in cash to take") % {"sum": money(due)} if cash else ""
    ahead.append(Station(words, "next", "end", "" if ahead else about, detail))
    return ahead
