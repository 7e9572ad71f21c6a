"""What must hold in the living books."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.db.models import Exists, F, OuterRef, Sum

from paseo.capabilities.ledger.models import Account, Checkpoint, Entry, Transfer
from paseo.capabilities.ledger.values import State
from paseo.kernel import clock
from paseo.platform.audit.checks import Finding, auditor

PENDING_DAYS = 7


@auditor("ledger.transfers_sum_to_zero")
def transfers_sum_to_zero() -> Iterator[Finding]:
    """The entries of each transfer add up to zero per unit."""
    rows = Entry.objects.values_list("transfer_id", "account__unit").annotate(n=Sum("amount_minor")).exclude(n=0)
    for transfer_id, unit, minor in rows.order_by().iterator():
        yield Finding(
            "ledger.transfers_sum_to_zero",
            f"transfer:{transfer_id}",
            f"Its entries add up to {minor} {unit}, not zero.",
        )


@auditor("ledger.entries_belong")
def entries_belong() -> Iterator[Finding]:
    """Every entry has its transfer's unit, instant and phase, and every transfer with amounts has entries."""
    unlike = Entry.objects.exclude(account__unit=F("transfer__unit"), at=F("transfer__at"))
    for entry in unlike.iterator():
        sentence = f"Entry {entry.pk} differs from its transfer in unit or time."
        yield Finding("ledger.entries_belong", f"transfer:{entry.transfer_id}", sentence)
    for pending in (True, False):
        wrong = Entry.objects.filter(pending=pending).exclude(
            transfer__state=State.PENDING if pending else State.POSTED
        )
        for entry in wrong.iterator():
            yield Finding(
                "ledger.entries_belong", f"transfer:{entry.transfer_id}", f"Entry {entry.pk} is in the wrong phase."
            )
    empty = Transfer.objects.filter(~Exists(Entry.objects.filter(transfer_id=OuterRef("pk")))).exclude(amounts={})
    for row in empty.iterator():
        yield Finding("ledger.entries_belong", f"transfer:{row.pk}", "It has amounts, but no entries.")


@auditor("ledger.resolutions_resolve")
def resolutions_resolve() -> Iterator[Finding]:
    """What settles or voids does so to a pending transfer; what reverses, to a posted one."""
    wrong = Transfer.objects.filter(resolves__isnull=False).exclude(resolves__state=State.PENDING)
    wrong |= Transfer.objects.filter(reverses__isnull=False).exclude(reverses__state=State.POSTED)
    wrong |= Transfer.objects.filter(state=State.VOIDED, resolves=None)
    for row in wrong:
        sentence = "It resolves or reverses something that is not in that state."
        yield Finding("ledger.resolutions_resolve", f"transfer:{row.pk}", sentence)


@auditor("ledger.checkpoints_equal_recount")
def checkpoints_equal_recount() -> Iterator[Finding]:
    """A checkpoint is the sum of the posted entries up to it."""
    for known in Checkpoint.objects.iterator():
        rows = Entry.objects.filter(account_id=known.account_id, id__lte=known.entry_id, pending=False)
        real = rows.aggregate(n=Sum("amount_minor"))["n"] or 0
        if real != known.balance_minor:
            yield Finding(
                "ledger.checkpoints_equal_recount",
                f"account:{known.account_id}",
                f"The checkpoint says {known.balance_minor}, its entries add up to {real}.",
            )


@auditor("ledger.floors_hold")
def floors_hold() -> Iterator[Finding]:
    """A kept balance equals its entries and is not below its floor."""
    for account in Account.objects.exclude(floor_minor=None):
        rows = Entry.objects.filter(account_id=account.pk, pending=False)
        real = rows.aggregate(n=Sum("amount_minor"))["n"] or 0
        balance = -real if account.credit_normal else real
        if real != account.balance_minor or balance < (account.floor_minor or 0):
            yield Finding(
                "ledger.floors_hold",
                f"account:{account.pk}",
                f"The kept balance is {account.balance_minor}, its entries add up to {real}, its floor is "
                f"{account.floor_minor}.",
            )


@auditor("ledger.nothing_pending_for_long")
def nothing_pending_for_long() -> Iterator[Finding]:
    """An announced transfer is settled or taken back within a week."""
    resolved = Transfer.objects.filter(resolves_id=OuterRef("pk"))
    old = Transfer.objects.filter(
        ~Exists(resolved), state=State.PENDING, at__lt=clock.now() - timedelta(days=PENDING_DAYS)
    )
    for row in old.iterator():
        yield Finding(
            "ledger.nothing_pending_for_long",
            f"transfer:{row.pk}",
            f"Announced at {row.at.isoformat()} as {row.template} and neither settled nor taken back.",
        )
