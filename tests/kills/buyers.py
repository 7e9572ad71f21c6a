"""Buyers with a cashier beside them. Whatever is not answered is sent again; every answer is written down."""

from __future__ import annotations

import hashlib
import hmac
import http.client
import json
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from paseo.kernel.clock import Seed
from paseo.kernel.ids import new_id
from tests.kills.house import SECRET, House

PATIENCE = 90.0
TIMEOUT = 20.0
GATEWAY_SECONDS = 2.0
PRICES = {"coffee": 420, "cake": 500, "soup": 950}
STORIES = ("fetch", "fetch", "refund", "cash", "refuse", "fetch", "cancel", "leave", "undo", "fetch")
"""What a buyer does after ordering: has it handed over (paid by card or in cash), gets a part of the money back, is
refused by the shop, cancels, never pays, or gives back what was handed over and takes it again."""


class Lost(Exception):
    """Nobody answered: the request was carried out, or it was not."""


class Gone(Exception):
    """This buyer does not try again."""


class Surprise(AssertionError):
    """An answer that no kill explains."""


class Pulse:
    """Counts the requests that are on their way, so that a kill can come while one is."""

    def __init__(self) -> None:
        self.count = 0
        self._changed = threading.Condition()

    def beat(self) -> None:
        with self._changed:
            self.count += 1
            self._changed.notify_all()

    def wait_for(self, count: int, patience: float) -> bool:
        with self._changed:
            return self._changed.wait_for(lambda: self.count >= count, patience)


@dataclass
class Note:
    """What one buyer wanted and was told. ``unsure`` are steps that were not answered at least once."""

    number: int
    story: str
    visitor: str
    method: str
    carts: list[str] = field(default_factory=list)
    lines: dict[str, int] = field(default_factory=dict)
    told: dict[str, Any] = field(default_factory=dict)
    states: list[str] = field(default_factory=list)
    unsure: list[str] = field(default_factory=list)
    gone: bool = False
    done: bool = False


class Wire:
    """One thread's connections to the house and to its gateway."""

    def __init__(self, house: House, pulse: Pulse) -> None:
        self.ports = {"house": house.port, "gateway": house.gateway_port}
        self.pulse = pulse
        self._open: dict[str, http.client.HTTPConnection] = {}

    def ask(self, whom: str, method: str, path: str, body: bytes, headers: dict[str, str]) -> tuple[int, bytes]:
        connection = self._open.get(whom)
        try:
            if connection is None:
                connection = http.client.HTTPConnection("127.0.0.1", self.ports[whom], timeout=TIMEOUT)
                self._open[whom] = connection
            connection.request(method, path, body, headers)
            self.pulse.beat()
            answer = connection.getresponse()
            return answer.status, answer.read()
        except (OSError, http.client.HTTPException) as error:
            self.close(whom)
            raise Lost(repr(error)) from None

    def close(self, whom: str) -> None:
        connection = self._open.pop(whom, None)
        if connection is not None:
            connection.close()


def _signed(text: bytes) -> dict[str, str]:
    stamp = str(int(time.time()))
    mark = hmac.new(SECRET.encode(), stamp.encode() + b"." + text, hashlib.sha256).hexdigest()
    return {"Sandbox-Signature": f"t={stamp},v1={mark}"}


