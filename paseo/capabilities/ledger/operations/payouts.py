"""Paying merchants. Payouts of one merchant stand in line, so that nothing is paid twice."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from paseo.capabilities.ledger.accounts import open_accounts
from paseo.capabilities.ledger.balances import posted_minor
from paseo.capabilities.ledger.models import Account, Transfer
from paseo.capabilities.ledger.operations.posting import post
from paseo.capabilities.ledger.refusals import NotOwed
from paseo.capabilities.ledger.rules import PlannedEntry, account_id
from paseo.capabilities.ledger.values import TransferView
from paseo.kernel.money import Money
from paseo.platform.db.unit import operation


@operation
def pay_out(
    *, transfer_id: UUID, merchant_id: UUID, operator_id: UUID, amount: Money, at: datetime, reason: str = ""
) -> TransferView:
    """Pays a merchant at most what it is owed after the commission it owes itself. Refuses ``NotOwed``.

    The same id again returns the same payout.
    """
    payable, receivable = _locked(merchant_id, amount.currency)
    if not Transfer.objects.filter(pk=transfer_id).exists():
        owed = Money(payable - receivable, amount.currency)
        if amount > owed or amount.minor < 1:
            raise NotOwed(owed=owed, asked=amount)
    return post(
        transfer_id=transfer_id,
        template="payout",
        amounts={"amount": amount},
        parties={"merchant": merchant_id, "operator": operator_id},
        subject_id=merchant_id,
        at=at,
        reason=reason,
    )


@operation
def net_commission(*, transfer_id: UUID, merchant_id: UUID, unit: str, at: datetime) -> TransferView | None:
    """Takes the commission on cash sales from what is owed to the merchant, as far as both go. None: nothing to net."""
    known = Transfer.objects.filter(pk=transfer_id).first()
    payable, receivable = _locked(merchant_id, unit)
    minor = known.amounts["amount"] if known else min(payable, receivable)
    if minor <= 0:
        return None
    return post(
        transfer_id=transfer_id,
        template="commission_netted",
        amounts={"amount": Money(minor, unit)},
        parties={"merchant": merchant_id},
        subject_id=merchant_id,
        at=at,
    )


def _locked(merchant_id: UUID, unit: str) -> tuple[int, int]:
    """What is owed to and by the merchant, with the account locked for other payouts."""
    payable = account_id(merchant_id, "merchant_payable", unit)
    receivable = account_id(merchant_id, "commission_receivable", unit)
    open_accounts([PlannedEntry(payable, merchant_id, "merchant_payable", "", 0)], unit)
    Account.objects.select_for_update().get(pk=payable)
    return -posted_minor(payable), posted_minor(receivable)
