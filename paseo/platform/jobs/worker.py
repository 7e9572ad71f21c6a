"""The worker: the relay of events, the ticker of sweeps and the tasks, each in a thread of its own."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable

from django.db import close_old_connections, connections

from paseo.kernel import clock
from paseo.platform.jobs import tasks, ticker
from paseo.platform.outbox import relay
from paseo.platform.outbox.publishing import news

log = logging.getLogger("paseo.worker")
RELAY_PAUSE = 0.2
TICK = 1.0
LOG_PAGES = 4_000
"""Pages (4 KiB) of SQLite's write-ahead log above which it is made to begin anew."""
STUCK_SECONDS = 120.0
EXIT_STUCK = 70


class Worker:
    """``start``, then ``wait`` until ``stop``. What crashes is logged and goes on after a pause."""

    def __init__(self) -> None:
        self.stopping = threading.Event()
        self._threads = [
            threading.Thread(target=self._loop, args=(self._relay_round, "relay"), name="relay"),
            threading.Thread(target=self._loop, args=(self._tick, "ticker"), name="ticker"),
            threading.Thread(target=self._loop, args=(self._task_round, "tasks"), name="tasks"),
        ]
        if any(connection.vendor == "sqlite" for connection in connections.all()):
            round_ = threading.Thread(target=self._loop, args=(self._checkpoint, "checkpoint"), name="checkpoint")
            self._threads.append(round_)

    def start(self) -> None:
        relay.progress.made()
        for thread in self._threads:
            thread.daemon = True
            thread.start()

    def stop(self) -> None:
        self.stopping.set()
        news.set()

    def wait(self) -> None:
        """Returns when all threads have ended after ``stop``. Ends the process if the relay hangs in a reaction: its
        successor then tries that event alone."""
        while not self.stopping.wait(5):
            if time.monotonic() - relay.progress.at > STUCK_SECONDS:
                log.critical("The relay has been stuck for %d seconds; ending this process.", STUCK_SECONDS)
                os._exit(EXIT_STUCK)
        for thread in self._threads:
            thread.join(timeout=3)

    def _loop(self, round_: Callable[[], float], name: str) -> None:
        pause = 1.0
        try:
            while not self.stopping.is_set():
                try:
                    close_old_connections()
                    wait = round_()
                    pause = 1.0
                except Exception:
                    log.exception("%s failed; going on in %.0f s", name, pause)
                    wait, pause = pause, min(pause * 2, 30)
                if wait:
                    self._rest(name, wait)
            if name == "relay":
                relay.release()
        finally:
            connections.close_all()

    def _rest(self, name: str, seconds: float) -> None:
        if name == "relay":
            news.wait(seconds)
            news.clear()
        else:
            self.stopping.wait(seconds)

    def _relay_round(self) -> float:
        return 0 if relay.run_once() else RELAY_PAUSE

    def _checkpoint(self) -> float:
        """SQLite's log is brought home here, so that nobody's order pays for it at its commit."""
        for connection in connections.all():
            if connection.vendor == "sqlite":
                connection.checkpoint(LOG_PAGES)  # type: ignore[attr-defined]
        return TICK

    def _tick(self) -> float:
        ticker.run_once(clock.now())
        return TICK

    def _task_round(self) -> float:
        return 0 if tasks.run_once() else TICK
