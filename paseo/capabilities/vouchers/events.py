"""Facts about vouchers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from paseo.kernel.events import event


@event("vouchers.program_published")
@dataclass(frozen=True, slots=True)
class ProgramPublished:
    program_id: UUID
    merchant_id: UUID
    kind: str
    at: datetime

    @property
    def subject(self) -> str:
        return f"program:{self.program_id}"


@event("vouchers.program_ended")
@dataclass(frozen=True, slots=True)
class ProgramEnded:
    program_id: UUID
    merchant_id: UUID
    at: datetime

    @property
    def subject(self) -> str:
        return f"program:{self.program_id}"


@event("vouchers.voucher_claimed")
@dataclass(frozen=True, slots=True)
class VoucherClaimed:
    voucher_id: UUID
    program_id: UUID
    merchant_id: UUID
    owner: str
    at: datetime

    @property
    def subject(self) -> str:
        return f"voucher:{self.voucher_id}"


@event("vouchers.deal_issued")
@dataclass(frozen=True, slots=True)
class DealIssued:
    """An order was confirmed and the deal it bought became vouchers with codes."""

    order_id: UUID
    merchant_id: UUID
    program_id: UUID
    owner: str
    voucher_ids: list[UUID]
    at: datetime

    @property
    def subject(self) -> str:
        return f"order:{self.order_id}"


@event("vouchers.voucher_redeemed")
@dataclass(frozen=True, slots=True)
class VoucherRedeemed:
    """A voucher was used at a counter."""

    voucher_id: UUID
    program_id: UUID
    merchant_id: UUID
    store_id: UUID | None
    owner: str
    uses: int
    uses_left: int
    at: datetime

    @property
    def subject(self) -> str:
        return f"voucher:{self.voucher_id}"


@event("vouchers.redemption_undone")
@dataclass(frozen=True, slots=True)
class RedemptionUndone:
    voucher_id: UUID
    merchant_id: UUID
    store_id: UUID | None
    uses: int
    at: datetime

    @property
    def subject(self) -> str:
        return f"voucher:{self.voucher_id}"
