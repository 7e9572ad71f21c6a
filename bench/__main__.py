"""``python -m bench [name]``: measures and prints one JSON object per line.

``BENCH_DB`` sqlite or postgres instead of both; ``BENCH_ORDERS``, ``BENCH_LOOKS`` and ``BENCH_GROWTH`` for other
amounts; ``BENCH_QUICK=1`` for a run of seconds that only shows that everything works.
"""

from __future__ import annotations

import importlib
import os
import sys

NAMES = ("checkout", "browse", "contention", "growth", "start", "audit")
DATABASES = ("sqlite", "postgres")


def main(arguments: list[str]) -> int:
    wanted = arguments or list(NAMES)
    wanted = ["browse" if name == "nearest" else name for name in wanted]
    if unknown := [name for name in wanted if name not in NAMES]:
        print(f"There is no benchmark {', '.join(unknown)}. There are: {', '.join(NAMES)}.", file=sys.stderr)
        return 2
    databases = [os.environ["BENCH_DB"]] if os.environ.get("BENCH_DB") else list(DATABASES)
    if unknown := [db for db in databases if db not in DATABASES]:
        print(f"BENCH_DB is {' or '.join(DATABASES)}, not {unknown[0]}.", file=sys.stderr)
        return 2
    failed = 0
    for db in databases:
        for name in wanted:
            results = importlib.import_module(f"bench.{name}").run(db)
            failed += sum(result["errors"] for result in results)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
