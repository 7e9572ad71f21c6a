"""The fold: what one contact adds to which counts. Pure; the same for every batch size, and for a recount."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from paseo.capabilities.insight.values import STAGE_OF
from paseo.capabilities.journeys.values import ContactView
from paseo.kernel.ids import stable_id
from paseo.kernel.periods import zone

TRAFFIC = frozenset({"scan", "visit", "view", "search"})
"""Contacts that make a visit. An exposure in a list is not one: the person has not come."""


@dataclass(frozen=True, slots=True)
class Bucket:
    store_id: UUID
    merchant_id: UUID | None
    touchpoint_id: UUID | None
    campaign: str
    mode: str
    hour: datetime
    measure: str

    @property
    def id(self) -> UUID:
        return stable_id(
            "stage", self.store_id, self.touchpoint_id, self.campaign, self.mode, self.hour.isoformat(), self.measure
        )

    @property
    def stage(self) -> str:
        return STAGE_OF[self.measure]


Counts = dict[Bucket, tuple[int, int]]
KnownDays = dict[UUID, set[UUID | None]]


@dataclass(slots=True)
class Folded:
    """What a run of contacts adds: counts by bucket, and visits that are new."""

    counts: Counts = field(default_factory=lambda: defaultdict(lambda: (0, 0)))
    visits: dict[UUID, tuple[UUID, UUID | None, date]] = field(default_factory=dict)

    def add(self, bucket: Bucket, count: int, amount: int) -> None:
        before = self.counts[bucket]
        self.counts[bucket] = (before[0] + count, before[1] + amount)


def hour_of(instant: datetime, zone_name: str) -> datetime:
    """The instant at which the current hour of a place's clock began. Zones with half hours begin theirs at :30 UTC."""
    local = instant.astimezone(zone(zone_name))
    return instant - timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond)


def day_key(contact: ContactView, zone_name: str) -> tuple[UUID, date]:
    """One visitor at one shop on one day of the shop. Without a visitor every contact stands for itself."""
    day = contact.at.astimezone(zone(zone_name)).date()
    return stable_id("visit-day", contact.visitor_id or contact.id, contact.store_id, day), day


def traffic_days(contacts: Iterable[ContactView], zones: Mapping[UUID, str]) -> set[UUID]:
    """The day keys that a fold of these contacts will ask for."""
    return {
        day_key(contact, zones[contact.store_id])[0]
        for contact in contacts
        if contact.kind in TRAFFIC and contact.store_id is not None and contact.store_id in zones
    }


def fold(contacts: Iterable[ContactView], zones: Mapping[UUID, str], known: KnownDays) -> Folded:
    """Adds contacts up in the order given. ``known`` holds the ways of visits that are counted already, and grows.

    Contacts without a store, or of a store that is unknown, count nowhere.
    """
    folded = Folded()
    for contact in contacts:
        if contact.store_id is None or contact.store_id not in zones:
            continue
        zone_name = zones[contact.store_id]
        for measure, at, count, amount in _effects(contact):
            folded.add(_bucket(contact, measure, hour_of(at, zone_name)), count, amount)
        if contact.kind in TRAFFIC:
            key, day = day_key(contact, zone_name)
            ways = known.setdefault(key, set())
            if not ways or (contact.touchpoint_id is not None and contact.touchpoint_id not in ways):
                ways.add(contact.touchpoint_id)
                folded.visits[stable_id("visit", key, contact.touchpoint_id)] = (key, contact.touchpoint_id, day)
                folded.add(_bucket(contact, "visit", hour_of(contact.at, zone_name)), 1, 0)
    return folded


def _bucket(contact: ContactView, measure: str, hour: datetime) -> Bucket:
    assert contact.store_id is not None
    return Bucket(
        contact.store_id, contact.merchant_id, contact.touchpoint_id, contact.campaign, contact.mode, hour, measure
    )


def _effects(contact: ContactView) -> Iterator[tuple[str, datetime, int, int]]:
    """Measure, moment, count and amount. What is taken back is taken from the hour in which it was counted."""
    kind, extra = contact.kind, contact.extra
    if kind in {"scan", "view", "search", "exposure", "cart"}:
        yield kind, contact.at, 1, 0
    elif kind == "order":
        yield "order", contact.at, 1, contact.amount_minor
        if extra.get("again"):
            yield "again", contact.at, 1, contact.amount_minor
    elif kind == "redemption":
        sign = -1 if extra.get("undone") else 1
        at = datetime.fromisoformat(extra["of"]) if extra.get("of") else contact.at
        yield "redemption", at, sign, sign * contact.amount_minor
    elif kind == "review":
        sign = -1 if extra.get("undone") else 1
        at = datetime.fromisoformat(extra["of"]) if extra.get("of") else contact.at
        yield "review", at, sign, 0
    elif kind == "return":
        yield "return", contact.at, 1, contact.amount_minor
        cancelled = -1 if extra.get("cancelled") else 0
        ordered = datetime.fromisoformat(extra["ordered_at"])
        yield "order", ordered, cancelled, -contact.amount_minor
        if extra.get("again"):
            yield "again", ordered, cancelled, -contact.amount_minor
        if extra.get("consumed_at"):
            yield "redemption", datetime.fromisoformat(extra["consumed_at"]), 0, -contact.amount_minor
