"""``paseo demo``"""

from __future__ import annotations

import importlib
import os
from collections.abc import Sequence


def run(arguments: Sequence[str]) -> int:
    os.environ.setdefault("PASEO_DEMO", "1")
    return int(importlib.import_module("demo.run").main(list(arguments)) or 0)
