"""The city on one screen: what is open, busy, late, broken, and what to do about it."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import Count, F, Sum

from paseo.capabilities.directory import queries as directory
from paseo.capabilities.fulfillment import queries as fulfillment
from paseo.capabilities.insight.models import Attribution
from paseo.capabilities.insight.values import CityOverview, CityStore, Trouble
from paseo.capabilities.payments import queries as payments
from paseo.kernel.errors import N_
from paseo.kernel.geo import Point
from paseo.kernel.money import Money
from paseo.kernel.periods import day_of, day_period
from paseo.platform.outbox import queries as outbox

_EVERYWHERE = Point(-90, -180), Point(90, 180)
MOST_STORES = 5_000


def city(now: datetime) -> CityOverview:
    """Every shown store with its lamp and load, today's orders and money, and the troubles, oldest first.

    Today is the calendar day of the installation's zone. The network is never asked.
    """
    pins = directory.in_view(*_EVERYWHERE, now=now, limit=MOST_STORES)
    ids = [pin.id for pin in pins]
    waiting = fulfillment.in_hand_by_store(ids) if ids else {}
    late = fulfillment.late(None, now=now, limit=500)
    late_by_store = Counter(handover.store_id for handover in late)
    stores = tuple(
        CityStore(
            store_id=pin.id,
            slug=pin.slug,
            name=pin.name,
            lat=pin.lat,
            lon=pin.lon,
            lamp=pin.lamp.state,
            open_orders=waiting.get(pin.id, 0),
            late_orders=late_by_store[pin.id],
        )
        for pin in pins
    )
    broken = _broken(now)
    troubles = [*_late_orders(late, {pin.id: pin.name for pin in pins}, now), *broken]
    orders, money = _today(now)
    return CityOverview(
        as_of=now,
        open_stores=sum(store.lamp != "dark" for store in stores),
        busy_stores=sum(store.load == "busy" for store in stores),
        late_stores=sum(store.load == "late" for store in stores),
        dark_stores=sum(store.lamp == "dark" for store in stores),
        broken=len(broken),
        orders_today=orders,
        money_today=money,
        stores=stores,
        troubles=tuple(sorted(troubles, key=lambda trouble: (trouble.since, trouble.subject))),
    )


def _today(now: datetime) -> tuple[int, dict[str, int]]:
    zone = str(settings.PASEO["DEFAULT_TIME_ZONE"])
    today = day_period(day_of(now, zone), zone)
    rows = (
        Attribution.objects.filter(confirmed_at__gte=today.start, confirmed_at__lt=today.end, cancelled_at__isnull=True)
        .order_by()
        .values_list("currency")
        .annotate(orders=Count("order_id"), kept=Sum(F("total_minor") - F("returned_minor")))
    )
    found = list(rows)
    return sum(orders for _, orders, _ in found), {currency: kept for currency, _, kept in found}


def _late_orders(late: list, names: dict[UUID, dict[str, str]], now: datetime) -> list[Trouble]:  # type: ignore[type-arg]
    return [
        Trouble(
            key="late_order",
            subject=f"order:{handover.id}",
            since=handover.promised_at,
            sentence=N_("Order {plate} was promised for {promised_at} and is not ready."),
            act="call_store",
            params={
                "plate": handover.plate,
                "promised_at": handover.promised_at,
                "late": now - handover.promised_at,
                "store": names.get(handover.store_id, {}),
            },
            store_id=handover.store_id,
        )
        for handover in late
    ]


def _broken(now: datetime) -> list[Trouble]:
    troubles = [
        Trouble(
            key="dead_letter",
            subject=f"failure:{failure.id}",
            since=failure.first_at,
            sentence=N_("The event {type} could not be delivered to {reaction}: {error}"),
            act="retry_event",
            params={"type": failure.event.type, "reaction": failure.reaction, "error": failure.sentence},
            store_id=failure.event.place_id,
        )
        for failure in outbox.dead_letters()
    ]
    for payment in payments.parked():
        troubles.append(
            Trouble(
                key="parked_payment",
                subject=f"payment:{payment.id}",
                since=payment.captured_at or payment.created_at,
                sentence=N_("A payment of {paid} came where {asked} was asked; the money is parked."),
                act="return_payment",
                params={
                    "paid": Money(payment.captured_minor, payment.captured_currency or payment.currency),
                    "asked": payment.amount,
                },
            )
        )
    for refund in payments.troubled_refunds(now=now):
        troubles.append(
            Trouble(
                key="stuck_refund",
                subject=f"refund:{refund.id}",
                since=refund.requested_at,
                sentence=N_("A refund of {amount} has not arrived: {trouble}"),
                act="retry_refund",
                params={"amount": refund.amount, "trouble": refund.trouble},
            )
        )
    for payment in payments.unanswered(now=now, quiet_minutes=15):
        troubles.append(
            Trouble(
                key="silent_payment",
                subject=f"payment:{payment.id}",
                since=payment.created_at,
                sentence=N_("Nothing was heard about a payment of {amount} for {waiting}."),
                act="ask_gateway",
                params={"amount": payment.amount, "waiting": _whole_minutes(now - payment.created_at)},
            )
        )
    return troubles


def _whole_minutes(span: timedelta) -> timedelta:
    return timedelta(minutes=int(span.total_seconds() // 60))
