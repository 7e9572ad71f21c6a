"""An order as a line: what happened, what happens now, what comes, each with its time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext, pgettext

from paseo.capabilities.directory.values import StoreCard
from paseo.capabilities.ordering.values import HistoryStep, OrderView
from paseo.capabilities.payments.values import PaymentView, RefundView
from paseo.kernel.money import Money
from paseo.platform.ui.formatting import day, day_and_clock, localized, money
from paseo.platform.ui.values import Station

NOT_MADE = {"declined", "cancelled", "expired"}
BY_BUYER = {"", "later", "line_sold_out"}
"""Reasons of a cancelled order that say: the buyer took it back, or did not agree to a change."""


def method_words(method: str) -> str:
    """How one pays, in words."""
    return {
        "sandbox": gettext("Card, test payment"),
        "cash": gettext("Cash at the counter"),
        "none": gettext("Nothing to pay"),
    }.get(method, method.replace("_", " ").capitalize())


def when_payments_ended(history: Sequence[HistoryStep]) -> dict[str, datetime]:
    """When a try was declined or given up, as far as it is on record; keyed by the state it ended in."""
    return {step.to_state: step.at for step in history if step.machine == "payment" and step.to_state in NOT_MADE}


def stations_of(
    order: OrderView, card: StoreCard, now: datetime, ended: Mapping[str, datetime] | None = None
) -> list[Station]:
    """At most one station is now; none on a line that has ended."""
    zone = card.zone
    line = [_placed(order, zone)]
    line += [_try(one, ended or {}, zone) for one in order.payments if one.state in NOT_MADE]
    paid = next((one for one in order.payments if one.captured_at is not None), None)
    if paid is not None and paid.captured_at is not None:
        words = gettext("Paid %(sum)s") % {"sum": money(paid.amount)}
        at = day_and_clock(paid.captured_at, zone)
        if paid.method != "cash":
            line.append(Station(words, "done", "change", at, method_words(paid.method)))
    line += _shop(order, card, now)
    if paid is not None and paid.captured_at is not None and paid.method == "cash":
        line.insert(
            -1 if line[-1].kind == "end" else len(line),
            Station(words, "done", "change", at, method_words(paid.method)),
        )
    line += [_refund(one, zone) for one in order.refunds]
    return line


def _placed(order: OrderView, zone: str) -> Station:
    at = day_and_clock(order.summary.placed_at, zone)
    return Station(gettext("Ordered, and kept for you"), "done", time=at)


def _try(payment: PaymentView, ended: Mapping[str, datetime], zone: str) -> Station:
    at = day_and_clock(ended.get(payment.state) or payment.created_at, zone)
    if payment.state == "declined":
        return Station(gettext("Card declined"), "refused", "change", at, gettext("By the bank. Nothing was taken."))
    words = gettext("Payment given up") if payment.state == "cancelled" else gettext("Payment ran out of time")
    return Station(words, "refused", "change", at, gettext("Nothing was taken."))


def _refund(refund: RefundView, zone: str) -> Station:
    back = gettext("%(sum)s given back") % {"sum": money(refund.amount)}
    if refund.done_at is not None:
        return Station(back, "done", "change", day_and_clock(refund.done_at, zone), _way_back(refund))
    if refund.method == "cash":
        return Station(back, "next", "change", "", gettext("In cash, at the counter."))
    if refund.state == "failed":
        asked = day_and_clock(refund.requested_at, zone)
        return Station(
            gettext("%(sum)s still to come back") % {"sum": money(refund.amount)},
            "next",
            "change",
            asked,
            not_arrived(),
        )
    by = pgettext("a day", "by %(day)s") % {"day": day(refund.expected_by, zone)}
    return Station(back, "next", "change", by, _way_back(refund))


def _way_back(refund: RefundView) -> str:
    if refund.elsewhere == "bank":
        return gettext("By bank transfer.")
    return gettext("In cash.") if refund.method == "cash" else gettext("To where it came from.")


def not_arrived() -> str:
    """Of a refund that the payment service has refused."""
    return gettext("The payment service did not take it. We look after it and write to you; the money stays yours.")


def _shop(order: OrderView, card: StoreCard, now: datetime) -> list[Station]:
    """From the shop's yes to the hand-over, or to where the line broke off."""
    summary = order.summary
    if summary.state == "placed":
        return _unpaid(order, card, now)
    if summary.state in {"cancelled", "refused", "expired", "not_collected"}:
        return [*_made_so_far(order, card), _end(order, card)]
    if order.handover is None:
        words = gettext("Your tickets are ready") if order.vouchers else gettext("Done")
        at = day_and_clock(summary.ended_at or summary.confirmed_at, card.zone)
        return [Station(words, "done", "end", at)]
    return _in_hand(order, card)


