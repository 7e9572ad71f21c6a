"""Which list wins, and where the web and the counter differ."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from uuid import UUID

from paseo.capabilities.pricing.values import ParityGap, PriceListView


def best(lists: Iterable[PriceListView], store_id: UUID | None, channel: str) -> list[PriceListView]:
    """The lists that apply in a store and channel, strongest first: the store beats the merchant, the channel any."""
    fitting = [one for one in lists if one.store_id in (None, store_id) and one.channel in ("any", channel)]
    return sorted(fitting, key=lambda one: (one.store_id is None, one.channel == "any"))


def parity_gaps(
    lists: Iterable[PriceListView], amounts: Mapping[tuple[UUID, UUID], int], stores: Iterable[UUID | None]
) -> list[ParityGap]:
    """Where online differs from counter. ``amounts`` maps (list, variant) to the amount that holds at the instant.

    ``stores`` may contain None for the merchant's own level. A store that has no list of its own repeats that level and
    need not be given.
    """
    known = list(lists)
    variants = sorted({variant_id for _, variant_id in amounts})
    gaps = []
    for store_id in stores:
        online, counter = best(known, store_id, "online"), best(known, store_id, "counter")
        for variant_id in variants:
            web = next((one for one in online if (one.id, variant_id) in amounts), None)
            shelf = next((one for one in counter if (one.id, variant_id) in amounts), None)
            if web is None or shelf is None or web.currency != shelf.currency:
                continue
            prices = amounts[web.id, variant_id], amounts[shelf.id, variant_id]
            if prices[0] != prices[1]:
                gaps.append(ParityGap(store_id, variant_id, *prices, web.currency))
    return gaps
