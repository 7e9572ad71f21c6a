"""A person's orders and carts: what they may take with them, what is erased, what the books must keep."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from paseo.capabilities.fulfillment import operations as fulfillment
from paseo.capabilities.ordering.models import Cart, Order, OrderLine
from paseo.capabilities.ordering.operations import adopt_carts
from paseo.capabilities.ordering.views import cart_view, line_view, summary
from paseo.kernel.errors import N_, Refusal
from paseo.platform.consent.registry import eraser, erasure_blocker, exporter
from paseo.platform.consent.values import Erased
from paseo.platform.identity import queries as identity
from paseo.platform.identity.values import SignedIn
from paseo.platform.identity.web import post_sign_in_hook


class OrderOnItsWay(Refusal):
    code = "ordering.order_on_its_way"
    what = N_("Your order {number} is still on its way.")
    meaning = N_("Nothing was erased.")
    remedy = N_("Collect or cancel it first, then erase your account.")


@post_sign_in_hook(order=50)
def take_over_carts(signed_in: SignedIn) -> None:
    """The cart that was filled before signing in is still there afterwards."""
    if signed_in.visitor_id is not None:
        person = identity.people([signed_in.person_id]).get(signed_in.person_id)
        adopt_carts(
            visitor_id=signed_in.visitor_id,
            person_id=signed_in.person_id,
            now=signed_in.at,
            email=(person.email or "") if person else "",
        )


@exporter("orders")
def export_orders(person_id: UUID) -> dict[str, Any]:
    orders = []
    for row in Order.objects.filter(person_id=person_id).order_by("placed_at"):
        lines = OrderLine.objects.filter(order_id=row.id).order_by("position")
        orders.append(
            {
                **asdict(summary(row)),
                "email": row.email,
                "phone": row.phone,
                "note": row.note,
                "lines": [asdict(line_view(line)) for line in lines],
            }
        )
    carts = [asdict(cart_view(row)) for row in Cart.objects.filter(person_id=person_id, state="open")]
    return {"orders": orders, "carts": carts}


@erasure_blocker("orders")
def order_on_its_way(person_id: UUID) -> Refusal | None:
    row = Order.objects.filter(person_id=person_id, state__in=["placed", "confirmed"]).first()
    return None if row is None else OrderOnItsWay(number=row.number)


@eraser("orders", order=300)
def erase_orders(person_id: UUID, now: datetime) -> Erased:
    """Carts go; orders stay for the books, without name, address and words."""
    removed, _ = Cart.objects.filter(person_id=person_id, state__in=["open", "abandoned"]).delete()
    rows = Order.objects.filter(person_id=person_id)
    ids = list(rows.values_list("id", flat=True))
    OrderLine.objects.filter(order_id__in=ids).update(note="")
    fulfillment.forget_customer(order_ids=ids)
    kept = rows.update(person_id=None, visitor_id=None, email="", name="", phone="", note="")
    return Erased(
        removed=removed, kept=kept, why_kept=N_("Sales must stay in the books; your name is taken out of them.")
    )
