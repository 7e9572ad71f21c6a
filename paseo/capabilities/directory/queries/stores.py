"""Store cards and their lamps."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from paseo.capabilities.directory import stored
from paseo.capabilities.directory.models import Store
from paseo.capabilities.directory.refusals import UnknownStore
from paseo.capabilities.directory.rules import hours
from paseo.capabilities.directory.rules.lamps import lamp_of
from paseo.capabilities.directory.values import Lamp, StoreCard
from paseo.platform.search.queries import find


def store(key: UUID | str) -> StoreCard:
    """The card of a store by its id or slug, at most a few seconds old. Refuses UnknownStore."""
    if isinstance(key, str):
        found = stored.card_by_slug(key)
    else:
        found = stored.cards([key]).get(key)
    if found is None:
        raise UnknownStore
    return found


def stores(ids: Iterable[UUID]) -> dict[UUID, StoreCard]:
    """Cards by id; unknown ids are left out. At most one statement."""
    return stored.cards(ids)


def stores_of_merchant(merchant_id: UUID) -> list[StoreCard]:
    """All stores of a merchant, closed ones last, otherwise in the order in which they were made."""
    ids = Store.objects.filter(merchant_id=merchant_id).order_by("created_at", "pk").values_list("pk", flat=True)
    cards = list(stored.cards(ids).values())
    return sorted(cards, key=lambda card: card.state == "closed")


def stores_of_operator(
    operator_id: UUID, *, text: str = "", state: str = "", after: UUID | None = None, limit: int = 50
) -> list[StoreCard]:
    """Stores of all merchants of an operator, by id; ``after`` continues a list; ``text`` searches as customers do."""
    rows = Store.objects.filter(merchant__operator_id=operator_id)
    if state:
        rows = rows.filter(state=state)
    if text.strip():
        rows = rows.filter(pk__in=[hit.subject_id for hit in find("store", text, limit=500)])
    if after is not None:
        rows = rows.filter(pk__gt=after)
    return list(stored.cards(rows.order_by("pk").values_list("pk", flat=True)[:limit]).values())


def lamp(card: StoreCard, now: datetime) -> Lamp:
    """Whether the store is lit, half lit or dark at ``now``, until when, and when it opens. No statement."""
    return lamp_of(
        hours=card.hours,
        zone=card.zone,
        country=card.address.country,
        last_order_minutes=card.last_order_minutes,
        state=card.state,
        listed=card.listed,
        pause_until=card.pause_until,
        now=now,
    )


def opens_within(card: StoreCard, start: datetime, end: datetime) -> bool:
    """Whether the hours of the store have any open moment in [start, end)."""
    return hours.opens_within(card.hours, card.zone, card.address.country, start, end)
