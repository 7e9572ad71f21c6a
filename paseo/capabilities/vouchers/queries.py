"""Reads of vouchers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Count, F, Q

from paseo.capabilities.pricing.values import DiscountRule
from paseo.capabilities.vouchers import refusals, rules
from paseo.capabilities.vouchers.codes_of import texts_of
from paseo.capabilities.vouchers.models import Allowance, Program, Voucher
from paseo.capabilities.vouchers.terms import terms_in, terms_of
from paseo.capabilities.vouchers.values import CouponContext, Explanation, ProgramView, VoucherView
from paseo.platform.db.prepared import Prepared


def _program_view(row: Program) -> ProgramView:
    return ProgramView(
        id=row.id,
        merchant_id=row.merchant_id,
        kind=row.kind,
        names=row.names,
        terms=row.terms,
        effect=rules.effect_of(row.effect),
        contents=tuple(row.contents),
        funder=row.funder,
        variant_id=row.variant_id,
        price_minor=row.price_minor,
        currency=row.currency,
        limit=row.limit,
        issued=row.issued,
        per_person=row.per_person,
        uses=row.uses,
        counter=row.counter,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        valid_days=row.valid_days,
        store_ids=None if row.store_ids is None else tuple(UUID(item) for item in row.store_ids),
        state=row.state,
    )


def _voucher_view(row: Voucher, *, now: datetime | None = None, code: str = "") -> VoucherView:
    over = now is not None and row.state == "claimed" and row.valid_until is not None and row.valid_until <= now
    return VoucherView(
        id=row.id,
        program=_program_view(row.program),
        owner=row.owner,
        state="expired" if over else row.state,
        uses_total=row.uses_total,
        uses_left=row.uses_left,
        code_id=row.code_id,
        order_id=row.order_id,
        claimed_at=row.claimed_at,
        valid_until=row.valid_until,
        code=code,
    )


def _with_codes(rows: Sequence[Voucher], now: datetime | None) -> list[VoucherView]:
    texts = texts_of(rows)
    return [_voucher_view(row, now=now, code=texts.get(row.id, "")) for row in rows]


def program(program_id: UUID, *, merchant_id: UUID | None = None) -> ProgramView | None:
    rows = Program.objects.filter(id=program_id)
    row = (rows if merchant_id is None else rows.filter(merchant_id=merchant_id)).first()
    return None if row is None else _program_view(row)


def programs(merchant_id: UUID, *, state: str | None = None) -> list[ProgramView]:
    """A merchant's programs, newest first."""
    rows = Program.objects.filter(merchant_id=merchant_id).order_by("-created_at", "-id")
    return [_program_view(row) for row in (rows if state is None else rows.filter(state=state))]


def deals(variant_ids: Sequence[UUID]) -> dict[UUID, ProgramView]:
    """The deals that are sold under these variants."""
    rows = Program.objects.filter(variant_id__in=list(variant_ids))
    return {row.variant_id: _program_view(row) for row in rows if row.variant_id is not None}


def claimable(
    store_id: UUID, *, merchant_id: UUID, now: datetime, owner: str | None = None, limit: int = 50
) -> list[ProgramView]:
    """Coupons that can be taken now for this store; those of which ``owner`` has all are left out."""
    rows = Program.objects.filter(
        Q(valid_until__isnull=True) | Q(valid_until__gt=now),
        Q(limit__isnull=True) | Q(limit__gt=F("issued")),
        merchant_id=merchant_id,
        kind="coupon",
        state="published",
        valid_from__lte=now,
    ).order_by("-created_at", "-id")[:limit]
    views = [_program_view(row) for row in rows if row.store_ids is None or str(store_id) in row.store_ids]
    if owner is not None:
        taken = dict(
            Allowance.objects.filter(owner=owner, program_id__in=[view.id for view in views]).values_list(
                "program_id", "taken"
            )
        )
        views = [view for view in views if view.per_person is None or taken.get(view.id, 0) < view.per_person]
    return views


def wallet(owners: str | Sequence[str], *, now: datetime, usable_only: bool = False) -> list[VoucherView]:
    """What is in one wallet, or in several of one person (``values.owner_key``); what ends first comes first."""
    rows = Voucher.objects.select_related("program").filter(
        owner__in=[owners] if isinstance(owners, str) else list(owners)
    )
    if usable_only:
        rows = rows.filter(Q(valid_until__isnull=True) | Q(valid_until__gt=now), state="claimed")
    rows = rows.order_by(F("valid_until").asc(nulls_last=True), "id")
    return _with_codes(list(rows), now)


