"""HTTP: the pay page for people, and a signed API for shops."""

from __future__ import annotations

import base64
import csv
import io
import json
import logging
import time
from datetime import UTC, date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit, urlunsplit

from outside.sandbox_gateway import cards, pages, signing
from outside.sandbox_gateway.store import Refused, Store
from outside.sandbox_gateway.texts import language_of

log = logging.getLogger("sandbox")
MOST_BYTES = 100_000


class Gateway(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, address: tuple[str, int], store: Store, secret: str, late_s: float = cards.LATE_S) -> None:
        super().__init__(address, Handler)
        self.store, self.secret, self.late_s = store, secret, late_s


def back_to(wanted: dict[str, Any], state: str) -> str:
    """The shop's address, with the payment and how it went. The shop believes only signed notices."""
    parts = urlsplit(wanted["back"])
    query = [*parse_qsl(parts.query), ("payment", wanted["id"]), ("outcome", state)]
    return urlunsplit(parts._replace(query=urlencode(query)))


class Handler(BaseHTTPRequestHandler):
    server: Gateway
    server_version = "PaseoSandbox"
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._answer(b"")

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        if length > MOST_BYTES:
            self._json(413, {"error": "too large"})
            return
        self._answer(self.rfile.read(length))

    def log_message(self, format: str, *args: Any) -> None:
        log.info("%s %s", self.address_string(), format % args)

    def _answer(self, body: bytes) -> None:
        path = urlsplit(self.path).path
        try:
            if path == "/healthz":
                self._send(200, b"ok\n", "text/plain; charset=utf-8")
            elif path == "/pay":
                self._pay(body)
            elif path.startswith("/api/"):
                self._api(path, body)
            else:
                self._send(404, b"not found\n", "text/plain; charset=utf-8")
        except Exception:
            log.exception("%s failed", path)
            self._json(500, {"error": "the sandbox failed"})

    # people

    def _pay(self, body: bytes) -> None:
        text = body.decode("utf-8", "replace") if self.command == "POST" else urlsplit(self.path).query
        form = {name: values[0] for name, values in parse_qs(text).items()}
        packed, signature = form.get("d", ""), form.get("s", "")
        if not packed or not signing.link_is_right(self.server.secret, packed, signature):
            self._html(400, pages.broken(language_of(self.headers.get("Accept-Language", "en"))))
            return
        wanted = json.loads(base64.urlsafe_b64decode(packed + "=" * (-len(packed) % 4)))
        row = self.server.store.opened(wanted)
        if row["state"] != "created":
            if self.command == "POST":
                self._to(back_to(wanted, row["state"]))
            else:
                self._html(200, pages.settled(wanted, row["state"], back_to(wanted, row["state"])))
            return
        if wanted.get("until") and time.time() > wanted["until"]:
            state = cards.cancel(self.server.store, wanted["id"])
            self._html(200, pages.over(wanted, back_to(wanted, state)))
        elif self.command == "GET":
            self._html(200, pages.pay(wanted, packed, signature, self.server.late_s))
        elif form.get("give_up"):
            self._to(back_to(wanted, cards.cancel(self.server.store, wanted["id"])))
        else:
            card = form.get("card", "success")
            card = card if card in cards.CARDS else "success"
            result = cards.use(self.server.store, wanted["id"], card, wanted.get("until"), self.server.late_s)
            if result.comes_back:
                self._to(back_to(wanted, result.state))
            else:
                self._html(200, pages.lost(wanted))

    # shops

    def _api(self, path: str, body: bytes) -> None:
        signed = f"{self.command} {self.path}.".encode() + body
        if not signing.is_right(self.server.secret, self.headers.get(signing.HEADER, ""), signed):
            self._json(401, {"error": "bad signature"})
            return
        parts = path.strip("/").split("/")[1:]
        store = self.server.store
        if parts == ["statement"] and self.command == "GET":
            self._statement()
            return
        if len(parts) < 2 or parts[0] != "payments":
            self._json(404, {"error": "not found"})
            return
        payment_id = parts[1]
        if store.payment(payment_id) is None:
            self._json(404, {"error": "no such payment"})
        elif self.command == "GET" and len(parts) == 2:
            self._json(200, store.snapshot(payment_id))
        elif self.command == "POST" and parts[2:] in (["capture"], ["cancel"]):
            (cards.capture if parts[2] == "capture" else cards.cancel)(store, payment_id)
            self._json(200, store.snapshot(payment_id))
        elif self.command == "POST" and parts[2:] == ["refunds"]:
            self._refund(payment_id, json.loads(body))
        else:
            self._json(404, {"error": "not found"})

    def _refund(self, payment_id: str, wanted: dict[str, Any]) -> None:
        store = self.server.store
        try:
            with store.unit():
                known = {row["id"] for row in store.refunds(payment_id)}
                row = store.refund(payment_id, str(wanted["id"]), int(wanted["amount_minor"]), str(wanted["currency"]))
                if row["id"] not in known:
                    store.announce(payment_id, "refund.done", after=0.5)
        except Refused as refused:
            self._json(422, {"error": str(refused)})
        except (KeyError, ValueError):
            self._json(422, {"error": "id, amount_minor and currency are needed"})
        else:
            self._json(200, {"ref": row["ref"], "id": row["id"], "amount_minor": row["amount_minor"], "state": "done"})

    def _statement(self) -> None:
        query = parse_qs(urlsplit(self.path).query)
        try:
            day = date.fromisoformat(query.get("day", [""])[0])
        except ValueError:
            self._json(422, {"error": "day=YYYY-MM-DD is needed"})
            return
        start = datetime(day.year, day.month, day.day, tzinfo=UTC)
        out = io.StringIO()
        table = csv.writer(out)
        table.writerow(["ref", "kind", "payment_id", "amount_minor", "currency", "at"])
        for ref, kind, payment_id, minor, currency, at in self.server.store.booked(
            start.timestamp(), (start + timedelta(days=1)).timestamp()
        ):
            table.writerow([ref, kind, payment_id, minor, currency, datetime.fromtimestamp(at, UTC).isoformat()])
        self._send(200, out.getvalue().encode(), "text/csv; charset=utf-8")

    # answers

    def _to(self, address: str) -> None:
        self._send(303, b"", "text/plain", {"Location": address})

    def _html(self, status: int, content: bytes) -> None:
        self._send(
            status,
            content,
            "text/html; charset=utf-8",
            {
                "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
                "Cache-Control": "no-store",
                "Referrer-Policy": "no-referrer",
                "X-Content-Type-Options": "nosniff",
            },
        )

    def _json(self, status: int, content: dict[str, Any]) -> None:
        self._send(status, json.dumps(content).encode(), "application/json")

    def _send(self, status: int, content: bytes, kind: str, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)
