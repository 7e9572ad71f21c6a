"""Checkpoints keep balances quick; they are a copy of what the entries say."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import Max

from paseo.capabilities.ledger.models import Account, Checkpoint, Entry
from paseo.platform.db.unit import unit

# Each row is right by itself: the old checkpoint and the entries after it are read in one statement, so two runs at
# once can only write two true checkpoints over each other.
_MOVES = f"""
SELECT a.id, COALESCE(c.balance_minor, 0) + COALESCE((
    SELECT SUM(e.amount_minor) FROM {Entry._meta.db_table} e
    WHERE e.account_id = a.id AND e.id > COALESCE(c.entry_id, 0) AND e.id <= %s AND NOT e.pending), 0)
FROM {Account._meta.db_table} a LEFT JOIN {Checkpoint._meta.db_table} c ON c.account_id = a.id
WHERE (SELECT COUNT(*) FROM {Entry._meta.db_table} e
    WHERE e.account_id = a.id AND e.id > COALESCE(c.entry_id, 0) AND e.id <= %s AND NOT e.pending) >= %s
"""  # noqa: S608 - names of tables


def make_checkpoints(*, now: datetime, least: int = 500) -> int:
    """Moves the checkpoint of every account that has at least ``least`` entries after it; how many were moved.

    Two units, so that no sale waits for the sums.
    """
    last = _settled_until()
    with unit():
        with connection.cursor() as cursor:
            cursor.execute(_MOVES, [last, last, max(1, least)])
            moves = cursor.fetchall()
        Checkpoint.objects.bulk_create(
            [
                Checkpoint(
                    account_id=id if isinstance(id, UUID) else UUID(id),
                    entry_id=last,
                    balance_minor=int(balance),
                    made_at=now,
                )
                for id, balance in moves
            ],
            update_conflicts=True,
            unique_fields=["account"],
            update_fields=["entry_id", "balance_minor", "made_at"],
            batch_size=500,
        )
    return len(moves)


def _settled_until() -> int:
    """An entry id up to which nothing can be added any more.

    PostgreSQL hands out ids before their transactions commit, so that a higher id can be seen before a lower one: the
    lock waits for those that are writing, for a moment. SQLite has one writer.
    """
    with unit():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute(f"LOCK TABLE {Entry._meta.db_table} IN SHARE MODE")
        return Entry.objects.aggregate(last=Max("id"))["last"] or 0
