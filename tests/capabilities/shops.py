"""A shop with goods, written row by row, for tests of what stands on a store and its variants."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from paseo.capabilities.catalog.models import Product, Variant
from paseo.capabilities.directory.models import Merchant, Place, Store
from paseo.kernel.ids import new_id, stable_id

OPERATOR = stable_id("tests", "operator")


@dataclass(frozen=True)
class Shop:
    operator_id: UUID
    merchant_id: UUID
    store_id: UUID
    variants: tuple[UUID, ...]


def make_shop(now: datetime, variants: int = 3, merchant_id: UUID | None = None, currency: str = "EUR") -> Shop:
    """A store of a new merchant (or of the given one) and so many variants."""
    if merchant_id is None:
        merchant_id = Merchant.objects.create(operator_id=OPERATOR, legal_name="Shop", state="live", applied_at=now).pk
    place = Place.objects.create(
        owner_id=merchant_id, kind="store", name={"en": "Shop"}, lat=60.17, lon=24.95, cell9=617_000_000_000_000_000
    )
    Store.objects.create(
        place=place,
        merchant_id=merchant_id,
        category="cafe",
        zone="Europe/Helsinki",
        currency=currency,
        region="FI",
        services=["pickup"],
        state="open",
        plate_letter="A",
        slug=f"shop-{place.pk}",
        created_at=now,
    )
    product = Product.objects.create(
        merchant_id=merchant_id, kind="good", names={"en": "Thing"}, created_at=now, updated_at=now
    )
    ids = sorted(new_id() for _ in range(variants))
    Variant.objects.bulk_create(Variant(id=id, product=product, merchant_id=merchant_id, names={}) for id in ids)
    return Shop(OPERATOR, merchant_id, place.pk, tuple(ids))
