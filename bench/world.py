"""What a load client needs to know about the installation it drives."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID


@dataclass(frozen=True)
class Good:
    offer_id: UUID
    variant_id: UUID
    item_id: UUID


@dataclass(frozen=True)
class Shop:
    id: UUID
    merchant_id: UUID
    goods: list[Good]


@dataclass(frozen=True)
class Buyer:
    visitor_id: UUID
    voucher_id: UUID


@dataclass(frozen=True)
class Step:
    """One writing statement of an order. ``params`` are pairs of what stands there and its value; see ``record``."""

    sql: str
    params: tuple[tuple[str, Any], ...]
    rows: int


@dataclass
class World:
    """``shops`` take part in the load, ``centre`` is where people look for stores; ``flow`` are the three
    transactions of one order."""

    shops: list[Shop]
    centre: tuple[float, float]
    buyers: list[Buyer]
    spare_vouchers: list[UUID]
    flow: list[list[Step]] = field(default_factory=list)
    sql: dict[str, int] = field(default_factory=dict)
    rare: Shop | None = None
    stored: dict[str, int] = field(default_factory=dict)

    def goods_of(self, number: int) -> tuple[Shop, Good, Good]:
        """The shop and the two goods of order ``number``."""
        shop = self.shops[number % len(self.shops)]
        first = number // len(self.shops) % len(shop.goods)
        return shop, shop.goods[first], shop.goods[(first + 7) % len(shop.goods)]
