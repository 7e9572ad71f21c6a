"""The chart of accounts and the templates through which everything is posted: data, with their proof."""

from paseo.capabilities.ledger.rules.accounts import KINDS, AccountKind, account_id
from paseo.capabilities.ledger.rules.posting import PlannedEntry, plan
from paseo.capabilities.ledger.rules.table import templates_table
from paseo.capabilities.ledger.rules.templates import CREDIT, DEBIT, TEMPLATES, Line, Template, prove

__all__ = [
    "CREDIT",
    "DEBIT",
    "KINDS",
    "TEMPLATES",
    "AccountKind",
    "Line",
    "PlannedEntry",
    "Template",
    "account_id",
    "plan",
    "prove",
    "templates_table",
]
