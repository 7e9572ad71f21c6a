"""What crosses the border of insight. Amounts are minor units of the store's currency."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from paseo.capabilities.ledger.values import MoneyReport
from paseo.capabilities.ordering.values import DayTotals

STAGES = ("traffic", "conversion", "consumption", "feedback", "retention")

HEADLINE = {
    "traffic": "visit",
    "conversion": "order",
    "consumption": "redemption",
    "feedback": "review",
    "retention": "again",
}
"""The measure that is the number of each stage; the others are details."""

STAGE_OF = {
    "visit": "traffic",
    "scan": "traffic",
    "view": "traffic",
    "search": "traffic",
    "exposure": "traffic",
    "cart": "conversion",
    "order": "conversion",
    "return": "conversion",
    "redemption": "consumption",
    "review": "feedback",
    "again": "retention",
}

BASE_OF = {"conversion": "traffic", "consumption": "conversion", "feedback": "consumption", "retention": "conversion"}
"""The stage whose number a stage is a share of."""


@dataclass(frozen=True, slots=True)
class Stage:
    """``base`` is the number of the stage before, None for traffic; ``details`` are the other measures."""

    stage: str
    count: int
    amount_minor: int
    base: int | None
    details: Mapping[str, int] = field(default_factory=dict)

    @property
    def share(self) -> float | None:
        """count / base; None without a base or when it is 0."""
        return self.count / self.base if self.base else None


@dataclass(frozen=True, slots=True)
class FiveStages:
    start: datetime
    end: datetime
    currency: str
    stages: tuple[Stage, ...]

    def __getitem__(self, stage: str) -> Stage:
        return self.stages[STAGES.index(stage)]


@dataclass(frozen=True, slots=True)
class TouchpointStages:
    """The five stages of what came under one touchpoint; ``touchpoint_id`` None is what came directly."""

    touchpoint_id: UUID | None
    campaign: str
    name: str
    kind: str
    stages: tuple[Stage, ...]

    def __getitem__(self, stage: str) -> Stage:
        return self.stages[STAGES.index(stage)]


@dataclass(frozen=True, slots=True)
class HourStages:
    """Numbers of one hour of the shop's day, by stage."""

    hour: datetime
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Flow:
    """From a touchpoint to a way of ordering: orders that stand and their amount. ``touchpoint_id`` None: directly."""

    touchpoint_id: UUID | None
    name: str
    mode: str
    count: int
    amount_minor: int


@dataclass(frozen=True, slots=True)
class OrderBehind:
    """One row behind a number. ``journey``: the declared mode it came by; ``reason``: why, an English sentence."""

    order_id: UUID
    store_id: UUID
    at: datetime
    mode: str
    currency: str
    total_minor: int
    returned_minor: int
    first_touchpoint_id: UUID | None
    last_touchpoint_id: UUID | None
    again: bool
    journey: str
    reason: str

    @property
    def kept_minor(self) -> int:
        return self.total_minor - self.returned_minor


@dataclass(frozen=True, slots=True)
class PathStep:
    kind: str
    at: datetime
    touchpoint_id: UUID | None


@dataclass(frozen=True, slots=True)
class AnonymousPath:
    """One visit as kinds and times: it cannot be led back to anybody."""

    steps: tuple[PathStep, ...]


@dataclass(frozen=True, slots=True)
class LivePage:
    """What the shop's page shows and refetches when something happens."""

    store_id: UUID
    as_of: datetime
    today: FiveStages
    week_ago: FiveStages
    touchpoints: tuple[TouchpointStages, ...]
    hours: tuple[HourStages, ...]
    rating_count: int
    rating_score: str


@dataclass(frozen=True, slots=True)
class ModelShare:
    """What an attribution model gives to one touchpoint."""

    touchpoint_id: UUID | None
    name: str
    orders: int
    amount_minor: int


@dataclass(frozen=True, slots=True)
class JourneyShare:
    """Orders that came by one declared mode of journeys."""

    journey: str
    orders: int
    amount_minor: int


@dataclass(frozen=True, slots=True)
class RefundRow:
    """``done_at`` None: on its way, at the latest at ``expected_by``."""

    order_id: UUID
    amount_minor: int
    reason: str
    method: str
    state: str
    requested_at: datetime
    expected_by: datetime
    done_at: datetime | None


@dataclass(frozen=True, slots=True)
class DayReport:
    """A store's day: what was sold, what is owed, what was given back and why.

    ``totals`` are the orders placed that day; ``books`` is the whole merchant's account in the ledger for that day.
    """

    store_id: UUID
    day: date
    totals: DayTotals
    books: MoneyReport
    refunds: tuple[RefundRow, ...]


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something that a person must look at. ``act`` is the one thing to do: a key that the page turns into a button.

    ``sentence`` is an English template with ``{names}`` of ``params``.
    """

    key: str
    subject: str
    since: datetime
    sentence: str
    act: str
    params: Mapping[str, Any] = field(default_factory=dict)
    store_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class CityStore:
    """``lamp`` is lit, half or dark. ``load``: quiet, busy (five or more in hand) or late (a promise is broken)."""

    store_id: UUID
    slug: str
    name: Mapping[str, str]
    lat: float
    lon: float
    lamp: str
    open_orders: int
    late_orders: int

    @property
    def load(self) -> str:
        return "late" if self.late_orders else "busy" if self.open_orders >= 5 else "quiet"


@dataclass(frozen=True, slots=True)
class CityOverview:
    """The city on one screen. ``money_today`` is what was sold and kept today, by currency."""

    as_of: datetime
    open_stores: int
    busy_stores: int
    late_stores: int
    dark_stores: int
    broken: int
    orders_today: int
    money_today: Mapping[str, int]
    stores: tuple[CityStore, ...]
    troubles: tuple[Trouble, ...]