def _unpaid(order: OrderView, card: StoreCard, now: datetime) -> list[Station]:
    summary, zone = order.summary, card.zone
    payment = order.payments[-1] if order.payments else None
    until = summary.expires_at
    if until is not None and until <= now:
        return [Station(gettext("Not paid in time"), "refused", "change", day_and_clock(until, zone))]
    time = pgettext("a moment", "until %(time)s") % {"time": day_and_clock(until, zone)} if until else ""
    if payment is not None and payment.state in {"pending", "authorized"}:
        first = Station(gettext("The bank is checking"), "now", "change", time)
    else:
        first = Station(gettext("To pay: %(sum)s") % {"sum": money(summary.total)}, "now", "change", time)
    return [first, *_to_come(order, card)]


def _about(at: datetime, zone: str) -> str:
    return pgettext("a moment", "about %(time)s") % {"time": day_and_clock(at, zone)}


def _to_come(order: OrderView, card: StoreCard) -> list[Station]:
    if order.explain.get("deals") == "only":
        return [Station(gettext("Your tickets"), "next", "end")]
    promised = order.summary.promised_at
    return [
        Station(gettext("Ready on the shelf"), "next", time=_about(promised, card.zone)),
        _counter(order, "next"),
    ]


def _counter(order: OrderView, state: str) -> Station:
    words = gettext("At your table") if order.summary.mode == "here" else gettext("At the counter")
    due = order.summary.total_minor - order.summary.returned_minor
    detail = gettext("Show the code. It works without network.")
    if order.summary.method == "cash" and not order.summary.is_paid and due > 0:
        detail = gettext("Pay %(sum)s and show the code.") % {"sum": money(Money(due, order.summary.currency))}
    return Station(words, state, "end", "", detail)  # type: ignore[arg-type]


def _made_so_far(order: OrderView, card: StoreCard) -> list[Station]:
    handover, shop = order.handover, localized(card.name)
    if handover is None:
        return []
    steps = (
        (gettext("Accepted by %(shop)s") % {"shop": shop}, handover.accepted_at),
        (gettext("In preparation"), handover.started_at),
        (gettext("Ready on the shelf"), handover.ready_at),
    )
    return [Station(words, "done", time=day_and_clock(at, card.zone)) for words, at in steps if at is not None]


def _in_hand(order: OrderView, card: StoreCard) -> list[Station]:
    handover, zone, shop = order.handover, card.zone, localized(card.name)
    assert handover is not None
    done = _made_so_far(order, card)
    ready = Station(gettext("Ready on the shelf"), "next", time=_about(handover.promised_at, zone))
    if handover.state == "requested":
        waiting = Station(
            gettext("Waiting for the shop"),
            "now",
            detail=gettext("%(shop)s has your order and answers soon.") % {"shop": shop},
        )
        return [*done, waiting, ready, _counter(order, "next")]
    if handover.state == "accepted":
        begun = done.pop()
        now = Station(begun.words, "now", time=begun.time, detail=gettext("It is made in time for the promise."))
        return [*done, now, ready, _counter(order, "next")]
    if handover.state == "preparing":
        begun = done.pop()
        since = pgettext("a moment", "since %(time)s") % {"time": begun.time}
        return [*done, Station(begun.words, "now", time=since), ready, _counter(order, "next")]
    if handover.state == "ready":
        shelf = done.pop()
        here = gettext("You said at %(time)s that you are here.") if handover.arrived_at else ""
        detail = here % {"time": day_and_clock(handover.arrived_at, zone)} if handover.arrived_at else ""
        return [*done, Station(shelf.words, "now", time=shelf.time, detail=detail), _counter(order, "next")]
    handed = Station(gettext("Handed over"), "done", "end", day_and_clock(handover.ended_at, zone))
    return [*done, handed]


def _end(order: OrderView, card: StoreCard) -> Station:
    summary = order.summary
    at = day_and_clock(summary.ended_at, card.zone)
    if summary.state == "expired":
        return Station(
            gettext("Not paid in time"), "refused", "change", at, gettext("What was kept for you is free again.")
        )
    if summary.state == "not_collected":
        return Station(gettext("Not collected"), "refused", "end", at)
    if summary.state == "refused":
        words = gettext("%(shop)s could not make it") % {"shop": localized(card.name)}
        return Station(words, "refused", "end", at, _reason(summary.reason))
    why = _reason(summary.reason) if summary.reason else gettext("You took it back.")
    return Station(gettext("Cancelled"), "refused", "end", at, why)


def _reason(key: str) -> str:
    """Reasons that the house knows have words; what a person wrote stands as it was written."""
    return {
        "sold_out": gettext("It is sold out."),
        "line_sold_out": gettext("You did not want it without what had run out."),
        "later": gettext("The later time did not suit you."),
        "suspended": gettext("The shop is closed for now."),
        "not answered by the shop": gettext("The shop did not answer in time."),
    }.get(key, key)


def current_words(stations: Sequence[Station]) -> str:
    """What happens now, or what happened last: said aloud when it changes."""
    for station in stations:
        if station.state == "now":
            return station.words
    past = [station for station in stations if station.state in {"done", "refused"}]
    return past[-1].words if past else ""


def struck(order: OrderView, line_id: UUID | None) -> Money | None:
    """What comes back when this line is struck."""
    line = next((one for one in order.lines if one.id == line_id), None)
    return Money(line.total_minor, order.summary.currency) if line else None
