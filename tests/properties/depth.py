"""How far the state machines walk. ``make test`` walks a little of every path; ``DEEP=1 make test`` walks them all."""

from __future__ import annotations

import os
from collections import Counter

DEEP = os.environ.get("DEEP", "") not in {"", "0"}


def examples(deep: int, usual: int) -> int:
    return deep if DEEP else usual


def least(deep: int, usual: int) -> int:
    return deep if DEEP else usual


def count(done: Counter[str], *, usual: int) -> None:
    """Holds a machine to what it says: in a deep run it has really made more than ten thousand operations."""
    total = sum(done.values())
    print(f"{total} operations: {dict(done.most_common())}")
    assert total > least(10_000, usual), done
