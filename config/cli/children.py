"""Processes that belong to one another: started together, restarted alone, ended together."""

from __future__ import annotations

import contextlib
import ctypes
import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

log = logging.getLogger("paseo.serve")
FIRST_PAUSE = 0.5
LONGEST_PAUSE = 30.0
HEALTHY_AFTER = 60.0
GRACE = 4.0
_PR_SET_PDEATHSIG = 1


@dataclass
class Child:
    name: str
    command: list[str]
    process: subprocess.Popen[bytes] | None = None
    pause: float = FIRST_PAUSE
    started: float = 0.0
    again_at: float | None = None
    crashes: int = field(default=0)

    def start(self) -> None:
        # What children say is a log: standard output belongs to the one line that says it is open.
        self.process = subprocess.Popen(self.command, stdout=2, preexec_fn=die_with_parent)
        self.started = time.monotonic()
        self.again_at = None


class Family:
    """Watches its children. One that ends by itself is started again, after a pause that grows while it fails."""

    def __init__(self, children: Sequence[Child]) -> None:
        self.children = list(children)
        self.stopping = False

    def start(self, *names: str) -> None:
        for child in self.children:
            if child.process is None and (not names or child.name in names):
                child.start()

    def look(self) -> None:
        now = time.monotonic()
        for child in self.children:
            if child.again_at is not None:
                if now >= child.again_at and not self.stopping:
                    child.start()
            elif child.process is not None and child.process.poll() is not None and not self.stopping:
                if now - child.started > HEALTHY_AFTER:
                    child.pause, child.crashes = FIRST_PAUSE, 0
                child.crashes += 1
                log.error(
                    "%s ended with %s; starting again in %.1f s", child.name, child.process.returncode, child.pause
                )
                child.again_at = now + child.pause
                child.pause = min(child.pause * 2, LONGEST_PAUSE)

    def stop(self) -> None:
        """Asks all to end, waits four seconds, then ends what is left with everything it has started."""
        self.stopping = True
        running = [child.process for child in self.children if child.process and child.process.poll() is None]
        for process in running:
            process.send_signal(signal.SIGTERM)
        until = time.monotonic() + GRACE
        while any(process.poll() is None for process in running) and time.monotonic() < until:
            time.sleep(0.02)
        for process in running:
            if process.poll() is None:
                for pid in (*descendants(process.pid), process.pid):
                    _kill(pid)
                process.wait()


def descendants(pid: int) -> list[int]:
    """Everything that a process has started, the youngest first."""
    found: list[int] = []
    try:
        tasks = list(Path(f"/proc/{pid}/task").iterdir())
        direct = [int(one) for task in tasks for one in (task / "children").read_text().split()]
    except OSError:
        return found
    for child in direct:
        found += [*descendants(child), child]
    return found


def _kill(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def die_with_parent(number: int = signal.SIGTERM) -> None:
    """On Linux a child gets this signal when its parent was killed without a chance to say so."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, number)
