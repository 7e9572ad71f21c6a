"""Many rows quickly: copies of what the town's operations made, with ids of their own."""

from __future__ import annotations

from collections.abc import Iterable
from copy import copy
from math import cos, radians, sin, sqrt
from typing import Any
from uuid import UUID

from django.db import models

from bench.world import Good, Shop
from paseo.capabilities.catalog.models import Offer, Product, Variant
from paseo.capabilities.directory.models import Contract, Merchant, Place, Store
from paseo.capabilities.inventory.models import StockItem
from paseo.capabilities.pricing.models import Price
from paseo.capabilities.vouchers.models import Program, Voucher
from paseo.kernel.geo import Point, cell
from paseo.kernel.ids import new_id

PER_SHOP = 20
OF_ONE_MERCHANT = 10
AT_ONCE = 2_000
METRES_PER_DEGREE = 111_195


def copied[M: models.Model](row: M, **changes: Any) -> M:
    fresh = copy(row)
    fresh._state = copy(row._state)
    fresh._state.adding = True
    fresh._state.fields_cache = {}
    for name, value in changes.items():
        setattr(fresh, name, value)
    return fresh


def written(rows: Iterable[models.Model]) -> None:
    """One table at a time, in the order in which the tables first appear."""
    by_model: dict[type[models.Model], list[models.Model]] = {}
    for row in rows:
        by_model.setdefault(type(row), []).append(row)
    for model, found in by_model.items():
        model._base_manager.bulk_create(found, batch_size=AT_ONCE)


def _spread(centre: Point, number: int) -> Point:
    """Places in a spiral, so that there are equally many around everybody, however many there are."""
    angle, metres = number * 2.39996, 60 * sqrt(number + 0.5)
    north, east = metres * cos(angle), metres * sin(angle)
    return Point(
        centre.lat + north / METRES_PER_DEGREE,
        centre.lon + east / (METRES_PER_DEGREE * cos(radians(centre.lat))),
    )


def add_shops(template: UUID, centre: Point, count: int, *, pieces: int = 1_000_000) -> list[Shop]:
    """Open stores like ``template``, each with goods of its own in stock; ten belong to one merchant."""
    place, store = Place.objects.get(id=template), Store.objects.get(place_id=template)
    merchant = Merchant.objects.get(id=store.merchant_id)
    contract = Contract.objects.get(merchant_id=merchant.id, valid_until=None)
    offer = Offer.objects.filter(store_id=template, active=True).order_by("position").first()
    assert offer is not None
    product, variant = Product.objects.get(id=offer.product_id), Variant.objects.get(id=offer.variant_id)
    price = Price.objects.select_related("list").filter(variant_id=variant.id, valid_until=None).first()
    item = StockItem.objects.filter(store_id=template).first()
    assert price is not None and item is not None
    shops: list[Shop] = []
    rows: list[models.Model] = []
    list_id = owner_id = merchant.id
    for number in range(count):
        if number % OF_ONE_MERCHANT == 0:
            # Here only: a table is written before those that point to it because it appears before them.
            if len(rows) >= 20 * AT_ONCE:
                written(rows)
                rows = []
            owner_id, list_id = new_id(), new_id()
            rows.append(copied(merchant, id=owner_id, legal_name=f"Bench {number} Oy", business_id=""))
            rows.append(copied(contract, id=new_id(), merchant_id=owner_id))
            rows.append(copied(price.list, id=list_id, merchant_id=owner_id, store_id=None))
        where, shop_id = _spread(centre, number), new_id()
        names = {"en": f"Bench shop {number}", "zh-hans": f"测试店 {number}", "es": f"Tienda {number}"}
        rows.append(
            copied(place, id=shop_id, owner_id=owner_id, name=names, lat=where.lat, lon=where.lon, cell9=cell(where))
        )
        rows.append(
            copied(
                store, place_id=shop_id, merchant_id=owner_id, slug=f"bench-{shop_id.hex}", hours="24/7", listed=True,
                state="open", pause_until=None,
            )
        )  # fmt: skip
        goods = []
        for position in range(PER_SHOP):
            good = Good(offer_id=new_id(), variant_id=new_id(), item_id=new_id())
            product_id = new_id()
            texts = {
                "en": f"Good {number}.{position}",
                "zh-hans": f"商品 {number}.{position}",
                "es": f"Cosa {position}",
            }
            rows += [
                copied(product, id=product_id, merchant_id=owner_id, names=texts, gtin=None, media_ids=[]),
                copied(
                    variant, id=good.variant_id, product_id=product_id, merchant_id=owner_id, gtin=None,
                    sku=f"{number}-{position}", names={},
                ),
                copied(
                    offer, id=good.offer_id, store_id=shop_id, product_id=product_id, variant_id=good.variant_id,
                    position=position, active=True, sold_out_until=None,
                ),
                copied(price, id=new_id(), list_id=list_id, variant_id=good.variant_id, amount_minor=250 + position),
                copied(
                    item, id=good.item_id, store_id=shop_id, variant_id=good.variant_id, tracked=True, on_hand=pieces,
                    allocated=0, held=0, safety=0,
                ),
            ]  # fmt: skip
            goods.append(good)
        shops.append(Shop(shop_id, owner_id, goods))
    written(rows)
    return shops


def add_vouchers(template_id: UUID, owners: list[UUID]) -> list[UUID]:
    """A coupon like the template for each visitor."""
    template = Voucher.objects.get(id=template_id)
    rows = [copied(template, id=new_id(), owner=f"visitor:{owner}") for owner in owners]
    Program.objects.filter(id=template.program_id).update(issued=models.F("issued") + len(rows))
    Voucher._base_manager.bulk_create(rows, batch_size=AT_ONCE)
    return [row.id for row in rows]
