"""Delivering notices until they are answered, with growing pauses, and taking money that comes late."""

from __future__ import annotations

import logging
import threading
import time
import urllib.error
import urllib.request

from outside.sandbox_gateway import cards, signing
from outside.sandbox_gateway.store import Delivery, Store

log = logging.getLogger("sandbox")
TIMEOUT_S = 5.0
MOST_ATTEMPTS = 20
LONGEST_PAUSE_S = 300.0


def pause(attempts: int) -> float:
    """1 s, 2 s, 4 s … five minutes."""
    return float(min(2 ** max(attempts - 1, 0), LONGEST_PAUSE_S))


def run_once(store: Store, secret: str, now: float | None = None) -> int:
    """What is due now; the number of notices that were answered."""
    moment = time.time() if now is None else now
    for payment_id in store.due_captures(moment):
        cards.capture(store, payment_id)
    answered = 0
    for delivery in store.due_deliveries(moment):
        attempts = delivery.attempts + 1
        if attempts <= delivery.drop_first:
            store.not_delivered(delivery.number, "dropped on purpose", moment + pause(attempts))
            continue
        try:
            answer = send(delivery, secret)
        except OSError as error:
            again = moment + pause(attempts) if attempts < MOST_ATTEMPTS else None
            store.not_delivered(delivery.number, str(error)[:200], again)
            log.info("notice %s: try %d failed: %s", delivery.event_id, attempts, error)
        else:
            store.delivered(delivery.number, answer)
            answered += 1
    return answered


def send(delivery: Delivery, secret: str) -> str:
    """One try. Raises OSError unless the shop answers with 2xx."""
    body = delivery.body.encode()
    request = urllib.request.Request(  # noqa: S310 - the address comes from a signed link
        delivery.url,
        data=body,
        headers={"Content-Type": "application/json", signing.HEADER: signing.header_for(secret, body)},
        method="POST",
    )
    with urllib.request.urlopen(request, timeout=TIMEOUT_S) as response:  # noqa: S310
        return str(response.status)


class Courier(threading.Thread):
    """Looks for what is due, several times a second."""

    def __init__(self, store: Store, secret: str, every_s: float = 0.2) -> None:
        super().__init__(name="sandbox-courier", daemon=True)
        self.store, self.secret, self.every_s = store, secret, every_s
        self.stopping = threading.Event()

    def run(self) -> None:
        while not self.stopping.wait(self.every_s):
            try:
                run_once(self.store, self.secret)
            except Exception:
                log.exception("delivering notices failed")
