"""Cards, lamps, reports: frozen values."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TypedDict
from uuid import UUID

from paseo.kernel.geo import Point

Texts = dict[str, str]


@dataclass(frozen=True, slots=True)
class Address:
    street: str = ""
    house_number: str = ""
    postal_code: str = ""
    city: str = ""
    country: str = ""
    level: str = ""

    @property
    def line(self) -> str:
        """Street and number, then postal code and city, as written in Europe; empty parts are left out."""
        first = " ".join(part for part in (self.street, self.house_number) if part)
        second = " ".join(part for part in (self.postal_code, self.city) if part)
        return ", ".join(part for part in (first, second) if part)


@dataclass(frozen=True, slots=True)
class StoreCard:
    """A store as everybody may see it. ``name`` and ``description`` are texts by language."""

    id: UUID
    slug: str
    merchant_id: UUID
    merchant_name: str
    merchant_state: str
    name: Texts
    description: Texts
    category: str
    tags: tuple[str, ...]
    point: Point
    address: Address
    parents: tuple[Texts, ...]
    phone: str
    website: str
    hours: str
    zone: str
    currency: str
    region: str
    services: tuple[str, ...]
    prep_minutes: int
    last_order_minutes: int
    auto_accept: bool
    state: str
    listed: bool
    pause_until: datetime | None
    pause_reason: str
    facade: dict[str, object]
    photo_id: UUID | None
    plate_letter: str
    version: int

    @property
    def sells(self) -> bool:
        """Whether orders can be placed at all: a live merchant, an open or paused store, a service."""
        trading = self.listed and self.state in {"open", "paused"}
        return self.merchant_state == "live" and trading and bool(self.services)


@dataclass(frozen=True, slots=True)
class Lamp:
    """Open or not. ``state`` is lit, half or dark; ``reason`` is open, last_orders, closed, paused, unknown, not_open,
    for_good or suspended.

    ``until`` is when an open store closes (None: it never does); ``opens_at`` when a dark one opens (None: not known);
    ``last_orders_at`` the last moment at which an order can still be made ready.
    """

    state: str
    reason: str
    until: datetime | None = None
    opens_at: datetime | None = None
    last_orders_at: datetime | None = None
    note: str = ""

    @property
    def is_open(self) -> bool:
        return self.state != "dark"


@dataclass(frozen=True, slots=True)
class NearStore:
    card: StoreCard
    distance_m: float
    bearing: float
    lamp: Lamp


@dataclass(frozen=True, slots=True)
class StorePin:
    """A store on a map."""

    id: UUID
    slug: str
    name: Texts
    category: str
    lat: float
    lon: float
    lamp: Lamp


@dataclass(frozen=True, slots=True)
class PlaceView:
    id: UUID
    kind: str
    name: Texts
    point: Point
    level: str
    parent_id: UUID | None
    address: Address


@dataclass(frozen=True, slots=True)
class MerchantView:
    id: UUID
    operator_id: UUID
    legal_name: str
    business_id: str
    country: str
    email: str
    phone: str
    state: str
    reason: str
    applied_at: datetime
    live_at: datetime | None
    stores: int


@dataclass(frozen=True, slots=True)
class ContractView:
    """``commission_bps`` and ``monthly_fee_minor`` as agreed; within the trial neither is taken."""

    id: UUID
    merchant_id: UUID
    commission_bps: int
    monthly_fee_minor: int
    currency: str
    trial_until: datetime | None
    valid_from: datetime
    valid_until: datetime | None
    signed_at: datetime

    def commission_at(self, instant: datetime) -> int:
        return 0 if self.trial_until is not None and instant < self.trial_until else self.commission_bps


@dataclass(frozen=True, slots=True)
class PaperView:
    id: UUID
    kind: str
    name: str
    media_id: UUID
    added_at: datetime


@dataclass(frozen=True, slots=True)
class TouchpointView:
    id: UUID
    merchant_id: UUID
    store_id: UUID | None
    place_id: UUID | None
    kind: str
    name: str
    token: str
    campaign: str
    target: str
    active: bool

    @property
    def path(self) -> str:
        """What the QR code holds, after the address of the installation."""
        return f"/t/{self.token}"


@dataclass(frozen=True, slots=True)
class ReadinessItem:
    """One thing that a merchant needs. ``importance`` is must or should; lower ``rank`` comes first.

    ``sentence`` is an English template with ``{params}``, true when the thing is missing; ``done`` when it is there.
    ``where`` names the page that mends it, ``subject_id`` the thing on that page.
    """

    key: str
    ok: bool
    importance: str
    rank: int
    sentence: str
    where: str
    done: str = ""
    subject_id: UUID | None = None
    params: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ReadinessReport:
    merchant_id: UUID
    items: tuple[ReadinessItem, ...]

    @property
    def ready(self) -> bool:
        return all(item.ok for item in self.items if item.importance == "must")

    @property
    def missing(self) -> tuple[ReadinessItem, ...]:
        return tuple(item for item in self.items if not item.ok)

    @property
    def done_count(self) -> int:
        return sum(item.ok for item in self.items)


class StoreChanges(TypedDict, total=False):
    """What ``edit_store`` may change; absent keys stay as they are."""

    name: Texts
    description: Texts
    category: str
    tags: list[str]
    phone: str
    website: str
    services: list[str]
    prep_minutes: int
    last_order_minutes: int | None
    auto_accept: bool
    facade: dict[str, object]
    photo_id: UUID | None
    point: Point
    address: Address
    parent_id: UUID | None
    zone: str
    currency: str
    region: str
