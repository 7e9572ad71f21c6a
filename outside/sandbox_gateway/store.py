"""The gateway's own books: payments, refunds, and the notices that are still to be delivered."""

from __future__ import annotations

import json
import secrets
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

SCHEMA = """
CREATE TABLE IF NOT EXISTS payment (
    id TEXT PRIMARY KEY, ref TEXT NOT NULL UNIQUE, amount_minor INTEGER NOT NULL, currency TEXT NOT NULL,
    text TEXT NOT NULL, notify TEXT NOT NULL, state TEXT NOT NULL, reason TEXT NOT NULL DEFAULT '',
    captured_minor INTEGER NOT NULL DEFAULT 0, captured_at REAL, capture_due_at REAL, created_at REAL NOT NULL
);
CREATE TABLE IF NOT EXISTS refund (
    id TEXT PRIMARY KEY, ref TEXT NOT NULL UNIQUE, payment_id TEXT NOT NULL REFERENCES payment (id),
    amount_minor INTEGER NOT NULL CHECK (amount_minor > 0), at REAL NOT NULL
);
CREATE TABLE IF NOT EXISTS delivery (
    number INTEGER PRIMARY KEY AUTOINCREMENT, event_id TEXT NOT NULL, url TEXT NOT NULL, body TEXT NOT NULL,
    due_at REAL NOT NULL, attempts INTEGER NOT NULL DEFAULT 0, drop_first INTEGER NOT NULL DEFAULT 0,
    done_at REAL, answer TEXT NOT NULL DEFAULT ''
);
CREATE INDEX IF NOT EXISTS delivery_due ON delivery (due_at) WHERE done_at IS NULL;
CREATE INDEX IF NOT EXISTS payment_due ON payment (capture_due_at) WHERE capture_due_at IS NOT NULL;
"""


class Refused(Exception):
    """A final no, with its reason."""


@dataclass(frozen=True)
class Delivery:
    number: int
    event_id: str
    url: str
    body: str
    attempts: int
    drop_first: int


