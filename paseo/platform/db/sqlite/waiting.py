"""A ``flock`` that gives up. The system knows no deadline for it, but a signal ends the wait of one thread.

The thread waits in the system's own fair queue, so whoever gets the lock goes on at once; polling, or another thread to
wait in its place, would lose the moment. A watch that sleeps while nobody waits sends the signal.
"""

from __future__ import annotations

import ctypes
import errno
import os
import signal
import threading
import time
from pathlib import Path

LOOKS = 40
"""How often the watch looks within the time that is given."""

_SIGNAL = getattr(signal, "SIGURG", None)
_LOCK_EX = 2
_libc = ctypes.CDLL(None, use_errno=True) if os.name == "posix" else None


def listen() -> None:
    """Lets the signal interrupt instead of being ignored. Called when Django is set up, in the main thread; where there
    is a handler already, that one does."""
    if (
        _SIGNAL is not None
        and threading.current_thread() is threading.main_thread()
        and signal.getsignal(_SIGNAL) in {signal.SIG_DFL, signal.SIG_IGN}
    ):
        signal.signal(_SIGNAL, lambda *_: None)


class _Watch:
    def __init__(self) -> None:
        self._until: dict[int, float] = {}
        self._lock = threading.Lock()
        self._somebody = threading.Event()
        self._pause = 1.0
        self._looking = False

    def begin(self, seconds: float) -> float:
        until = time.monotonic() + seconds
        with self._lock:
            if not self._looking:
                self._looking = True
                threading.Thread(target=self._look, name="turns", daemon=True).start()
            self._until[threading.get_ident()] = until
            self._pause = seconds / LOOKS
        self._somebody.set()
        return until

    def end(self) -> None:
        with self._lock:
            del self._until[threading.get_ident()]
            if not self._until:
                self._somebody.clear()

    def _look(self) -> None:
        while self._somebody.wait():
            time.sleep(self._pause)
            with self._lock:
                # Whoever is listed here is still waiting: it needs the lock to leave.
                for thread, until in self._until.items():
                    if time.monotonic() >= until and _SIGNAL is not None:
                        signal.pthread_kill(thread, _SIGNAL)


_watch = _Watch()


def _anew() -> None:
    """In a child the watch and those who waited have stayed behind."""
    global _watch
    _watch = _Watch()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_anew)


def flock(handle: int, seconds: float) -> bool:
    """Waits for the exclusive lock; whether it came in time."""
    assert _libc is not None
    watch = _watch
    until = watch.begin(seconds)
    try:
        while _libc.flock(handle, _LOCK_EX) != 0:
            number = ctypes.get_errno()
            if number != errno.EINTR:
                raise OSError(number, os.strerror(number))
            if time.monotonic() >= until:
                return False
        return True
    finally:
        watch.end()


def holder(handle: int) -> int | None:
    """The process that has the lock, where the system tells."""
    about = os.fstat(handle)
    mark = f"{os.major(about.st_dev):02x}:{os.minor(about.st_dev):02x}:{about.st_ino}"
    try:
        lines = Path("/proc/locks").read_text().splitlines()
    except OSError:
        return None
    for line in lines:
        words = line.split()
        if words[1:2] == ["FLOCK"] and mark in words:
            return int(words[4])
    return None
