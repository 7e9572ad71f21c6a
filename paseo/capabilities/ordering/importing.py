"""The import of order history: one row per line, as tills and shop systems write it.

History has no effect on stock, books or events: the orders are completed, marked with the channel "import", and stand
in the shop's lists. The same rows again change nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Count, F

from paseo.capabilities.directory import queries as directory
from paseo.capabilities.directory.values import StoreCard
from paseo.capabilities.ordering import access
from paseo.capabilities.ordering.models import Order, OrderLine
from paseo.capabilities.pricing import queries as pricing
from paseo.kernel.errors import N_, NotFound, Refusal
from paseo.kernel.ids import stable_id
from paseo.kernel.money import Money, tax_inside
from paseo.kernel.periods import zone
from paseo.platform.importing.registry import register_kind
from paseo.platform.importing.values import Applied, Context, Field, ImportKind, Issue, Parsed, Pending, Row

FIELDS = (
    Field(
        "order",
        N_("Order number"),
        required=True,
        aliases=("InvoiceNo", "invoice", "order_id", "receipt", "factura", "pedido", "订单号", "单号"),
    ),
    Field(
        "at",
        N_("Time of the order"),
        required=True,
        aliases=("InvoiceDate", "date", "datetime", "time", "fecha", "日期", "时间"),
    ),
    Field("name", N_("Product"), aliases=("Description", "product", "item", "producto", "artículo", "商品", "品名")),
    Field("sku", N_("Article number"), aliases=("StockCode", "code", "gtin", "ean", "código", "货号", "条码")),
    Field("quantity", N_("Quantity"), required=True, aliases=("qty", "pieces", "cantidad", "数量")),
    Field(
        "price",
        N_("Price of one, tax included"),
        required=True,
        aliases=("UnitPrice", "unit_price", "precio", "单价"),
    ),
    Field("customer", N_("Customer"), aliases=("CustomerID", "cliente", "顾客", "客户")),
    Field("currency", N_("Currency"), aliases=("moneda", "货币")),
)
MOST_PIECES = 1_000_000


@dataclass(frozen=True, slots=True)
class LineDraft:
    ref: str
    at: datetime
    name: str
    sku: str
    quantity: int
    price: str
    customer: str
    currency: str


class StoreMissing(Refusal):
    code = "ordering.import_store_missing"
    status = 422
    what = N_("It is not said which shop these orders belong to.")
    meaning = N_("Nothing was imported.")
    remedy = N_("Name the shop with the option store=, by its id or its address.")


def parse_row(row: Row, context: Context) -> Parsed | Issue:
    """A line of history, or why the row is none."""
    values = {name: text.strip() for name, text in row.items()}
    ref = values.get("order", "")
    if not ref:
        return Issue("orders.no_number", N_("There is no order number."), "order")
    if ref[:1].upper() == "C" and ref[1:].isdigit():
        return Issue("orders.cancelled", N_("This is a cancelled order; only sales are read."), "order")
    try:
        at = datetime.fromisoformat(values.get("at", ""))
    except ValueError:
        return Issue("orders.no_time", N_("The time cannot be read; write it as 2026-05-13 12:30."), "at")
    try:
        quantity = int(float(values.get("quantity", "")))
    except ValueError:
        return Issue("orders.no_quantity", N_("The quantity is not a number."), "quantity")
    if not 0 < quantity <= MOST_PIECES:
        return Issue(
            "orders.return", N_("The quantity is not positive: a return, or a correction of stock."), "quantity"
        )
    try:
        price = Money.parse(values.get("price", ""), "EUR")
    except ValueError:
        try:
            price = Money(int((Decimal(values.get("price", "").replace(",", ".")) * 100).to_integral_value()), "EUR")
        except (ArithmeticError, ValueError):
            return Issue("orders.no_price", N_("The price cannot be read."), "price")
    if price.minor < 0:
        return Issue(
            "orders.negative_price", N_("The price is negative: a correction of the books, not a sale."), "price"
        )
    warnings = []
    name = values.get("name", "") or values.get("sku", "")
    if not values.get("name"):
        warnings.append(
            Issue("orders.no_name", N_("The product has no name; its article number stands for it."), "name")
        )
    draft = LineDraft(
        ref=ref[:100],
        at=at,
        name=name[:200],
        sku=values.get("sku", "")[:60],
        quantity=quantity,
        price=values["price"].replace(",", "."),
        customer=values.get("customer", "").removesuffix(".0")[:100],
        currency=values.get("currency", "").upper()[:3],
    )
    return Parsed(f"{ref}/{draft.sku or draft.name}/{quantity}/{draft.price}"[:200], draft, tuple(warnings))


def apply_batch(rows: Sequence[Pending], context: Context) -> Sequence[Applied]:
    """Writes up to a few hundred lines in as few statements as there are kinds of rows."""
    card = _store(context)
    rate = pricing.rates(card.region, context.now)["standard"]
    ids = [_line_id(card, row.parsed.data, row.parsed.external_id) for row in rows]
    known_lines = set(OrderLine.objects.filter(id__in=ids).values_list("id", flat=True))
    wanted = {_order_id(card, row.parsed.data.ref) for row in rows}
    counts = dict(Order.objects.filter(id__in=wanted).annotate(n=Count("lines")).values_list("id", "n"))
    orders: dict[UUID, Order] = {}
    lines: list[OrderLine] = []
    sums: dict[UUID, list[int]] = {}
    answers: list[Applied] = []
    for row, line_id in zip(rows, ids, strict=True):
        draft: LineDraft = row.parsed.data
        order_id = _order_id(card, draft.ref)
        if line_id in known_lines:
            answers.append(Applied(order_id, "unchanged"))
            continue
        known_lines.add(line_id)
        at = _instant(draft.at, card)
        if order_id not in counts:
            counts[order_id] = 0
            orders[order_id] = _order(order_id, draft, at, card)
        counts[order_id] += 1
        line = _line(line_id, order_id, counts[order_id], draft, card, rate)
        lines.append(line)
        added = sums.setdefault(order_id, [0, 0])
        added[0] += line.total_minor
        added[1] += line.tax_minor
        answers.append(Applied(order_id, "created"))
    for order_id, order in orders.items():
        total, tax = sums.pop(order_id)
        order.subtotal_minor = order.total_minor = total
        order.tax_minor = tax
    Order.objects.bulk_create(orders.values())
    OrderLine.objects.bulk_create(lines)
    for order_id, (total, tax) in sums.items():
        Order.objects.filter(id=order_id).update(
            subtotal_minor=F("subtotal_minor") + total,
            total_minor=F("total_minor") + total,
            tax_minor=F("tax_minor") + tax,
        )
    return answers


def _store(context: Context) -> StoreCard:
    """The store that the history belongs to: the option "store", or the merchant's only one."""
    given = context.options.get("store")
    if given:
        card = directory.store(_id_or_slug(str(given)))
        if context.tenant_id is not None and card.merchant_id != context.tenant_id:
            raise NotFound
        return card
    mine: Iterable[StoreCard] = directory.stores_of_merchant(context.tenant_id) if context.tenant_id else ()
    found = list(mine)
    if len(found) != 1:
        raise StoreMissing
    return found[0]


