"""Reads the database of the house and the gateway's books beside what the buyers wrote down; prints what is wrong.

What was answered is there, once, with the content of the answer. What was not answered is whole or absent. Nothing is
there that nobody asked for. Every event was delivered to each of its reactions once, no goods are kept for nobody,
and the gateway knows the same money.
"""

from __future__ import annotations

import json
import sqlite3
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

PATIENCE = 90.0
LIVING = {"confirmed", "completed"}
ENDED = {"cancelled", "refused", "expired"}


def quiet(*, refunds: bool) -> list[str]:
    """Waits for the worker to be done; says what it left. Refunds that a kill interrupted wait for minutes before the
    gateway is asked again."""
    from paseo.capabilities.payments.models import Refund
    from paseo.platform.outbox.models import Event, Failure

    until = time.monotonic() + PATIENCE
    while True:
        left = {
            "events that were not delivered": Event.objects.filter(dispatched_at=None).count(),
            "deliveries that failed": Failure.objects.exclude(state="resolved").count(),
            "refunds on their way": Refund.objects.exclude(state="done").count() if refunds else 0,
        }
        if not any(left.values()):
            return []
        if time.monotonic() > until:
            return [f"{count} {what}" for what, count in left.items() if count]
        time.sleep(0.1)


def end_of_the_day(gateway_answers: bool) -> None:
    """Three minutes later the sweepers have asked the gateway about payments of which nothing was heard; an hour later
    they have freed what nobody paid for and sent again what was not answered."""
    from paseo.capabilities.inventory.operations import expire_due as free
    from paseo.capabilities.ordering.operations import finish_stuck
    from paseo.capabilities.ordering.operations.cancelling import expire_due
    from paseo.capabilities.payments.operations import send_refunds
    from paseo.kernel import clock

    soon, later = clock.now() + timedelta(minutes=3), clock.now() + timedelta(hours=1)
    while gateway_answers and finish_stuck(now=soon):
        pass
    while expire_due(now=later):
        pass
    while free(now=later, limit=200):
        pass
    while gateway_answers and send_refunds(now=later):
        pass


class Kept:
    """Everything the house keeps, by order."""

    def __init__(self, gateway: Path) -> None:
        from paseo.capabilities.fulfillment.models import Handover
        from paseo.capabilities.inventory.models import Hold, HoldLine, Movement
        from paseo.capabilities.ledger.models import Transfer
        from paseo.capabilities.ordering.models import Order, OrderLine
        from paseo.capabilities.payments.models import Payment, Refund
        from paseo.platform.codes.models import Code, Redemption
        from paseo.platform.outbox.models import Event

        def group(rows: Iterable[Any], by: Callable[[Any], Any]) -> dict[Any, list[Any]]:
            found: dict[Any, list[Any]] = defaultdict(list)
            for row in rows:
                found[by(row)].append(row)
            return found

        self.orders = {row.id: row for row in Order.objects.all()}
        self.by_cart = {str(row.cart_id): row for row in self.orders.values()}
        self.lines = group(OrderLine.objects.order_by("position"), lambda row: row.order_id)
        self.payments = group(Payment.objects.all(), lambda row: row.subject_id)
        self.refunds = group(Refund.objects.all(), lambda row: row.subject_id)
        self.holds = group(Hold.objects.all(), lambda row: row.subject_id)
        self.hold_lines = group(HoldLine.objects.all(), lambda row: row.hold_id)
        self.handovers = group(Handover.objects.all(), lambda row: row.id)
        self.codes = group(Code.objects.filter(purpose="order"), lambda row: row.subject_id)
        self.redemptions = group(Redemption.objects.select_related("code"), lambda row: row.code.subject_id)
        self.movements = group(Movement.objects.exclude(subject_id=None), lambda row: row.subject_id)
        self.transfers = group(Transfer.objects.all(), lambda row: row.subject_id)
        self.events = group(Event.objects.filter(subject__startswith="order:"), lambda row: UUID(row.subject[6:]))
        books = sqlite3.connect(gateway)
        self.charged = {
            UUID(id): (state, captured) for id, state, captured in books.execute(
                "SELECT id, state, captured_minor FROM payment"
            )
        }  # fmt: skip
        self.given = {
            UUID(id): (UUID(payment), minor) for id, payment, minor in books.execute(
                "SELECT id, payment_id, amount_minor FROM refund"
            )
        }  # fmt: skip
        books.close()


