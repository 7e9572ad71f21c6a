"""What is already in the reader's order at this store, and the sum as it was seen."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext

from paseo.capabilities.directory import queries as directory
from paseo.capabilities.directory.values import StoreCard
from paseo.capabilities.ordering import queries as ordering
from paseo.capabilities.ordering.values import Buyer, CartView
from paseo.channels.storefront.menu import MenuRow
from paseo.kernel.money import Money
from paseo.platform.ui.formatting import localized
from paseo.platform.ui.values import Receipt, ReceiptLine


@dataclass(frozen=True, slots=True)
class Basket:
    """``total`` adds up the prices the reader saw; the cart's own page asks for those of the moment."""

    cart_id: UUID
    pieces: int
    total: Money
    receipt: Receipt

    @property
    def href(self) -> str:
        return f"/cart/{self.cart_id}/"


@dataclass(frozen=True, slots=True)
class Waiting:
    """An order that was begun somewhere and not sent."""

    store: StoreCard
    cart_id: UUID
    pieces: int


def waiting_for(buyer: Buyer | None) -> list[Waiting]:
    """Begun orders, last touched first. No statement for somebody of whom nothing is remembered, else one or two."""
    carts = ordering.carts_of(buyer) if buyer else []
    stores = directory.stores(cart.store_id for cart in carts) if carts else {}
    return [Waiting(stores[cart.store_id], cart.id, cart.pieces) for cart in carts if cart.store_id in stores]


def basket_of(store: StoreCard, buyer: Buyer | None, rows: Iterable[MenuRow]) -> Basket | None:
    """The open cart at this store. No statement for somebody of whom nothing is remembered, else one."""
    cart = ordering.open_cart(store.id, buyer=buyer) if buyer and store.sells else None
    return basket_from(cart, store, rows) if cart and cart.lines else None


def basket_from(cart: CartView, store: StoreCard, rows: Iterable[MenuRow]) -> Basket:
    by_offer = {row.offer.id: row for row in rows}
    lines = []
    for line in cart.lines:
        row = by_offer.get(line.offer_id)
        each = line.seen_minor
        if each is None:
            each = row.price.minor if row and row.price else 0
        lines.append(
            ReceiptLine(
                words=_words(row),
                amount=Money(each * line.quantity, store.currency),
                quantity=line.quantity,
                notes=_notes(len(line.option_ids), line.note),
                key=str(line.id),
            )
        )
    total = Money(sum(line.amount.minor for line in lines if line.amount), store.currency)
    receipt = Receipt(total_words=gettext("Together"), total=total, lines=lines, title=gettext("Your order"))
    return Basket(cart.id, cart.pieces, total, receipt)


def _words(row: MenuRow | None) -> str:
    if row is None:
        return gettext("No longer on the menu")
    return " ".join(part for part in (localized(row.offer.names), localized(row.offer.variant_names)) if part)


def _notes(options: int, note: str) -> tuple[str, ...]:
    chosen = gettext("With your choices") if options else ""
    return tuple(part for part in (chosen, note) if part)
