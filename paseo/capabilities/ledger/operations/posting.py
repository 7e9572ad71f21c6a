"""Posting, announcing, settling, taking back, reversing. Each at most two statements once the accounts exist."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from paseo.capabilities.ledger.accounts import guard_floors, open_accounts
from paseo.capabilities.ledger.models import Entry, Transfer
from paseo.capabilities.ledger.refusals import AlreadyResolved, NoTransfer, TransferReused, WrongAmounts
from paseo.capabilities.ledger.rules import TEMPLATES, PlannedEntry, plan
from paseo.capabilities.ledger.values import State, TransferView
from paseo.kernel.money import Money
from paseo.platform.db.inserting import insert, insert_new
from paseo.platform.db.unit import operation


@operation
def post(
    *,
    transfer_id: UUID,
    template: str,
    amounts: Mapping[str, Money],
    parties: Mapping[str, UUID],
    subject_id: UUID | None,
    at: datetime,
    reason: str = "",
) -> TransferView:
    """Moves money. ``amounts`` by the names of the template, none negative, all of one currency; ``parties`` are
    "merchant", "operator", "brand" as far as the template needs them. ``reason`` is a short code ("sold_out").

    The same id and content again returns the same transfer. Refuses ``TransferReused``, ``WrongAmounts`` and
    ``BelowFloor``.
    """
    assert not TEMPLATES[template].pending, f"{template} only announces: use post_pending"
    return _written(transfer_id, template, amounts, parties, subject_id, at, reason, State.POSTED, None)


@operation
def post_pending(
    *,
    transfer_id: UUID,
    template: str,
    amounts: Mapping[str, Money],
    parties: Mapping[str, UUID],
    subject_id: UUID | None,
    at: datetime,
    reason: str = "",
) -> TransferView:
    """Announces a transfer that counts only when it is settled. Otherwise as ``post``."""
    assert TEMPLATES[template].pending, f"{template} moves money: use post"
    return _written(transfer_id, template, amounts, parties, subject_id, at, reason, State.PENDING, None)


@operation
def settle(
    *,
    pending_id: UUID,
    transfer_id: UUID,
    template: str,
    amounts: Mapping[str, Money],
    at: datetime,
    parties: Mapping[str, UUID] | None = None,
    reason: str = "",
) -> TransferView:
    """The announced transfer happens, as ``template`` with its own amounts; parties default to the announced ones.

    Refuses ``AlreadyResolved``, ``NoTransfer`` and what ``post`` refuses.
    """
    assert not TEMPLATES[template].pending, f"{template} only announces"
    pending = _pending(pending_id)
    everyone = {**{name: UUID(id) for name, id in pending.parties.items()}, **(parties or {})}
    return _written(transfer_id, template, amounts, everyone, pending.subject_id, at, reason, State.POSTED, pending_id)


@operation
def void(*, pending_id: UUID, transfer_id: UUID, at: datetime, reason: str = "") -> TransferView:
    """The announced transfer will not happen. Refuses ``AlreadyResolved`` and ``NoTransfer``."""
    pending = _pending(pending_id)
    row = Transfer(
        id=transfer_id,
        template=pending.template,
        subject_id=pending.subject_id,
        at=at,
        state=State.VOIDED,
        resolves_id=pending_id,
        reason=reason,
        unit=pending.unit,
        amounts={},
        parties=pending.parties,
    )
    return _view(row if insert_new(row) else _same(row))


@operation
def reverse(*, transfer_id: UUID, reversal_id: UUID, at: datetime, reason: str) -> TransferView:
    """Books the opposite of a posted transfer, line by line, once. Refuses ``AlreadyResolved`` and ``NoTransfer``."""
    original = Transfer.objects.filter(pk=transfer_id, state=State.POSTED).first()
    if original is None:
        raise NoTransfer()
    row = Transfer(
        id=reversal_id,
        template=original.template,
        subject_id=original.subject_id,
        at=at,
        state=State.POSTED,
        reverses_id=transfer_id,
        reason=reason,
        unit=original.unit,
        amounts={name: -minor for name, minor in original.amounts.items()},
        parties=original.parties,
    )
    if not insert_new(row):
        return _view(_same(row))
    parties = {name: UUID(id) for name, id in original.parties.items()}
    entries = plan(TEMPLATES[original.template], original.amounts, parties, original.unit)
    opposite = [
        PlannedEntry(entry.account_id, entry.owner_id, entry.kind, entry.line, -entry.amount_minor) for entry in entries
    ]
    _write_entries(row, opposite)
    return _view(row)


def _written(
    transfer_id: UUID,
    template: str,
    amounts: Mapping[str, Money],
    parties: Mapping[str, UUID],
    subject_id: UUID | None,
    at: datetime,
    reason: str,
    state: State,
    resolves_id: UUID | None,
) -> TransferView:
    units = {money.currency for money in amounts.values()}
    if len(units) != 1:
        raise WrongAmounts(fields={"currency": "one currency"}, template=template)
    unit = units.pop()
    minor = {name: money.minor for name, money in sorted(amounts.items()) if money.minor}
    entries = plan(TEMPLATES[template], {name: money.minor for name, money in amounts.items()}, parties, unit)
    named = {party: parties[party] for party in TEMPLATES[template].parties if party in parties}
    row = Transfer(
        id=transfer_id,
        template=template,
        subject_id=subject_id,
        at=at,
        state=state,
        resolves_id=resolves_id,
        reason=reason,
        unit=unit,
        amounts=minor,
        parties={party: str(id) for party, id in sorted(named.items())},
    )
    if not insert_new(row):
        return _view(_same(row))
    _write_entries(row, entries)
    return _view(row)


def _write_entries(row: Transfer, entries: Sequence[PlannedEntry]) -> None:
    open_accounts(entries, row.unit)
    pending = row.state == State.PENDING
    if not pending:
        guard_floors(entries, row.unit)
    insert(
        [
            Entry(
                transfer_id=row.pk,
                account_id=entry.account_id,
                line=entry.line,
                amount_minor=entry.amount_minor,
                pending=pending,
                at=row.at,
            )
            for entry in entries
        ]
    )


_CONTENT = ("template", "subject_id", "state", "resolves_id", "reverses_id", "reason", "unit", "amounts", "parties")


def _same(row: Transfer) -> Transfer:
    known = Transfer.objects.filter(pk=row.pk).first()
    if known is None:
        raise AlreadyResolved()
    if any(getattr(known, name) != getattr(row, name) for name in _CONTENT):
        raise TransferReused(transfer_id=row.pk)
    return known


def _pending(id: UUID) -> Transfer:
    row = Transfer.objects.filter(pk=id, state=State.PENDING).first()
    if row is None:
        raise NoTransfer()
    return row


def _view(row: Transfer) -> TransferView:
    return TransferView(
        row.pk,
        row.template,
        str(row.state),
        row.subject_id,
        row.at,
        row.unit,
        dict(row.amounts),
        {name: UUID(id) for name, id in row.parties.items()},
        row.reason,
    )
