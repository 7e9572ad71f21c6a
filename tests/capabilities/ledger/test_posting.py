from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction

from paseo.capabilities.ledger import accounts, operations, queries
from paseo.capabilities.ledger.models import Account, Checkpoint, Entry, Transfer
from paseo.capabilities.ledger.refusals import (
    AlreadyResolved,
    BelowFloor,
    NotOwed,
    NoTransfer,
    TransferReused,
    WrongAmounts,
)
from paseo.capabilities.ledger.rules import DEBIT, TEMPLATES, Line, Template, prove, templates_table
from paseo.kernel.ids import new_id, stable_id
from paseo.kernel.money import Money
from paseo.kernel.periods import Period
from paseo.platform.audit.checks import auditors, run_all
from paseo.platform.db.unit import sql_count, unit

OPERATOR, MERCHANT, BRAND = (stable_id("ledger", name) for name in ("operator", "merchant", "brand"))
PARTIES = {"operator": OPERATOR, "merchant": MERCHANT}
pytestmark = pytest.mark.django_db


def eur(**amounts: int) -> dict[str, Money]:
    return {name: Money(minor, "EUR") for name, minor in amounts.items()}


def post(now, template="sale_captured", amounts=None, **more):
    given = {
        "transfer_id": new_id(),
        "template": template,
        "amounts": amounts or eur(gross=1000, commission=80, commission_tax=20),
        "parties": PARTIES,
        "subject_id": new_id(),
        "at": now,
        **more,
    }
    return operations.post(**given)


def owed() -> int:
    return queries.balance(MERCHANT, "merchant_payable", "EUR").posted.minor


@pytest.fixture(autouse=True)
def _books_agree(db):
    yield
    assert run_all(name for name in auditors() if name.startswith("ledger.") and "pending" not in name) == []


def test_a_sale_is_owed_to_the_merchant_without_the_commission(now):
    sale = post(now)
    assert owed() == 900
    assert queries.balance(OPERATOR, "gateway_clearing", "EUR").posted == Money(1000, "EUR")
    assert queries.balance(OPERATOR, "commission_income", "EUR").posted == Money(80, "EUR")
    assert queries.balance(OPERATOR, "fee_tax_due", "EUR").posted == Money(20, "EUR")
    assert [line.account.kind for line in Entry.objects.select_related("account").order_by("id")] == [
        "gateway_clearing",
        "merchant_payable",
        "merchant_payable",
        "merchant_payable",
        "commission_income",
        "fee_tax_due",
    ]
    assert queries.transfers_of(sale.subject_id) == [sale]
    assert queries.posted_ids([sale.id, new_id()]) == {sale.id}


def test_a_cash_sale_stays_in_the_till_and_its_commission_is_owed(now):
    post(now, "cash_sale")
    assert owed() == 0
    assert queries.balance(MERCHANT, "till", "EUR").posted == Money(1000, "EUR")
    assert queries.balance(MERCHANT, "commission_receivable", "EUR").posted == Money(100, "EUR")
    report = queries.merchant_money(MERCHANT, Period(now), "EUR")
    assert (report.taken, report.owed) == (Money(1000, "EUR"), Money(-100, "EUR"))


def test_the_same_transfer_again_is_the_same_and_another_content_is_refused(now):
    id = new_id()
    first = post(now, transfer_id=id, subject_id=MERCHANT)
    again = post(now + timedelta(hours=1), transfer_id=id, subject_id=MERCHANT)
    assert first == again
    assert owed() == 900
    for change in ({"amounts": eur(gross=1001)}, {"reason": "other"}, {"subject_id": OPERATOR}):
        with pytest.raises(TransferReused), transaction.atomic():
            post(now, **{"transfer_id": id, "subject_id": MERCHANT, **change})


def test_two_phases(now):
    pending = operations.post_pending(
        transfer_id=new_id(),
        template="sale_authorized",
        amounts=eur(gross=1000),
        parties=PARTIES,
        subject_id=new_id(),
        at=now,
    )
    before = queries.balance(MERCHANT, "merchant_payable", "EUR")
    assert (before.posted.minor, before.pending.minor) == (0, 1000)
    settled = operations.settle(
        pending_id=pending.id, transfer_id=new_id(), template="sale_captured", amounts=eur(gross=700), at=now
    )
    after = queries.balance(MERCHANT, "merchant_payable", "EUR")
    assert (after.posted.minor, after.pending.minor) == (700, 0)
    assert (settled.subject_id, settled.parties["merchant"]) == (pending.subject_id, MERCHANT)
    with pytest.raises(AlreadyResolved), transaction.atomic():
        operations.void(pending_id=pending.id, transfer_id=new_id(), at=now)
    with pytest.raises(NoTransfer), transaction.atomic():
        operations.void(pending_id=settled.id, transfer_id=new_id(), at=now)


