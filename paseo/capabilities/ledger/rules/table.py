"""The templates as a table for the documentation."""

from __future__ import annotations

from paseo.capabilities.ledger.rules.accounts import KINDS
from paseo.capabilities.ledger.rules.templates import DEBIT, TEMPLATES


def templates_table() -> str:
    """Markdown: the chart of accounts, then every template with its lines."""
    rows = ["### Accounts", "", "| account | of | normal | floor | meaning |", "|---|---|---|---|---|"]
    for kind in KINDS.values():
        side = "credit" if kind.credit_normal else "debit"
        floor = "" if kind.floor is None else str(kind.floor)
        rows.append(f"| `{kind.name}` | {kind.party} | {side} | {floor} | {kind.meaning} |")
    rows += ["", "### Templates", ""]
    for template in TEMPLATES.values():
        phase = " (pending)" if template.pending else ""
        rows += [f"#### `{template.name}`{phase}", "", template.meaning, ""]
        rows += ["| line | account | debit | credit |", "|---|---|---|---|"]
        for line in template.lines:
            takes = " + ".join(name if times == 1 else f"{times} × {name}" for name, times in line.takes.items())
            debit, credit = (takes, "") if line.side == DEBIT else ("", takes)
            rows.append(f"| {line.name} | `{line.account}` | {debit} | {credit} |")
        if template.optional:
            rows += ["", f"May be left out: {', '.join(sorted(template.optional))}."]
        rows.append("")
    return "\n".join(rows).rstrip() + "\n"