class Buyer:
    """One buyer's way through the house. ``patience`` is for each step."""

    looking = ("look",)

    def __init__(self, number: int, wire: Wire, world: dict[str, Any], patience: float) -> None:
        chance = Seed(20260513).stream("buyer", number)
        self.wire, self.world, self.patience = wire, world, patience
        story = STORIES[number % len(STORIES)]
        self.note = Note(number, story, str(new_id()), "cash" if story == "cash" else "sandbox")
        self.note.lines = {"coffee": 1 + number % 3} | ({"cake": 1} if chance.random() < 0.4 else {})
        self.walks_away = chance.random() < 0.12
        self.twice = chance.random() < 0.3
        self.messenger = chance.random() < 0.6
        self.until = time.monotonic() + patience

    # Asking

    def ask(
        self, step: str, whom: str, method: str, path: str, value: Any = None, *, wanted: Sequence[int] = (200,),
        body: bytes | None = None, sign: bool = False, **headers: str,
    ) -> tuple[int, Any]:  # fmt: skip
        """Asks until somebody answers. Answers of the house are JSON, where they are not text."""
        sent = body if body is not None else b"" if value is None else json.dumps(value).encode()
        while True:
            more = _signed(sent if whom == "house" else f"{method} {path}.".encode() + sent) if sign else {}
            kind = {"Content-Type": "application/json"} if body is None or sign else {}
            try:
                status, answer = self.wire.ask(whom, method, path, sent, {**kind, **headers, **more})
            except Lost:
                if step not in self.note.unsure:
                    self.note.unsure.append(step)
                if self.walks_away:
                    raise Gone from None
                self._breathe(step)
                continue
            if step not in self.looking:
                self.until = time.monotonic() + self.patience
            if status not in wanted:
                raise Surprise(f"{step} was answered {status}: {answer[:300]!r}")
            try:
                return status, json.loads(answer)
            except ValueError:
                return status, answer.decode("utf-8", "replace")

    def _breathe(self, step: str) -> None:
        if time.monotonic() > self.until:
            raise Surprise(f"{step} gave up after {self.patience:.0f} s")
        threading.Event().wait(0.03)

    def device(self, step: str, method: str, path: str, value: Any = None, **more: Any) -> tuple[int, Any]:
        return self.ask(step, "house", method, f"/api/v1{path}", value, **{"Paseo-Visitor": self.note.visitor, **more})

    def counter(self, step: str, path: str, value: Any, **more: Any) -> tuple[int, Any]:
        key = {"Authorization": f"Bearer {self.world['key']}"}
        return self.ask(step, "house", "POST", f"/api/v1{path}", value, **{**key, **more})

    def told(self, step: str, content: Any) -> Any:
        """An answer came: from here on it is true. A second one to the same question says the same."""
        known = self.note.told.setdefault(step, content)
        if known != content:
            raise Surprise(f"{step} was answered {known!r}, and then {content!r}")
        return content

    def again(self, act: Callable[[], Any]) -> Any:
        """Some people tap twice."""
        first = act()
        return act() if self.twice else first

    # The way

    def walk(self) -> Note:
        try:
            self._walk()
            self.note.done = True
        except Gone:
            self.note.gone = True
        return self.note

    def _walk(self) -> None:
        order = self.again(self._order)
        if self.note.story == "leave":
            return
        if self.note.story == "cancel":
            self.again(lambda: self._cancel(order))
            self._look(order, {"cancelled"})
            return
        if self.note.method != "cash":
            self._pay(order)
        seen = self._look(order, {"confirmed"})
        if self.note.story == "refuse":
            self.again(lambda: self._refuse(order))
            self._look(order, {"refused"})
            return
        redemption = self._fetch(order, seen["code"], "redeem")
        self._look(order, {"completed"})
        if self.note.story == "refund":
            self.again(lambda: self._refund(order))
        if self.note.story == "undo":
            self.again(lambda: self._undo(redemption))
            self._fetch(order, self._look(order, {"confirmed"})["code"], "redeem again")
            self._look(order, {"completed"})

    def _order(self) -> dict[str, Any]:
        if "order" in self.note.told:
            return self._place(self.note.carts[-1], self.note.told["order"]["total_minor"])
        while True:
            cart_id = str(new_id())
            self.note.carts.append(cart_id)
            total = sum(PRICES[name] * pieces for name, pieces in self.note.lines.items())
            lines = [
                {"offer_id": self.world["offers"][name], "quantity": pieces} for name, pieces in self.note.lines.items()
            ]
            _, cart = self.device(
                "cart", "PUT", f"/carts/{cart_id}", {"store_id": self.world["store_id"], "lines": lines}
            )
            if cart["can_be_placed"]:
                if cart["total_minor"] != total:
                    raise Surprise(f"the cart costs {cart['total_minor']} instead of {total}")
                order = self._place(cart_id, total)
                if order is not None:
                    return order
            if "cake" not in self.note.lines:
                raise Surprise(f"the cart cannot be placed: {cart}")
            del self.note.lines["cake"]

    def _place(self, cart_id: str, total: int) -> Any:
        """The order, or None when the last cake has gone."""
        wish = {
            "cart_id": cart_id, "email": "buyer@example.com", "name": f"Buyer {self.note.number}",
            "method": self.note.method, "agreed_total_minor": total,
        }  # fmt: skip
        status, placed = self.device("order", "POST", "/orders", wish, wanted=(200, 201, 409))
        if status == 409:
            if placed["code"] not in {"inventory.last_one_gone", "ordering.cannot_order"} or "order" in self.note.told:
                raise Surprise(f"the order was answered {placed}")
            return None
        if status == 201 and "order" in self.note.told:
            raise Surprise("a cart was ordered twice")
        payment = placed["payment"]
        self.told(
            "order",
            {
                **{name: placed[name] for name in ("id", "number", "currency", "total_minor", "access_token")},
                "cart_id": cart_id,
                "payment_id": payment["id"],
                "amount_minor": payment["amount_minor"],
            },
        )
        return placed

    def _pay(self, order: dict[str, Any]) -> None:
        payment = order["payment"]
        query = {name: values[0] for name, values in parse_qs(urlsplit(payment["redirect_url"]).query).items()}
        form = urlencode({**query, "card": "success"}).encode()
        self.ask("pay", "gateway", "POST", "/pay", body=form, wanted=(303,))
        self.told("pay", True)
        if self.messenger:
            self._notify(payment["id"])

    def _notify(self, payment_id: str) -> None:
        """Tells the house before the gateway does; the gateway comes with a message of its own all the same."""
        _, state = self.ask("state of the payment", "gateway", "GET", f"/api/payments/{payment_id}", sign=True)
        message = {"event_id": str(new_id()), "kind": "payment.captured", "payment": state}
        body = json.dumps(message).encode()
        _, outcome = self.ask("notice", "house", "POST", "/hooks/payments/sandbox", body=body, sign=True)
        if outcome not in {"captured", "duplicate", "ignored"}:
            raise Surprise(f"the notice was answered {outcome}")
        self.told("notice", True)

    def _look(self, order: dict[str, Any], until: set[str]) -> dict[str, Any]:
        """The order as soon as it is in one of these states. What was seen once is never unseen."""
        key = {"Paseo-Order-Key": order["access_token"]}
        begin = time.monotonic()
        while True:
            _, seen = self.device("look", "GET", f"/orders/{order['id']}", **key)
            if not self.note.states or self.note.states[-1] != seen["state"]:
                self.note.states.append(seen["state"])
            if "notice" in self.note.told and seen["paid_at"] is None:
                raise Surprise("a payment that was acknowledged is not there")
            if seen["state"] in until:
                return dict(seen)
            if seen["state"] == "placed" and "pay" in self.note.told and time.monotonic() > begin + GATEWAY_SECONDS:
                # The gateway comes again after growing pauses, longer than the house stands here.
                self._notify(order["payment"]["id"])
            self._breathe(f"waiting for {until}, it is {seen['state']};")

    def _fetch(self, order: dict[str, Any], code: str, step: str) -> str:
        asked = {"code": code, "store_id": self.world["store_id"], "terminal": f"till-{self.note.number % 3}"}
        _, ticket = self.counter("verify", "/codes/verify", asked)
        if ticket["subject_id"] != order["id"]:
            raise Surprise(f"the code opens {ticket['subject_id']}")
        wish = {"token": ticket["token"], "cash_taken": self.note.method == "cash"}

        def redeem() -> str:
            _, done = self.counter(step, "/codes/redeem", wish)
            self.told(step, {name: done[name] for name in ("redemption_id", "subject_id", "uses", "at")})
            return str(done["redemption_id"])

        return str(self.again(redeem))

    def _once(self, step: str) -> dict[str, str]:
        return {"Idempotency-Key": f"{step}-{self.note.visitor}"}

    def _undo(self, redemption: str) -> None:
        _, done = self.counter("undo", f"/redemptions/{redemption}/undo", None, **self._once("undo"))
        self.told("undo", {"redemption_id": done["redemption_id"]})

    def _refuse(self, order: dict[str, Any]) -> None:
        path = f"/shop/orders/{order['id']}/refuse"
        _, seen = self.counter("refuse", path, {"reason": "no milk"}, **self._once("refuse"))
        self.told("refuse", {"state": seen["state"], "returned_minor": seen["returned_minor"]})

    def _refund(self, order: dict[str, Any]) -> None:
        path = f"/shop/orders/{order['id']}/refunds"
        wish = {"amount_minor": 100 + self.note.number % 50, "reason": "cold"}
        _, done = self.counter("refund", path, wish, **self._once("refund"))
        self.told("refund", {"id": done["id"], "amount_minor": done["amount_minor"]})

    def _cancel(self, order: dict[str, Any]) -> None:
        key = {"Paseo-Order-Key": order["access_token"], **self._once("cancel")}
        _, seen = self.device("cancel", "POST", f"/orders/{order['id']}/cancel", {"reason": ""}, **key)
        self.told("cancel", {"state": seen["state"]})