def test_a_voided_announcement_leaves_nothing(now):
    pending = operations.post_pending(
        transfer_id=new_id(),
        template="sale_authorized",
        amounts=eur(gross=1000, tip=50),
        parties=PARTIES,
        subject_id=None,
        at=now,
    )
    assert run_all(["ledger.nothing_pending_for_long"]) == []
    void = {"pending_id": pending.id, "transfer_id": new_id(), "at": now, "reason": "declined"}
    assert operations.void(**void) == operations.void(**void)
    balance = queries.balance(MERCHANT, "merchant_payable", "EUR")
    assert (balance.posted.minor, balance.pending.minor) == (0, 0)


def test_what_is_pending_for_long_is_listed(now, clock):
    pending = operations.post_pending(
        transfer_id=new_id(),
        template="sale_authorized",
        amounts=eur(gross=1000),
        parties=PARTIES,
        subject_id=None,
        at=now,
    )
    clock.advance(days=7, seconds=1)
    (found,) = run_all(["ledger.nothing_pending_for_long"])
    assert found.subject == f"transfer:{pending.id}"


def test_a_reversal_takes_back_every_line_once(now):
    sale = post(now)
    again = {"transfer_id": sale.id, "reversal_id": new_id(), "at": now, "reason": "mistake"}
    assert operations.reverse(**again) == operations.reverse(**again)
    assert owed() == 0
    report = queries.merchant_money(MERCHANT, Period(now), "EUR")
    assert (report.sales, report.taken.minor, report.fees.minor) == (0, 0, 0)
    with pytest.raises(AlreadyResolved), transaction.atomic():
        operations.reverse(**{**again, "reversal_id": new_id()})
    with pytest.raises(NoTransfer), transaction.atomic():
        operations.reverse(**{**again, "transfer_id": new_id()})


def test_a_brand_cannot_spend_more_than_it_paid_in(now):
    parties = {**PARTIES, "brand": BRAND}
    post(now, "fund_paid_in", eur(amount=500), parties=parties)
    post(now, amounts=eur(gross=1000, discount_brand=500), parties=parties)
    assert queries.balance(BRAND, "brand_fund", "EUR").posted.minor == 0
    with pytest.raises(BelowFloor) as refused, transaction.atomic():
        post(now, amounts=eur(gross=1000, discount_brand=1), parties=parties)
    assert refused.value.params == {"available": Money(0, "EUR")}
    with pytest.raises(IntegrityError), transaction.atomic():
        Account.objects.filter(owner_id=BRAND).update(balance_minor=1)


def test_nobody_is_paid_more_than_is_owed(now):
    post(now)
    post(now, "cash_sale")
    pay = {"merchant_id": MERCHANT, "operator_id": OPERATOR, "at": now}
    with pytest.raises(NotOwed) as refused, transaction.atomic():
        operations.pay_out(transfer_id=new_id(), amount=Money(801, "EUR"), **pay)
    assert refused.value.params["owed"] == Money(800, "EUR")
    id = new_id()
    first = operations.pay_out(transfer_id=id, amount=Money(800, "EUR"), **pay)
    assert operations.pay_out(transfer_id=id, amount=Money(800, "EUR"), **pay) == first
    assert owed() == 100
    netted = operations.net_commission(transfer_id=new_id(), merchant_id=MERCHANT, unit="EUR", at=now)
    assert netted.amounts == {"amount": 100}
    assert operations.net_commission(transfer_id=new_id(), merchant_id=MERCHANT, unit="EUR", at=now) is None
    assert queries.merchant_money(MERCHANT, Period(now), "EUR").owed.minor == 0


@pytest.mark.parametrize(
    ("template", "amounts", "fields"),
    [
        ("sale_captured", eur(commission=1), {"gross": "missing"}),
        ("sale_captured", eur(gross=1, fee=2), {"fee": "unknown"}),
        ("sale_captured", eur(gross=-1), {"gross": "negative"}),
        ("sale_captured", {"gross": Money(1, "EUR"), "tip": Money(1, "CNY")}, {"currency": "one currency"}),
        ("sale_captured", eur(gross=1, discount_brand=1), {"brand": "missing"}),
    ],
)
def test_amounts_that_do_not_fit_are_named(now, template, amounts, fields):
    with pytest.raises(WrongAmounts) as refused, transaction.atomic():
        post(now, template, amounts)
    assert refused.value.fields == fields
    assert not Transfer.objects.exists()


