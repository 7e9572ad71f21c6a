"""``paseo worker``"""

from __future__ import annotations

import argparse
import signal
from collections.abc import Sequence

from config.cli.command import load


def run(arguments: Sequence[str]) -> int:
    options = argparse.ArgumentParser(
        prog="paseo worker", description="Delivers events, runs sweeps and tasks. `paseo serve` starts one of its own."
    )
    options.add_argument("--once", action="store_true", help="do what is due now, then end")
    said = options.parse_args(arguments)
    load()
    from django.conf import settings

    from config.backups import occupancy
    from paseo.kernel import clock
    from paseo.platform.jobs import tasks, ticker
    from paseo.platform.jobs.worker import Worker
    from paseo.platform.outbox import relay

    occupancy.stay(settings.VAR)
    if said.once:
        ticker.run_once(clock.now())
        while tasks.run_once() + relay.run_once():
            pass
        relay.release()
        return 0
    worker = Worker()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: worker.stop())
    worker.start()
    worker.wait()
    return 0
