"""A small living town, made only through the operations that everybody uses.

Three merchants went the whole way from application to going live; they keep five stores around one square, with hours,
menus, options, allergens, prices, stock, a coupon, a deal and touchpoints. Two more places were only found on the map.
The same ``seed`` gives the same ids of merchants, stores, products, variants, options and programs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from demo.town.building import Builder
from demo.town.places import CENTRE, PEOPLE
from paseo.kernel.geo import Point
from paseo.platform.db.unit import unit

PASSWORDS: Mapping[str, str] = {person.key: person.password for person in PEOPLE}
"""The password of each person, by key: aino, owner, cashier, operator, grocer, noodles."""

EMAILS: Mapping[str, str] = {person.key: person.email for person in PEOPLE}


@dataclass(frozen=True)
class Town:
    """Ids by name.

    ``merchants``: cafe, grocer, noodles, and listed, which sells nothing. ``stores`` and ``slugs``: cafe, kluuvi,
    grocer, deli, noodles; bookshop and pharmacy are only listed. ``variants``, ``products`` and ``options`` by the keys
    of ``demo.town.goods``; ``offers`` by store and variant, as in ``town.offers["cafe.flat_white"]``. ``people``: aino,
    owner and cashier of the café, operator, grocer, noodles. ``touchpoints`` and ``tokens``: poster, label, counter.
    """

    now: datetime
    seed: int
    centre: Point
    operator_id: UUID
    city_id: UUID
    merchants: Mapping[str, UUID]
    stores: Mapping[str, UUID]
    slugs: Mapping[str, str]
    products: Mapping[str, UUID]
    variants: Mapping[str, UUID]
    options: Mapping[str, UUID]
    offers: Mapping[str, UUID]
    people: Mapping[str, UUID]
    touchpoints: Mapping[str, UUID]
    tokens: Mapping[str, str]
    coupon_id: UUID
    deal_id: UUID


def build_town(*, now: datetime, seed: int = 1, passwords: bool = True) -> Town:
    """Builds the town as of ``now``, in one unit: all of it or nothing. Needs a database without it.

    ``passwords`` False leaves people to sign in by the code in a letter, and saves the second that hashing takes.
    """
    with unit():
        builder = Builder(now, seed)
        builder.people_and_operator()
        builder.merchants_and_stores()
        builder.touchpoints_and_programs()
    if passwords:
        builder.passwords()
    return Town(
        now=now,
        seed=seed,
        centre=CENTRE,
        operator_id=builder.operator_id,
        city_id=builder.city_id,
        merchants=builder.merchants,
        stores=builder.stores,
        slugs=builder.slugs,
        products=builder.products,
        variants=builder.variants,
        options=builder.options,
        offers=builder.offers,
        people=builder.people,
        touchpoints=builder.touchpoints,
        tokens=builder.tokens,
        coupon_id=builder.coupon_id,
        deal_id=builder.deal_id,
    )
