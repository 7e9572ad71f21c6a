"""``paseo import``"""

from __future__ import annotations

import importlib
from collections.abc import Sequence

from config.cli.command import load


def run(arguments: Sequence[str]) -> int:
    load()
    return int(importlib.import_module("paseo.platform.importing.command").main(list(arguments)) or 0)