class Store:
    def __init__(self, path: str) -> None:
        self._lock = threading.RLock()
        self._db = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._db.row_factory = sqlite3.Row
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=FULL")
        self._db.executescript(SCHEMA)

    def close(self) -> None:
        with self._lock:
            self._db.close()

    @contextmanager
    def unit(self) -> Iterator[sqlite3.Connection]:
        """One transaction at a time: this is a sandbox."""
        with self._lock:
            if self._db.in_transaction:
                yield self._db
                return
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self._db
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")

    def opened(self, wanted: dict[str, Any]) -> sqlite3.Row:
        """The payment of a start link, written when it is seen for the first time."""
        with self.unit() as db:
            db.execute(
                "INSERT INTO payment (id, ref, amount_minor, currency, text, notify, state, created_at) "
                "VALUES (?, ?, ?, ?, ?, ?, 'created', ?) ON CONFLICT (id) DO NOTHING",
                (
                    wanted["id"], f"sbx_{secrets.token_hex(8)}", wanted["amount"], wanted["currency"], wanted["text"],
                    wanted["notify"], time.time(),
                ),
            )  # fmt: skip
            return self.payment(wanted["id"])  # type: ignore[return-value]

    def payment(self, payment_id: str) -> sqlite3.Row | None:
        with self._lock:
            return self._db.execute("SELECT * FROM payment WHERE id = ?", (payment_id,)).fetchone()

    def move(self, payment_id: str, origins: tuple[str, ...], state: str, **columns: Any) -> bool:
        """Changes the state if it is one of the origins."""
        names = "".join(f", {name} = ?" for name in columns)
        marks = ", ".join("?" for _ in origins)
        with self.unit() as db:
            done = db.execute(
                f"UPDATE payment SET state = ?{names} WHERE id = ? AND state IN ({marks})",  # noqa: S608
                (state, *columns.values(), payment_id, *origins),
            )
            return done.rowcount == 1

    def due_captures(self, now: float) -> list[str]:
        with self._lock:
            rows = self._db.execute(
                "SELECT id FROM payment WHERE capture_due_at <= ? AND state IN ('pending', 'authorized')", (now,)
            )
            return [row["id"] for row in rows]

    def refunds(self, payment_id: str) -> list[sqlite3.Row]:
        with self._lock:
            return self._db.execute(
                "SELECT * FROM refund WHERE payment_id = ? ORDER BY at, id", (payment_id,)
            ).fetchall()

    def refund(self, payment_id: str, refund_id: str, amount_minor: int, currency: str) -> sqlite3.Row:
        """Once per id: the same id again gives the same refund. Refused for more than there is."""
        with self.unit() as db:
            known = db.execute("SELECT * FROM refund WHERE id = ?", (refund_id,)).fetchone()
            if known is not None:
                if known["payment_id"] != payment_id or known["amount_minor"] != amount_minor:
                    raise Refused("this refund id was used for something else")
                return known
            payment = self.payment(payment_id)
            if payment is None or payment["captured_minor"] == 0:
                raise Refused("nothing was captured")
            if payment["currency"] != currency:
                raise Refused("another currency")
            given = sum(row["amount_minor"] for row in self.refunds(payment_id))
            if amount_minor <= 0 or given + amount_minor > payment["captured_minor"]:
                raise Refused("more than was captured")
            db.execute(
                "INSERT INTO refund (id, ref, payment_id, amount_minor, at) VALUES (?, ?, ?, ?, ?)",
                (refund_id, f"sbr_{secrets.token_hex(8)}", payment_id, amount_minor, time.time()),
            )
            return db.execute("SELECT * FROM refund WHERE id = ?", (refund_id,)).fetchone()

    def snapshot(self, payment_id: str) -> dict[str, Any]:
        """The payment as it is told to the shop: whole, so that the order of messages does not matter."""
        row = self.payment(payment_id)
        assert row is not None
        return {
            "id": row["id"],
            "ref": row["ref"],
            "state": row["state"],
            "amount_minor": row["amount_minor"],
            "currency": row["currency"],
            "captured_minor": row["captured_minor"],
            "reason": row["reason"],
            "refunds": [
                {"ref": one["ref"], "id": one["id"], "amount_minor": one["amount_minor"], "state": "done"}
                for one in self.refunds(payment_id)
            ],
        }

    def announce(
        self, payment_id: str, kind: str, *, after: float = 0.0, drop_first: int = 0, times: int = 1, **changed: Any
    ) -> str:
        """Plans a notice. ``changed`` overrides the snapshot, for messages that tell of an earlier moment."""
        event_id = f"evt_{secrets.token_hex(12)}"
        with self.unit() as db:
            row = self.payment(payment_id)
            assert row is not None
            body = json.dumps({"event_id": event_id, "kind": kind, "payment": {**self.snapshot(payment_id), **changed}})
            for copy in range(times):
                db.execute(
                    "INSERT INTO delivery (event_id, url, body, due_at, drop_first) VALUES (?, ?, ?, ?, ?)",
                    (event_id, row["notify"], body, time.time() + after + copy * 0.2, drop_first),
                )
        return event_id

    def due_deliveries(self, now: float, limit: int = 50) -> list[Delivery]:
        with self._lock:
            rows = self._db.execute(
                "SELECT number, event_id, url, body, attempts, drop_first FROM delivery "
                "WHERE done_at IS NULL AND due_at <= ? ORDER BY due_at, number LIMIT ?",
                (now, limit),
            )
            return [Delivery(*row) for row in rows]

    def delivered(self, number: int, answer: str) -> None:
        with self.unit() as db:
            db.execute(
                "UPDATE delivery SET done_at = ?, answer = ?, attempts = attempts + 1 WHERE number = ?",
                (time.time(), answer, number),
            )

    def not_delivered(self, number: int, answer: str, again_at: float | None) -> None:
        with self.unit() as db:
            db.execute(
                "UPDATE delivery SET attempts = attempts + 1, answer = ?, due_at = ?, done_at = ? WHERE number = ?",
                (answer, again_at or 0, None if again_at else time.time(), number),
            )

    def booked(self, start: float, end: float) -> list[tuple[str, str, str, int, str, float]]:
        """The day's bookings: ref, kind, payment, amount, currency, instant."""
        with self._lock:
            captured = self._db.execute(
                "SELECT ref, 'capture', id, captured_minor, currency, captured_at FROM payment "
                "WHERE captured_at >= ? AND captured_at < ?",
                (start, end),
            ).fetchall()
            given = self._db.execute(
                "SELECT r.ref, 'refund', r.payment_id, r.amount_minor, p.currency, r.at FROM refund r "
                "JOIN payment p ON p.id = r.payment_id WHERE r.at >= ? AND r.at < ?",
                (start, end),
            ).fetchall()
        return sorted((tuple(row) for row in [*captured, *given]), key=lambda row: row[5])  # type: ignore[return-value]
