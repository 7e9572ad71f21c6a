"""What pricing adds to a merchant's readiness report."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from paseo.capabilities.catalog import queries as catalog
from paseo.capabilities.directory import queries as directory
from paseo.capabilities.directory.values import ReadinessItem
from paseo.capabilities.pricing import queries
from paseo.capabilities.pricing.refusals import TaxRateMissing
from paseo.kernel import clock
from paseo.kernel.errors import N_


def check(merchant_id: UUID) -> Iterable[ReadinessItem]:
    """Everything on offer has a price; the tax of the region is known; the web agrees with the shelf."""
    now = clock.now()
    for store in directory.stores_of_merchant(merchant_id):
        if store.state == "closed":
            continue
        offered = {offer.variant_id for offer in catalog.offers_of_store(store.id)}
        missing = len(offered - queries.prices(store.id, offered, "online", now=now).keys())
        yield ReadinessItem(
            "prices",
            missing == 0,
            "must",
            120,
            N_("Products without a price in {store}: {count}. They cannot be ordered."),
            "pricing.prices",
            N_("Everything in {store} has a price."),
            store.id,
            {"store": store.name, "count": missing},
        )
        try:
            queries.rates(store.region, now)
            known = True
        except TaxRateMissing:
            known = False
        yield ReadinessItem(
            "tax_rates",
            known,
            "must",
            130,
            N_("The tax rates of {region} are not known. Ask the operator to enter them."),
            "pricing.rates",
            N_("The tax rates of {region} are known."),
            store.id,
            {"region": store.region},
        )
    gaps = len(queries.parity_exceptions(merchant_id, now=now))
    yield ReadinessItem(
        "price_parity",
        gaps == 0,
        "should",
        260,
        N_("Prices that differ between the counter and the web: {count}."),
        "pricing.parity",
        N_("Counter and web have the same prices."),
        None,
        {"count": gaps},
    )
