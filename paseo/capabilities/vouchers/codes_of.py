"""The codes that vouchers show at the counter."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from paseo.capabilities.vouchers.models import Program, Voucher
from paseo.kernel.ids import new_id
from paseo.platform.codes import operations as codes
from paseo.platform.codes import queries as written

PURPOSE = "voucher"
"""The purpose of these codes; their subject is the voucher."""


def give_code(voucher: Voucher, program: Program) -> str:
    """Gives the voucher a code, good in the program's shops as often and as long as the voucher; returns its text."""
    voucher.code_id = new_id()
    return codes.issue(
        PURPOSE,
        voucher.id,
        voucher.merchant_id,
        None if program.store_ids is None else [UUID(item) for item in program.store_ids],
        uses=voucher.uses_total,
        valid_from=program.valid_from if program.valid_from > voucher.claimed_at else None,
        valid_until=voucher.valid_until,
        code_id=voucher.code_id,
    )


def texts_of(vouchers: Iterable[Voucher]) -> dict[UUID, str]:
    """Texts of codes that are written already, by voucher."""
    by_code = {voucher.code_id: voucher.id for voucher in vouchers if voucher.code_id is not None}
    return {by_code[code_id]: view.text for code_id, view in written.codes(by_code).items()} if by_code else {}


def block_code(voucher: Voucher, reason: str, now: datetime, actor: str) -> None:
    if voucher.code_id is not None:
        codes.block(voucher.id, reason, now=now, actor=actor)


def unblock_code(voucher: Voucher, now: datetime, actor: str) -> None:
    if voucher.code_id is not None:
        codes.unblock(voucher.id, now=now, actor=actor)
