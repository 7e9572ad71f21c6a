"""Stores: making, changing, opening, pausing, closing."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import F

from paseo.capabilities.directory import indexing
from paseo.capabilities.directory.events import StoreChanged, StoreOpened, StorePaused
from paseo.capabilities.directory.models import Place, Store
from paseo.capabilities.directory.operations.merchants import require_merchant
from paseo.capabilities.directory.operations.places import (
    address_columns,
    check_parent,
    clean_texts,
    make_place,
    position,
)
from paseo.capabilities.directory.refusals import BadHours, BadPhone, StoreNotLive, UnknownStore
from paseo.capabilities.directory.rules.hours import problem
from paseo.capabilities.directory.rules.phones import e164, web_address
from paseo.capabilities.directory.rules.slugs import plate_letter, slug_base
from paseo.capabilities.directory.states import STORE
from paseo.capabilities.directory.stored import forget
from paseo.capabilities.directory.values import CATEGORIES, Address, StoreChanges
from paseo.kernel.errors import N_, Invalid
from paseo.kernel.geo import Point
from paseo.kernel.periods import zone as zone_of
from paseo.platform.db.unit import operation, transition
from paseo.platform.outbox import emit

SERVICES = ("pickup", "here")


@operation
def add_store(
    *,
    merchant_id: UUID,
    name: dict[str, str],
    category: str,
    point: Point,
    now: datetime,
    actor: str,
    address: Address | None = None,
    parent_id: UUID | None = None,
    description: dict[str, str] | None = None,
    tags: Iterable[str] = (),
    hours: str = "",
    phone: str = "",
    website: str = "",
    services: Iterable[str] | None = None,
    zone: str = "",
    currency: str = "",
    region: str = "",
    prep_minutes: int | None = None,
    last_order_minutes: int | None = None,
    auto_accept: bool = False,
    facade: dict[str, object] | None = None,
    photo_id: UUID | None = None,
    store_id: UUID | None = None,
    listed: bool = False,
) -> UUID:
    """Makes a store and its place; it is prepared until ``open_store`` or ``go_live``.

    What is not given comes from the category (services, minutes) and the installation (zone, currency); the tax region
    is the country. ``listed`` shows the store in the city before its merchant sells: open hours and address, no orders.
    Refuses UnknownMerchant, BadHours, BadPhone, BadPlaceNesting, Invalid.
    """
    merchant = require_merchant(merchant_id)
    address = address or Address()
    country = address.country or merchant.country
    kind = _category(category)
    offered = list(kind.services) if services is None else _services(services)
    place = make_place(merchant_id, "store", name, point, parent_id, address, store_id)
    store = Store.objects.create(
        place=place,
        merchant=merchant,
        category=kind.key,
        tags=_tags(tags),
        description=_optional_texts(description or {}),
        hours=_hours(hours),
        phone=_phone(phone, country),
        website=_website(website),
        services=offered,
        zone=_zone(zone or settings.PASEO["DEFAULT_TIME_ZONE"]),
        currency=(currency or settings.PASEO["DEFAULT_CURRENCY"]).upper()[:3],
        region=(region or country or "").upper()[:10],
        prep_minutes=kind.prep_minutes if prep_minutes is None else _minutes(prep_minutes),
        last_order_minutes=last_order_minutes,
        auto_accept=auto_accept,
        facade={"kind": kind.kind, "goods": kind.goods, **(facade or {})},
        photo_id=photo_id,
        plate_letter=plate_letter(place.name),
        slug=free_slug(place.name, address.street),
        listed=listed or merchant.state == "live",
        state="open" if listed and merchant.state != "live" else STORE.initial,
        created_at=now,
    )
    indexing.index(store)
    forget(store.pk)
    _changed(store.pk, merchant_id, ["created"], now)
    return store.pk


@operation
def edit_store(*, merchant_id: UUID, store_id: UUID, changes: StoreChanges, now: datetime, actor: str) -> None:
    """Changes what is given in ``changes`` and nothing else. The slug never changes.

    Refuses UnknownStore, BadPhone, BadPlaceNesting, Invalid.
    """
    store = _mine(merchant_id, store_id)
    on_place: dict[str, Any] = {}
    columns: dict[str, Any] = {}
    country = changes.get("address", Address(country=store.place.country)).country
    for field, value in changes.items():
        match field:
            case "name":
                on_place["name"] = clean_texts(changes["name"], "name")
                columns["plate_letter"] = plate_letter(on_place["name"])
            case "point":
                on_place |= position(changes["point"])
            case "address":
                on_place |= address_columns(changes["address"])
            case "parent_id":
                check_parent("store", changes["parent_id"])
                on_place["parent_id"] = value
            case "category":
                kind = _category(changes["category"])
                columns |= {"category": kind.key, "facade": {**store.facade, "kind": kind.kind, "goods": kind.goods}}
            case "description":
                columns["description"] = _optional_texts(changes["description"])
            case "tags":
                columns["tags"] = _tags(changes["tags"])
            case "phone":
                columns["phone"] = _phone(changes["phone"], country)
            case "website":
                columns["website"] = _website(changes["website"])
            case "services":
                columns["services"] = _services(changes["services"])
            case "zone":
                columns["zone"] = _zone(changes["zone"])
            case "prep_minutes":
                columns["prep_minutes"] = _minutes(changes["prep_minutes"])
            case "facade":
                columns["facade"] = {**columns.get("facade", store.facade), **changes["facade"]}
            case "last_order_minutes" | "auto_accept" | "photo_id" | "currency" | "region":
                columns[field] = value
            case _:
                raise ValueError(f"edit_store knows no {field!r}.")
    if on_place:
        Place.objects.filter(id=store_id).update(**on_place)
    Store.objects.filter(pk=store_id).update(**columns, version=F("version") + 1)
    _changed(store_id, merchant_id, sorted(changes), now)
    indexing.index(_mine(merchant_id, store_id))
    forget(store_id)


@operation
def set_hours(*, merchant_id: UUID, store_id: UUID, hours: str, now: datetime, actor: str) -> None:
    """Sets the opening hours in OSM syntax; empty means not known. Refuses BadHours, UnknownStore."""
    _mine(merchant_id, store_id)
    Store.objects.filter(pk=store_id).update(hours=_hours(hours), version=F("version") + 1)
    _changed(store_id, merchant_id, ["hours"], now)
    forget(store_id)


@operation
def open_store(*, merchant_id: UUID, store_id: UUID, now: datetime, actor: str) -> None:
    """preparing or paused → open. An open store stays open.

    Refuses StoreNotLive, UnknownStore, NotAllowed when it was closed.
    """
    store = _mine(merchant_id, store_id)
    if store.merchant.state != "live" or not store.listed:
        raise StoreNotLive
    if store.state == "open":
        return
    transition(Store, store_id, STORE, "open", was=store.state, now=now, actor=actor, **_no_pause())
    emit(StoreOpened(store_id, merchant_id), tenant_id=merchant_id, place_id=store_id, at=now)
    forget(store_id)


@operation
def pause_store(
    *,
    merchant_id: UUID,
    store_id: UUID,
    now: datetime,
    actor: str,
    until: datetime | None = None,
    reason: str = "",
) -> None:
    """Takes no orders until ``until`` (None: until it is opened again). Refuses UnknownStore, NotAllowed, Invalid."""
    if until is not None and until <= now:
        raise Invalid(fields={"until": N_("The pause must end in the future.")})
    store = _mine(merchant_id, store_id)
    transition(
        Store,
        store_id,
        STORE,
        "pause",
        was=store.state,
        now=now,
        actor=actor,
        reason=reason,
        pause_until=until,
        pause_reason=reason[:200],
        version=F("version") + 1,
    )
    paused = StorePaused(store_id, merchant_id, until.isoformat() if until else "", reason)
    emit(paused, tenant_id=merchant_id, place_id=store_id, at=now)
    forget(store_id)


@operation
def close_store(*, merchant_id: UUID, store_id: UUID, reason: str, now: datetime, actor: str) -> None:
    """Closes the store for good; it is found no more. Refuses UnknownStore, NotAllowed."""
    store = _mine(merchant_id, store_id)
    transition(Store, store_id, STORE, "close", was=store.state, now=now, actor=actor, reason=reason)
    Store.objects.filter(pk=store_id).update(version=F("version") + 1)
    indexing.remove(store_id)
    _changed(store_id, merchant_id, ["state"], now)
    forget(store_id)


@operation
def reindex_stores() -> int:
    """Writes the search entries of all stores again; for upgrades that change how words are indexed."""
    return indexing.index_all()


def free_slug(names: dict[str, str], street: str) -> str:
    """A slug that no store has: the name, the name and the street, then numbers."""
    for base in dict.fromkeys((slug_base(names), slug_base(names, street))):
        if not Store.objects.filter(slug=base).exists():
            return base
    base = slug_base(names)
    taken = set(Store.objects.filter(slug__startswith=f"{base}-").values_list("slug", flat=True))
    return next(slug for number in range(2, len(taken) + 3) if (slug := f"{base}-{number}") not in taken)


def _mine(merchant_id: UUID, store_id: UUID) -> Store:
    found = Store.objects.select_related("place", "merchant").filter(pk=store_id, merchant_id=merchant_id).first()
    if found is None:
        raise UnknownStore
    return found


def _changed(store_id: UUID, merchant_id: UUID, fields: list[str], now: datetime) -> None:
    emit(StoreChanged(store_id, merchant_id, fields), tenant_id=merchant_id, place_id=store_id, at=now)


def _no_pause() -> dict[str, Any]:
    return {"pause_until": None, "pause_reason": "", "version": F("version") + 1}


def _category(key: str) -> Any:
    if key not in CATEGORIES:
        raise Invalid(fields={"category": N_("Choose a category from the list.")})
    return CATEGORIES[key]


def _hours(text: str) -> str:
    text = " ".join(text.split())
    if problem(text) or len(text) > 500:
        raise BadHours(text)
    return text


def _phone(text: str, country: str) -> str:
    number = e164(text, country) if text.strip() else ""
    if number is None:
        raise BadPhone(text)
    return number


def _website(text: str) -> str:
    address = web_address(text)
    if address is None:
        raise Invalid(fields={"website": N_("Write the address of the website, like https://example.com.")})
    return address


def _services(services: Iterable[str]) -> list[str]:
    wanted = list(services)
    if set(wanted) - set(SERVICES):
        raise Invalid(fields={"services": N_("Choose pickup, eating here, or both.")})
    return [service for service in SERVICES if service in wanted]


def _zone(name: str) -> str:
    try:
        zone_of(name)
    except ValueError:
        raise Invalid(fields={"zone": N_("Choose a time zone from the list.")}) from None
    return name


def _minutes(minutes: int) -> int:
    if not 0 <= minutes <= 1440:
        raise Invalid(fields={"prep_minutes": N_("The time to prepare lies between 0 and 1,440 minutes.")})
    return minutes


def _tags(tags: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(tag.strip().lower()[:40] for tag in tags if tag.strip()))[:20]


def _optional_texts(texts: dict[str, str]) -> dict[str, str]:
    return {language.lower(): text.strip()[:2000] for language, text in texts.items() if text.strip()}
