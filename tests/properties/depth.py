"""How far the state machines walk. ``make test`` walks a little of every path; ``DEEP=1 make test`` walks them all."""

from __future__ import annotations

import os

DEEP = os.environ.get("DEEP", "") not in {"", "0"}


def examples(deep: int, usual: int) -> int:
    return deep if DEEP else usual


def least(deep: int, usual: int) -> int:
    return deep if DEEP else usual
