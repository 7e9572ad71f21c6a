"""Sums of entries."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Sum

from paseo.capabilities.ledger.models import Checkpoint, Entry, Transfer


def posted_minor(account_id: UUID, *, before: datetime | None = None) -> int:
    """The posted balance, debit positive: now, or of all entries before an instant."""
    entries = Entry.objects.filter(account_id=account_id, pending=False)
    if before is not None:
        return entries.filter(at__lt=before).aggregate(n=Sum("amount_minor"))["n"] or 0
    known = Checkpoint.objects.filter(account_id=account_id).values_list("entry_id", "balance_minor").first()
    last, balance = known or (0, 0)
    return balance + (entries.filter(id__gt=last).aggregate(n=Sum("amount_minor"))["n"] or 0)


def pending_minor(account_id: UUID) -> int:
    """What announced transfers would add, debit positive."""
    resolved = Transfer.objects.filter(resolves_id=OuterRef("transfer_id"))
    rows = Entry.objects.filter(~Exists(resolved), account_id=account_id, pending=True)
    return rows.aggregate(n=Sum("amount_minor"))["n"] or 0
