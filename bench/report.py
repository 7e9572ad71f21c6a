"""One JSON object per line."""

from __future__ import annotations

import json
import os
from typing import Any

from bench.http import Load


def quick() -> bool:
    return os.environ.get("BENCH_QUICK", "") == "1"


def number(name: str, default: int, when_quick: int) -> int:
    given = os.environ.get(f"BENCH_{name}", "")
    return int(given) if given else (when_quick if quick() else default)


def line(
    name: str,
    db: str,
    clients: int,
    *,
    load: Load | None = None,
    cpu_s: float = 0.0,
    sql: float = 0,
    floor: float = 0.0,
    errors: int = 0,
    **more: Any,
) -> dict[str, Any]:
    """Prints and returns the result of one run. Zero stands where something does not apply."""
    done = len(load.seconds) if load else 0
    rate = load.rate if load else 0.0
    result = {
        "name": name,
        "db": db,
        "clients": clients,
        "rate_per_s": round(rate, 1),
        "p50_ms": round(load.percentile(0.5), 1) if load else 0,
        "p95_ms": round(load.percentile(0.95), 1) if load else 0,
        "cpu_ms_per_op": round(cpu_s / done * 1000, 2) if done else 0,
        "sql_per_op": sql,
        "floor_rate_per_s": round(floor, 1),
        "ratio_to_floor": round(rate / floor, 3) if floor else 0,
        "errors": errors + (len(load.errors) if load else 0),
        **more,
    }
    if load and load.errors:
        result["first_error"] = load.errors[0]
    print(json.dumps(result), flush=True)
    return result
