"""The floor: the same rows by bare SQL on the same database, in three durable transactions per order.

No framework, no rules, no reading: nothing that keeps these rows durable can be much faster, so the distance to it is
what Paseo itself costs. Runs as processes of its own, as many as the pages have, with threads for the clients.
"""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from secrets import token_hex
from typing import Any
from urllib.parse import unquote, urlsplit
from uuid import UUID, uuid4

from bench.server import ROOT
from bench.world import Step, World
from paseo.capabilities.fulfillment.rules.plates import plate_text

PROCESSES = 2


class Sqlite:
    """Writers queue for the file, as they do in Paseo: without that SQLite would only be slower."""

    def __init__(self, url: str) -> None:
        import sqlite3

        from paseo.platform.db.sqlite.turn import Turn

        path = unquote(urlsplit(url).path)
        self.turn = Turn(f"{path}.lock")
        self.connection = sqlite3.connect(path, timeout=20, isolation_level=None, check_same_thread=False)
        self.connection.executescript(
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA cache_size=-32000; "
            "PRAGMA mmap_size=268435456; PRAGMA temp_store=MEMORY;"
        )

    def id(self, value: UUID) -> Any:
        return value.hex

    def sql(self, text: str) -> str:
        return text.replace("%s", "?")

    def plain(self, value: Any) -> Any:
        return str(value) if isinstance(value, Decimal) else value

    def transaction(self, statements: Callable[[Any], None]) -> None:
        self.turn.take()
        try:
            self.connection.execute("BEGIN IMMEDIATE")
            statements(self.connection.cursor())
            self.connection.execute("COMMIT")
        finally:
            if self.connection.in_transaction:
                self.connection.execute("ROLLBACK")
            self.turn.give_back()


class Postgres:
    def __init__(self, url: str) -> None:
        import psycopg

        self.connection = psycopg.connect(url, autocommit=True, cursor_factory=psycopg.ClientCursor)

    def id(self, value: UUID) -> Any:
        return value

    def sql(self, text: str) -> str:
        return text

    def plain(self, value: Any) -> Any:
        return value

    def transaction(self, statements: Callable[[Any], None]) -> None:
        with self.connection.transaction():
            statements(self.connection.cursor())


def connect(url: str) -> Sqlite | Postgres:
    return Sqlite(url) if url.startswith("sqlite") else Postgres(url)


class Replay:
    """One order after the other on one connection."""

    def __init__(self, world: World, database: Sqlite | Postgres) -> None:
        self.world, self.database = world, database
        self.flow = [
            [
                Step(
                    database.sql(step.sql),
                    tuple((kind, database.plain(value) if kind == "same" else value) for kind, value in step.params),
                    step.rows,
                )
                for step in statements
            ]
            for statements in world.flow
        ]

    def order(self, number: int, voucher: UUID) -> None:
        """Raises AssertionError when a statement changes another number of rows than in Paseo."""
        fresh: dict[str, Any] = {}
        plate = ""
        make_id = self.database.id
        shop, *goods = self.world.goods_of(number)

        def value(kind: str, what: Any) -> Any:
            if kind in {"same", "owner", "day"}:
                return what
            if kind == "id":
                return fresh.setdefault(what, make_id(uuid4()))
            if kind == "shop":
                return make_id(shop.id)
            if kind == "good":
                return make_id(getattr(goods[what[0]], what[1]))
            if kind == "voucher":
                return make_id(voucher)
            if kind == "plate":
                return plate
            return fresh.setdefault(what, token_hex((len(what) + 1) // 2)[: len(what)])

        for statements in self.flow:

            def run(cursor: Any, statements: list[Step] = statements) -> None:
                nonlocal plate
                for step in statements:
                    cursor.execute(step.sql, [value(kind, what) for kind, what in step.params])
                    if "RETURNING" in step.sql:
                        found = cursor.fetchall()
                        if "platecounter" in step.sql:
                            plate = plate_text(found[0][0])
                        assert len(found) == max(step.rows, len(found)) or step.rows < 0
                    else:
                        assert cursor.rowcount == step.rows, step.sql[:80]

            self.database.transaction(run)


def _work(path: str, url: str, clients: int, begin: int, total: int) -> None:
    """One process: ``clients`` threads take ``total`` orders. Says "ready", waits for a line, reports as JSON."""
    world: World = pickle.loads(Path(path).read_bytes())
    vouchers = iter(world.spare_vouchers[begin : begin + total])
    numbers = iter(range(begin, begin + total))
    lock, seconds, errors = threading.Lock(), [], []

    def client(replay: Replay) -> None:
        while True:
            with lock:
                number, voucher = next(numbers, None), next(vouchers, None)
            if number is None or voucher is None:
                return
            start = time.perf_counter()
            try:
                replay.order(number, voucher)
            except Exception as error:  # every failure is reported as one, whatever it is
                errors.append(f"{type(error).__name__}: {error}"[:300])
            else:
                seconds.append(time.perf_counter() - start)

    threads = [threading.Thread(target=client, args=(Replay(world, connect(url)),)) for _ in range(clients)]
    print("ready", flush=True)
    sys.stdin.readline()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(json.dumps({"done": len(seconds), "errors": errors[:5]}), flush=True)


def floor(
    world_file: Path, environment: dict[str, str], clients: int, begin: int, total: int
) -> tuple[float, list[str]]:
    """Orders per second, and errors. ``begin`` is the first of the spare vouchers that is not used yet."""
    processes = min(PROCESSES, clients)
    share = total // processes
    workers = [
        subprocess.Popen(
            [
                sys.executable, "-m", "bench.floor", str(world_file), environment["BENCH_URL"],
                str(clients // processes), str(begin + share * number), str(share),
            ],
            env=environment, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )
        for number in range(processes)
    ]  # fmt: skip
    for worker in workers:
        assert worker.stdout is not None
        if worker.stdout.readline().strip() != "ready":
            raise SystemExit("The floor could not be laid.")
    start = time.perf_counter()
    for worker in workers:
        assert worker.stdin is not None
        worker.stdin.write("\n")
        worker.stdin.flush()
    results = [json.loads(worker.stdout.readline()) for worker in workers if worker.stdout is not None]
    elapsed = time.perf_counter() - start
    for worker in workers:
        worker.wait(10)
    done = sum(result["done"] for result in results)
    return done / elapsed, [error for result in results for error in result["errors"]]


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    _work(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]), int(sys.argv[5]))
