"""What crosses the border of the package: programs, vouchers, and why a coupon does or does not apply."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

Names = Mapping[str, str]


def owner_key(*, person_id: UUID | None = None, visitor_id: UUID | None = None, order_id: UUID | None = None) -> str:
    """The owner of a wallet: the person if known, else the visitor, else the order of a guest."""
    for kind, value in (("person", person_id), ("visitor", visitor_id), ("order", order_id)):
        if value is not None:
            return f"{kind}:{value}"
    raise ValueError("A wallet needs an owner.")


@dataclass(frozen=True, slots=True)
class Effect:
    """What a coupon does. ``value`` is basis points for ``percent_bps``, else minor units; a count for ``free_item``.

    ``hours`` are local times of the store (``"14:00"``), half-open, and may pass midnight. ``weekdays``: Monday is 0.
    """

    kind: str
    value: int
    min_spend_minor: int = 0
    variant_ids: tuple[UUID, ...] | None = None
    product_kinds: tuple[str, ...] | None = None
    max_minor: int | None = None
    stackable: bool = False
    modes: tuple[str, ...] | None = None
    hours: tuple[str, str] | None = None
    weekdays: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True)
class ProgramView:
    id: UUID
    merchant_id: UUID
    kind: str
    names: Names
    terms: Names
    effect: Effect | None
    contents: tuple[Mapping[str, Any], ...]
    funder: str
    variant_id: UUID | None
    price_minor: int
    currency: str
    limit: int | None
    issued: int
    per_person: int | None
    uses: int
    counter: bool
    valid_from: datetime
    valid_until: datetime | None
    valid_days: int | None
    store_ids: tuple[UUID, ...] | None
    state: str

    @property
    def left(self) -> int | None:
        """Pieces still to be had; None when there is no limit."""
        return None if self.limit is None else self.limit - self.issued


@dataclass(frozen=True, slots=True)
class VoucherView:
    id: UUID
    program: ProgramView
    owner: str
    state: str
    uses_total: int
    uses_left: int
    code_id: UUID | None
    order_id: UUID | None
    claimed_at: datetime
    valid_until: datetime | None
    code: str = ""


@dataclass(frozen=True, slots=True)
class CartItem:
    """One line as a coupon sees it. ``gross_minor`` is quantity times price with options, before discounts."""

    variant_id: UUID
    product_kind: str
    quantity: int
    gross_minor: int


@dataclass(frozen=True, slots=True)
class CouponContext:
    """The cart that a coupon is held against. ``zone`` is the store's IANA zone."""

    store_id: UUID
    mode: str
    zone: str
    currency: str
    items: tuple[CartItem, ...] = ()


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a coupon does not apply (``what``) and what would make it apply (``remedy``).

    English templates with ``{names}`` for the edge to translate; money and times in ``params`` are objects.
    """

    key: str
    what: str
    remedy: str
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Explanation:
    voucher_id: UUID
    names: Names
    applies: bool
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class DealLine:
    """An order line of product kind ``deal``."""

    line_id: UUID
    variant_id: UUID
    quantity: int


@dataclass(frozen=True, slots=True)
class IssuedVoucher:
    voucher_id: UUID
    line_id: UUID
    names: Names
    code: str
    uses: int
    valid_until: datetime | None


@dataclass(frozen=True, slots=True)
class ClaimOutcome:
    """One owner of a batch. ``refused`` is the code of the refusal, empty when it was given."""

    owner: str
    voucher_id: UUID | None
    refused: str = ""
