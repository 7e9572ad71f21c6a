"""Templates: which line of which account takes which part of the amounts.

Amounts are never negative, and every line takes each amount a fixed whole number of times. So a template adds up to
zero for *all* amounts exactly when, amount by amount, its debits and credits take it equally often. ``prove`` shows
that, and nothing can be declared without it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from paseo.capabilities.ledger.rules.accounts import KINDS
from paseo.kernel.errors import N_

DEBIT, CREDIT = 1, -1


@dataclass(frozen=True, slots=True)
class Line:
    """``takes`` says how often each named amount goes into this line."""

    name: str
    account: str
    side: int
    takes: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Template:
    """``pending`` templates only announce. Amounts in ``optional`` are zero when they are not given."""

    name: str
    meaning: str
    lines: tuple[Line, ...]
    pending: bool = False
    optional: frozenset[str] = frozenset()

    @property
    def amounts(self) -> tuple[str, ...]:
        """The names of the amounts in the order of the lines."""
        return tuple(dict.fromkeys(name for line in self.lines for name in line.takes))

    @property
    def parties(self) -> tuple[str, ...]:
        """Who must be named: the owners of the accounts."""
        return tuple(dict.fromkeys(KINDS[line.account].party for line in self.lines))


def prove(template: Template) -> None:
    """AssertionError when the template does not add up to zero for all amounts, or a line could turn its side."""
    sums: dict[str, int] = dict.fromkeys(template.amounts, 0)
    for line in template.lines:
        assert line.account in KINDS, f"{template.name}: there is no account {line.account}"
        assert line.side in (DEBIT, CREDIT), f"{template.name}: {line.name} is neither debit nor credit"
        for amount, times in line.takes.items():
            assert times > 0, f"{template.name}: {line.name} takes {amount} {times} times"
            sums[amount] += line.side * times
    wrong = sorted(name for name, total in sums.items() if total)
    assert not wrong, f"{template.name}: {', '.join(wrong)} does not add up to zero"
    assert template.optional <= set(sums), f"{template.name}: an optional amount is used by no line"


def _debit(name: str, account: str, *amounts: str) -> Line:
    return Line(name, account, DEBIT, MappingProxyType(dict.fromkeys(amounts, 1)))


def _credit(name: str, account: str, *amounts: str) -> Line:
    return Line(name, account, CREDIT, MappingProxyType(dict.fromkeys(amounts, 1)))


_DISCOUNTS = (
    _debit("funded_discount_cost", "marketing_cost", "discount_operator"),
    _credit("funded_discount", "merchant_payable", "discount_operator"),
    _debit("brand_discount_cost", "brand_fund", "discount_brand"),
    _credit("brand_discount", "merchant_payable", "discount_brand"),
    _debit("own_discount", "merchant_discounts", "discount_merchant"),
    _credit("own_discount_value", "list_value", "discount_merchant"),
)
_DISCOUNT_AMOUNTS = frozenset({"discount_operator", "discount_brand", "discount_merchant"})
_DISCOUNTS_BACK = (
    _debit("funded_discount_back", "merchant_payable", "discount_operator"),
    _credit("funded_discount_cost_back", "marketing_cost", "discount_operator"),
    _debit("brand_discount_back", "merchant_payable", "discount_brand"),
    _credit("brand_discount_cost_back", "brand_fund", "discount_brand"),
    _debit("own_discount_value_back", "list_value", "discount_merchant"),
    _credit("own_discount_back", "merchant_discounts", "discount_merchant"),
)
_EARNED = (
    _credit("commission_earned", "commission_income", "commission"),
    _credit("commission_tax_due", "fee_tax_due", "commission_tax"),
)
_UNEARNED = (
    _debit("commission_given_back", "commission_income", "commission"),
    _debit("commission_tax_not_due", "fee_tax_due", "commission_tax"),
)

_PAID_BACK = (
    _debit("paid_to_buyer", "refunds_due", "amount"),
    _credit("from_gateway", "gateway_clearing", "amount"),
)

_ALL = (
    Template(
        "sale_authorized",
        N_("A buyer's payment is reserved at the gateway; the goods are not handed over yet."),
        (
            _debit("at_gateway", "gateway_clearing", "gross", "tip"),
            _credit("sale", "merchant_payable", "gross"),
            _credit("tip", "merchant_payable", "tip"),
        ),
        pending=True,
        optional=frozenset({"tip"}),
    ),
    Template(
        "sale_captured",
        N_("A buyer paid through the gateway: the merchant is owed the sale without the commission."),
        (
            _debit("at_gateway", "gateway_clearing", "gross", "tip"),
            _credit("sale", "merchant_payable", "gross"),
            _credit("tip", "merchant_payable", "tip"),
            _debit("commission", "merchant_payable", "commission"),
            _debit("commission_tax", "merchant_payable", "commission_tax"),
            *_EARNED,
            *_DISCOUNTS,
        ),
        optional=_DISCOUNT_AMOUNTS | {"tip", "commission", "commission_tax"},
    ),
    Template(
        "cash_sale",
        N_("A buyer paid at the counter: the merchant has the money and owes the commission."),
        (
            _debit("in_till", "till", "gross", "tip"),
            _credit("sale", "merchant_sales", "gross"),
            _credit("tip", "merchant_sales", "tip"),
            _debit("commission", "commission_receivable", "commission"),
            _debit("commission_tax", "commission_receivable", "commission_tax"),
            *_EARNED,
            *_DISCOUNTS,
        ),
        optional=_DISCOUNT_AMOUNTS | {"tip", "commission", "commission_tax"},
    ),
    Template(
        "discount_funded",
        N_("A discount outside an order, with who pays for it."),
        _DISCOUNTS,
        optional=_DISCOUNT_AMOUNTS,
    ),
    Template(
        "refund",
        N_("A buyer is to get money back; the commission on it goes back to the merchant."),
        (
            _debit("refund", "merchant_payable", "refund"),
            _credit("due_to_buyer", "refunds_due", "refund"),
            _credit("commission_back", "merchant_payable", "commission"),
            _credit("commission_tax_back", "merchant_payable", "commission_tax"),
            *_UNEARNED,
            *_DISCOUNTS_BACK,
        ),
        optional=_DISCOUNT_AMOUNTS | {"commission", "commission_tax"},
    ),
    Template(
        "refund_cash",
        N_("A buyer gets cash back at the counter; the merchant no longer owes the commission on it."),
        (
            _debit("refund", "merchant_sales", "refund"),
            _credit("from_till", "till", "refund"),
            _credit("commission_back", "commission_receivable", "commission"),
            _credit("commission_tax_back", "commission_receivable", "commission_tax"),
            *_UNEARNED,
            *_DISCOUNTS_BACK,
        ),
        optional=_DISCOUNT_AMOUNTS | {"commission", "commission_tax"},
    ),
    Template(
        "payment_returned",
        N_("A payment came for an order that could no longer be fulfilled and is to go back whole."),
        (
            _debit("received", "gateway_clearing", "gross"),
            _credit("due_to_payer", "refunds_due", "gross"),
        ),
    ),
    Template(
        "refund_sent",
        N_("The gateway was asked to give a buyer's money back and has not confirmed it."),
        _PAID_BACK,
        pending=True,
    ),
    Template(
        "refund_paid",
        N_("The gateway confirmed that a buyer's money is back."),
        _PAID_BACK,
    ),
    Template(
        "refund_paid_by_bank",
        N_("The gateway would not give a buyer's money back; the operator sent it from its bank."),
        (_debit("paid_to_buyer", "refunds_due", "amount"), _credit("from_bank", "bank", "amount")),
    ),
    Template(
        "commission_netted",
        N_("Commission owed for cash sales is taken from what the operator owes the merchant."),
        (
            _debit("netted", "merchant_payable", "amount"),
            _credit("netted", "commission_receivable", "amount"),
        ),
    ),
    Template(
        "monthly_fee",
        N_("The monthly fee of a contract."),
        (
            _debit("monthly_fee", "merchant_payable", "fee"),
            _debit("monthly_fee_tax", "merchant_payable", "fee_tax"),
            _credit("monthly_fee_earned", "fee_income", "fee"),
            _credit("monthly_fee_tax_due", "fee_tax_due", "fee_tax"),
        ),
        optional=frozenset({"fee_tax"}),
    ),
    Template(
        "payout",
        N_("The operator pays a merchant what it is owed."),
        (_debit("payout", "merchant_payable", "amount"), _credit("from_bank", "bank", "amount")),
    ),
    Template(
        "gateway_payout",
        N_("The gateway pays the operator, less its own fee."),
        (
            _debit("into_bank", "bank", "amount"),
            _debit("gateway_fee", "gateway_fees", "fee"),
            _credit("from_gateway", "gateway_clearing", "amount", "fee"),
        ),
        optional=frozenset({"fee"}),
    ),
    Template(
        "fund_paid_in",
        N_("A brand pays into the fund for its discounts."),
        (_debit("into_bank", "bank", "amount"), _credit("paid_in", "brand_fund", "amount")),
    ),
)


def _declared(templates: tuple[Template, ...]) -> dict[str, Template]:
    for template in templates:
        prove(template)
    return {template.name: template for template in templates}


TEMPLATES = _declared(_ALL)
