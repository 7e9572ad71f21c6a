"""Places and what they sell: public, without a key."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from paseo.capabilities.catalog import queries as catalog
from paseo.capabilities.catalog.values import GroupView, OfferView
from paseo.capabilities.directory import queries as directory
from paseo.capabilities.inventory import queries as inventory
from paseo.capabilities.pricing import queries as pricing
from paseo.channels.openapi.answers import page, reply
from paseo.channels.openapi.shapes import OfferShape, Page, StoreShape, near_shape, store_shape
from paseo.kernel import clock
from paseo.kernel.errors import N_, Invalid
from paseo.kernel.geo import Point

router = Router(tags=["places"])


def _point(lat: float, lon: float) -> Point:
    try:
        return Point(lat, lon)
    except ValueError:
        raise Invalid(fields={"lat": N_("This point is not on the earth.")}) from None


@router.get(
    "/stores", response=Page[StoreShape], summary="The nearest stores, nearest first", operation_id="nearestStores"
)
def nearest(
    request: HttpRequest,
    lat: float,
    lon: float,
    q: str = Query("", max_length=100, description="Words in any language: names, categories, kitchens, streets"),
    open: bool = Query(False, description="Only stores that are open now"),
    category: str = Query("", max_length=40),
    service: str = Query("", pattern="^(pickup|here|)$"),
    max_m: int = Query(5000, ge=1, le=50_000),
    limit: int = Query(20, ge=1, le=100),
) -> HttpResponse:
    found = directory.nearest(
        _point(lat, lon),
        now=clock.now(),
        limit=limit,
        open_only=open,
        category=category or None,
        service=service or None,
        text=q or None,
        max_m=max_m,
    )
    return page([near_shape(near) for near in found], None)


@router.get("/stores/{key}", response=StoreShape, summary="One store by id or slug", operation_id="store")
def one(request: HttpRequest, key: str) -> HttpResponse:
    card = directory.store(_key(key))
    return reply(store_shape(card, directory.lamp(card, clock.now())))


def _key(text: str) -> UUID | str:
    try:
        return UUID(text)
    except ValueError:
        return text[:200]


def offer_shape(offer: OfferView, price: Any, available: int | None, sold_out: bool, currency: str) -> dict[str, Any]:
    return {
        "id": offer.id,
        "store_id": offer.store_id,
        "product_id": offer.product_id,
        "variant_id": offer.variant_id,
        "kind": offer.kind,
        "name": offer.names,
        "variant_name": offer.variant_names,
        "section": offer.section,
        "category": offer.category,
        "allergens": offer.allergens,
        "gtin": offer.gtin,
        "price_minor": price.amount_minor if price else None,
        "currency": price.currency if price else currency,
        "tax_included": price.tax_included if price else True,
        "available": available,
        "sold_out": sold_out,
        "has_options": offer.has_options,
    }


@router.get(
    "/stores/{store_id}/offers",
    response=Page[OfferShape],
    summary="What a store sells, with price and availability",
    operation_id="offers",
)
def offers(
    request: HttpRequest,
    store_id: UUID,
    q: str = Query("", max_length=100),
    after: str = Query("", max_length=200),
    limit: int = Query(20, ge=1, le=100),
) -> HttpResponse:
    now = clock.now()
    card = directory.store(store_id)
    shelf = catalog.browse(store_id, text=q, after=after, limit=limit)
    variants = [offer.variant_id for offer in shelf.items]
    prices = pricing.prices(store_id, variants, "online", now=now)
    stock = inventory.availability(store_id, variants)
    return page(
        [
            offer_shape(
                offer,
                prices.get(offer.variant_id),
                stock.get(offer.variant_id),
                offer.sold_out(now) or stock.get(offer.variant_id) == 0,
                card.currency,
            )
            for offer in shelf.items
        ],
        shelf.after,
    )


def group_shape(group: GroupView) -> dict[str, Any]:
    return {
        "id": group.id,
        "kind": group.kind,
        "name": group.names,
        "min": group.min,
        "max": group.max,
        "options": [
            {"id": option.id, "name": option.names, "delta_minor": option.delta_minor, "allergens": option.allergens}
            for option in group.options
            if option.active
        ],
    }


@router.get(
    "/products/{product_id}",
    response=dict[str, Any],
    summary="A product with its variants and options",
    operation_id="product",
)
def product(request: HttpRequest, product_id: UUID) -> HttpResponse:
    found = catalog.product(product_id)
    return reply(
        {
            "id": found.id,
            "kind": found.kind,
            "name": found.names,
            "description": found.descriptions,
            "brand": found.brand,
            "category": found.category,
            "allergens": found.allergens,
            "variants": [
                {"id": variant.id, "name": variant.names, "sku": variant.sku, "gtin": variant.gtin}
                for variant in found.variants
                if variant.active
            ],
            "groups": [group_shape(group) for group in found.groups],
        }
    )
