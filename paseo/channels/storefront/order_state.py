"""What the page of an order says and asks: its plate, the minutes, the shop's proposals, money on its way."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext, pgettext

from paseo.capabilities.care import queries as care
from paseo.capabilities.directory import queries as directory
from paseo.capabilities.directory.values import StoreCard
from paseo.capabilities.ordering import queries as ordering
from paseo.capabilities.ordering.values import ChangeView, OrderView
from paseo.capabilities.payments import queries as payments
from paseo.capabilities.payments.values import RefundView
from paseo.capabilities.vouchers.values import VoucherView
from paseo.channels.storefront.context import frame
from paseo.channels.storefront.papers import line_words, order_receipt
from paseo.channels.storefront.stations import (
    BY_BUYER,
    NOT_MADE,
    current_words,
    not_arrived,
    stations_of,
    struck,
    when_payments_ended,
)
from paseo.kernel.money import Money
from paseo.platform.live import topic_token
from paseo.platform.ui.formatting import clock, day, day_and_clock, localized, money
from paseo.platform.ui.text import RefusalText
from paseo.platform.ui.values import Act, Ticket


@dataclass(frozen=True, slots=True)
class Question:
    """A proposal of the shop, with its two answers."""

    change: ChangeView
    text: RefusalText
    acts: tuple[Act, ...]


def review_keys(order_id: UUID, person_id: UUID | None) -> list[str]:
    """Whoever opens the order holds the rights of its lines."""
    return [f"order:{order_id}", *([f"person:{person_id}"] if person_id else [])]


def order_context(order: OrderView, now: datetime, person_id: UUID | None) -> dict[str, Any]:
    card = directory.store(order.summary.store_id)
    summary, handover = order.summary, order.handover
    failed = any(one.state in NOT_MADE for one in order.payments)
    ended = when_payments_ended(ordering.history(order.id)) if failed else {}
    line = stations_of(order, card, now, ended)
    over = summary.state == "placed" and summary.expires_at is not None and summary.expires_at <= now
    unpaid = summary.state == "placed" and not over
    trouble = _trouble(order, card, now, over)
    return frame(
        "orders",
        order=order,
        summary=summary,
        store=card,
        handover=handover,
        stations=line,
        now_words=current_words(line),
        scene="voucher" if order.explain.get("deals") == "only" else summary.mode,
        minutes=_minutes(order, now),
        receipt=order_receipt(order, card),
        ticket=_ticket(order, card),
        tickets=[_voucher(one, card) for one in order.vouchers if one.program.kind == "deal"],
        questions=[_question(order, one, card) for one in order.open_changes],
        trouble=trouble,
        taken_back=_taken_back(order),
        # What is said above about the whole order is not said again below.
        refunds=() if trouble and len(order.refunds) == 1 else order.refunds,
        unpaid=unpaid,
        waiting=unpaid and bool(order.payments) and order.payments[-1].state in {"pending", "authorized"},
        other_methods=[key for key in payments.methods() if key != "cash"],
        cash=summary.method == "cash",
        cash_due=_cash_due(order),
        # A shop that stopped selling can still be read about, but nothing can be put into a cart there.
        again=summary.is_over and card.sells,
        reviews=_reviews(order, person_id) if summary.state == "completed" else None,
        directions=f"https://www.openstreetmap.org/directions?engine=fossgis_osrm_foot&route=;"
        f"{card.point.lat:.5f},{card.point.lon:.5f}",
        topics_token=topic_token([f"order:{order.id}"]),
    )


def _cash_due(order: OrderView) -> Money | None:
    summary = order.summary
    due = summary.total_minor - summary.returned_minor
    if summary.method != "cash" or summary.is_paid or summary.is_over or due <= 0:
        return None
    return Money(due, summary.currency)


def _minutes(order: OrderView, now: datetime) -> int | None:
    """Until the promise, while the shop works on it; below nought it is late."""
    handover = order.handover
    if handover is None or handover.state not in {"requested", "accepted", "preparing"} or order.summary.is_over:
        return None
    seconds = (handover.promised_at - now).total_seconds()
    return int(-(-seconds // 60)) if seconds > 0 else int(seconds // 60)


def _ticket(order: OrderView, card: StoreCard) -> Ticket | None:
    if not order.code:
        return None
    return Ticket(
        words=localized(card.name),
        detail=card.address.line,
        scene=order.summary.mode,  # type: ignore[arg-type]
        code=order.code,
        hint=gettext("Show it or read it out. It works without network."),
        value=order.summary.number,
    )


def _voucher(one: VoucherView, card: StoreCard) -> Ticket:
    until = pgettext("a day", "until %(day)s") % {"day": day(one.valid_until, card.zone)} if one.valid_until else ""
    return Ticket(
        words=localized(one.program.names),
        detail=until,
        value=gettext("%(left)s of %(total)s") % {"left": one.uses_left, "total": one.uses_total},
        href=reverse("storefront:ticket", args=[one.id]),
    )


def _question(order: OrderView, change: ChangeView, card: StoreCard) -> Question:
    zone, shop = card.zone, localized(card.name)
    by = clock(change.answer_by, zone)
    href = reverse("storefront:order-answer", args=[order.id, change.id])
    paid = order.summary.is_paid
    total = money(Money(order.summary.total_minor - order.summary.returned_minor, order.summary.currency))
    why = f" {change.reason}" if change.reason else ""
    if change.kind == "later" and change.promised_at is not None:
        later = day_and_clock(change.promised_at, zone)
        what = gettext("%(shop)s needs until %(later)s instead of %(time)s.") % {
            "shop": shop,
            "later": later,
            "time": day_and_clock(order.summary.promised_at, zone),
        }
        agree = gettext("Wait until %(time)s") % {"time": later}
        meaning = gettext("Without an answer by %(time)s the later time counts.") % {"time": by}
    else:
        line = next((one for one in order.lines if one.id == change.line_id), None)
        name = line_words(line) if line else ""
        what = gettext("%(shop)s has run out of %(name)s.") % {"shop": shop, "name": name}
        back = struck(order, change.line_id)
        agree = gettext("Take the rest, %(sum)s less") % {"sum": money(back)}
        meaning = (
            gettext("%(sum)s come back to you, the rest is made. Without an answer by %(time)s it is done so.")
            if paid
            else gettext("You pay %(sum)s less, the rest is made. Without an answer by %(time)s it is done so.")
        ) % {"sum": money(back), "time": by}
    decline = gettext("Cancel, %(sum)s back") % {"sum": total} if paid else gettext("Cancel the order")
    return Question(
        change,
        RefusalText(what=what + why, meaning=meaning),
        (
            Act(agree, href, now=True, post=True, fields=(("agree", "1"),)),
            Act(decline, href, post=True, fields=(("agree", "0"),)),
        ),
    )


def _trouble(order: OrderView, card: StoreCard, now: datetime, over: bool) -> RefusalText | None:
    """What went wrong with the money, and what is true now."""
    summary, zone = order.summary, card.zone
    last = order.payments[-1] if order.payments else None
    if over or summary.state == "expired":
        back = order.refunds[-1] if order.refunds else None
        if back is not None:
            return RefusalText(
                what=gettext("Your payment came after the time was over, and the things were gone."),
                meaning=_coming_back(back, zone),
                remedy=gettext("Order again, as long as there is some."),
            )
        return RefusalText(
            what=gettext("This order was not paid in time."),
            meaning=gettext("Nothing was taken. What was kept for you until %(time)s is free again.")
            % {"time": day_and_clock(summary.expires_at or summary.ended_at, zone)},
            remedy=gettext("Put the things into a new cart."),
        )
    if summary.state == "placed" and last is not None and last.state in NOT_MADE:
        kept = gettext("Nothing was taken; your things are kept until %(time)s.") % {
            "time": day_and_clock(summary.expires_at, zone)
        }
        if last.state == "declined":
            return RefusalText(gettext("Your bank declined the card."), kept, gettext("Try again, or pay another way."))
        return RefusalText(gettext("You gave the payment up."), kept, gettext("Try again, or pay another way."))
    if summary.state in {"cancelled", "refused"}:
        what = gettext("You cancelled this order.") if _taken_back(order) else gettext("This order was cancelled.")
        if summary.state == "refused":
            what = gettext("%(shop)s could not make this order.") % {"shop": localized(card.name)}
        if not order.refunds:
            return RefusalText(what, gettext("Nothing was taken."))
        back = order.refunds[-1]
        return RefusalText(what, _coming_back(back, zone))
    return None


def _taken_back(order: OrderView) -> bool:
    """Whether the buyer ended it: no reason for red. Shop, operator and system give a reason of theirs."""
    return order.summary.state == "cancelled" and order.summary.reason in BY_BUYER


def _coming_back(refund: RefundView, zone: str) -> str:
    if refund.state == "failed":
        return f"{gettext('%(sum)s is yours.') % {'sum': money(refund.amount)}} {not_arrived()}"
    if refund.done_at is not None:
        at = {"sum": money(refund.amount), "time": day_and_clock(refund.done_at, zone)}
        if refund.elsewhere == "bank":
            return gettext("%(sum)s went back by bank transfer: %(time)s.") % at
        return gettext("%(sum)s went back to where it came from: %(time)s.") % at
    return gettext("%(sum)s is on its way back to where it came from, there by %(day)s at the latest.") % {
        "sum": money(refund.amount),
        "day": day(refund.expected_by, zone),
    }


@dataclass(frozen=True, slots=True)
class Reviews:
    """``open``: things that can still be reviewed. ``written``: whether something was said."""

    open: int
    written: int


def _reviews(order: OrderView, person_id: UUID | None) -> Reviews:
    rights = care.rights_of(review_keys(order.id, person_id), order_id=order.id)
    written = sum(right.review_id is not None for right in rights)
    return Reviews(len(rights) - written, written)