def _id_or_slug(text: str) -> UUID | str:
    try:
        return UUID(text)
    except ValueError:
        return text


def _order_id(card: StoreCard, ref: str) -> UUID:
    return stable_id("import.order", card.id, ref)


def _line_id(card: StoreCard, draft: LineDraft, external_id: str) -> UUID:
    return stable_id("import.line", _order_id(card, draft.ref), external_id)


def _instant(at: datetime, card: StoreCard) -> datetime:
    return (at if at.tzinfo else at.replace(tzinfo=zone(card.zone))).astimezone(UTC)


def _order(order_id: UUID, draft: LineDraft, at: datetime, card: StoreCard) -> Order:
    return Order(
        id=order_id,
        number=access.number_of(order_id),
        store_id=card.id,
        merchant_id=card.merchant_id,
        access_hash=access.access_hash(order_id),
        name=draft.customer,
        channel="import",
        external_ref=draft.ref,
        mode="pickup" if "pickup" in card.services or not card.services else "here",
        method="import",
        state="completed",
        currency=draft.currency or card.currency,
        subtotal_minor=0,
        total_minor=0,
        placed_at=at,
        confirmed_at=at,
        paid_at=at,
        ended_at=at,
        promised_at=at,
    )


def _line(line_id: UUID, order_id: UUID, position: int, draft: LineDraft, card: StoreCard, rate: Decimal) -> OrderLine:
    currency = draft.currency or card.currency
    try:
        unit = Money.parse(draft.price, currency).minor
    except ValueError:
        unit = Money.parse(f"{Decimal(draft.price):.2f}", currency).minor
    whole = unit * draft.quantity
    return OrderLine(
        id=line_id,
        order_id=order_id,
        position=position,
        kind="good",
        names=_names(draft),
        quantity=draft.quantity,
        unit_minor=unit,
        gross_minor=whole,
        tax_rate=rate,
        tax_minor=tax_inside(whole, rate),
        total_minor=whole,
    )


def _names(draft: LineDraft) -> Mapping[str, Any]:
    return {"en": draft.name}


ORDERS = ImportKind("orders", FIELDS, parse_row, apply_batch)


def register() -> None:
    register_kind(ORDERS)
