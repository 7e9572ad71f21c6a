"""The order path stays within its budget of statements, on whichever database the tests run."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from paseo.capabilities.ordering import operations, queries
from paseo.capabilities.ordering.values import Buyer, WantedLine
from paseo.capabilities.vouchers import operations as vouchers
from paseo.capabilities.vouchers.values import Effect
from paseo.kernel.ids import new_id
from paseo.platform.db.unit import sql_count
from tests.capabilities.cafe import Cafe, notice_body, signed

BUDGET = 30


def test_cart_to_confirmed_order_with_discount_and_tax(real_cafe: Cafe, now: datetime) -> None:
    cafe = real_cafe
    program_id = vouchers.create_program(
        merchant_id=cafe.merchant_id, kind="coupon", names={"en": "Ten percent"}, currency="EUR",
        effect=Effect("percent_bps", 1000), valid_from=now - timedelta(days=1), now=now,
    )  # fmt: skip
    vouchers.publish(program_id=program_id, merchant_id=cafe.merchant_id, now=now)
    buy(cafe, program_id, now)  # accounts are opened; cards, rates, terms and choices are at hand
    spent, listing, order_id = buy(cafe, program_id, now)
    assert spent <= BUDGET, listing
    view = queries.order(order_id, system=True)
    assert (view.summary.discount_minor, view.tax_minor, view.summary.state) == (144, 155, "confirmed")


def buy(cafe: Cafe, program_id: UUID, now: datetime) -> tuple[int, str, UUID]:
    buyer = Buyer(visitor_id=new_id())
    voucher_id = vouchers.claim(program_id=program_id, owner=buyer.key, now=now)
    cart_id = new_id()
    lines = [
        WantedLine(cafe.offers["coffee"], 2, (cafe.options["oat"],), seen_minor=470),
        WantedLine(cafe.offers["cake"], 1, seen_minor=500),
    ]
    with sql_count() as sql:
        operations.put_cart(
            cart_id=cart_id, store_id=cafe.store_id, buyer=buyer, lines=lines, voucher_ids=[voucher_id], now=now
        )
        filled = sql.count
        placed = operations.place(
            cart_id=cart_id, buyer=buyer, agreed_total_minor=1296, method="sandbox", email="anna@example.org",
            name="Anna", now=now,
        )  # fmt: skip
        ordered = sql.count
    body = notice_body(placed.payment.id)
    headers = signed(body, now)
    with sql_count() as more:
        confirmed = operations.receive_payment_notice(gateway="sandbox", headers=headers, body=body, now=now)
    assert confirmed.outcome == "captured"
    spent = ordered + more.count
    listing = "\n".join(statement[:150] for statement in sql.all + more.all)
    return spent, f"{filled} + {ordered - filled} + {more.count} = {spent}\n{listing}", placed.order_id