def voucher(voucher_id: UUID, *, owners: Sequence[str] | None = None, now: datetime | None = None) -> VoucherView:
    """One voucher, with its code. Refuses ``UnknownVoucher`` when it is not in one of these wallets."""
    rows = Voucher.objects.select_related("program").filter(id=voucher_id)
    row = (rows if owners is None else rows.filter(owner__in=list(owners))).first()
    if row is None:
        raise refusals.UnknownVoucher
    return _with_codes([row], now)[0]


def vouchers_of_order(order_id: UUID) -> list[VoucherView]:
    """Coupons that the order reserved or used last, and deals that it bought."""
    rows = (
        Voucher.objects.select_related("program")
        .filter(Q(order_id=order_id) | Q(sale__order_id=order_id))
        .order_by("id")
    )
    return _with_codes(list(rows), None)


_pieces = Prepared(
    lambda ids, merchant_id: Voucher.objects.filter(id__in=ids, merchant_id=merchant_id).values_list(
        "id", "program_id", "owner", "state", "valid_until", "order_id"
    )
)


def applied(
    voucher_ids: Sequence[UUID],
    context: CouponContext,
    *,
    now: datetime,
    merchant_id: UUID,
    owners: Sequence[str] | None = None,
    order_id: UUID | None = None,
) -> tuple[list[DiscountRule], list[Explanation]]:
    """The discounts of the vouchers that apply to the cart, and an explanation for every voucher. One statement
    once the programs are known.

    A voucher of another merchant or another wallet is as unknown as one that does not exist.
    """
    if not voucher_ids:
        return [], []
    found = {
        row[0]: row
        for row in _pieces(list(dict.fromkeys(voucher_ids)), merchant_id)
        if owners is None or row[2] in owners
    }
    programs = terms_of({row[1] for row in found.values()})
    discounts, explanations = [], []
    for voucher_id in dict.fromkeys(voucher_ids):
        row = found.get(voucher_id)
        if row is None:
            explanations.append(Explanation(voucher_id, {}, False, (rules.UNKNOWN,)))
            continue
        _, program_id, _, state, valid_until, reserved_for = row
        terms = programs[program_id]
        reasons = terms.reasons_against(
            context, now, state=state, valid_until=valid_until, order_id=order_id, reserved_for=reserved_for
        )
        explanations.append(Explanation(voucher_id, terms.names, not reasons, reasons))
        if not reasons:
            discounts.append(terms.rule(voucher_id))
    return discounts, explanations


def effects(
    voucher_ids: Sequence[UUID],
    store_id: UUID,
    now: datetime,
    *,
    mode: str | None = None,
    zone: str | None = None,
    owners: Sequence[str] | None = None,
    order_id: UUID | None = None,
) -> list[DiscountRule]:
    """The discounts of those vouchers that can be used here now; spending and products are the quote's to judge.

    One statement, none without vouchers. Pass ``mode`` and the store's ``zone`` so that coupons for one way of
    ordering or for some hours are left out; ``order_id`` counts what that order itself keeps as free.
    """
    if not voucher_ids:
        return []
    rows = Voucher.objects.select_related("program").filter(
        Q(state="claimed") | (Q(state="reserved", order_id=order_id) if order_id else Q(pk__in=[])),
        Q(valid_until__isnull=True) | Q(valid_until__gt=now),
        id__in=list(voucher_ids),
        program__kind="coupon",
        program__valid_from__lte=now,
    )
    if owners is not None:
        rows = rows.filter(owner__in=list(owners))
    chosen = []
    for row in rows.order_by("id"):
        effect = rules.effect_of(row.program.effect)
        assert effect is not None
        if row.program.store_ids is not None and str(store_id) not in row.program.store_ids:
            continue
        if mode is not None and effect.modes is not None and mode not in effect.modes:
            continue
        if zone is not None and not rules.runs_now(effect, now, zone):
            continue
        chosen.append(terms_in(row.program).rule(row.id))
    return chosen


def explain(
    voucher_id: UUID,
    context: CouponContext,
    *,
    now: datetime,
    merchant_id: UUID,
    owners: Sequence[str] | None = None,
    order_id: UUID | None = None,
) -> Explanation:
    """Whether the voucher applies to the cart; if not, every reason and what would make it apply."""
    return applied([voucher_id], context, now=now, merchant_id=merchant_id, owners=owners, order_id=order_id)[1][0]


def program_numbers(merchant_id: UUID) -> dict[UUID, dict[str, int]]:
    """Per program: vouchers by state, for the merchant's page."""
    numbers: dict[UUID, dict[str, int]] = {}
    for program_id, state, count in (
        Voucher.objects.filter(merchant_id=merchant_id)
        .values_list("program_id", "state")
        .annotate(n=Count("id"))
        .order_by()
    ):
        numbers.setdefault(program_id, {})[state] = count
    return numbers
