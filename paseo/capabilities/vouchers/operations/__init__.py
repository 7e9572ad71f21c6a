"""Writes of vouchers: programs, wallets, orders, sales of deals, and the counter."""

from paseo.capabilities.vouchers.operations.claims import adopt_wallet, claim, claim_many, give_back
from paseo.capabilities.vouchers.operations.counter import redeem, unredeem
from paseo.capabilities.vouchers.operations.expiry import expire_due
from paseo.capabilities.vouchers.operations.orders import (
    keep_for_order,
    let_go,
    release_for_order,
    reserve_for_order,
    use_for_order,
)
from paseo.capabilities.vouchers.operations.programs import create_program, edit_program, end, publish
from paseo.capabilities.vouchers.operations.sales import (
    block_sale,
    hold_for_sale,
    issue_for_sale,
    refund_sale,
    unblock_sale,
)

__all__ = [
    "adopt_wallet",
    "block_sale",
    "claim",
    "claim_many",
    "create_program",
    "edit_program",
    "end",
    "expire_due",
    "give_back",
    "hold_for_sale",
    "issue_for_sale",
    "keep_for_order",
    "let_go",
    "publish",
    "redeem",
    "refund_sale",
    "release_for_order",
    "reserve_for_order",
    "unblock_sale",
    "unredeem",
    "use_for_order",
]
