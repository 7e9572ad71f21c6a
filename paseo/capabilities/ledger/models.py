"""Accounts, transfers, entries, checkpoints."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from paseo.capabilities.ledger.values import State
from paseo.platform.db.models import Row


class Account(models.Model):
    """The id is derived from owner, kind and unit, so that nobody has to look it up.

    ``balance_minor`` (debit positive) is kept only for accounts with a floor.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    owner_id = models.UUIDField(db_index=True)
    kind = models.CharField(max_length=30)
    unit = models.CharField(max_length=3)
    credit_normal = models.BooleanField()
    floor_minor = models.BigIntegerField(null=True)
    balance_minor = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner_id", "kind", "unit"], name="ledger_account_unique"),
            models.CheckConstraint(
                condition=Q(floor_minor=None)
                | Q(credit_normal=True, floor_minor__lte=-1 * F("balance_minor"))
                | Q(credit_normal=False, floor_minor__lte=F("balance_minor")),
                name="ledger_account_floor",
            ),
        ]


class Transfer(Row):
    """One movement of money, only ever added. ``resolves`` is the pending transfer that this one settles or voids."""

    template = models.CharField(max_length=40)
    subject_id = models.UUIDField(null=True, db_index=True)
    at = models.DateTimeField()
    state = models.CharField(max_length=8)
    resolves = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="+")
    reverses = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=60, blank=True)
    unit = models.CharField(max_length=3)
    amounts = models.JSONField()
    parties = models.JSONField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=State.values()), name="ledger_transfer_state"),
            models.CheckConstraint(condition=Q(resolves=None) | ~Q(state="pending"), name="ledger_transfer_resolves"),
        ]
        indexes = [models.Index(fields=["at"], condition=Q(state="pending"), name="ledger_transfer_pending")]


class Entry(models.Model):
    """One line of a transfer: debit positive, credit negative, never zero. ``line`` names it in the template."""

    id = models.BigAutoField(primary_key=True)
    transfer = models.ForeignKey(Transfer, on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+", db_index=False)
    line = models.CharField(max_length=30)
    amount_minor = models.BigIntegerField()
    pending = models.BooleanField(default=False)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(amount_minor=0), name="ledger_entry_not_zero")]
        indexes = [
            models.Index(fields=["account", "at"], name="ledger_entry_account_at"),
            models.Index(fields=["account", "id"], name="ledger_entry_account_id"),
        ]


class Checkpoint(models.Model):
    """The posted balance of an account up to and with one entry id."""

    account = models.OneToOneField(Account, primary_key=True, on_delete=models.PROTECT, related_name="+")
    entry_id = models.BigIntegerField()
    balance_minor = models.BigIntegerField()
    made_at = models.DateTimeField()
