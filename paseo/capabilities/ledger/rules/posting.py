"""From a template and amounts to entries. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from paseo.capabilities.ledger.refusals import WrongAmounts
from paseo.capabilities.ledger.rules.accounts import KINDS, account_id
from paseo.capabilities.ledger.rules.templates import Template


@dataclass(frozen=True, slots=True)
class PlannedEntry:
    """Debit positive."""

    account_id: UUID
    owner_id: UUID
    kind: str
    line: str
    amount_minor: int


def plan(
    template: Template, amounts: Mapping[str, int], parties: Mapping[str, UUID], unit: str
) -> tuple[PlannedEntry, ...]:
    """The entries, without those that are zero. Refuses ``WrongAmounts`` with what is missing, unknown or negative."""
    known = template.amounts
    wrong = {name: "unknown" for name in amounts if name not in known}
    wrong |= {name: "missing" for name in known if name not in amounts and name not in template.optional}
    wrong |= {name: "negative" for name, minor in amounts.items() if minor < 0}
    if wrong:
        raise WrongAmounts(fields=wrong, template=template.name)
    entries = []
    for line in template.lines:
        minor = sum(times * amounts.get(name, 0) for name, times in line.takes.items())
        if minor == 0:
            continue
        party = KINDS[line.account].party
        owner = parties.get(party)
        if owner is None:
            raise WrongAmounts(fields={party: "missing"}, template=template.name)
        entries.append(
            PlannedEntry(account_id(owner, line.account, unit), owner, line.account, line.name, line.side * minor)
        )
    assert sum(entry.amount_minor for entry in entries) == 0
    return tuple(entries)
