"""What a store offers, and what it has run out of."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from paseo.capabilities.catalog.events import AssortmentChanged, OfferSoldOut
from paseo.capabilities.catalog.models import Offer, Variant
from paseo.capabilities.catalog.refusals import UnknownOffer, UnknownProduct
from paseo.capabilities.catalog.rules.names import clean_texts
from paseo.capabilities.catalog.values import Listing
from paseo.capabilities.directory import queries as directory
from paseo.capabilities.directory.refusals import UnknownStore
from paseo.capabilities.directory.values import StoreCard
from paseo.kernel.errors import N_, Invalid
from paseo.kernel.periods import day_of, day_period
from paseo.platform.db.unit import operation
from paseo.platform.outbox import emit


@operation
def set_assortment(
    *, merchant_id: UUID, store_id: UUID, listings: Sequence[Listing], now: datetime, actor: str
) -> dict[UUID, UUID]:
    """Makes the store offer exactly these variants in this order; all others are taken out of its assortment.

    Returns offer ids by variant id; an offer that existed keeps its id. Refuses UnknownStore, UnknownProduct.
    """
    offers = _put(merchant_id, store_id, listings, 0)
    gone = Offer.objects.filter(store_id=store_id, active=True).exclude(variant_id__in=list(offers))
    _say(store_id, merchant_id, len(offers), gone.update(active=False), now)
    return offers


@operation
def offer_variants(
    *, merchant_id: UUID, store_id: UUID, listings: Sequence[Listing], now: datetime, actor: str
) -> dict[UUID, UUID]:
    """Adds variants behind what the store offers already, or changes their heading. Returns offer ids by variant id.

    Refuses UnknownStore, UnknownProduct.
    """
    offers = _put(merchant_id, store_id, listings, Offer.objects.filter(store_id=store_id).count())
    _say(store_id, merchant_id, len(offers), 0, now)
    return offers


@operation
def withdraw_offers(
    *, merchant_id: UUID, store_id: UUID, variant_ids: Sequence[UUID], now: datetime, actor: str
) -> int:
    """Takes variants out of the store's assortment and returns how many were in it. Refuses UnknownStore."""
    _own_store(merchant_id, store_id)
    gone = Offer.objects.filter(store_id=store_id, variant_id__in=variant_ids, active=True).update(active=False)
    _say(store_id, merchant_id, 0, gone, now)
    return gone


@operation
def mark_sold_out(
    *, merchant_id: UUID, offer_id: UUID, now: datetime, actor: str, until: datetime | None = None
) -> datetime:
    """Sold out until ``until``; without it until the store's day ends. Returns the instant it is back.

    Refuses UnknownOffer, Invalid for an instant that has passed.
    """
    offer = _own_offer(merchant_id, offer_id)
    if until is None:
        zone = directory.store(offer.store_id).zone
        end = day_period(day_of(now, zone), zone).end
        assert end is not None
        until = end
    if until <= now:
        raise Invalid(fields={"until": N_("Choose a moment in the future.")})
    Offer.objects.filter(id=offer_id).update(sold_out_until=until)
    gone = OfferSoldOut(offer_id, offer.store_id, merchant_id, until.isoformat())
    emit(gone, tenant_id=merchant_id, place_id=offer.store_id, at=now)
    return until


@operation
def back_in_stock(*, merchant_id: UUID, offer_id: UUID, now: datetime, actor: str) -> None:
    """Ends a "sold out" early. Refuses UnknownOffer."""
    offer = _own_offer(merchant_id, offer_id)
    if Offer.objects.filter(id=offer_id, sold_out_until__gt=now).update(sold_out_until=None):
        back = OfferSoldOut(offer_id, offer.store_id, merchant_id, "")
        emit(back, tenant_id=merchant_id, place_id=offer.store_id, at=now)


def _put(merchant_id: UUID, store_id: UUID, listings: Sequence[Listing], first: int) -> dict[UUID, UUID]:
    _own_store(merchant_id, store_id)
    wanted = {listing.variant_id: listing for listing in listings}
    products = dict(
        Variant.objects.filter(merchant_id=merchant_id, id__in=list(wanted)).values_list("id", "product_id")
    )
    if set(wanted) - set(products):
        raise UnknownProduct
    rows = [
        Offer(
            store_id=store_id,
            product_id=products[variant_id],
            variant_id=variant_id,
            section=clean_texts(listing.section, 80),
            position=(first + number) * 10,
            active=listing.active,
        )
        for number, (variant_id, listing) in enumerate(wanted.items())
    ]
    Offer.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["store", "variant"],
        update_fields=["section", "position", "active"],
        batch_size=500,
    )
    found = Offer.objects.filter(store_id=store_id, variant_id__in=list(wanted)).values_list("variant_id", "id")
    return dict(found)


def _own_store(merchant_id: UUID, store_id: UUID) -> StoreCard:
    card = directory.store(store_id)
    if card.merchant_id != merchant_id:
        raise UnknownStore
    return card


def _own_offer(merchant_id: UUID, offer_id: UUID) -> Offer:
    found = Offer.objects.filter(id=offer_id, store__merchant_id=merchant_id).first()
    if found is None:
        raise UnknownOffer
    return found


def _say(store_id: UUID, merchant_id: UUID, added: int, removed: int, now: datetime) -> None:
    if added or removed:
        changed = AssortmentChanged(store_id, merchant_id, added, removed)
        emit(changed, tenant_id=merchant_id, place_id=store_id, at=now)
