"""Everything that is written into the books."""

from paseo.capabilities.ledger.operations.checkpoints import make_checkpoints
from paseo.capabilities.ledger.operations.payouts import net_commission, pay_out
from paseo.capabilities.ledger.operations.posting import post, post_pending, reverse, settle, void

__all__ = ["make_checkpoints", "net_commission", "pay_out", "post", "post_pending", "reverse", "settle", "void"]
