"""``paseo shell``"""

from __future__ import annotations

from collections.abc import Sequence

from config.cli.command import load


def run(arguments: Sequence[str]) -> int:
    load()
    from django.core.management import call_command

    call_command("shell", *arguments)
    return 0
