"""Pages told to programs: schema.org descriptions of stores and products."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings
from django.utils.safestring import SafeString, mark_safe

from paseo.capabilities.care.values import Rating
from paseo.capabilities.directory.values import StoreCard
from paseo.channels.storefront.hours import Day
from paseo.channels.storefront.menu import MenuRow
from paseo.kernel.periods import zone as zone_of
from paseo.platform.ui.formatting import localized

_TYPES = {
    "cafe": "CafeOrCoffeeShop",
    "restaurant": "Restaurant",
    "fast_food": "FastFoodRestaurant",
    "bar": "BarOrPub",
    "pub": "BarOrPub",
    "ice_cream": "IceCreamShop",
    "bakery": "Bakery",
    "supermarket": "GroceryStore",
    "convenience": "ConvenienceStore",
    "greengrocer": "GroceryStore",
    "deli": "GroceryStore",
    "wine": "LiquorStore",
    "clothes": "ClothingStore",
    "shoes": "ShoeStore",
    "jewelry": "JewelryStore",
    "optician": "Optician",
    "pharmacy": "Pharmacy",
    "beauty": "BeautySalon",
    "hairdresser": "HairSalon",
    "books": "BookStore",
    "music": "MusicStore",
    "flowers": "Florist",
    "furniture": "FurnitureStore",
    "hardware": "HardwareStore",
    "electronics": "ElectronicsStore",
    "phone": "MobilePhoneStore",
    "toys": "ToyStore",
    "sports": "SportingGoodsStore",
    "bicycle": "BikeStore",
    "pet": "PetStore",
    "cinema": "MovieTheater",
    "department_store": "DepartmentStore",
    "mall": "ShoppingCenter",
}
_ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


def script(data: Mapping[str, Any]) -> SafeString:
    """A data block that no markup inside a text can leave."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":")).translate(_ESCAPES)
    return mark_safe(f'<script type="application/ld+json">{text}</script>')  # noqa: S308


def store_described(card: StoreCard, path: str, week: Sequence[Day], rating: Rating | None) -> SafeString:
    zone = zone_of(card.zone)
    told: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": _TYPES.get(card.category, "Store"),
        "@id": settings.PUBLIC_URL + path,
        "url": settings.PUBLIC_URL + path,
        "name": localized(card.name),
        "address": _filled(
            {
                "@type": "PostalAddress",
                "streetAddress": f"{card.address.street} {card.address.house_number}".strip(),
                "postalCode": card.address.postal_code,
                "addressLocality": card.address.city,
                "addressCountry": card.address.country,
            }
        ),
        "geo": {"@type": "GeoCoordinates", "latitude": card.point.lat, "longitude": card.point.lon},
        "openingHoursSpecification": [
            {
                "@type": "OpeningHoursSpecification",
                "validFrom": day.date.isoformat(),
                "validThrough": day.date.isoformat(),
                "opens": f"{start.astimezone(zone):%H:%M}",
                "closes": f"{end.astimezone(zone):%H:%M}",
            }
            for day in week
            for start, end in day.spans
        ],
        "description": localized(card.description),
        "telephone": card.phone,
        "sameAs": card.website,
    }
    if rating is not None and rating.count and rating.mean is not None:
        told["aggregateRating"] = {
            "@type": "AggregateRating",
            "ratingValue": float(rating.mean),
            "reviewCount": rating.count,
            "bestRating": 5,
        }
    return script(_filled(told))


def product_described(row: MenuRow, store_path: str) -> SafeString:
    told: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Product",
        "name": localized(row.offer.names),
        "description": localized(row.offer.descriptions),
        "gtin": row.offer.gtin or "",
        "brand": {"@type": "Brand", "name": row.offer.brand} if row.offer.brand else "",
    }
    if row.price is not None:
        told["offers"] = {
            "@type": "Offer",
            "url": settings.PUBLIC_URL + row.href,
            "price": str(row.price.decimal),
            "priceCurrency": row.price.currency,
            "availability": f"https://schema.org/{'InStock' if row.can_be_added else 'OutOfStock'}",
            "seller": {"@id": settings.PUBLIC_URL + store_path},
        }
    return script(_filled(told))


def _filled(data: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in data.items() if value not in ("", [], {}, None)}
