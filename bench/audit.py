"""How long the auditor takes over months of orders: each check, and all of them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

from bench.report import line, number
from bench.seed import seeded
from bench.server import ROOT, installation

SLOWEST = 5


def run(db: str) -> list[dict[str, Any]]:
    orders = number("AUDIT", 100_000, 200)
    with installation(db) as environment:
        seeded(environment, buyers=1, stored=orders)
        done = subprocess.run(
            [sys.executable, "-m", "bench.audit"],
            cwd=ROOT,
            env=environment,
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        )
        took: dict[str, Any] = json.loads(done.stdout)
    seconds, statements = took["seconds"], took["statements"]
    slowest = sorted(seconds, key=lambda name: -seconds[name])[:SLOWEST]
    return [
        line(
            "audit", db, 1, sql=sum(statements.values()), orders=orders, seconds=round(sum(seconds.values()), 2),
            checks=len(seconds), findings=took["findings"],
            slowest={name: [round(seconds[name], 2), statements[name]] for name in slowest},
        )
    ]  # fmt: skip


def _settle() -> None:
    """What a sale leaves by updates, which are not replayed: the orders are paid, their goods handed over."""
    from django.db import connection

    with connection.cursor() as cursor:
        for statement in (
            "UPDATE ordering_order SET paid_at = placed_at, confirmed_at = placed_at WHERE paid_at IS NULL",
            "UPDATE payments_payment SET captured_minor = amount_minor, captured_currency = currency "
            "WHERE captured_minor = 0 AND state = 'captured'",
            "UPDATE inventory_holdline SET issued = quantity - released WHERE issued = 0",
        ):
            cursor.execute(statement)
        if connection.vendor == "postgresql":
            cursor.execute("ANALYZE")


def _look() -> None:
    from collections import Counter
    from time import perf_counter

    from paseo.platform.audit.checks import auditors, run_all
    from paseo.platform.db.unit import sql_count

    _settle()
    seconds, statements, findings = {}, {}, Counter[str]()
    for name in auditors():
        began = perf_counter()
        with sql_count() as sql:
            findings[name] = len(run_all([name]))
        seconds[name], statements[name] = perf_counter() - began, sql.count
    print(
        json.dumps({"seconds": seconds, "statements": statements, "findings": {k: n for k, n in findings.items() if n}})
    )


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    _look()
