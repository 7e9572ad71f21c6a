"""The chart of accounts."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from paseo.kernel.errors import N_
from paseo.kernel.ids import stable_id


@dataclass(frozen=True, slots=True)
class AccountKind:
    """``party`` owns accounts of this kind. ``floor``: the balance in its normal direction never goes below it."""

    name: str
    party: str
    credit_normal: bool
    meaning: str
    floor: int | None = None


KINDS = {
    kind.name: kind
    for kind in (
        AccountKind("gateway_clearing", "operator", False, N_("Paid by buyers, still at the payment gateway")),
        AccountKind("refunds_due", "operator", True, N_("Owed to buyers: to go back, and not arrived there yet")),
        AccountKind("bank", "operator", False, N_("The operator's bank account")),
        AccountKind("gateway_fees", "operator", False, N_("What the payment gateway keeps")),
        AccountKind("commission_income", "operator", True, N_("Commission earned")),
        AccountKind("fee_income", "operator", True, N_("Monthly fees earned")),
        AccountKind("fee_tax_due", "operator", True, N_("Tax on commission and fees, to be paid on")),
        AccountKind("marketing_cost", "operator", False, N_("Discounts that the operator pays for")),
        AccountKind("brand_fund", "brand", True, N_("Paid in by a brand for its discounts"), floor=0),
        AccountKind("merchant_payable", "merchant", True, N_("Owed by the operator to the merchant")),
        AccountKind("commission_receivable", "merchant", False, N_("Owed by the merchant for sales paid in cash")),
        AccountKind("till", "merchant", False, N_("Cash in the merchant's till from orders")),
        AccountKind("merchant_sales", "merchant", True, N_("Sales paid in cash")),
        AccountKind("merchant_discounts", "merchant", False, N_("Discounts that the merchant gave")),
        AccountKind("list_value", "merchant", True, N_("List price of what the merchant discounted")),
    )
}


def account_id(owner_id: UUID, kind: str, unit: str) -> UUID:
    """The same on every machine; KeyError for an unknown kind."""
    return stable_id("account", owner_id, KINDS[kind].name, unit)