def test_a_report_tells_what_was_taken_paid_and_given_back_and_why(now):
    post(now, amounts=eur(gross=2000, tip=100, commission=160, commission_tax=41, discount_merchant=300))
    post(now, "refund", eur(refund=500, commission=40, commission_tax=10), reason="sold_out")
    post(now, "refund", eur(refund=250, commission=20, commission_tax=5), reason="sold_out")
    post(now, "refund", eur(refund=100), reason="late")
    post(now, "monthly_fee", eur(fee=1000, fee_tax=255))
    report = queries.merchant_money(MERCHANT, Period(now, now + timedelta(days=1)), "EUR")
    assert (report.sales, report.taken.minor, report.own_discounts.minor) == (1, 2100, 300)
    assert (report.fees.minor, report.fee_tax.minor) == (160 - 60 + 1000, 41 - 15 + 255)
    assert [(part.reason, part.count, part.amount.minor) for part in report.given_back] == [
        ("sold_out", 2, 750),
        ("late", 1, 100),
    ]
    assert report.owed.minor == 2100 - 850 - 1100 - 281
    before = queries.merchant_money(MERCHANT, Period(now - timedelta(days=1), now), "EUR")
    assert (before.taken.minor, before.owed.minor, before.owed_before.minor) == (0, 0, 0)


def test_a_statement_runs_from_opening_to_closing(now):
    post(now)
    post(now + timedelta(hours=1), "refund", eur(refund=300), reason="late")
    page = queries.statement(MERCHANT, "merchant_payable", "EUR", Period(now + timedelta(minutes=1)))
    assert (page.opening.minor, page.closing.minor) == (900, 600)
    assert [(line.line, line.amount.minor, line.balance.minor, line.reason) for line in page.lines] == [
        ("refund", -300, 600, "late")
    ]


def test_books_cannot_be_rewritten(now):
    post(now)
    for rows in (Entry.objects.all(), Transfer.objects.all()):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(at=now + timedelta(days=1))
        with pytest.raises(IntegrityError), transaction.atomic():
            rows._raw_delete("default")


def test_checkpoints_change_no_balance_and_a_wrong_one_is_found(now):
    for _ in range(3):
        post(now)
    assert operations.make_checkpoints(now=now, least=4) == 1
    assert Checkpoint.objects.get().balance_minor == -2700
    post(now)
    assert owed() == 3600
    assert operations.make_checkpoints(now=now, least=1) == 4
    assert owed() == 3600
    Checkpoint.objects.filter(account__kind="merchant_payable").update(balance_minor=-1)
    (found,) = run_all(["ledger.checkpoints_equal_recount"])
    assert found.sentence == "The checkpoint says -1, its entries add up to -3600."
    Checkpoint.objects.all().delete()


def test_a_sale_takes_two_statements_once_its_accounts_are_known(now, monkeypatch):
    post(now)
    monkeypatch.setattr(accounts, "_known", set(Account.objects.values_list("id", flat=True)))
    with unit(), sql_count() as sql:
        post(now)
        assert sql.count == 2, sql.all


@pytest.mark.parametrize(
    ("base", "bps", "fee", "tax"), [(1000, 800, 80, 20), (999, 1250, 125, 32), (0, 800, 0, 0), (1, 10_000, 1, 0)]
)
def test_commission_with_tax_on_it(base, bps, fee, tax):
    given = queries.commission(base, bps, Decimal("0.255"))
    assert (given.fee_minor, given.tax_minor) == (fee, tax)


def test_a_template_that_does_not_add_up_cannot_be_declared():
    good = TEMPLATES["payout"]
    for bad in (
        Template("bad", "", good.lines[:1]),
        Template("bad", "", (good.lines[0], Line("x", "bank", -DEBIT, {"amount": 2}))),
        Template("bad", "", (*good.lines, Line("x", "nowhere", DEBIT, {"amount": 1}))),
        Template("bad", "", good.lines, optional=frozenset({"other"})),
    ):
        with pytest.raises(AssertionError):
            prove(bad)


def test_the_page_about_the_ledger_shows_the_templates_as_they_are():
    page = (Path(__file__).parents[3] / "docs" / "concepts" / "ledger.md").read_text()
    assert page.partition("<!-- generated: accounts and templates -->\n\n")[2] == templates_table()