class Crowd:
    """So many buyers at once, one after the other, until ``leave``."""

    def __init__(self, house: House, world: dict[str, Any], size: int, patience: float = PATIENCE) -> None:
        self.house, self.world, self.patience = house, world, patience
        self.pulse = Pulse()
        self.notes: list[Note] = []
        self.surprises: list[str] = []
        self.leaving = threading.Event()
        self._numbers = iter(range(10**9))
        self._lock = threading.Lock()
        self._threads = [threading.Thread(target=self._come, daemon=True) for _ in range(size)]

    def come(self) -> None:
        for thread in self._threads:
            thread.start()

    def leave(self) -> None:
        """No new buyers; those who are there finish."""
        self.leaving.set()
        for thread in self._threads:
            thread.join(3 * self.patience + TIMEOUT)
            if thread.is_alive():
                self.surprises.append("a buyer never came out")

    def _come(self) -> None:
        wire = Wire(self.house, self.pulse)
        while not self.leaving.is_set():
            with self._lock:
                number = next(self._numbers)
            buyer = Buyer(number, wire, self.world, self.patience)
            try:
                buyer.walk()
            except Surprise as surprise:
                self.surprises.append(f"buyer {number} ({buyer.note.story}): {surprise}")
            except Exception as error:
                self.surprises.append(f"buyer {number} ({buyer.note.story}): {error!r}")
            with self._lock:
                self.notes.append(buyer.note)
        for whom in wire.ports:
            wire.close(whom)
