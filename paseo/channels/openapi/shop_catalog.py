"""What a shop sells: products, prices, stock."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Field, Query, Router, Schema

from paseo.capabilities.catalog import operations as catalog_writes
from paseo.capabilities.catalog import queries as catalog
from paseo.capabilities.catalog.values import ALLERGENS, DraftVariant, Listing, ProductView
from paseo.capabilities.directory import queries as directory
from paseo.capabilities.inventory import operations as stock_writes
from paseo.capabilities.inventory import queries as inventory
from paseo.capabilities.inventory.values import Reason
from paseo.capabilities.pricing import operations as price_writes
from paseo.capabilities.pricing import queries as pricing
from paseo.channels.openapi.answers import once, page, reply
from paseo.channels.openapi.callers import key, scope_of
from paseo.channels.openapi.document import REPEATABLE
from paseo.channels.openapi.shapes import Page, Texts, TextsIn
from paseo.kernel import clock
from paseo.kernel.errors import NotFound
from paseo.platform.tenancy.values import Scope

router = Router(tags=["shop"], auth=key)


def _store(scope: Scope, store_id: UUID, right: str) -> Any:
    """The card of a store of this tenant. Refuses NotFound for another's."""
    card = directory.store(store_id)
    if card.merchant_id != scope.tenant_id:
        raise NotFound
    scope.require(right, store_id)
    return card


class VariantShape(Schema):
    id: UUID
    sku: str
    gtin: str | None
    name: Texts


class ProductShape(Schema):
    id: UUID
    kind: str
    name: Texts
    brand: str
    category: str
    tax_class: str
    allergens: list[str]
    state: str
    variants: list[VariantShape]


def product_shape(product: ProductView) -> dict[str, Any]:
    return {
        "id": product.id,
        "kind": product.kind,
        "name": product.names,
        "brand": product.brand,
        "category": product.category,
        "tax_class": product.tax_class,
        "allergens": product.allergens,
        "state": product.state,
        "variants": [{"id": v.id, "sku": v.sku, "gtin": v.gtin, "name": v.names} for v in product.variants],
    }


@router.get(
    "/shop/products", response=Page[ProductShape], summary="Products, newest first", operation_id="shopProducts"
)
def products(
    request: HttpRequest,
    q: str = Query("", max_length=100),
    after: UUID | None = None,
    limit: int = Query(50, ge=1, le=200),
) -> HttpResponse:
    scope = scope_of(request)
    scope.require("catalog.edit")
    found = catalog.products_of(scope.tenant_id, text=q, limit=limit, after=after)
    return page([product_shape(product) for product in found.items], found.after)


class ProductIn(Schema):
    id: UUID | None = Field(None, description="Of your making; the same id again is the same product.")
    kind: str = Field("good", pattern="^(good|dish|service)$")
    name: TextsIn = Field(description="By language: en, zh-hans, es", min_length=1, max_length=10)
    description: TextsIn = Field(default_factory=dict, max_length=10)
    brand: str = Field("", max_length=100)
    category: str = Field("", max_length=40)
    tax_class: str = Field("standard", pattern="^(standard|reduced|food|zero)$")
    allergens: list[Annotated[str, Field(json_schema_extra={"enum": sorted(ALLERGENS)})]] = Field(
        default_factory=list, max_length=14
    )
    gtin: str = Field("", max_length=14)
    sku: str = Field("", max_length=60)


@router.post(
    "/shop/products",
    response=ProductShape,
    summary="Add a product",
    operation_id="addProduct",
    openapi_extra=REPEATABLE,
)
def add_product(request: HttpRequest, payload: ProductIn) -> HttpResponse:
    scope = scope_of(request)
    scope.require("catalog.edit")

    def act() -> Any:
        product_id = catalog_writes.add_product(
            merchant_id=scope.tenant_id,
            kind=payload.kind,
            names=payload.name,
            descriptions=payload.description,
            brand=payload.brand,
            category=payload.category,
            tax_class=payload.tax_class,
            allergens=payload.allergens,
            variants=[DraftVariant(sku=payload.sku, gtin=payload.gtin)],
            active=True,
            product_id=payload.id,
            now=clock.now(),
            actor=scope.actor,
        )
        return product_shape(catalog.product_of(scope.tenant_id, product_id))

    return once(request, act)


class ListingIn(Schema):
    variant_id: UUID
    section: TextsIn = Field(default_factory=dict, max_length=10)
    price_minor: int | None = Field(None, ge=0, le=10**12)


