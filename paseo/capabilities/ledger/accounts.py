"""Accounts come into being with their first entry."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db import connection
from django.db.models import F, Q

from paseo.capabilities.ledger.models import Account
from paseo.capabilities.ledger.refusals import BelowFloor
from paseo.capabilities.ledger.rules import KINDS, PlannedEntry
from paseo.kernel.money import Money
from paseo.platform.db.unit import after_commit

_known: set[UUID] = set()


def forget() -> None:
    """Accounts are looked at again: the tables may have been emptied."""
    _known.clear()


def open_accounts(entries: Sequence[PlannedEntry], unit: str) -> None:
    """Writes the accounts that this process has not seen in the database yet: usually none, without a statement."""
    missing = {entry.account_id: entry for entry in entries if entry.account_id not in _known}
    if not missing:
        return
    Account.objects.bulk_create(
        [
            Account(
                id=id,
                owner_id=entry.owner_id,
                kind=entry.kind,
                unit=unit,
                credit_normal=KINDS[entry.kind].credit_normal,
                floor_minor=KINDS[entry.kind].floor,
            )
            for id, entry in sorted(missing.items())
        ],
        ignore_conflicts=True,
    )
    if not any(getattr(block, "_from_testcase", False) for block in connection.atomic_blocks):
        after_commit(lambda: _known.update(missing))


def guard_floors(entries: Sequence[PlannedEntry], unit: str) -> None:
    """Moves the kept balance of accounts with a floor, each by one conditional UPDATE, in the order of their ids.

    Refuses ``BelowFloor``.
    """
    changes: dict[UUID, int] = {}
    for entry in entries:
        if KINDS[entry.kind].floor is not None:
            changes[entry.account_id] = changes.get(entry.account_id, 0) + entry.amount_minor
    for id, minor in sorted(changes.items()):
        stays = Q(credit_normal=True, floor_minor__lte=-1 * (F("balance_minor") + minor)) | Q(
            credit_normal=False, floor_minor__lte=F("balance_minor") + minor
        )
        if not Account.objects.filter(stays, id=id).update(balance_minor=F("balance_minor") + minor):
            account = Account.objects.get(id=id)
            balance = -account.balance_minor if account.credit_normal else account.balance_minor
            raise BelowFloor(available=Money(balance - (account.floor_minor or 0), unit))
