"""Three weeks of a city under a virtual clock: contacts, orders, payments, hand-overs, reviews. The same seed, the same weeks."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Protocol
from uuid import UUID

from demo.city.shops import Shop
from paseo.capabilities.care import operations as care
from paseo.capabilities.directory import queries as places
from paseo.capabilities.fulfillment import queries as handovers
from paseo.capabilities.journeys import operations as journeys
from paseo.capabilities.journeys.values import NewContact
from paseo.capabilities.ordering import operations as ordering
from paseo.capabilities.ordering import queries as orders
from paseo.capabilities.ordering.values import Buyer, WantedLine
from paseo.capabilities.payments import queries as payments
from paseo.capabilities.payments.values import GatewayState, Notice, RefundState
from paseo.kernel.clock import Seed, VirtualClock
from paseo.kernel.errors import Refusal
from paseo.kernel.ids import stable_id, uuid7
from paseo.platform.outbox import relay

# Share of a day's orders by hour of the store's clock: a small morning, lunch, and the evening.
BY_HOUR = {8: 5, 9: 6, 10: 5, 11: 13, 12: 16, 13: 10, 14: 6, 15: 6, 16: 8, 17: 11, 18: 9, 19: 5}
ACTOR = "system"
NAMES = (
    "Aino V.",
    "Mikko S.",
    "Kaisa L.",
    "Oskar N.",
    "Sofia L.",
    "李薇",
    "Elina K.",
    "Juan P.",
    "Fatima A.",
    "Ville H.",
)
WORDS = {
    5: (
        "Exactly as promised, and still warm.",
        "Quick, friendly, and the code worked at once.",
        "好吃，取餐很快。",
        "Rico y puntual.",
    ),
    4: ("Good. Two minutes later than it said.", "味道不错，就是人多。", "Bien, aunque había cola."),
    3: ("Fine, but the soup was not hot.", "Correcto, nada más."),
    2: ("The wrong bun. They changed it without a word.",),
}
PARTS = ("taste", "service", "speed")


class Gateway(Protocol):
    def pay(self, payment_id: UUID, minor: int, currency: str, now: datetime) -> None: ...

    def give_back(self, payment_id: UUID, refund_id: UUID, minor: int, currency: str) -> str: ...


class Weeks:
    def __init__(self, shops: list[Shop], seed: Seed, clock: VirtualClock, gateway: Gateway) -> None:
        self.shops, self.seed, self.clock, self.gateway = shops, seed, clock, gateway
        self.placed = 0
        self.refused: dict[str, int] = {}

    def live(self, start: datetime, end: datetime, per_day: int, progress: Callable[[float], None]) -> None:
        """From ``start`` to ``end``, about ``per_day`` orders each day; events are delivered as the hours pass."""
        moments = self._moments(start, end, per_day)
        for number, (moment, order) in enumerate(moments):
            if moment > self.clock.now():
                self.clock.set(moment)
            try:
                self._visit(order, moment, last=end)
            except Refusal as refusal:
                self.refused[refusal.code] = self.refused.get(refusal.code, 0) + 1
            if number % 12 == 0:
                relay.drain()
                progress((moment - start) / (end - start))
        relay.drain()

    def last_hours(self, start: datetime, end: datetime, shops: list[Shop]) -> None:
        """The hours before the demo is opened, in these shops: half a dozen orders that are over, and some in hand."""
        chance = self.seed.stream("last hours")
        past = [start + (end - start) * chance.uniform(0.05, 0.8) for _ in range(4 * len(shops))]
        fresh = [end - timedelta(minutes=minutes) for minutes in (19, 16, 13, 11, 9, 7, 5, 4, 3)]
        for number, moment in enumerate(sorted([*past, *fresh])):
            if moment > self.clock.now():
                self.clock.set(moment)
            try:
                self._visit(100_000 + number, moment, end, shop=shops[(0, 1, 0, 2)[number % 4]], buys=True)
            except Refusal as refusal:
                self.refused[refusal.code] = self.refused.get(refusal.code, 0) + 1
        relay.drain()

    def _moments(self, start: datetime, end: datetime, per_day: int) -> list[tuple[datetime, int]]:
        chance, moments = self.seed.stream("moments"), []
        hours, weights = list(BY_HOUR), list(BY_HOUR.values())
        day = start.replace(hour=0, minute=0, second=0, microsecond=0)
        while day < end:
            busy = 1.3 if day.weekday() in {4, 5} else 1.0
            for _ in range(round(per_day * busy * chance.uniform(0.85, 1.15))):
                # The store's clock is two or three hours ahead of UTC; a visit takes its time up to the hand-over.
                at = day + timedelta(
                    hours=chance.choices(hours, weights)[0] - 2,
                    minutes=chance.randrange(60),
                    seconds=chance.randrange(60),
                )
                if start < at < end - timedelta(minutes=2):
                    moments.append(at)
            day += timedelta(days=1)
        return [(at, number) for number, at in enumerate(sorted(moments))]

    def _visit(
        self, number: int, now: datetime, last: datetime, *, shop: Shop | None = None, buys: bool = False
    ) -> None:
        chance = self.seed.stream("visit", number)
        if shop is None:
            open_now = [one for one in self.shops if places.lamp(one.card, now).state == "lit"]
            if not open_now:
                return
            shop = open_now[min(int(chance.expovariate(4 / len(open_now))), len(open_now) - 1)]
        # A third of the people come back: visitors are drawn from a pool.
        person = chance.randrange(240)
        visitor = stable_id("city visitor", self.seed.number, person)
        touchpoint = chance.choice([*shop.touchpoints, None]) if shop.touchpoints else None
        self._contacts(shop, visitor, touchpoint, chance, now)
        if chance.random() < 0.25 and not buys:
            return  # looked, and went on
        wanted = [
            WantedLine(item.offer_id, chance.choice((1, 1, 1, 2)), item.option_ids)
            for item in chance.sample(shop.items, min(len(shop.items), chance.choice((1, 1, 2, 2, 3))))
        ]
        buyer = Buyer(visitor_id=visitor)
        cart_id = uuid7(now, chance.getrandbits(74))
        mode = chance.choice(shop.card.services)
        ordering.put_cart(cart_id=cart_id, store_id=shop.card.id, buyer=buyer, lines=wanted, mode=mode, now=now)
        quote = orders.quote_cart(cart_id, buyer=buyer, now=now)
        if not quote.can_be_placed:
            return
        cash = chance.random() < 0.15
        placed = ordering.place(
            cart_id=cart_id,
            buyer=buyer,
            agreed_total_minor=quote.total_minor,
            method="cash" if cash else "sandbox",
            email=f"guest{person}@example.com",
            name=NAMES[person % len(NAMES)],
            locale=("en", "zh-hans", "es")[person % 3],
            now=now,
        )
        self.placed += 1
        if not cash and placed.payment is not None:
            if chance.random() < 0.03:
                return  # never paid: the hold will run out
            self.gateway.pay(placed.payment.id, placed.total_minor, placed.currency, now)
            self._confirmed(placed.payment.id, placed.total_minor, placed.currency, now)
        self._fulfil(placed.order_id, shop, buyer, chance, now, last, cash)

    def _contacts(
        self, shop: Shop, visitor: UUID, touchpoint: UUID | None, chance: random.Random, now: datetime
    ) -> None:
        where: dict[str, Any] = {
            "visitor_id": visitor,
            "store_id": shop.card.id,
            "merchant_id": shop.card.merchant_id,
            "channel": "web",
        }
        contacts = []
        if touchpoint is not None:
            contacts.append(
                NewContact("scan", now - timedelta(minutes=chance.randrange(2, 9)), touchpoint_id=touchpoint, **where)
            )
        contacts += [NewContact("view", now - timedelta(minutes=1), **where) for _ in range(chance.randrange(1, 3))]
        others = self.seed.stream("passers-by", now.isoformat())
        contacts += [
            NewContact(
                "view",
                now,
                visitor_id=stable_id("passer-by", self.seed.number, others.randrange(4000)),
                store_id=shop.card.id,
                merchant_id=shop.card.merchant_id,
                channel="web",
            )
            for _ in range(others.randrange(5))
        ]
        journeys.record_many(contacts)

    def _confirmed(self, payment_id: UUID, minor: int, currency: str, now: datetime) -> None:
        state = GatewayState(payment_id, f"SB-{payment_id.hex[-10:]}", "captured", minor, currency, minor)
        ordering.apply_notice(notice=Notice("sandbox", f"city-{payment_id}", "payment.captured", state), now=now)

    def _fulfil(
        self, order_id: UUID, shop: Shop, buyer: Buyer, chance: random.Random, now: datetime, last: datetime, cash: bool
    ) -> None:
        fate = chance.random()
        if fate < 0.03:
            self._later(now, 3)
            ordering.cancel(
                order_id=order_id, by="buyer", actor=f"visitor:{buyer.visitor_id}", reason="", now=self.clock.now()
            )
            self._give_back(order_id, self.clock.now())
            return
        made = min(handovers.handover(order_id).promised_at, now + timedelta(minutes=25))
        if made + timedelta(minutes=6) >= last:
            self._still_in_hand(order_id, made, now, last)
            return
        if handovers.handover(order_id).state == "requested":
            ordering.accept(order_id=order_id, actor=ACTOR, now=now + timedelta(minutes=1))
        ordering.start(order_id=order_id, actor=ACTOR, now=now + timedelta(minutes=2))
        ordering.ready(order_id=order_id, actor=ACTOR, now=max(made, now + timedelta(minutes=3)))
        when = max(made, now + timedelta(minutes=3)) + timedelta(minutes=chance.randrange(1, 6))
        code = orders.order(order_id, system=True).code
        ticket = ordering.verify_code(
            text=code,
            place_id=shop.card.id,
            tenant_id=shop.card.merchant_id,
            actor=ACTOR,
            terminal="counter 1",
            now=when,
        )
        ordering.redeem_code(token=ticket.token, actor=ACTOR, now=when, cash_taken=cash)
        relay.drain()
        if chance.random() < 0.3:
            self._review(order_id, chance, when + timedelta(minutes=5))

    def _still_in_hand(self, order_id: UUID, made: datetime, now: datetime, last: datetime) -> None:
        """As far as the shop has come when the story ends."""
        if now + timedelta(minutes=4) >= last:
            return
        if handovers.handover(order_id).state == "requested":
            ordering.accept(order_id=order_id, actor=ACTOR, now=now + timedelta(minutes=1))
        if now + timedelta(minutes=8) < last:
            ordering.start(order_id=order_id, actor=ACTOR, now=now + timedelta(minutes=2))
            if made < last - timedelta(minutes=2):
                ordering.ready(order_id=order_id, actor=ACTOR, now=max(made, now + timedelta(minutes=3)))

    def _give_back(self, order_id: UUID, now: datetime) -> None:
        """The gateway answers at once what the worker would ask it later."""
        for refund in payments.refunds_of(order_id):
            if refund.state != "requested" or refund.method == "cash":
                continue
            ref = self.gateway.give_back(refund.payment_id, refund.id, refund.amount_minor, refund.currency)
            paid = payments.payment(refund.payment_id)
            told = RefundState(ref, refund.id, refund.amount_minor, "done")
            state = GatewayState(
                paid.id, paid.gateway_ref, "captured", paid.amount_minor, paid.currency, paid.captured_minor, (told,)
            )
            ordering.apply_notice(notice=Notice("sandbox", f"city-{refund.id}", "payment.refunded", state), now=now)

    def _review(self, order_id: UUID, chance: random.Random, now: datetime) -> None:
        stars = chance.choices((5, 4, 3, 2), (50, 32, 13, 5))[0]
        text = chance.choice(WORDS[stars])
        care.review_order(
            order_id=order_id,
            owners=[f"order:{order_id}"],
            stars=stars,
            parts={part: max(1, min(5, stars + chance.choice((-1, 0, 0, 0, 1)))) for part in PARTS},
            text=text,
            lang="zh-hans" if not text.isascii() and "é" not in text and "í" not in text else "en",
            signature=chance.choice(NAMES),
            now=now,
        )

    def _later(self, now: datetime, minutes: int) -> None:
        target = now + timedelta(minutes=minutes)
        if target > self.clock.now():
            self.clock.set(target)
