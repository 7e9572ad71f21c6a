"""A code at the counter: look, use, take back. Orders, deals and coupons through one door."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from paseo.capabilities.fulfillment import queries as fulfillment_read
from paseo.capabilities.ordering.models import Order
from paseo.capabilities.ordering.operations import shop
from paseo.capabilities.ordering.operations.confirming import CODE_PURPOSE
from paseo.capabilities.ordering.states import ORDER
from paseo.capabilities.ordering.values import Redeemed, Ticket
from paseo.capabilities.ordering.views import summary
from paseo.capabilities.vouchers import operations as vouchers
from paseo.capabilities.vouchers import queries as vouchers_read
from paseo.kernel.errors import N_
from paseo.platform.codes import operations as codes
from paseo.platform.codes import queries as codes_read
from paseo.platform.codes.refusals import ScanAgain, UnknownCode
from paseo.platform.codes.values import Prepared, RedemptionView
from paseo.platform.db.unit import operation
from paseo.platform.tenancy.values import Scope

VOUCHER_PURPOSE = "voucher"

NOT_READY = N_("This order is not marked as ready yet.")
CASH = N_("This order is not paid yet: take the money first.")


def verify_code(*, text: str, place_id: UUID, tenant_id: UUID, actor: str, terminal: str, now: datetime) -> Ticket:
    """What a scanned or typed code stands for. Uses nothing; ``token`` of the answer does.

    Refuses ``Mistyped``, ``UnknownCode``, ``WrongShop``, ``AlreadyUsed``, ``Expired``, ``NotYetValid``, ``Blocked``,
    ``TooManyGuesses``, each with one clear sentence.
    """
    prepared = codes.prepare(text, place_id=place_id, tenant_id=tenant_id, actor=actor, terminal=terminal, now=now)
    if prepared.purpose == CODE_PURPOSE:
        return _order_ticket(prepared)
    if prepared.purpose == VOUCHER_PURPOSE:
        return _voucher_ticket(prepared, now)
    raise UnknownCode


def _order_ticket(prepared: Prepared) -> Ticket:
    order = Order.objects.filter(id=prepared.subject_id).first()
    if order is None:
        raise UnknownCode
    handover = fulfillment_read.handover(order.id)
    due = shop.cash_due(order)
    warnings = ([CASH] if due else []) + ([NOT_READY] if handover.state != "ready" and order.mode == "pickup" else [])
    return Ticket(
        kind="order",
        token=prepared.token,
        code_id=prepared.code_id,
        subject_id=order.id,
        uses_left=prepared.uses_left,
        valid_until=prepared.valid_until,
        title={"en": order.number},
        order=summary(order),
        handover=handover,
        cash_due_minor=due,
        warnings=tuple(warnings),
    )


def _voucher_ticket(prepared: Prepared, now: datetime) -> Ticket:
    voucher = vouchers_read.voucher(prepared.subject_id, now=now)
    return Ticket(
        kind=voucher.program.kind,
        token=prepared.token,
        code_id=prepared.code_id,
        subject_id=voucher.id,
        uses_left=min(prepared.uses_left, voucher.uses_left),
        valid_until=voucher.valid_until,
        title=voucher.program.names,
        voucher=voucher,
    )


@operation
def redeem_code(
    *, token: str, actor: str, now: datetime, uses: int = 1, cash_taken: bool = False, by: Scope | None = None
) -> Redeemed:
    """Uses the code of a ticket, with everything that follows, or nothing of it. The same token again: the same answer.

    ``by`` is the scope of whoever stands at the counter: a ticket from somebody else's counter is ``ScanAgain``. None
    is the system itself. Refuses what ``verify_code`` refuses, ``NotEnoughUses``, ``ScanAgain``, ``CashDue`` and ``NotAllowed``.
    """
    if by is not None and not _of_this_counter(token, by):
        raise ScanAgain
    redemption = codes.commit(token, uses=uses, now=now, actor=actor)
    if not redemption.replayed:
        if redemption.purpose == CODE_PURPOSE:
            shop.complete(order_id=redemption.subject_id, actor=actor, now=now, cash_taken=cash_taken)
        else:
            _redeem_voucher(redemption, actor, now)
    return redeemed(redemption)


def _of_this_counter(token: str, by: Scope) -> bool:
    where = codes_read.where_prepared(token)
    return where is None or (where[0] == by.tenant_id and by.may("codes.verify", where[1]))


def _redeem_voucher(redemption: RedemptionView, actor: str, now: datetime) -> None:
    vouchers.redeem(
        voucher_id=redemption.subject_id,
        redemption_id=redemption.id,
        now=now,
        uses=redemption.uses,
        store_id=redemption.place_id,
    )
    voucher = vouchers_read.voucher(redemption.subject_id)
    if voucher.order_id is None or voucher.program.kind != "deal":
        return
    order = Order.objects.select_for_update().filter(id=voucher.order_id, state="confirmed").first()
    if order is not None and not order.slip:
        # An order of deals alone has nothing else to hand over: its first use completes it.
        shop.finish(order, ORDER.next("confirmed", "complete"), actor, now)


@operation
def undo_redemption(*, redemption_id: UUID, actor: str, now: datetime) -> Redeemed:
    """Takes a use back within UNDO_MINUTES: the code can be used again and everything is as before. Again: no effect.

    Refuses ``UndoTooLate``, ``UndoTooOften``, ``NotFound``.
    """
    redemption = codes.undo(redemption_id, now=now, actor=actor)
    if not redemption.replayed:
        if redemption.purpose == CODE_PURPOSE:
            shop.reopen(order_id=redemption.subject_id, actor=actor, now=now)
        else:
            vouchers.unredeem(redemption_id=redemption.id, now=now)
    return redeemed(redemption)


def redeemed(redemption: RedemptionView) -> Redeemed:
    return Redeemed(
        redemption_id=redemption.id,
        kind="order" if redemption.purpose == CODE_PURPOSE else "voucher",
        subject_id=redemption.subject_id,
        uses=redemption.uses,
        at=redemption.at,
        undo_until=redemption.undo_until,
    )
