"""Filling a cart. A cart is one small document; every write names the version it saw or replaces it whole."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NoReturn
from uuid import UUID

from django.db import IntegrityError
from django.db.models import F, Q

from paseo.capabilities.directory import queries as directory
from paseo.capabilities.directory.values import StoreCard
from paseo.capabilities.ordering import documents
from paseo.capabilities.ordering.models import MODES, Cart, Order
from paseo.capabilities.ordering.quoting import quoted
from paseo.capabilities.ordering.reckoning import Reckoning, reckon
from paseo.capabilities.ordering.refusals import CartChanged, CartOrdered, NoCart
from paseo.capabilities.ordering.values import Buyer, CartQuote, CartView, WantedLine
from paseo.capabilities.ordering.views import cart_view
from paseo.capabilities.vouchers import operations as vouchers
from paseo.capabilities.vouchers.values import owner_key
from paseo.kernel.errors import Invalid
from paseo.kernel.ids import new_id
from paseo.platform.db.inserting import insert_or
from paseo.platform.db.returning import update_returning
from paseo.platform.db.unit import operation, single_statement, unit

OLD_DAYS = 60


def owned_by(buyer: Buyer) -> Q:
    """Carts that this buyer may touch: the person's, or the visitor's that no person has taken over."""
    mine = Q(pk__in=[])
    if buyer.person_id is not None:
        mine |= Q(person_id=buyer.person_id)
    if buyer.visitor_id is not None:
        mine |= Q(person_id=None, visitor_id=buyer.visitor_id)
    return mine


def put_cart(
    *,
    cart_id: UUID,
    store_id: UUID,
    buyer: Buyer,
    lines: Sequence[WantedLine],
    now: datetime,
    voucher_ids: Sequence[UUID] = (),
    mode: str = "pickup",
) -> CartView:
    """Writes the whole cart under the id that the client made; again: it is replaced.

    Lines without ``seen_minor`` get now's price as seen. What is offered and what it costs is judged when the cart is
    quoted or placed. A buyer's other open cart of this store is given up for this one.
    Refuses ``UnknownStore``, ``CartOrdered``, ``NoCart`` (somebody else's), ``CartTooLarge``.
    """
    return _put(cart_id, store_id, buyer, lines, voucher_ids, mode, now)[0]


def put_and_quote(
    *,
    cart_id: UUID,
    store_id: UUID,
    buyer: Buyer,
    lines: Sequence[WantedLine],
    now: datetime,
    voucher_ids: Sequence[UUID] = (),
    mode: str = "pickup",
    wanted_at: datetime | None = None,
) -> CartQuote:
    """``put_cart`` and what the cart costs, with everything read once. Refuses as ``put_cart`` does."""
    view, card, reckoning = _put(cart_id, store_id, buyer, lines, voucher_ids, mode, now)
    for reckoned, line in zip(reckoning.lines, view.lines, strict=True):
        reckoned.line = line
    return quoted(view, card, reckoning, buyer=buyer, now=now, wanted_at=wanted_at)


def _put(
    cart_id: UUID,
    store_id: UUID,
    buyer: Buyer,
    lines: Sequence[WantedLine],
    voucher_ids: Sequence[UUID],
    mode: str,
    now: datetime,
) -> tuple[CartView, StoreCard, Reckoning]:
    card = directory.store(store_id)
    if mode not in MODES:
        raise Invalid(fields={"mode": mode})
    document = documents.stored(lines)
    reckoning = reckon(card, documents.read(document), now)
    _fill_seen(reckoning, document)
    row = Cart(
        id=cart_id,
        visitor_id=buyer.visitor_id,
        person_id=buyer.person_id,
        store_id=card.id,
        mode=mode,
        lines=document,
        voucher_ids=[str(voucher) for voucher in voucher_ids],
        created_at=now,
        updated_at=now,
    )
    try:
        with single_statement():
            version = _written(row)
    except IntegrityError:
        # Another cart of this buyer is open here.
        with unit():
            _open_carts(buyer, store_id).exclude(id=cart_id).update(state="abandoned", updated_at=now)
            version = _written(row)
    if version is None:
        _explain(cart_id, buyer)
    row.version = version
    return cart_view(row), card, reckoning


_REPLACE = """ON CONFLICT (id) DO UPDATE SET lines = excluded.lines, voucher_ids = excluded.voucher_ids,
    mode = excluded.mode, updated_at = excluded.updated_at, version = ordering_cart.version + 1
WHERE ordering_cart.state = 'open' AND ordering_cart.store_id = excluded.store_id
    AND (ordering_cart.person_id = excluded.person_id
        OR (ordering_cart.person_id IS NULL AND ordering_cart.visitor_id = excluded.visitor_id))
RETURNING version"""


def _written(row: Cart) -> int | None:
    """The version of the cart that was written or replaced; None when the buyer may not."""
    found = insert_or(row, _REPLACE)
    return None if found is None else int(found[0])


def _explain(cart_id: UUID, buyer: Buyer) -> NoReturn:
    """Why a cart cannot be written: it was ordered, or it is nobody's business."""
    row = Cart.objects.filter(owned_by(buyer), id=cart_id).first()
    if row is not None and row.state == "ordered":
        order = Order.objects.filter(cart_id=cart_id).values_list("id", "number").first()
        if order is not None:
            raise CartOrdered(order_id=order[0], number=order[1])
    raise NoCart


def _open_carts(buyer: Buyer, store_id: UUID):  # type: ignore[no-untyped-def]
    return Cart.objects.filter(owned_by(buyer), store_id=store_id, state="open")


def _fill_seen(reckoning: Reckoning, document: list[dict]) -> None:
    """Lines without a price that was seen get this moment's."""
    for line, facts in zip(document, reckoning.lines, strict=True):
        if line["seen"] is None and facts.price is not None:
            line["seen"] = facts.piece_minor


def put_line(*, store_id: UUID, buyer: Buyer, line: WantedLine, now: datetime, cart_id: UUID | None = None) -> CartView:
    """Adds a line to the buyer's open cart of a store, which is made if there is none (under ``cart_id`` when given).

    The same thing again adds its pieces. Refuses as ``put_cart`` does.
    """
    for _ in range(5):
        row = _open_carts(buyer, store_id).first()
        if row is None:
            return put_cart(cart_id=cart_id or new_id(), store_id=store_id, buyer=buyer, lines=[line], now=now)
        kept = documents.read(row.lines)
        lines = [documents.wanted(known) for known in kept]
        for position, known in enumerate(kept):
            if documents.same_thing(known, line):
                lines[position] = documents.wanted(
                    known, quantity=known.quantity + line.quantity, seen_minor=line.seen_minor
                )
                break
        else:
            lines.append(line)
        written = _rewrite(row, lines, now)
        if written is not None:
            return written
    raise CartChanged


def change_line(
    *,
    cart_id: UUID,
    buyer: Buyer,
    line_id: UUID,
    now: datetime,
    quantity: int | None = None,
    option_ids: Sequence[UUID] | None = None,
    note: str | None = None,
) -> CartView:
    """Changes a line; ``quantity`` 0 takes it out. Other options make its price be seen anew. Refuses ``NoCart``."""

    def changed(row: Cart) -> list[WantedLine]:
        lines = []
        for known in documents.read(row.lines):
            if known.id != line_id:
                lines.append(documents.wanted(known))
                continue
            if quantity is not None and quantity <= 0:
                continue
            changes: dict[str, object] = {}
            if quantity is not None:
                changes["quantity"] = quantity
            if note is not None:
                changes["note"] = note
            if option_ids is not None:
                changes |= {"option_ids": tuple(option_ids), "seen_minor": None}
            lines.append(documents.wanted(known, **changes))
        return lines

    return _change(cart_id, buyer, now, changed)


def accept_prices(*, cart_id: UUID, buyer: Buyer, now: datetime) -> CartView:
    """The buyer has seen the prices of this moment. Refuses ``NoCart``."""
    return _change(
        cart_id, buyer, now, lambda row: [documents.wanted(line, seen_minor=None) for line in documents.read(row.lines)]
    )


def set_mode(*, cart_id: UUID, buyer: Buyer, mode: str, now: datetime) -> CartView:
    """Pickup or here. Refuses ``NoCart``."""
    if mode not in MODES:
        raise Invalid(fields={"mode": mode})
    return _set(cart_id, buyer, now, mode=mode)


def add_voucher(*, cart_id: UUID, buyer: Buyer, voucher_id: UUID, now: datetime) -> CartView:
    """Lays a coupon beside the cart; the quote says what it does or why it does nothing. Refuses ``NoCart``."""
    row = _mine(cart_id, buyer)
    ids = list(dict.fromkeys([*row.voucher_ids, str(voucher_id)]))[:10]
    return _set(cart_id, buyer, now, voucher_ids=ids)


def remove_voucher(*, cart_id: UUID, buyer: Buyer, voucher_id: UUID, now: datetime) -> CartView:
    row = _mine(cart_id, buyer)
    return _set(cart_id, buyer, now, voucher_ids=[one for one in row.voucher_ids if one != str(voucher_id)])


@operation
def empty_cart(*, cart_id: UUID, buyer: Buyer, now: datetime) -> None:
    """Gives the cart up. Again: no effect."""
    Cart.objects.filter(owned_by(buyer), id=cart_id, state="open").update(state="abandoned", updated_at=now)


@operation
def adopt_carts(*, visitor_id: UUID, person_id: UUID, now: datetime, email: str = "") -> int:
    """At sign-in: the visitor's open carts become the person's, merged with those that were there, and so do coupons.

    Orders of this browser follow when they were placed with ``email``, the address that the person has proven.
    Returns how many carts. Again: none are left to adopt.
    """
    vouchers.adopt_wallet(
        visitor_owner=owner_key(visitor_id=visitor_id), person_owner=owner_key(person_id=person_id), now=now
    )
    adopted = 0
    for row in Cart.objects.select_for_update().filter(visitor_id=visitor_id, person_id=None, state="open"):
        mine = Cart.objects.select_for_update().filter(person_id=person_id, store_id=row.store_id, state="open").first()
        if mine is None:
            row.person_id = person_id
            row.updated_at = now
            row.save(update_fields=["person_id", "updated_at"])
        else:
            mine.lines = documents.stored(documents.merged(documents.read(mine.lines), documents.read(row.lines)))
            mine.voucher_ids = list(dict.fromkeys([*mine.voucher_ids, *row.voucher_ids]))
            mine.version += 1
            mine.updated_at = now
            mine.save()
            row.state = "abandoned"
            row.save(update_fields=["state"])
        adopted += 1
    if email:
        Order.objects.filter(visitor_id=visitor_id, person_id=None, email__iexact=email).update(person_id=person_id)
    return adopted


@operation
def forget_old(*, now: datetime, limit: int = 500) -> int:
    """Carts that nobody touched for two months are given up."""
    old = Cart.objects.filter(state="open", updated_at__lt=now - timedelta(days=OLD_DAYS))
    return Cart.objects.filter(id__in=list(old.values_list("id", flat=True)[:limit])).update(state="abandoned")


def _mine(cart_id: UUID, buyer: Buyer) -> Cart:
    row = Cart.objects.filter(owned_by(buyer), id=cart_id, state="open").first()
    if row is None:
        _explain(cart_id, buyer)
    return row


def _change(cart_id: UUID, buyer: Buyer, now: datetime, changed) -> CartView:  # type: ignore[no-untyped-def]
    for _ in range(5):
        row = _mine(cart_id, buyer)
        written = _rewrite(row, changed(row), now)
        if written is not None:
            return written
    raise CartChanged


def _rewrite(row: Cart, lines: Sequence[WantedLine], now: datetime) -> CartView | None:
    """Writes the lines if nobody else has meanwhile."""
    document = documents.stored(lines)
    if any(line["seen"] is None for line in document):
        card = directory.store(row.store_id)
        _fill_seen(reckon(card, documents.read(document), now), document)
    with unit():
        found = update_returning(
            Cart.objects.filter(id=row.id, state="open", version=row.version),
            lines=document,
            version=F("version") + 1,
            updated_at=now,
        )
    return None if found is None else cart_view(found)


@operation
def _set(cart_id: UUID, buyer: Buyer, now: datetime, **fields: object) -> CartView:
    found = update_returning(
        Cart.objects.filter(owned_by(buyer), id=cart_id, state="open"),
        version=F("version") + 1,
        updated_at=now,
        **fields,
    )
    if found is None:
        _explain(cart_id, buyer)
    return cart_view(found)
