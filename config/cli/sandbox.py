"""``paseo sandbox``: becomes the sandbox payment gateway, started with the secret that this installation expects."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from config.cli.command import load


def run(arguments: Sequence[str]) -> int:
    load()
    from django.conf import settings

    from paseo.capabilities.payments.adapters.sandbox import shared_secret

    os.environ["SANDBOX_SECRET"] = shared_secret()
    store = ["--db", str(settings.VAR / "sandbox.sqlite3")]
    os.execv(sys.executable, [sys.executable, "-m", "outside.sandbox_gateway", *store, *arguments])  # noqa: S606 - no shell is wanted
