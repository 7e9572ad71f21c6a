"""Reading the books."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum

from paseo.capabilities.ledger.balances import pending_minor, posted_minor
from paseo.capabilities.ledger.models import Account, Entry, Transfer
from paseo.capabilities.ledger.rules import KINDS, account_id
from paseo.capabilities.ledger.values import (
    Balance,
    Commission,
    GivenBack,
    MoneyReport,
    State,
    Statement,
    StatementLine,
    TransferView,
    commission,
    share_back,
)
from paseo.kernel.money import Money
from paseo.kernel.periods import Period

__all__ = [
    "Commission",
    "balance",
    "balances",
    "commission",
    "merchant_money",
    "posted_ids",
    "share_back",
    "statement",
    "transfers_of",
    "units_of",
    "unresolved_ids",
]


def balance(owner_id: UUID, kind: str, unit: str) -> Balance:
    """The balance of one account now, in its normal direction; zero when nothing was ever booked."""
    id, sign = account_id(owner_id, kind, unit), _sign(kind)
    return Balance(owner_id, kind, Money(sign * posted_minor(id), unit), Money(sign * pending_minor(id), unit))


def balances(owner_id: UUID) -> list[Balance]:
    """All accounts of an owner, by unit and kind."""
    rows = Account.objects.filter(owner_id=owner_id).order_by("unit", "kind").values_list("kind", "unit")
    return [balance(owner_id, kind, unit) for kind, unit in rows]


def units_of(owner_id: UUID) -> list[str]:
    """The currencies in which this owner has accounts."""
    return sorted(set(Account.objects.filter(owner_id=owner_id).values_list("unit", flat=True)))


def statement(owner_id: UUID, kind: str, unit: str, period: Period) -> Statement:
    """All posted lines of an account in a period with the running balance, oldest first."""
    id, sign = account_id(owner_id, kind, unit), _sign(kind)
    running = sign * posted_minor(id, before=period.start)
    opening = Money(running, unit)
    rows = _within(Entry.objects.filter(account_id=id, pending=False), period).order_by("at", "id")
    lines = []
    columns = ("id", "transfer_id", "transfer__template", "line", "transfer__subject_id", "transfer__reason", "at")
    for entry, transfer, template, line, subject, reason, when, minor in rows.values_list(*columns, "amount_minor"):
        running += sign * minor
        amount, after = Money(sign * minor, unit), Money(running, unit)
        lines.append(StatementLine(entry, transfer, template, line, subject, reason, when, amount, after))
    return Statement(owner_id, kind, opening, Money(running, unit), tuple(lines))


def merchant_money(merchant_id: UUID, period: Period, unit: str) -> MoneyReport:
    """What a merchant took, paid in fees, gave back and why, was paid and is owed. Equal to adding up every entry."""
    sums = _sums(merchant_id, unit, period)

    def total(*keys: tuple[str, str]) -> Money:
        return Money(sum(_sign(kind) * sums.get((kind, line), 0) for kind, line in keys), unit)

    def fees(*lines: str) -> Money:
        # A fee is a debit wherever it stands; what was given back of it is a credit on the same accounts.
        kinds = ("merchant_payable", "commission_receivable")
        return Money(sum(sums.get((kind, line), 0) for kind in kinds for line in lines), unit)

    payable, receivable = (
        account_id(merchant_id, kind, unit) for kind in ("merchant_payable", "commission_receivable")
    )
    before = -posted_minor(payable, before=period.start) - posted_minor(receivable, before=period.start)
    change = sum(-minor for (kind, _), minor in sums.items() if kind in ("merchant_payable", "commission_receivable"))
    return MoneyReport(
        merchant_id=merchant_id,
        unit=unit,
        sales=_count_sales(merchant_id, unit, period),
        taken_online=total(("merchant_payable", "sale")),
        taken_cash=total(("merchant_sales", "sale")),
        tips_online=total(("merchant_payable", "tip")),
        tips_cash=total(("merchant_sales", "tip")),
        own_discounts=total(("merchant_discounts", "own_discount"), ("merchant_discounts", "own_discount_back")),
        funded_discounts=total(
            *(
                ("merchant_payable", line)
                for line in ("funded_discount", "brand_discount", "funded_discount_back", "brand_discount_back")
            )
        ),
        fees=fees("commission", "commission_back", "monthly_fee"),
        fee_tax=fees("commission_tax", "commission_tax_back", "monthly_fee_tax"),
        given_back=_given_back(merchant_id, unit, period),
        given_back_online=-total(("merchant_payable", "refund")),
        given_back_cash=-total(("merchant_sales", "refund")),
        paid_out=-total(("merchant_payable", "payout")),
        owed_before=Money(before, unit),
        owed=Money(before + change, unit),
    )


def posted_ids(transfer_ids: Iterable[UUID]) -> set[UUID]:
    """Which of these transfers are in the books as posted. One statement."""
    return set(Transfer.objects.filter(pk__in=list(transfer_ids), state=State.POSTED).values_list("id", flat=True))


def unresolved_ids(transfer_ids: Iterable[UUID]) -> set[UUID]:
    """Which of these transfers are announced and neither settled nor taken back. One statement."""
    resolved = Transfer.objects.filter(resolves_id=OuterRef("pk"))
    rows = Transfer.objects.filter(~Exists(resolved), pk__in=list(transfer_ids), state=State.PENDING)
    return set(rows.values_list("id", flat=True))


def transfers_of(subject_id: UUID) -> list[TransferView]:
    """Everything that was booked for an order, oldest first."""
    return [
        TransferView(
            row.pk,
            row.template,
            row.state,
            row.subject_id,
            row.at,
            row.unit,
            dict(row.amounts),
            {name: UUID(id) for name, id in row.parties.items()},
            row.reason,
        )
        for row in Transfer.objects.filter(subject_id=subject_id).order_by("at", "id")
    ]


def _sums(merchant_id: UUID, unit: str, period: Period) -> dict[tuple[str, str], int]:
    rows = _entries(merchant_id, unit, period, [kind.name for kind in KINDS.values() if kind.party == "merchant"])
    return {
        (kind, line): minor
        for kind, line, minor in rows.values_list("account__kind", "line").annotate(n=Sum("amount_minor"))
    }


def _given_back(merchant_id: UUID, unit: str, period: Period) -> tuple[GivenBack, ...]:
    rows = _entries(merchant_id, unit, period, ["merchant_payable", "merchant_sales"]).filter(line="refund")
    grouped = rows.values_list("transfer__reason").annotate(times=Count("id"), n=Sum("amount_minor"))
    return tuple(GivenBack(reason, times, Money(minor, unit)) for reason, times, minor in grouped.order_by("-n"))


def _count_sales(merchant_id: UUID, unit: str, period: Period) -> int:
    rows = _entries(merchant_id, unit, period, ["merchant_payable", "merchant_sales"]).filter(line="sale")
    counts = rows.aggregate(
        made=Count("id", filter=Q(amount_minor__lt=0)), undone=Count("id", filter=Q(amount_minor__gt=0))
    )
    return counts["made"] - counts["undone"]


def _entries(owner_id: UUID, unit: str, period: Period, kinds: Iterable[str]) -> QuerySet[Entry]:
    accounts = [account_id(owner_id, kind, unit) for kind in kinds]
    return _within(Entry.objects.filter(account_id__in=accounts, pending=False), period)


def _within(rows: QuerySet[Entry], period: Period) -> QuerySet[Entry]:
    rows = rows.filter(at__gte=period.start)
    return rows if period.end is None else rows.filter(at__lt=period.end)


def _sign(kind: str) -> int:
    return -1 if KINDS[kind].credit_normal else 1
