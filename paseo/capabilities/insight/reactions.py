"""Business facts become contacts, and every confirmed order gets its attribution.

The contact goes to the stream database under an id derived from the event, so that a repetition is harmless there as
well. What is taken back carries the moment at which it was counted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import F, Q, QuerySet

from paseo.capabilities.care.events import ReviewHidden, ReviewShown, ReviewWritten
from paseo.capabilities.directory import queries as directory
from paseo.capabilities.directory.values import TouchpointView
from paseo.capabilities.insight.classifying import classified
from paseo.capabilities.insight.models import Attribution
from paseo.capabilities.journeys import operations as journeys
from paseo.capabilities.journeys import queries as paths
from paseo.capabilities.journeys.values import NewContact
from paseo.capabilities.ordering.events import (
    OrderCancelled,
    OrderChanged,
    OrderCompleted,
    OrderConfirmed,
    OrderRefunded,
    OrderReopened,
)
from paseo.kernel.ids import stable_id
from paseo.platform.db.inserting import insert_missing
from paseo.platform.db.prepared import Prepared
from paseo.platform.outbox import Envelope, reaction

AGAIN_DAYS = 90
"""An order is a return when its buyer received another one here within so many days before."""


class NotYetAttributed(LookupError):
    """The order's confirmation has not been delivered: this event is tried again later."""


def _new_contact(
    kind: str, order: Attribution, envelope: Envelope, at: datetime, amount: int = 0, **extra: Any
) -> NewContact:
    return NewContact(
        kind=kind,
        at=at,
        visitor_id=order.visitor_id,
        person_id=order.person_id,
        touchpoint_id=order.last_touchpoint_id,
        campaign=order.last_campaign,
        store_id=order.store_id,
        merchant_id=order.merchant_id,
        subject_id=order.order_id,
        channel=order.channel,
        mode=order.mode,
        amount_minor=amount,
        currency=order.currency,
        extra=extra,
        contact_id=stable_id("contact", envelope.id, kind),
    )


def _contact(kind: str, order: Attribution, envelope: Envelope, at: datetime, amount: int = 0, **extra: Any) -> None:
    journeys.record_many([_new_contact(kind, order, envelope, at, amount, **extra)])


def _order(order_id: UUID) -> Attribution | None:
    return Attribution.objects.filter(order_id=order_id).first()


def _earlier(
    person_id: UUID | None, visitor_id: UUID | None, store_id: UUID, since: datetime, until: datetime, order_id: UUID
) -> QuerySet[Attribution, Any]:
    who = Q(pk__in=[])
    if person_id:
        who |= Q(person_id=person_id)
    if visitor_id:
        who |= Q(visitor_id=visitor_id)
    before = Attribution.objects.filter(who, store_id=store_id, completed_at__gte=since, completed_at__lte=until)
    return before.exclude(order_id=order_id).values_list("order_id")[:1]


_first_earlier = Prepared(_earlier)


def _was_here(event: OrderConfirmed) -> bool:
    if not (event.person_id or event.visitor_id):
        return False
    since = event.at - timedelta(days=AGAIN_DAYS)
    return bool(_first_earlier(event.person_id, event.visitor_id, event.store_id, since, event.at, event.order_id))


def _touches(event: OrderConfirmed) -> dict[str, Any]:
    """What the order says itself counts, without its campaigns; otherwise the log is asked."""
    if event.first_touchpoint_id or event.last_touchpoint_id:
        return {
            "first_touchpoint_id": event.first_touchpoint_id or event.last_touchpoint_id,
            "last_touchpoint_id": event.last_touchpoint_id or event.first_touchpoint_id,
        }
    found = paths.touches(event.visitor_id, event.person_id, event.at, store_id=event.store_id)
    if found.first is None or found.last is None:
        return {"first_touchpoint_id": None, "last_touchpoint_id": None}
    return {
        "first_touchpoint_id": found.first.touchpoint_id,
        "first_campaign": found.first.campaign,
        "last_touchpoint_id": found.last.touchpoint_id,
        "last_campaign": found.last.campaign,
    }


def _attribution(
    event: OrderConfirmed, touched: Mapping[str, Any], known: Mapping[UUID, TouchpointView]
) -> Attribution:
    first, last, again = touched["first_touchpoint_id"], touched["last_touchpoint_id"], _was_here(event)
    campaigns = {
        "first_campaign": known[first].campaign if first in known else "",
        "last_campaign": known[last].campaign if last in known else "",
    }
    return Attribution(
        order_id=event.order_id,
        store_id=event.store_id,
        merchant_id=event.merchant_id,
        visitor_id=event.visitor_id,
        person_id=event.person_id,
        mode=event.mode,
        journey=classified(first, known, again=again).mode,
        channel=event.channel,
        currency=event.currency,
        total_minor=event.total_minor,
        again=again,
        confirmed_at=event.at,
        **{**campaigns, **touched},
    )


