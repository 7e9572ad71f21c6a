"""Shops from the map open for business: approved, signed, filled, live. All of it through the operations of the product."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from demo.city.menus import DATA, HERE, TABLES, goods
from demo.town import Town
from demo.town.building import ACTOR, PAPER
from demo.town.goods import ProductPlan
from paseo.capabilities.catalog import operations as catalog
from paseo.capabilities.catalog import queries as menu
from paseo.capabilities.catalog.values import DraftGroup, DraftOption, DraftVariant, Listing
from paseo.capabilities.directory import operations as directory
from paseo.capabilities.directory import queries as places
from paseo.capabilities.directory.values import StoreCard
from paseo.capabilities.inventory import operations as inventory
from paseo.capabilities.pricing import operations as pricing
from paseo.kernel.clock import Seed
from paseo.platform.db.unit import unit
from paseo.platform.identity import operations as identity
from paseo.platform.importing.engine import run as run_import
from paseo.platform.importing.values import Context
from paseo.platform.media import operations as media

WANTED = {"cafe": 7, "restaurant": 8, "fast_food": 4, "bakery": 2, "convenience": 2, "supermarket": 2}
GOODS = {"convenience": 24, "supermarket": 60}
POSTERS = ("Window poster", "Tram stop, Aleksanterinkatu", "Tag at the counter")


@dataclass(frozen=True)
class Item:
    """Something that can be ordered: its offer, the options that must be chosen, the price of one."""

    offer_id: UUID
    option_ids: tuple[UUID, ...] = ()


@dataclass
class Shop:
    card: StoreCard
    items: list[Item] = field(default_factory=list)
    touchpoints: list[UUID] = field(default_factory=list)


def import_places(town: Town, now: datetime) -> int:
    """Everything that the map names; returns how many places were taken."""
    context = Context(
        None,
        ACTOR,
        now,
        "openstreetmap",
        {
            "operator_id": str(town.operator_id),
            "zone": "Europe/Helsinki",
            "currency": "EUR",
            "country": "FI",
            "language": "fi",
        },
    )
    return run_import("stores", DATA / "helsinki-stores.geojson.gz", context).accepted


def import_goods(now: datetime) -> int:
    """What everybody knows by its barcode: a shop that scans it gets the name, and says only the price."""
    context = Context(None, ACTOR, now, "open food facts", {"tax_class": "food"})
    return run_import("goods", DATA / "products.csv.gz", context).accepted


def open_shops(town: Town, now: datetime, seed: Seed) -> Iterator[Shop]:
    """Shops near the centre begin to sell, one after the other."""
    for category, wanted in WANTED.items():
        found = 0
        for near in places.nearest(town.centre, now=now, category=category, limit=120):
            card = near.card
            if found == wanted:
                break
            alone = places.merchant(card.merchant_id).stores == 1
            if card.sells or not alone or not card.hours or not card.address.street or not card.address.city:
                continue
            with unit():
                yield _open(card, now, seed, found)
            found += 1


def _open(card: StoreCard, now: datetime, seed: Seed, number: int) -> Shop:
    merchant_id, chance = card.merchant_id, seed.stream("shop", card.slug)
    if places.merchant(merchant_id).state == "applied":
        _admit(card, now)
    directory.edit_store(
        merchant_id=merchant_id,
        store_id=card.id,
        changes={
            "services": ["pickup", "here"] if card.category in {"cafe", "restaurant", "fast_food"} else ["pickup"],
            "prep_minutes": {"restaurant": 20, "fast_food": 10}.get(card.category, 6),
            "auto_accept": chance.random() < 0.6,
            "region": "FI",
            "phone": card.phone or "+358 9 1234567",
        },
        now=now,
        actor=ACTOR,
    )
    plans = goods(chance, GOODS[card.category]) if card.category in GOODS else TABLES[card.category]
    shop = Shop(card, _fill(card, plans, now))
    for place in range(1 + number % len(POSTERS)):
        shop.touchpoints.append(
            directory.add_touchpoint(
                merchant_id=merchant_id,
                store_id=card.id,
                kind="nfc" if place == 2 else "qr_poster",
                name=POSTERS[place],
                campaign="autumn" if place == 1 else "",
                now=now,
                actor=ACTOR,
            )
        )
    if places.merchant(merchant_id).state == "approved":
        directory.go_live(merchant_id=merchant_id, now=now, actor=ACTOR)
    else:
        directory.open_store(merchant_id=merchant_id, store_id=card.id, now=now, actor=ACTOR)
    shop.card = places.store(card.id)
    return shop


def _admit(card: StoreCard, now: datetime) -> None:
    owner = identity.person_for_email(
        email=f"{card.slug[:50]}@example.com", name=card.merchant_name, locale="en", now=now
    )
    directory.hire(merchant_id=card.merchant_id, person_id=owner, role="owner", now=now, by=None)
    paper = io.BytesIO(PAPER)
    paper.name = "registration.pdf"
    kept = media.store_paper(paper, tenant_id=card.merchant_id, actor=ACTOR, now=now)
    directory.add_paper(
        merchant_id=card.merchant_id, kind="registration", media_id=kept.id, name=kept.name, now=now, actor=ACTOR
    )
    directory.start_review(merchant_id=card.merchant_id, now=now, actor=ACTOR)
    directory.approve(merchant_id=card.merchant_id, now=now, actor=ACTOR)
    directory.sign_contract(merchant_id=card.merchant_id, commission_bps=1_000, currency="EUR", now=now, actor=ACTOR)


def _fill(card: StoreCard, plans: tuple[ProductPlan, ...], now: datetime) -> list[Item]:
    listings, amounts, stock, chosen = [], {}, {}, {}
    for plan in plans:
        groups = [
            DraftGroup(
                group.names,
                tuple(DraftOption(one.names, one.delta, one.allergens) for one in group.options),
                group.kind,
                group.min,
                group.max,
            )
            for group in plan.groups
        ]
        product_id = catalog.add_product(
            merchant_id=card.merchant_id,
            kind=plan.kind,
            names=plan.names,
            brand=plan.brand,
            tax_class=plan.tax,
            allergens=plan.allergens,
            variants=[DraftVariant(sku=pack.key, gtin=pack.gtin) for pack in plan.packs],
            groups=groups,
            active=True,
            now=now,
            actor=ACTOR,
        )
        product = menu.product(product_id)
        variant_id = product.variants[0].id
        listings.append(Listing(variant_id, plan.section))
        amounts[variant_id] = plan.packs[0].price
        stock[variant_id] = plan.stores[HERE]
        chosen[variant_id] = tuple(group.options[0].id for group in product.groups if group.min > 0)
    offers = catalog.set_assortment(
        merchant_id=card.merchant_id, store_id=card.id, listings=listings, now=now, actor=ACTOR
    )
    prices = pricing.ensure_lists(store_id=card.id, now=now)
    pricing.set_prices(list_id=prices.id, amounts=amounts, now=now, actor=ACTOR)
    for variant_id, pieces in stock.items():
        if pieces:
            inventory.receive(store_id=card.id, variant_id=variant_id, quantity=pieces, now=now, actor=ACTOR)
    return [Item(offers[variant_id], chosen[variant_id]) for variant_id in amounts]
