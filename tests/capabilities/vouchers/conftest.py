from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from paseo.capabilities.vouchers import operations as vouchers
from paseo.capabilities.vouchers.values import Effect
from paseo.kernel.ids import new_id

MERCHANT = UUID(int=1)
STORE = UUID(int=2)


@pytest.fixture
def coupon(db: None, now: datetime) -> Callable[..., UUID]:
    """A published coupon of 10 %; keyword arguments as for ``create_program``."""

    def make(**changes: Any) -> UUID:
        given: dict[str, Any] = {
            "merchant_id": MERCHANT,
            "kind": "coupon",
            "names": {"en": "Ten percent"},
            "currency": "EUR",
            "effect": Effect("percent_bps", 1000),
            "valid_from": now - timedelta(days=1),
            "now": now,
        }
        program_id = vouchers.create_program(**{**given, **changes})
        vouchers.publish(program_id=program_id, merchant_id=MERCHANT, now=now)
        return program_id

    return make


@pytest.fixture
def deal(db: None, now: datetime) -> Callable[..., tuple[UUID, UUID]]:
    """A published deal and the variant under which it is sold."""

    def make(**changes: Any) -> tuple[UUID, UUID]:
        variant_id = new_id()
        given: dict[str, Any] = {
            "merchant_id": MERCHANT,
            "kind": "deal",
            "names": {"en": "Five lunches"},
            "currency": "EUR",
            "contents": [{"names": {"en": "Lunch"}, "quantity": 1}],
            "price_minor": 4500,
            "uses": 5,
            "variant_id": variant_id,
            "valid_from": now - timedelta(days=1),
            "now": now,
        }
        program_id = vouchers.create_program(**{**given, **changes})
        vouchers.publish(program_id=program_id, merchant_id=MERCHANT, now=now)
        return program_id, variant_id

    return make
