"""After confirmation the shop proposes and the buyer answers. Without an answer the stated default happens."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError

from paseo.capabilities.fulfillment import operations as fulfillment
from paseo.capabilities.inventory import operations as inventory
from paseo.capabilities.inventory.refusals import NoHold
from paseo.capabilities.inventory.values import Demand
from paseo.capabilities.ordering.events import ChangeProposed, OrderChanged
from paseo.capabilities.ordering.facts import publish
from paseo.capabilities.ordering.models import Order, OrderChange, OrderLine
from paseo.capabilities.ordering.operations.cancelling import cancel, locked
from paseo.capabilities.ordering.operations.returning import give_back
from paseo.capabilities.ordering.refusals import ChangeAnswered, ChangeOpen, NoChange
from paseo.capabilities.ordering.states import CHANGE, ORDER
from paseo.capabilities.ordering.values import ChangeView
from paseo.capabilities.ordering.views import change_view
from paseo.capabilities.payments import operations as payments
from paseo.kernel.ids import new_id
from paseo.kernel.states import NotAllowed
from paseo.platform.db.returning import update_returning
from paseo.platform.db.unit import operation, unit

ANSWER_MINUTES = 10
DEFAULTS = {"later": "agree", "line_sold_out": "agree"}
"""A later time is kept, and of a sold-out line the money goes back: the buyer still gets the rest."""


def propose_later(
    *, order_id: UUID, minutes: int, actor: str, now: datetime, reason: str = "", change_id: UUID | None = None
) -> ChangeView:
    """The shop needs ``minutes`` more than promised. Agreed: the promise moves. Declined: the order is cancelled and
    paid back. Without an answer within ten minutes it counts as agreed. Refuses ``NotAllowed``, ``ChangeOpen``."""
    return _once(lambda: _propose(order_id, "later", None, minutes, actor, now, reason, change_id))


def propose_sold_out(
    *, order_id: UUID, line_id: UUID, actor: str, now: datetime, reason: str = "", change_id: UUID | None = None
) -> ChangeView:
    """The shop has run out of one line. Agreed: the rest is made and the line's money goes back. Declined: all of it.

    Without an answer it counts as agreed. Refuses ``NoChange`` (no such line), ``NotAllowed``, ``ChangeOpen``.
    """
    return _once(lambda: _propose(order_id, "line_sold_out", line_id, 0, actor, now, reason, change_id))


def _once(propose):  # type: ignore[no-untyped-def]
    try:
        return propose()
    except IntegrityError:
        raise ChangeOpen from None


@operation
def _propose(
    order_id: UUID,
    kind: str,
    line_id: UUID | None,
    minutes: int,
    actor: str,
    now: datetime,
    reason: str,
    change_id: UUID | None,
) -> ChangeView:
    if change_id is not None:
        known = OrderChange.objects.filter(id=change_id, order_id=order_id).first()
        if known is not None:
            return change_view(known)
    order = locked(order_id)
    if order.state != "confirmed":
        raise NotAllowed(machine=ORDER.name, state=order.state, verb="propose")
    if line_id is not None and not OrderLine.objects.filter(id=line_id, order_id=order_id, state="ok").exists():
        raise NoChange
    if OrderChange.objects.filter(order_id=order_id, kind=kind, line_id=line_id, state="proposed").exists():
        raise ChangeOpen
    row = OrderChange(
        id=change_id or new_id(),
        order=order,
        kind=kind,
        line_id=line_id,
        promised_at=max(order.promised_at, now) + timedelta(minutes=minutes) if kind == "later" else None,
        reason=reason[:200],
        default=DEFAULTS[kind],
        proposed_at=now,
        proposed_by=actor,
        answer_by=now + timedelta(minutes=ANSWER_MINUTES),
    )
    row.save(force_insert=True)
    publish(ChangeProposed, order, now, change_id=row.id, kind=kind, answer_by=row.answer_by)
    return change_view(row)


@operation
def answer_change(*, change_id: UUID, agree: bool, actor: str, now: datetime) -> ChangeView:
    """The buyer's answer. The same answer again changes nothing. Refuses ``NoChange``, ``ChangeAnswered``."""
    row = OrderChange.objects.filter(id=change_id).first()
    if row is None:
        raise NoChange
    if row.state == ("agreed" if agree else "declined"):
        return change_view(row)
    return _settle(row, "agree" if agree else "decline", agree, actor, now)


