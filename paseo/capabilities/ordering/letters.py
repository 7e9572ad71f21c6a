"""What buyers are told about their orders."""

from __future__ import annotations

from typing import Any

from django.conf import settings

from paseo.capabilities.directory import queries as directory
from paseo.capabilities.ordering import access
from paseo.capabilities.ordering.models import Order
from paseo.kernel.money import Money
from paseo.platform.notices.kinds import register_kind
from paseo.platform.notices.operations import notify
from paseo.platform.notices.values import NoticeKind

KINDS = (
    "ordering.confirmed",
    "ordering.ready",
    "ordering.change_proposed",
    "ordering.changed",
    "ordering.cancelled",
    "ordering.refunded",
    "ordering.refunded_by_bank",
    "ordering.paid_too_late",
    "ordering.shop_suspended",
)


def register() -> None:
    for key in KINDS:
        register_kind(NoticeKind(key))


def link_of(order: Order) -> str:
    """The address under which a guest finds the order again."""
    return f"{settings.PUBLIC_URL}/orders/{order.id}/?key={access.access_token(order.id)}"


def tell_buyer(order: Order, key: str, /, **params: Any) -> None:
    """Tells the buyer in their language, where there is anybody to tell."""
    to = order.person_id or order.email
    if not to or order.channel == "import":
        return
    card = directory.store(order.store_id)
    notify(
        to,
        key,
        {
            "number": order.number,
            "shop": dict(card.name),
            "address": card.address.line,
            "zone": card.zone,
            "total": Money(order.total_minor - order.returned_minor, order.currency),
            "promised_at": order.promised_at,
            "link": link_of(order),
            **params,
        },
        tenant_id=order.merchant_id,
        locale=order.locale,
        about=f"order:{order.id}",
    )