@reaction("ordering.order_confirmed", name="insight.attribute_order", batch=True)
def attribute_orders(confirmed: Sequence[tuple[OrderConfirmed, Envelope]]) -> None:
    """The touchpoints of all these orders are looked up in one statement."""
    touched = [_touches(event) for event, _ in confirmed]
    ids = {one[side] for one in touched for side in ("first_touchpoint_id", "last_touchpoint_id") if one[side]}
    known = directory.touchpoints_by_id(ids) if ids else {}
    orders = [_attribution(event, one, known) for (event, _), one in zip(confirmed, touched, strict=True)]
    insert_missing(orders)
    journeys.record_many(
        [
            _new_contact("order", order, envelope, event.at, event.total_minor, again=order.again)
            for order, (event, envelope) in zip(orders, confirmed, strict=True)
        ]
    )


def _give_back(order: Attribution, returned: int, envelope: Envelope, at: datetime, *, cancelled: bool = False) -> None:
    """Brings what was returned up to ``returned`` in all, and takes the difference from where it was counted."""
    difference = returned - order.returned_minor
    if difference <= 0 and not cancelled:
        return
    Attribution.objects.filter(order_id=order.order_id).update(
        returned_minor=F("returned_minor") + max(difference, 0), returned_at=at
    )
    _contact(
        "return",
        order,
        envelope,
        at,
        max(difference, 0),
        ordered_at=order.confirmed_at.isoformat(),
        consumed_at=order.completed_at.isoformat() if order.completed_at else None,
        again=order.again,
        cancelled=cancelled,
    )


@reaction("ordering.order_cancelled", name="insight.cancel_order")
def cancel_order(event: OrderCancelled, envelope: Envelope) -> None:
    order = _order(event.order_id)
    if order is None or order.cancelled_at is not None:
        return
    Attribution.objects.filter(order_id=event.order_id).update(cancelled_at=event.at)
    _give_back(order, order.total_minor, envelope, event.at, cancelled=True)


@reaction("ordering.order_refunded", name="insight.refund_order")
def refund_order(event: OrderRefunded, envelope: Envelope) -> None:
    order = _order(event.order_id)
    if order is not None:
        _give_back(order, min(event.returned_minor, order.total_minor), envelope, event.at)


@reaction("ordering.order_changed", name="insight.change_order")
def change_order(event: OrderChanged, envelope: Envelope) -> None:
    order = _order(event.order_id)
    if order is not None and event.returned_minor:
        _give_back(order, min(order.returned_minor + event.returned_minor, order.total_minor), envelope, event.at)


@reaction("ordering.order_completed", name="insight.complete_order")
def complete_order(event: OrderCompleted, envelope: Envelope) -> None:
    order = _order(event.order_id)
    if order is None:
        raise NotYetAttributed(event.order_id)
    _give_back(order, min(event.returned_minor, order.total_minor), envelope, event.at)
    order.refresh_from_db()
    if order.completed_at is None:
        Attribution.objects.filter(order_id=event.order_id).update(completed_at=event.at)
        _contact("redemption", order, envelope, event.at, order.total_minor - order.returned_minor)


@reaction("ordering.order_reopened", name="insight.reopen_order")
def reopen_order(event: OrderReopened, envelope: Envelope) -> None:
    order = _order(event.order_id)
    if order is None:
        raise NotYetAttributed(event.order_id)
    if order.completed_at is not None:
        Attribution.objects.filter(order_id=event.order_id).update(completed_at=None)
        kept = order.total_minor - order.returned_minor
        _contact("redemption", order, envelope, event.at, kept, undone=True, of=order.completed_at.isoformat())


@reaction("care.review_written", "care.review_shown", name="insight.count_review")
def count_review(event: ReviewWritten | ReviewShown, envelope: Envelope) -> None:
    """An order counts as reviewed once, by its first review that is shown."""
    order = _order(event.order_id)
    if order is None:
        raise NotYetAttributed(event.order_id)
    Attribution.objects.filter(order_id=event.order_id).update(
        reviews=F("reviews") + 1, reviewed_at=order.reviewed_at or event.at
    )
    if order.reviews == 0:
        _contact("review", order, envelope, event.at, of=(order.reviewed_at or event.at).isoformat())


@reaction("care.review_hidden", name="insight.uncount_review")
def uncount_review(event: ReviewHidden, envelope: Envelope) -> None:
    order = _order(event.order_id)
    if order is None or order.reviews == 0 or order.reviewed_at is None:
        return
    Attribution.objects.filter(order_id=event.order_id).update(reviews=F("reviews") - 1)
    if order.reviews == 1:
        _contact("review", order, envelope, event.at, undone=True, of=order.reviewed_at.isoformat())