@router.post(
    "/shop/stores/{store_id}/offers",
    response=dict[str, UUID],
    summary="Offer variants in a store",
    operation_id="offerVariants",
    openapi_extra=REPEATABLE,
)
def offer(request: HttpRequest, store_id: UUID, payload: ListingIn) -> HttpResponse:
    scope = scope_of(request)
    _store(scope, store_id, "catalog.edit")
    if payload.price_minor is not None:
        scope.require("prices.edit", store_id)

    def act() -> Any:
        now = clock.now()
        offers = catalog_writes.offer_variants(
            merchant_id=scope.tenant_id,
            store_id=store_id,
            listings=[Listing(payload.variant_id, payload.section)],
            now=now,
            actor=scope.actor,
        )
        if payload.price_minor is not None:
            price_list = price_writes.ensure_lists(store_id=store_id, now=now)
            price_writes.set_price(
                list_id=price_list.id,
                variant_id=payload.variant_id,
                amount_minor=payload.price_minor,
                now=now,
                actor=scope.actor,
            )
        return {"offer_id": offers[payload.variant_id]}

    return once(request, act)


class PriceIn(Schema):
    store_id: UUID
    amount_minor: int = Field(ge=0, le=10**12)
    valid_from: datetime | None = None


class PriceShape(Schema):
    variant_id: UUID
    amount_minor: int
    currency: str
    gaps: int = Field(description="How many stores would show another price at the counter than on the web")


@router.put(
    "/shop/prices/{variant_id}", response=PriceShape, summary="Set a price, now or later", operation_id="setPrice"
)
def set_price(request: HttpRequest, variant_id: UUID, payload: PriceIn) -> HttpResponse:
    scope = scope_of(request)
    card = _store(scope, payload.store_id, "prices.edit")
    if variant_id not in _variants(scope):
        raise NotFound
    now = clock.now()
    price_list = price_writes.ensure_lists(store_id=card.id, now=now)
    price_writes.set_price(
        list_id=price_list.id,
        variant_id=variant_id,
        amount_minor=payload.amount_minor,
        now=now,
        valid_from=payload.valid_from,
        actor=scope.actor,
    )
    gaps = pricing.parity_exceptions(scope.tenant_id, now=payload.valid_from or now, variant_ids=[variant_id])
    return reply(
        {
            "variant_id": variant_id,
            "amount_minor": payload.amount_minor,
            "currency": price_list.currency,
            "gaps": len(gaps),
        }
    )


def _variants(scope: Scope) -> set[UUID]:
    found: set[UUID] = set()
    after: UUID | None = None
    while True:
        batch = catalog.products_of(scope.tenant_id, limit=200, after=after)
        found |= {variant.id for product in batch.items for variant in product.variants}
        if not batch.after:
            return found
        after = UUID(batch.after)


class StockShape(Schema):
    variant_id: UUID
    tracked: bool
    on_hand: int
    allocated: int
    held: int
    safety: int
    available: int | None


@router.get(
    "/shop/stores/{store_id}/stock", response=Page[StockShape], summary="What stands on the shelf", operation_id="stock"
)
def stock(
    request: HttpRequest, store_id: UUID, after: UUID | None = None, limit: int = Query(100, ge=1, le=200)
) -> HttpResponse:
    _store(scope_of(request), store_id, "stock.edit")
    found = inventory.stock_of_store(store_id, after=after, limit=limit)
    return page(
        [{name: getattr(item, name) for name in StockShape.model_fields} for item in found],
        str(found[-1].variant_id) if len(found) == limit else None,
    )


class CountIn(Schema):
    counted: int = Field(ge=0, le=10**9)
    note: str = Field("", max_length=200)


@router.post(
    "/shop/stores/{store_id}/stock/{variant_id}/count",
    response=dict[str, int],
    summary="Somebody counted the shelf",
    operation_id="countStock",
    openapi_extra=REPEATABLE,
)
def count(request: HttpRequest, store_id: UUID, variant_id: UUID, payload: CountIn) -> HttpResponse:
    scope = scope_of(request)
    _store(scope, store_id, "stock.edit")
    if variant_id not in _variants(scope):
        raise NotFound
    return once(
        request,
        lambda: {
            "difference": stock_writes.count(
                store_id=store_id,
                variant_id=variant_id,
                counted=payload.counted,
                now=clock.now(),
                actor=scope.actor,
                note=payload.note,
            )
        },
    )


class ReceiveIn(Schema):
    quantity: int = Field(ge=1, le=10**9)
    note: str = Field("", max_length=200)


@router.post(
    "/shop/stores/{store_id}/stock/{variant_id}/receive",
    response=dict[str, int],
    summary="Goods arrived",
    operation_id="receiveStock",
    openapi_extra=REPEATABLE,
)
def receive(request: HttpRequest, store_id: UUID, variant_id: UUID, payload: ReceiveIn) -> HttpResponse:
    scope = scope_of(request)
    _store(scope, store_id, "stock.edit")
    if variant_id not in _variants(scope):
        raise NotFound
    return once(
        request,
        lambda: {
            "on_hand": stock_writes.receive(
                store_id=store_id,
                variant_id=variant_id,
                quantity=payload.quantity,
                now=clock.now(),
                actor=scope.actor,
                note=payload.note,
                reason=Reason.DELIVERED,
            )
        },
    )
