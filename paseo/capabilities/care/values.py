"""What crosses the border of care."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from uuid import UUID

PARTS = ("taste", "quality", "service", "speed", "place", "value")
"""What can be marked apart from the whole, each with 1 to 5 stars."""

MEDIA_LIMIT = 6
TEXT_LIMIT = 4_000


@dataclass(frozen=True, slots=True)
class RightView:
    id: UUID
    order_id: UUID
    line_id: UUID
    store_id: UUID
    variant_id: UUID | None
    names: Mapping[str, str]
    consumed_at: datetime
    expires_at: datetime
    review_id: UUID | None


@dataclass(frozen=True, slots=True)
class ReplyView:
    text: str
    lang: str
    at: datetime
    edited_at: datetime | None


@dataclass(frozen=True, slots=True)
class ReviewView:
    id: UUID
    right_id: UUID
    order_id: UUID
    line_id: UUID
    store_id: UUID
    merchant_id: UUID
    names: Mapping[str, str]
    stars: int
    parts: Mapping[str, int]
    text: str
    lang: str
    signature: str
    media_ids: tuple[UUID, ...]
    state: str
    state_why: str
    written_at: datetime
    edited_at: datetime | None
    reply: ReplyView | None


@dataclass(frozen=True, slots=True)
class VersionView:
    until: datetime
    stars: int
    parts: Mapping[str, int]
    text: str
    media_ids: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class Rating:
    """``score`` is the Bayesian mean with two decimals, None without a review; ``mean`` the plain one."""

    store_id: UUID
    count: int
    score: Decimal | None
    mean: Decimal | None
    parts: Mapping[str, Decimal] = field(default_factory=dict)
    by_stars: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ConsumedLine:
    line_id: UUID
    variant_id: UUID | None = None
    names: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LineMark:
    """What the one form of an order says about one of its lines."""

    line_id: UUID
    stars: int
    parts: Mapping[str, int] = field(default_factory=dict)
    text: str = ""
