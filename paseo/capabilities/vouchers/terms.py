"""The terms of programs as they are kept in this process for a few seconds: what coupons do is fixed when a program is
published, and every order with a coupon asks for it."""

from __future__ import annotations

import time
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db import connection

from paseo.capabilities.pricing.values import DiscountRule
from paseo.capabilities.vouchers import rules
from paseo.capabilities.vouchers.models import Program
from paseo.capabilities.vouchers.values import CouponContext, Effect, Reason

SECONDS = 5.0
MOST = 5_000
_known: dict[UUID, tuple[float, Terms]] = {}


class Terms(NamedTuple):
    kind: str
    names: dict[str, str]
    terms: dict[str, str]
    effect: Effect | None
    funder: str
    currency: str
    valid_from: datetime
    store_ids: tuple[UUID, ...] | None

    def reasons_against(
        self,
        context: CouponContext,
        now: datetime,
        *,
        state: str,
        valid_until: datetime | None,
        order_id: UUID | None = None,
        reserved_for: UUID | None = None,
    ) -> tuple[Reason, ...]:
        """Why a voucher in this state does not apply to the cart; empty: it applies."""
        return rules.reasons_against(
            effect=self.effect if self.kind == "coupon" else None,
            state=state,
            valid_from=self.valid_from,
            valid_until=valid_until,
            store_ids=self.store_ids,
            currency=self.currency,
            context=context,
            now=now,
            order_id=order_id,
            reserved_for=reserved_for,
        )

    def rule(self, voucher_id: UUID) -> DiscountRule:
        effect = self.effect
        assert effect is not None
        return DiscountRule(
            source_id=str(voucher_id),
            names=self.names,
            kind=effect.kind,
            value=effect.value,
            min_spend_minor=effect.min_spend_minor,
            variant_ids=None if effect.variant_ids is None else frozenset(effect.variant_ids),
            kinds=None if effect.product_kinds is None else frozenset(effect.product_kinds),
            max_minor=effect.max_minor,
            funder=self.funder,
            stackable=effect.stackable,
            terms=self.terms,
        )


def terms_in(row: Program) -> Terms:
    return Terms(
        row.kind,
        row.names,
        row.terms,
        rules.effect_of(row.effect),
        row.funder,
        row.currency,
        row.valid_from,
        None if row.store_ids is None else tuple(UUID(item) for item in row.store_ids),
    )


def terms_of(program_ids: Iterable[UUID]) -> dict[UUID, Terms]:
    """At most one statement, usually none."""
    tick = time.monotonic()
    found: dict[UUID, Terms] = {}
    missing = []
    for program_id in program_ids:
        known = _known.get(program_id)
        if known is not None and known[0] > tick:
            found[program_id] = known[1]
        else:
            missing.append(program_id)
    if missing:
        # What the transaction around a test will take back is nobody else's business.
        keep = not any(getattr(block, "_from_testcase", False) for block in connection.atomic_blocks)
        if len(_known) >= MOST:
            _known.clear()
        for row in Program.objects.filter(id__in=missing):
            found[row.id] = terms_in(row)
            if keep:
                _known[row.id] = (tick + SECONDS, found[row.id])
    return found


def forget(*program_ids: UUID) -> None:
    """Terms are read again: of these programs, or of all."""
    for program_id in program_ids or list(_known):
        _known.pop(program_id, None)