def whole(kept: Kept, order: Any) -> Iterator[str]:
    """An order has all that belongs to its state, and nothing else."""
    lines, payments = kept.lines[order.id], kept.payments[order.id]
    if not lines or sum(line.total_minor for line in lines) != order.total_minor:
        yield "has not the lines of its total"
    if not payments or any(payment.amount_minor != order.total_minor for payment in payments):
        yield f"has the payments {[payment.amount_minor for payment in payments]}"
    confirmed = order.confirmed_at is not None
    for what, rows in (("handover", kept.handovers), ("code", kept.codes)):
        if len(rows[order.id]) != confirmed:
            yield f"has {len(rows[order.id])} {what}s"
    yield from _goods(kept, order, lines)
    yield from _money(kept, order, payments)
    yield from _told(kept, order, confirmed)


def _goods(kept: Kept, order: Any, lines: list[Any]) -> Iterator[str]:
    holds = kept.holds[order.id]
    if len(holds) != 1:
        yield f"has {len(holds)} holds"
        return
    wanted = sum(line.quantity for line in lines)
    rows = kept.hold_lines[holds[0].id]
    state = (
        sum(row.quantity for row in rows), sum(row.issued for row in rows), sum(row.released for row in rows),
        -sum(movement.delta for movement in kept.movements[order.id]),
    )  # fmt: skip
    right = {
        "confirmed": (wanted, 0, 0, 0),
        "completed": (wanted, wanted, 0, wanted),
        "placed": None,
    }.get(order.state, (wanted, 0, wanted, 0))
    if state != right:
        yield f"is {order.state}, but of {wanted} pieces it holds (kept, issued, released, moved) = {state}"


def _money(kept: Kept, order: Any, payments: list[Any]) -> Iterator[str]:
    captured = sum(payment.captured_minor for payment in payments)
    back = sum(refund.amount_minor for refund in kept.refunds[order.id])
    sales = [row for row in kept.transfers[order.id] if row.template in {"sale_captured", "cash_sale"}]
    paid = order.paid_at is not None
    if captured != (order.total_minor if paid else 0):
        yield f"costs {order.total_minor}, {captured} was captured, paid at {order.paid_at}"
    if len(sales) != paid:
        yield f"stands {len(sales)} times in the books"
    if back != order.returned_minor:
        yield f"gave back {order.returned_minor}, its refunds say {back}"
    if order.state in ENDED and captured != back:
        yield f"is {order.state} and keeps {captured - back}"
    for payment in payments:
        if payment.method == "cash":
            continue
        theirs = kept.charged.get(payment.id, ("", 0))
        if theirs[1] != payment.captured_minor:
            yield f"has paid {payment.captured_minor}, and the gateway took {theirs[1]}"
    for refund in kept.refunds[order.id]:
        if refund.state == "done" and payments[0].method != "cash":
            theirs_back = kept.given.get(refund.id)
            if theirs_back is None or theirs_back[1] != refund.amount_minor:
                yield f"gave back {refund.amount_minor}, and the gateway says {theirs_back}"


def _told(kept: Kept, order: Any, confirmed: bool) -> Iterator[str]:
    counts = Counter(event.type for event in kept.events[order.id])
    undone = sum(redemption.state == "undone" for redemption in kept.redemptions[order.id])
    expected = {
        "ordering.order_placed": 1 if order.state != "placed" else 0,
        "ordering.order_confirmed": int(confirmed),
        "ordering.order_completed": undone + (order.state == "completed"),
        "ordering.order_reopened": undone,
        "ordering.order_cancelled": int(order.state in {"cancelled", "refused"}),
        "ordering.order_expired": int(order.state == "expired"),
    }
    for kind, count in expected.items():
        if counts[kind] != count:
            yield f"is {order.state}, and {kind} was told {counts[kind]} times"


