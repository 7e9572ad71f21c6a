"""What catalog adds to a merchant's readiness report."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from paseo.capabilities.catalog.models import Product
from paseo.capabilities.catalog.queries.menus import for_sale
from paseo.capabilities.directory import queries as directory
from paseo.capabilities.directory.values import ReadinessItem
from paseo.kernel.errors import N_


def check(merchant_id: UUID) -> Iterable[ReadinessItem]:
    active = Product.objects.filter(merchant_id=merchant_id, state="active")
    facts = list(active.values_list("kind", "names", "allergens", "media_ids"))
    yield ReadinessItem(
        "products",
        bool(facts),
        "must",
        100,
        N_("Add something to sell: scan barcodes, upload a spreadsheet, or write a dish."),
        "catalog.add",
        N_("There are products."),
    )
    offering = set(for_sale().filter(store__merchant_id=merchant_id).values_list("store_id", flat=True).distinct())
    for store in directory.stores_of_merchant(merchant_id):
        if store.state != "closed":
            yield ReadinessItem(
                "assortment",
                store.id in offering,
                "must",
                110,
                N_("Choose what {store} offers."),
                "catalog.assortment",
                N_("{store} offers something."),
                store.id,
                {"store": store.name},
            )
    dishes = [allergens for kind, _, allergens, _ in facts if kind == "dish"]
    without = sum(not allergens for allergens in dishes)
    if dishes:
        yield ReadinessItem(
            "allergens",
            without < len(dishes),
            "should",
            230,
            N_("No dish names its allergens yet. Guests with allergies cannot order safely."),
            "catalog.products",
            N_("Dishes name their allergens."),
        )
    if facts:
        yield ReadinessItem(
            "product_photos",
            any(media for *_, media in facts),
            "should",
            240,
            N_("No product has a photo yet."),
            "catalog.products",
            N_("Products have photos."),
        )
        yield ReadinessItem(
            "translations",
            all(len(names) > 1 for _, names, _, _ in facts),
            "should",
            250,
            N_("Some products are named in one language only."),
            "catalog.products",
            N_("Products are named in several languages."),
        )
