"""Merchants, their contracts, papers and people."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from paseo.capabilities.directory.models import Contract, Merchant, Paper, Store
from paseo.capabilities.directory.refusals import UnknownMerchant
from paseo.capabilities.directory.values import ContractView, MerchantView, PaperView
from paseo.platform.tenancy import queries as tenancy
from paseo.platform.tenancy.values import GrantView


def merchant(merchant_id: UUID) -> MerchantView:
    """Refuses UnknownMerchant."""
    for view in _views(Merchant.objects.filter(id=merchant_id)):
        return view
    raise UnknownMerchant


def merchants(
    *, operator_id: UUID | None = None, state: str = "", text: str = "", after: UUID | None = None, limit: int = 50
) -> list[MerchantView]:
    """Merchants, newest first; ``after`` is the id of the last one of the page before."""
    rows = Merchant.objects.all()
    if operator_id is not None:
        rows = rows.filter(operator_id=operator_id)
    if state:
        rows = rows.filter(state=state)
    if text.strip():
        rows = rows.filter(Q(legal_name__icontains=text.strip()) | Q(business_id__icontains=text.strip()))
    if after is not None:
        rows = rows.filter(id__lt=after)
    return _views(rows.order_by("-id")[:limit])


def _views(rows: QuerySet[Merchant]) -> list[MerchantView]:
    per_merchant = Store.objects.filter(merchant_id=OuterRef("id")).values("merchant_id").annotate(n=Count("pk"))
    return [
        MerchantView(
            id=row.id,
            operator_id=row.operator_id,
            legal_name=row.legal_name,
            business_id=row.business_id,
            country=row.country,
            email=row.email,
            phone=row.phone,
            state=row.state,
            reason=row.reason,
            applied_at=row.applied_at,
            live_at=row.live_at,
            stores=row.store_count,  # type: ignore[attr-defined]
        )
        for row in rows.annotate(store_count=Coalesce(Subquery(per_merchant.values("n")), 0))
    ]


def contract_of(merchant_id: UUID, now: datetime) -> ContractView | None:
    """The contract in force at ``now``, or None."""
    rows = Contract.objects.filter(Q(valid_until=None) | Q(valid_until__gt=now), merchant_id=merchant_id)
    found = rows.filter(valid_from__lte=now).order_by("-valid_from").first()
    return _contract(found) if found else None


def contracts(merchant_id: UUID) -> list[ContractView]:
    """All contracts of a merchant, newest first."""
    return [_contract(row) for row in Contract.objects.filter(merchant_id=merchant_id).order_by("-valid_from", "-id")]


def commission_bps(merchant_id: UUID, now: datetime) -> int:
    """The commission at ``now`` in hundredths of a percent: zero in the trial and without a contract. One statement."""
    found = contract_of(merchant_id, now)
    return found.commission_at(now) if found else 0


def _contract(row: Contract) -> ContractView:
    return ContractView(
        id=row.id,
        merchant_id=row.merchant_id,
        commission_bps=row.commission_bps,
        monthly_fee_minor=row.monthly_fee_minor,
        currency=row.currency,
        trial_until=row.trial_until,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        signed_at=row.signed_at,
    )


def papers(merchant_id: UUID) -> list[PaperView]:
    rows = Paper.objects.filter(merchant_id=merchant_id).order_by("added_at", "id")
    return [PaperView(row.id, row.kind, row.name, row.media_id, row.added_at) for row in rows]


def staff(merchant_id: UUID, *, store_id: UUID | None = None) -> list[GrantView]:
    """The people who work for a merchant, with their roles; with ``store_id`` those who reach this store."""
    return tenancy.staff_of(merchant_id, place_id=store_id)
