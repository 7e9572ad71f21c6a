"""The benchmark can always be run: a handful of orders against a server of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from tests.house.sources import ROOT

KEYS = {
    "name", "db", "clients", "rate_per_s", "p50_ms", "p95_ms", "cpu_ms_per_op", "sql_per_op", "floor_rate_per_s",
    "ratio_to_floor", "errors",
}  # fmt: skip


@pytest.mark.slow
def test_orders_are_made_and_measured():
    environment = {**os.environ, "BENCH_QUICK": "1", "BENCH_DB": "sqlite", "BENCH_ORDERS": "6"}
    for name in ("DATABASE_URL", "PASEO_VAR", "DJANGO_SETTINGS_MODULE"):
        environment.pop(name, None)
    done = subprocess.run(
        [sys.executable, "-m", "bench", "checkout"], cwd=ROOT, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr[-2000:]
    results = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(result["name"], result["db"], result["orders"]) for result in results] == [("checkout", "sqlite", 6)]
    for result in results:
        assert set(result) >= KEYS
        assert result["errors"] == 0
        assert result["sql_per_op"] == 31
        assert result["rate_per_s"] > 0 < result["floor_rate_per_s"]


@pytest.mark.slow
def test_the_auditor_is_measured():
    environment = {**os.environ, "BENCH_QUICK": "1", "BENCH_DB": "sqlite"}
    for name in ("DATABASE_URL", "PASEO_VAR", "DJANGO_SETTINGS_MODULE"):
        environment.pop(name, None)
    done = subprocess.run(
        [sys.executable, "-m", "bench", "audit"], cwd=ROOT, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr[-2000:]
    (result,) = [json.loads(line) for line in done.stdout.splitlines()]
    assert set(result) >= KEYS
    assert (result["name"], result["db"], result["orders"], result["errors"]) == ("audit", "sqlite", 200, 0)
    assert result["sql_per_op"] < 100, "not one statement per order"
