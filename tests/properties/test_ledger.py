"""The ledger beside a naive recount: whatever happens, nothing is made and nothing is lost."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction
from django.db.models import Sum
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from paseo.capabilities.ledger import operations, queries
from paseo.capabilities.ledger.balances import posted_minor
from paseo.capabilities.ledger.models import Entry
from paseo.capabilities.ledger.refusals import AlreadyResolved, BelowFloor, NotOwed
from paseo.capabilities.ledger.rules import TEMPLATES, account_id, plan
from paseo.kernel.errors import Refusal
from paseo.kernel.ids import new_id, stable_id
from paseo.kernel.money import Money
from paseo.kernel.periods import Period
from paseo.platform.audit.checks import auditors, run_all
from tests.conftest import NOON
from tests.properties.depth import count, examples

pytestmark = pytest.mark.slow
PARTIES = {party: stable_id("ledger", party) for party in ("operator", "merchant", "brand")}
TAX = Decimal("0.255")
minor = st.integers(0, 10**12)
done: Counter[str] = Counter()
REPORTED = (
    "taken_online",
    "taken_cash",
    "tips_online",
    "tips_cash",
    "own_discounts",
    "funded_discounts",
    "fees",
    "fee_tax",
    "given_back_online",
    "given_back_cash",
    "paid_out",
)


@settings(max_examples=300, deadline=None, derandomize=True, database=None)
@given(st.sampled_from(sorted(TEMPLATES)), st.data())
def test_every_template_adds_up_to_zero_for_all_amounts(name, data):
    template = TEMPLATES[name]
    amounts = {amount: data.draw(minor, amount) for amount in template.amounts}
    entries = plan(template, amounts, PARTIES, "EUR")
    assert sum(entry.amount_minor for entry in entries) == 0
    assert all(entry.amount_minor for entry in entries)


@settings(max_examples=300, deadline=None, derandomize=True, database=None)
@given(minor, st.lists(st.integers(0, 10**6), min_size=1, max_size=8))
def test_what_goes_back_piece_by_piece_is_the_whole(fee, refunds):
    gross, before, back = sum(refunds), 0, 0
    if gross == 0:
        return
    for refund in refunds:
        part = queries.share_back(fee, gross, before, refund)
        assert part >= 0
        back += part
        before += refund
    assert back == fee


class Books(RuleBasedStateMachine):
    """Two merchants, one operator, one brand."""

    @initialize()
    def open_books(self) -> None:
        self.whole = transaction.atomic()
        self.whole.__enter__()
        self.now = NOON
        self.operator, self.brand = new_id(), new_id()
        self.merchants = [new_id(), new_id()]
        self.naive: dict[UUID, dict[str, int]] = {id: defaultdict(int) for id in self.merchants}
        self.owed_cash: dict[UUID, int] = dict.fromkeys(self.merchants, 0)
        self.owed: dict[UUID, int] = dict.fromkeys(self.merchants, 0)
        self.fund = 0
        self.pending: list[tuple[UUID, UUID, int]] = []
        self.resolved: list[UUID] = []
        self.sales: list[dict[str, Any]] = []
        self.written: list[tuple[Any, dict[str, Any]]] = []

    def money(self, **amounts: int) -> dict[str, Money]:
        return {name: Money(n, "EUR") for name, n in amounts.items()}

    def call(self, operation: Any, **arguments: Any) -> Any:
        done[operation.__name__] += 1
        self.now += timedelta(minutes=7)
        arguments["at"] = self.now
        try:
            answer = operation(**arguments)
        except Refusal as refusal:
            return type(refusal)
        if answer is not None:
            self.written.append((operation, arguments))
        return answer

    def parties(self, merchant: UUID) -> dict[str, UUID]:
        return {"merchant": merchant, "operator": self.operator, "brand": self.brand}

    def sold(
        self, merchant: UUID, gross: int, bps: int, cash: bool, own: int, funded: int, brand: int, tip: int
    ) -> Any:
        fee = queries.commission(gross, bps, TAX)
        book, part = self.naive[merchant], "cash" if cash else "online"
        if brand > self.fund:
            return None
        book[f"taken_{part}"] += gross
        book[f"tips_{part}"] += tip
        book["fees"] += fee.fee_minor
        book["fee_tax"] += fee.tax_minor
        book["own_discounts"] += own
        book["funded_discounts"] += funded + brand
        book["sales"] += 1
        self.fund -= brand
        self.owed[merchant] += funded + brand + (0 if cash else gross + tip - fee.total_minor)
        self.owed_cash[merchant] += fee.total_minor if cash else 0
        self.sales.append(
            {
                "merchant": merchant,
                "gross": gross,
                "cash": cash,
                "fee": fee,
                "refunded": 0,
                "own": own,
                "funded": funded,
            }
        )
        return fee

    sums = st.integers(1, 50_000)

    @rule(
        which=st.integers(0, 1),
        gross=sums,
        bps=st.sampled_from([0, 800, 1550]),
        cash=st.booleans(),
        own=st.sampled_from([0, 0, 333]),
        funded=st.sampled_from([0, 0, 1001]),
        brand=st.sampled_from([0, 0, 0, 500]),
        tip=st.sampled_from([0, 0, 50]),
    )
    def sell(self, which: int, gross: int, bps: int, cash: bool, own: int, funded: int, brand: int, tip: int) -> None:
        merchant = self.merchants[which]
        expected = self.sold(merchant, gross, bps, cash, own, funded, brand, tip)
        fee = expected or queries.commission(gross, bps, TAX)
        answer = self.call(
            operations.post,
            transfer_id=new_id(),
            template="cash_sale" if cash else "sale_captured",
            amounts=self.money(
                gross=gross,
                tip=tip,
                commission=fee.fee_minor,
                commission_tax=fee.tax_minor,
                discount_merchant=own,
                discount_operator=funded,
                discount_brand=brand,
            ),
            parties=self.parties(merchant),
            subject_id=new_id(),
        )
        assert (answer is BelowFloor) is (expected is None)

    @rule(amount=st.integers(1, 2000))
    def brand_pays_in(self, amount: int) -> None:
        self.call(
            operations.post,
            transfer_id=new_id(),
            template="fund_paid_in",
            amounts=self.money(amount=amount),
            parties=self.parties(self.merchants[0]),
            subject_id=None,
        )
        self.fund += amount

    @rule(which=st.integers(0, 1), gross=sums)
    def authorize(self, which: int, gross: int) -> None:
        id = new_id()
        self.call(
            operations.post_pending,
            transfer_id=id,
            template="sale_authorized",
            amounts=self.money(gross=gross),
            parties=self.parties(self.merchants[which]),
            subject_id=new_id(),
        )
        self.pending.append((id, self.merchants[which], gross))

    @precondition(lambda self: self.pending)
    @rule(pick=st.integers(0, 99), capture=st.booleans())
    def resolve(self, pick: int, capture: bool) -> None:
        id, merchant, gross = self.pending.pop(pick % len(self.pending))
        self.resolved.append(id)
        if capture:
            fee = self.sold(merchant, gross, 800, False, 0, 0, 0, 0)
            self.call(
                operations.settle,
                pending_id=id,
                transfer_id=new_id(),
                template="sale_captured",
                amounts=self.money(gross=gross, commission=fee.fee_minor, commission_tax=fee.tax_minor),
            )
        else:
            self.call(operations.void, pending_id=id, transfer_id=new_id(), reason="declined")

    @precondition(lambda self: self.resolved)
    @rule(pick=st.integers(0, 99))
    def resolve_twice(self, pick: int) -> None:
        id = self.resolved[pick % len(self.resolved)]
        assert self.call(operations.void, pending_id=id, transfer_id=new_id()) is AlreadyResolved

    @precondition(lambda self: any(sale["refunded"] < sale["gross"] for sale in self.sales))
    @rule(pick=st.integers(0, 99), share=st.integers(1, 4), reason=st.sampled_from(["sold_out", "too_late"]))
    def refund(self, pick: int, share: int, reason: str) -> None:
        open_sales = [sale for sale in self.sales if sale["refunded"] < sale["gross"]]
        sale = open_sales[pick % len(open_sales)]
        left = sale["gross"] - sale["refunded"]
        back = max(1, left * share // 4)
        fee, tax, own, funded = (
            queries.share_back(whole, sale["gross"], sale["refunded"], back)
            for whole in (sale["fee"].fee_minor, sale["fee"].tax_minor, sale["own"], sale["funded"])
        )
        self.call(
            operations.post,
            transfer_id=new_id(),
            template="refund_cash" if sale["cash"] else "refund",
            amounts=self.money(
                refund=back, commission=fee, commission_tax=tax, discount_merchant=own, discount_operator=funded
            ),
            parties=self.parties(sale["merchant"]),
            subject_id=new_id(),
            reason=reason,
        )
        sale["refunded"] += back
        book = self.naive[sale["merchant"]]
        book[f"given_back_{'cash' if sale['cash'] else 'online'}"] += back
        book[f"because_{reason}"] += back
        book["fees"] -= fee
        book["fee_tax"] -= tax
        book["own_discounts"] -= own
        book["funded_discounts"] -= funded
        self.owed[sale["merchant"]] -= funded + (0 if sale["cash"] else back - fee - tax)
        self.owed_cash[sale["merchant"]] -= fee + tax if sale["cash"] else 0

    @rule(which=st.integers(0, 1), share=st.sampled_from([1, 2, 4, 5]))
    def pay_out(self, which: int, share: int) -> None:
        merchant = self.merchants[which]
        owed = self.owed[merchant] - self.owed_cash[merchant]
        amount = max(1, owed * share // 4)
        answer = self.call(
            operations.pay_out,
            transfer_id=new_id(),
            merchant_id=merchant,
            operator_id=self.operator,
            amount=Money(amount, "EUR"),
        )
        if amount > owed:
            assert answer is NotOwed
            return
        self.owed[merchant] -= amount
        self.naive[merchant]["paid_out"] += amount

    @rule(which=st.integers(0, 1))
    def net(self, which: int) -> None:
        merchant = self.merchants[which]
        amount = min(self.owed[merchant], self.owed_cash[merchant])
        answer = self.call(operations.net_commission, transfer_id=new_id(), merchant_id=merchant, unit="EUR")
        assert (answer is None) is (amount <= 0)
        if amount > 0:
            self.owed[merchant] -= amount
            self.owed_cash[merchant] -= amount

    @precondition(lambda self: self.written)
    @rule(pick=st.integers(0, 999))
    def try_again(self, pick: int) -> None:
        """The network broke: the same request again changes nothing."""
        operation, arguments = self.written[pick % len(self.written)]
        count = Entry.objects.count()
        again = operation(**arguments)
        assert again.id == arguments["transfer_id"]
        assert Entry.objects.count() == count
        done["replay"] += 1

    @precondition(lambda self: self.written)
    @rule(least=st.integers(1, 6))
    def checkpoint(self, least: int) -> None:
        done["make_checkpoints"] += 1
        operations.make_checkpoints(now=self.now, least=least)

    @invariant()
    def books_agree(self) -> None:
        if not hasattr(self, "merchants"):
            return
        merchant = self.merchants[len(self.written) % 2]
        assert -posted_minor(account_id(merchant, "merchant_payable", "EUR")) == self.owed[merchant]

    def teardown(self) -> None:
        if not hasattr(self, "merchants"):
            return
        assert (Entry.objects.aggregate(n=Sum("amount_minor"))["n"] or 0) == 0
        for merchant in self.merchants:
            self.report_agrees(merchant)
        waiting = sum(gross for _, merchant, gross in self.pending if merchant == self.merchants[0])
        assert queries.balance(self.merchants[0], "merchant_payable", "EUR").pending.minor == waiting
        assert queries.balance(self.brand, "brand_fund", "EUR").posted.minor == self.fund
        found = run_all(name for name in auditors() if name.startswith("ledger.") and "pending" not in name)
        transaction.set_rollback(True)
        self.whole.__exit__(None, None, None)
        assert found == []

    def report_agrees(self, merchant: UUID) -> None:
        book = self.naive[merchant]
        whole = queries.merchant_money(merchant, Period(NOON), "EUR")
        for name in REPORTED:
            assert getattr(whole, name).minor == book[name], name
        assert whole.sales == book["sales"]
        assert {part.reason: part.amount.minor for part in whole.given_back} == {
            name.removeprefix("because_"): n for name, n in book.items() if name.startswith("because_")
        }
        assert whole.owed.minor == self.owed[merchant] - self.owed_cash[merchant]
        # Any cut in time gives two reports that add up to the whole.
        middle = NOON + (self.now - NOON) / 2
        first = queries.merchant_money(merchant, Period(NOON, middle), "EUR")
        second = queries.merchant_money(merchant, Period(middle), "EUR")
        assert (first.owed, second.owed) == (second.owed_before, whole.owed)
        assert first.taken + second.taken == whole.taken
        lines = queries.statement(merchant, "merchant_payable", "EUR", Period(NOON))
        assert lines.closing.minor == self.owed[merchant]


@pytest.mark.django_db
def test_the_books_are_always_what_a_naive_recount_says() -> None:
    done.clear()
    run_state_machine_as_test(
        Books,
        settings=settings(
            max_examples=examples(340, 12),
            stateful_step_count=60,
            deadline=None,
            derandomize=True,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
    count(done, usual=350)