@operation
def withdraw_change(*, change_id: UUID, actor: str, now: datetime) -> ChangeView:
    """The shop takes its proposal back. Refuses ``NoChange``, ``ChangeAnswered``."""
    taken = update_returning(
        OrderChange.objects.filter(id=change_id, state="proposed"),
        state=CHANGE.next("proposed", "withdraw"),
        answered_at=now,
        answered_by=actor,
    )
    if taken is None:
        raise ChangeAnswered
    order = locked(taken.order_id)
    publish(OrderChanged, order, now, change_id=taken.id, kind=taken.kind, answer="withdrawn")
    return change_view(taken)


def lapse_due(*, now: datetime, limit: int = 100) -> int:
    """Proposals that nobody answered in time: their default happens. Returns how many."""
    due = OrderChange.objects.filter(state="proposed", answer_by__lte=now).order_by("answer_by")
    lapsed = 0
    for change_id in list(due.values_list("id", flat=True)[:limit]):
        with suppress(ChangeAnswered):
            _lapse(change_id, now)
            lapsed += 1
    return lapsed


@operation
def _lapse(change_id: UUID, now: datetime) -> None:
    row = OrderChange.objects.get(id=change_id)
    _settle(row, "lapse", row.default == "agree", "system", now)


def _settle(row: OrderChange, verb: str, agreed: bool, actor: str, now: datetime) -> ChangeView:
    order = locked(row.order_id)
    taken = update_returning(
        OrderChange.objects.filter(id=row.id, state="proposed"),
        state=CHANGE.next("proposed", verb),
        answered_at=now,
        answered_by=actor,
    )
    if taken is None:
        raise ChangeAnswered
    returned = 0
    if order.state == "confirmed":
        if not agreed:
            cancel(order_id=order.id, by="system", actor=actor, now=now, reason=row.kind)
        elif row.kind == "later" and row.promised_at is not None:
            Order.objects.filter(id=order.id).update(promised_at=row.promised_at)
            fulfillment.delay(order_id=order.id, promised_at=row.promised_at, now=now)
        elif row.line_id is not None:
            returned = _strike(order, row.line_id, actor, now)
    publish(OrderChanged, order, now, change_id=row.id, kind=row.kind, answer=taken.state, returned_minor=returned)
    return change_view(taken)


def _strike(order: Order, line_id: UUID, actor: str, now: datetime) -> int:
    """A line will not be made: its goods are free, its money goes back. The last line takes the order with it.

    Returns what is now less to be paid at the counter.
    """
    lines = list(OrderLine.objects.filter(order_id=order.id, state="ok"))
    line = next((one for one in lines if one.id == line_id), None)
    if line is None:
        return 0
    if len(lines) == 1:
        cancel(order_id=order.id, by="shop", actor=actor, now=now, reason="sold_out")
        return 0
    OrderLine.objects.filter(id=line.id, state="ok").update(state="refused")
    if line.variant_id is not None and line.kind != "deal":
        with suppress(NoHold), unit(savepoint=True):
            inventory.release_lines(subject_id=order.id, demands=[Demand(line.variant_id, line.quantity)], now=now)
    fulfillment.refuse_line(order_id=order.id, line_id=line.id, now=now)
    if line.total_minor:
        if order.paid_at is not None:
            give_back(order, line.total_minor, reason="sold_out", actor=actor, now=now)
            return 0
        order.returned_minor += line.total_minor
        order.save(update_fields=["returned_minor"])
        payments.lower_cash(subject_id=order.id, by_minor=line.total_minor)
    return line.total_minor
