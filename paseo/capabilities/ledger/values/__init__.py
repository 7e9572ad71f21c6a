"""What crosses the border of ledger. Amounts are minor units; entries are debit positive, credit negative."""

from paseo.capabilities.ledger.values.commission import Commission, commission, share_back
from paseo.capabilities.ledger.values.reports import (
    Balance,
    GivenBack,
    MoneyReport,
    Statement,
    StatementLine,
    TransferView,
)
from paseo.capabilities.ledger.values.state import State

__all__ = [
    "Balance",
    "Commission",
    "GivenBack",
    "MoneyReport",
    "State",
    "Statement",
    "StatementLine",
    "TransferView",
    "commission",
    "share_back",
]
