"""Rights to review follow what ordering says was handed over."""

from __future__ import annotations

from paseo.capabilities.care.operations import end_rights, grant_rights
from paseo.capabilities.care.values import ConsumedLine
from paseo.capabilities.ordering import queries as ordering
from paseo.capabilities.ordering.events import OrderCompleted, OrderRefunded
from paseo.kernel.errors import NotFound
from paseo.platform.outbox import Envelope, reaction


@reaction("ordering.order_completed", name="care.grant_review_rights")
def grant_review_rights(event: OrderCompleted, envelope: Envelope) -> None:
    """One right per line that was handed over; a guest holds it by the order's own key."""
    owner = f"person:{event.person_id}" if event.person_id else f"order:{event.order_id}"
    grant_rights(
        order_id=event.order_id,
        store_id=event.store_id,
        merchant_id=event.merchant_id,
        owner=owner,
        lines=_lines(event),
        now=event.at,
    )


def _lines(event: OrderCompleted) -> list[ConsumedLine]:
    """What was handed over, with the names it had then."""
    try:
        order = ordering.order(event.order_id, key=ordering.access_key(event.order_id))
    except NotFound:
        return [ConsumedLine(line_id) for line_id in event.line_ids]
    known = {line.id: ConsumedLine(line.id, line.variant_id, line.names) for line in order.lines}
    return [known.get(line_id, ConsumedLine(line_id)) for line_id in event.line_ids]


@reaction("ordering.order_refunded", name="care.end_review_rights")
def end_review_rights(event: OrderRefunded, envelope: Envelope) -> None:
    """An order that was given back whole leaves no right behind that was not used."""
    if event.returned_minor >= event.total_minor:
        end_rights(order_id=event.order_id, now=event.at)
