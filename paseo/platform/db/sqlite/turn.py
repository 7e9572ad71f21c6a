"""A turn at writing: an exclusive ``flock`` on a file, held by one connection at a time."""

from __future__ import annotations

import os

from django.db import OperationalError

from paseo.platform.db.sqlite import waiting

try:
    import fcntl
except ImportError:  # a system without flock keeps SQLite's own busy waiting
    fcntl = None  # type: ignore[assignment]

LONGEST_WAIT = 20.0
"""Seconds after which waiting for a turn fails, as long as SQLite itself waits for a lock."""


class Turn:
    """Owned by one connection. Each owner opens the file itself, because a lock belongs to the open file: that is what
    makes threads of one process wait for each other as well."""

    def __init__(self, path: str) -> None:
        self.path = path
        self._handle: int | None = None
        self._process = 0
        self.held = False

    def take(self) -> None:
        """Waits until no other connection writes. Raises ``OperationalError`` after ``LONGEST_WAIT`` seconds: whoever
        has the turn hangs, and waiting longer would only stop everything else as well."""
        if fcntl is None or self.held:
            return
        if self._handle is None or self._process != os.getpid():
            # A handle inherited by fork shares the parent's lock and would not wait for it.
            self._close_handle()
            self._handle = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
            self._process = os.getpid()
        try:
            fcntl.flock(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if not waiting.flock(self._handle, LONGEST_WAIT):
                raise OperationalError(self._explained()) from None
        self.held = True

    def give_back(self) -> None:
        if self.held and self._handle is not None and self._process == os.getpid():
            fcntl.flock(self._handle, fcntl.LOCK_UN)
        self.held = False

    def close(self) -> None:
        self.give_back()
        self._close_handle()

    def _explained(self) -> str:
        assert self._handle is not None
        found = waiting.holder(self._handle)
        who = f"process {found}" if found else "another process"
        return (
            f"database is locked: {who} has been writing for more than {LONGEST_WAIT:g} seconds and hangs "
            f"({self.path}). Nothing was written here. End that process; its unfinished work is taken back."
        )

    def _close_handle(self) -> None:
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None
