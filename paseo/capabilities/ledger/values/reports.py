"""Balances, statements and the merchant's money."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from paseo.kernel.money import Money


@dataclass(frozen=True, slots=True)
class TransferView:
    """A transfer as it stands in the books."""

    id: UUID
    template: str
    state: str
    subject_id: UUID | None
    at: datetime
    unit: str
    amounts: dict[str, int]
    parties: dict[str, UUID]
    reason: str


@dataclass(frozen=True, slots=True)
class Balance:
    """Of one account, in its normal direction: what a debit account holds, what a credit account owes.

    ``pending`` is what announced transfers would add.
    """

    owner_id: UUID
    kind: str
    posted: Money
    pending: Money


@dataclass(frozen=True, slots=True)
class StatementLine:
    """``amount`` is in the account's normal direction; ``balance`` is after this line."""

    entry_id: int
    transfer_id: UUID
    template: str
    line: str
    subject_id: UUID | None
    reason: str
    at: datetime
    amount: Money
    balance: Money


@dataclass(frozen=True, slots=True)
class Statement:
    """All posted entries of one account in a period, oldest first."""

    owner_id: UUID
    kind: str
    opening: Money
    closing: Money
    lines: tuple[StatementLine, ...]


@dataclass(frozen=True, slots=True)
class GivenBack:
    """Refunds of one reason: how many, and how much went back to buyers."""

    reason: str
    count: int
    amount: Money


@dataclass(frozen=True, slots=True)
class MoneyReport:
    """A merchant's money in one period and one currency. Every number is positive when it is what its name says.

    ``taken`` = online + cash + tips. ``fees`` is without tax, after what was given back of it. ``owed`` is what the
    operator owes the merchant at the end of the period (negative: the merchant owes), ``owed_before`` at its start:
    owed = owed_before + online + tips_online + funded − given_back_online − fees − fee_tax − paid_out.
    """

    merchant_id: UUID
    unit: str
    sales: int
    taken_online: Money
    taken_cash: Money
    tips_online: Money
    tips_cash: Money
    own_discounts: Money
    funded_discounts: Money
    fees: Money
    fee_tax: Money
    given_back: tuple[GivenBack, ...]
    given_back_online: Money
    given_back_cash: Money
    paid_out: Money
    owed_before: Money
    owed: Money

    @property
    def taken(self) -> Money:
        return self.taken_online + self.taken_cash + self.tips_online + self.tips_cash