def answered(kept: Kept, note: dict[str, Any]) -> Iterator[str]:
    """What this buyer was told is so."""
    found = [kept.by_cart[cart] for cart in note["carts"] if cart in kept.by_cart]
    told = note["told"]
    if len(found) > 1:
        yield f"has {len(found)} orders"
    if "order" not in told:
        if found and "order" not in note["unsure"]:
            yield "has an order without having asked for it"
        return
    placed = told["order"]
    order = kept.orders.get(UUID(placed["id"]))
    if order is None:
        yield f"was told of the order {placed['number']}, which is not there"
        return
    row = {
        "id": str(order.id), "cart_id": str(order.cart_id), "number": order.number, "currency": order.currency,
        "total_minor": order.total_minor,
    }  # fmt: skip
    if any(placed[name] != value for name, value in row.items()):
        yield f"was told {placed}, kept is {row}"
    payments = {str(payment.id): payment.amount_minor for payment in kept.payments[order.id]}
    if payments.get(placed["payment_id"]) != placed["amount_minor"]:
        yield f"was told of the payment {placed['payment_id']}, kept are {payments}"
    pieces = sorted(line.quantity for line in kept.lines[order.id])
    if pieces != sorted(note["lines"].values()):
        yield f"ordered {note['lines']}, kept are {pieces}"
    yield from _promised(kept, note, told, order)


def _promised(kept: Kept, note: dict[str, Any], told: dict[str, Any], order: Any) -> Iterator[str]:
    if "notice" in told and order.paid_at is None:
        yield "paid, but the order does not know"
    redemptions = {str(row.id): row for row in kept.redemptions[order.id]}
    for step in ("redeem", "redeem again"):
        if step in told:
            kept_row = redemptions.get(told[step]["redemption_id"])
            if kept_row is None or kept_row.at != datetime.fromisoformat(told[step]["at"]):
                yield f"was told {told[step]}, which is not there"
    if "undo" in told and redemptions[told["undo"]["redemption_id"]].state != "undone":
        yield "took the goods back, but they are still given out"
    if "refuse" in told and (order.state, order.returned_minor) != tuple(told["refuse"].values()):
        yield f"was told {told['refuse']}, it is {order.state} with {order.returned_minor}"
    if "cancel" in told and order.state != "cancelled":
        yield f"cancelled, but it is {order.state}"
    refunds = {str(refund.id): refund.amount_minor for refund in kept.refunds[order.id]}
    if "refund" in told and refunds.get(told["refund"]["id"]) != told["refund"]["amount_minor"]:
        yield f"was told {told['refund']}, kept are {refunds}"
    most = {"refund": 1, "refuse": 1}.get(note["story"], 0)
    if len(refunds) > most:
        yield f"got money back {len(refunds)} times"
    if note["states"] and note["done"] and note["states"][-1] != order.state:
        yield f"saw {note['states']}, it is {order.state}"


def events_were_taken() -> Iterator[str]:
    """Each event by each reaction to it, once: more than once is forbidden by a constraint."""
    from paseo.platform.outbox.models import Delivery, Event
    from paseo.platform.outbox.registry import reactions_to

    taken: dict[int, set[str]] = defaultdict(set)
    for seq, reaction in Delivery.objects.values_list("event_seq", "reaction"):
        taken[seq].add(reaction)
    for seq, kind in Event.objects.values_list("seq", "type"):
        wanted = {reaction.name for reaction in reactions_to(kind)}
        if taken[seq] != wanted:
            yield f"event {seq} {kind}: {sorted(wanted - taken[seq])} missed it"


def wrong(notes: list[dict[str, Any]], gateway: Path, waits: bool) -> dict[str, Any]:
    found = quiet(refunds=False) if waits else []
    end_of_the_day(waits)
    found += quiet(refunds=True) if waits else []
    kept = Kept(gateway)
    asked = {cart: note["number"] for note in notes for cart in note["carts"]}
    for order in kept.orders.values():
        if str(order.cart_id) not in asked:
            found.append(f"order {order.number}: nobody asked for it")
        found += [
            f"order {order.number} of buyer {asked.get(str(order.cart_id))}: it {what}" for what in whole(kept, order)
        ]
    for subject_id in {*kept.payments, *kept.holds, *kept.lines, *kept.codes, *kept.handovers} - {*kept.orders}:
        found.append(f"{subject_id}: parts of an order that does not exist")
    for note in notes:
        found += [f"buyer {note['number']} ({note['story']}) {what}" for what in answered(kept, note)]
    ours = {payment.id for payments in kept.payments.values() for payment in payments}
    found += [f"the gateway charged {id}, which nobody knows here" for id in kept.charged if id not in ours]
    if waits:
        found += events_were_taken()
    states = Counter(order.state for order in kept.orders.values())
    return {"wrong": found, "orders": len(kept.orders), "states": dict(states), "redeemed": len(kept.redemptions)}


def main(notes: str, gateway: str, waits: str) -> int:
    import django

    django.setup()
    print(json.dumps(wrong(json.loads(Path(notes).read_text()), Path(gateway), waits == "wait")))
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
