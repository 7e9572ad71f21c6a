"""Deals as order lines: held while the order is unpaid, issued with codes at confirmation, taken back at a refund."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import F, QuerySet

from paseo.capabilities.vouchers import refusals
from paseo.capabilities.vouchers.codes_of import block_code, give_code, texts_of, unblock_code
from paseo.capabilities.vouchers.events import DealIssued
from paseo.capabilities.vouchers.models import Allowance, Program, Sale, Voucher
from paseo.capabilities.vouchers.operations.claims import (
    give_pieces_back,
    take_allowance,
    take_pieces,
    valid_until_of,
)
from paseo.capabilities.vouchers.states import VOUCHER
from paseo.capabilities.vouchers.values import DealLine, IssuedVoucher
from paseo.kernel.ids import new_id
from paseo.platform.db.unit import guarded, operation, transition
from paseo.platform.outbox import emit


@operation
def hold_for_sale(*, order_id: UUID, owner: str, lines: Sequence[DealLine], now: datetime) -> None:
    """Keeps the pieces of all deals in an order that is being placed. Lines whose variant is no deal's pass.

    Refuses ``DealSoldOut`` (with what is left), ``PersonLimitReached``, ``NotOffered``. The same order may ask again.
    """
    if not lines:
        return
    programs = {
        program.variant_id: program
        for program in Program.objects.filter(variant_id__in={line.variant_id for line in lines})
    }
    held = set(Sale.objects.filter(order_id=order_id).values_list("line_id", flat=True))
    for line in sorted(lines, key=lambda line: (str(line.variant_id), str(line.line_id))):
        program = programs.get(line.variant_id)
        if program is None or line.line_id in held:
            continue
        if not take_pieces(program.id, line.quantity, now):
            program.refresh_from_db()
            if program.state == "published" and program.limit is not None:
                raise refusals.DealSoldOut(left=max(program.limit - program.issued, 0))
            raise refusals.NotOffered
        if program.per_person is not None and not take_allowance(program.id, owner, line.quantity, program.per_person):
            raise refusals.PersonLimitReached(per_person=program.per_person)
        Sale(
            id=new_id(),
            program=program,
            order_id=order_id,
            line_id=line.line_id,
            owner=owner,
            quantity=line.quantity,
            at=now,
        ).save(force_insert=True)


@operation
def issue_for_sale(
    *, order_id: UUID, now: datetime, owner: str | None = None, lines: Sequence[DealLine] = ()
) -> list[IssuedVoucher]:
    """At confirmation: every piece bought becomes a voucher with a code. Repeating it returns the same vouchers.

    Lines that were not held before (``hold_for_sale``) are held now, which may be refused as there.
    """
    if lines and owner is not None:
        hold_for_sale(order_id=order_id, owner=owner, lines=lines, now=now)
    issued: list[IssuedVoucher] = []
    for sale in Sale.objects.select_related("program").filter(order_id=order_id).order_by("id"):
        program = sale.program
        if guarded(Sale.objects.filter(id=sale.id, state="held"), state="issued"):
            vouchers = []
            texts = {}
            for _ in range(sale.quantity):
                voucher = Voucher(
                    id=new_id(),
                    program=program,
                    merchant_id=program.merchant_id,
                    owner=sale.owner,
                    uses_total=program.uses,
                    uses_left=program.uses,
                    sale=sale,
                    order_id=order_id,
                    claimed_at=now,
                    valid_until=valid_until_of(program, now),
                )
                texts[voucher.id] = give_code(voucher, program)
                vouchers.append(voucher)
            Voucher.objects.bulk_create(vouchers)
            emit(
                DealIssued(
                    order_id, program.merchant_id, program.id, sale.owner, [voucher.id for voucher in vouchers], now
                ),
                tenant_id=program.merchant_id,
            )
        else:
            vouchers = list(Voucher.objects.filter(sale=sale).order_by("id"))
            texts = texts_of(vouchers)
        issued += [
            IssuedVoucher(
                voucher.id,
                sale.line_id,
                program.names,
                texts.get(voucher.id, ""),
                voucher.uses_total,
                voucher.valid_until,
            )
            for voucher in vouchers
        ]
    return issued


def _untouched(vouchers: Sequence[Voucher]) -> bool:
    return all(
        voucher.uses_left == voucher.uses_total and voucher.state in {"claimed", "blocked"} for voucher in vouchers
    )


@operation
def block_sale(
    *, order_id: UUID, now: datetime, reason: str, line_ids: Sequence[UUID] | None = None, actor: str = ""
) -> int:
    """While a refund is open nothing that it would take back can be used. Refuses ``AlreadyUsedInPart``."""
    vouchers = list(_sold(order_id, line_ids))
    if not _untouched(vouchers):
        raise refusals.AlreadyUsedInPart
    for voucher in vouchers:
        if voucher.state == "claimed":
            transition(Voucher, voucher.id, VOUCHER, "block", was="claimed", now=now, actor=actor, reason=reason)
            block_code(voucher, reason, now, actor)
    return len(vouchers)


@operation
def unblock_sale(*, order_id: UUID, now: datetime, line_ids: Sequence[UUID] | None = None, actor: str = "") -> int:
    """The refund did not come about: the vouchers can be used again."""
    blocked = list(_sold(order_id, line_ids).filter(state="blocked"))
    for voucher in blocked:
        transition(Voucher, voucher.id, VOUCHER, "unblock", was="blocked", now=now, actor=actor)
        unblock_code(voucher, now, actor)
    return len(blocked)


@operation
def refund_sale(*, order_id: UUID, now: datetime, line_ids: Sequence[UUID] | None = None, actor: str = "") -> int:
    """Takes unused deals back for good and frees their pieces. Refuses ``AlreadyUsedInPart``. Returns how many."""
    vouchers = list(_sold(order_id, line_ids).exclude(state="refunded"))
    if not _untouched(vouchers):
        raise refusals.AlreadyUsedInPart
    for voucher in vouchers:
        transition(Voucher, voucher.id, VOUCHER, "refund", was=voucher.state, now=now, actor=actor)
        block_code(voucher, "refunded", now, actor)
    release_sale(order_id=order_id, now=now, actor=actor, line_ids=line_ids, issued_too=True)
    return len(vouchers)


def _sold(order_id: UUID, line_ids: Sequence[UUID] | None) -> QuerySet[Voucher]:
    rows = Voucher.objects.filter(sale__order_id=order_id)
    return rows if line_ids is None else rows.filter(sale__line_id__in=list(line_ids))


def release_sale(
    *, order_id: UUID, now: datetime, actor: str, line_ids: Sequence[UUID] | None = None, issued_too: bool = False
) -> None:
    """Gives held pieces back; issued ones first go through ``refund_sale``."""
    sales = Sale.objects.filter(order_id=order_id)
    if line_ids is not None:
        sales = sales.filter(line_id__in=list(line_ids))
    for sale in sales:
        if sale.state == "issued" and not issued_too:
            refund_sale(order_id=order_id, now=now, actor=actor, line_ids=[sale.line_id])
        elif guarded(Sale.objects.filter(id=sale.id, state="held"), state="released") or (
            issued_too and guarded(Sale.objects.filter(id=sale.id, state="issued"), state="refunded")
        ):
            give_pieces_back(sale.program_id, sale.quantity)
            _give_allowance_back(sale)


def _give_allowance_back(sale: Sale) -> None:
    Allowance.objects.filter(program_id=sale.program_id, owner=sale.owner, taken__gte=sale.quantity).update(
        taken=F("taken") - sale.quantity
    )
